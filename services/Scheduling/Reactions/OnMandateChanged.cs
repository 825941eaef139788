using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Mandates;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Keeps the mandates sessions are planned by.</summary>
internal sealed class OnMandateChanged(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<MandateChanged>
{
    public Task Consume(ConsumeContext<MandateChanged> context) => React(context, Apply);

    private static async Task Apply(MandateChanged mandate, UnitOfWork work)
    {
        if (await work.Scalar<long?>(MandateSql.Version, new { mandate.MandateId }) >= mandate.Version) return;
        await work.Upsert(MandateSql.Update, MandateSql.Insert, new
        {
            mandate.MandateId,
            mandate.Version,
            mandate.ResellerId,
            BrandIds = Sql.Json(mandate.BrandIds),
            Channels = Sql.Json(mandate.Channels),
            mandate.OpensAt,
            mandate.ClosesAt,
            mandate.SessionsPerWeek,
            mandate.EarliestMinute,
            mandate.LatestMinute,
            mandate.RevokedAt,
        });
    }
}

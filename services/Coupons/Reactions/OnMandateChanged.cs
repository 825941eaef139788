using LiveCommerce.Contracts.Organization;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps the mandates resellers' campaigns run under. One that carries a campaign no longer stops its claims, one that does again lets them go on.</summary>
internal sealed class OnMandateChanged(CouponsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<MandateChanged>
{
    public Task Consume(ConsumeContext<MandateChanged> context) => React(context, Apply);

    private static async Task Apply(MandateChanged mandate, UnitOfWork work)
    {
        var before = await work.Find<MandateRow>(MandateSql.State, new { Id = mandate.MandateId });
        if (before?.Version >= mandate.Version) return;
        await work.Upsert(MandateSql.Update, MandateSql.Insert, new
        {
            Id = mandate.MandateId,
            mandate.Version,
            mandate.ResellerId,
            BrandIds = Sql.Json(mandate.BrandIds),
            mandate.OpensAt,
            mandate.ClosesAt,
            mandate.DeepestDiscountPercent,
            mandate.CouponQuota,
            mandate.RevokedAt,
        });
        await CampaignMandate.Rejudge(work, mandate.ResellerId, before?.Dates == new Window(mandate.OpensAt, mandate.ClosesAt) ? null : mandate.MandateId);
    }
}

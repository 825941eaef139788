using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Units;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Keeps the units sessions are planned by.</summary>
internal sealed class OnUnitChanged(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        if (await work.Scalar<long?>(UnitSql.Version, new { unit.UnitId }) >= unit.Version) return;
        await work.Upsert(UnitSql.Update, UnitSql.Insert, new
        {
            unit.UnitId,
            unit.Version,
            unit.Path,
            Kind = unit.Kind.ToString(),
            unit.TimeZone,
            unit.ParentId,
            unit.Name,
            unit.IsActive,
        });
    }
}

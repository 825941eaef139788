using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Keeps the units sessions are planned by. What a moved unit owns moves with it, and what one out of use has planned is flagged.</summary>
internal sealed class OnUnitChanged(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        var known = await work.Find<UnitRow>(UnitSql.ById, new { Id = unit.UnitId });
        if (known?.Version >= unit.Version) return;
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
        var left = await MovedUnits.Note(work, unit.UnitId, known?.Path, unit.Path, unit.FormerPaths);
        await MovedRows.All.Begin(work, unit.UnitId, left, unit.Path);
        if (known is not null && (known.IsActive != unit.IsActive || known.TimeZone != unit.TimeZone || left.Count > 0)) await SessionFlags.Judge(work, unit.Path);
    }
}

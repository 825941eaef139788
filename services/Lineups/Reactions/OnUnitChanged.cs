using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Lineups.Reactions;

internal sealed class OnUnitChanged(LineupsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        if (await work.Scalar<long?>(UnitSql.Version, new { Id = unit.UnitId }) >= unit.Version) return;
        var known = await work.Scalar<string>(UnitSql.PathOf, new { Id = unit.UnitId });
        await UnitSql.Replica.Keep(work, new { Id = unit.UnitId, unit.Version, unit.Path, unit.Currency });
        await MovedRows.All.Begin(work, unit.UnitId, await MovedUnits.Note(work, unit.UnitId, known, unit.Path, unit.FormerPaths), unit.Path);
    }
}

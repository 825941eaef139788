using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Metrics;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Keeps the tree that figures are rolled up along. What is credited to a moved unit, before and after, is rolled up where it now stands.</summary>
internal sealed class OnUnitChanged(OrdersDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        if (await work.Scalar<long?>(UnitSql.VersionById, new { Id = unit.UnitId }) >= unit.Version) return;
        var known = await work.Scalar<string>(UnitSql.PathOf, new { Id = unit.UnitId });
        await work.Upsert(UnitSql.Update, UnitSql.Insert, new { Id = unit.UnitId, unit.Version, unit.ParentId, unit.Path, unit.Name, unit.Currency });
        await MovedRows.All.Begin(work, unit.UnitId, await MovedUnits.Note(work, unit.UnitId, known, unit.Path, unit.FormerPaths), unit.Path);
    }
}

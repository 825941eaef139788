using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Metrics;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Keeps the tree that figures are rolled up along.</summary>
internal sealed class OnUnitChanged(OrdersDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        if (await work.Scalar<long?>(UnitSql.VersionById, new { Id = unit.UnitId }) >= unit.Version) return;
        await work.Upsert(UnitSql.Update, UnitSql.Insert, new { Id = unit.UnitId, unit.Version, unit.ParentId, unit.Path, unit.Name, unit.Currency });
    }
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Lineups.Reactions;

internal sealed class OnUnitChanged(LineupsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, (unit, work) =>
        work.Keep(UnitSql.Replica, unit.UnitId, unit.Version, new { Id = unit.UnitId, unit.Version, unit.Path, unit.Currency }));
}

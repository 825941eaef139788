using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Keeps whose each session is, and when it streams.</summary>
internal sealed class OnSessionChanged(OrdersDb db, BusOptions bus) : SessionReaction(db, bus)
{
    protected override Task Keep(SessionState session, UnitOfWork work) => SessionSql.Replica.Keep(work, new
    {
        Id = session.SessionId,
        session.Version,
        Path = session.OwnerPath,
        session.Title,
        Tier = session.Tier.ToString(),
        Status = session.Status.ToString(),
        session.Phases.LiveStartsAt,
        session.Phases.LiveEndsAt,
    });
}

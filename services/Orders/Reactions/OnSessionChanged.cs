using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Keeps whose each session is, and when it streams.</summary>
internal sealed class OnSessionChanged(OrdersDb db, BusOptions bus) : SessionReaction(db, bus)
{
    protected override async Task Keep(SessionState session, UnitOfWork work)
    {
        if (await work.Scalar<long?>(SessionSql.VersionById, new { Id = session.SessionId }) >= session.Version) return;
        await work.Upsert(SessionSql.Update, SessionSql.Insert, new
        {
            Id = session.SessionId,
            session.Version,
            Path = await MovedUnits.Now(work, session.OwnerPath),
            session.Title,
            Tier = session.Tier.ToString(),
            Status = session.Status.ToString(),
            session.Phases.LiveStartsAt,
            session.Phases.LiveEndsAt,
        });
    }
}

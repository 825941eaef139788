using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.Reactions;

/// <summary>Every session event carries the session's whole state, so all of them mean the same here.</summary>
internal sealed class OnSessionChanged(LineupsDb db, BusOptions bus) : SessionReaction(db, bus)
{
    protected override async Task Keep(SessionState session, UnitOfWork work) => await work.Keep(
        SessionSql.Replica, session.SessionId, session.Version, SessionRow.Parameters(session with { OwnerPath = await MovedUnits.Now(work, session.OwnerPath) }));
}

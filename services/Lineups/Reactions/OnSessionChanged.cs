using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.Reactions;

/// <summary>Every session event carries the session's whole state, so all of them mean the same here.</summary>
internal sealed class OnSessionChanged(LineupsDb db, BusOptions bus) : SessionReaction(db, bus)
{
    protected override Task Keep(SessionState session, UnitOfWork work) => SessionSql.Replica.Keep(work, SessionRow.Parameters(session));
}

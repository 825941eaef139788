using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Sessions;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Notes on the session that its lineup is final.</summary>
internal sealed class OnLineupFinalized(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<LineupFinalized>
{
    public Task Consume(ConsumeContext<LineupFinalized> context) => React(context, static (lineup, work) =>
        work.Execute(SessionSql.NoteLineup, new { lineup.SessionId, lineup.Version, lineup.FinalizedAt }));
}

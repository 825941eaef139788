using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Sessions;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Notes on the session that its lineup is final, for the first time and for the last.</summary>
internal sealed class OnLineupFinalized(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<LineupFinalized>
{
    public Task Consume(ConsumeContext<LineupFinalized> context) => React(context, Apply);

    private static async Task Apply(LineupFinalized lineup, UnitOfWork work)
    {
        await work.Execute(SessionSql.NoteLineup, new { lineup.SessionId, lineup.Version, lineup.FinalizedAt });
        await SessionFacts.Report(work, lineup.SessionId, TaskTrigger.LineupFinalized, lineup.FinalizedAt);
    }
}

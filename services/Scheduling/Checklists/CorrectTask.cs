using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>The unit above puts right what is recorded of a task, at any time.</summary>
internal static class CorrectTask
{
    private const int LongestReason = 500;

    /// <param name="Outcome">Done, open, or counting neither way.</param>
    /// <param name="Reason">For people; 1 to 500 characters. Kept with the task.</param>
    /// <param name="DoneAt">With Done only: when it really was; not in the future.</param>
    internal sealed record Request(TaskVerdict Outcome, string Reason, DateTimeOffset? DoneAt = null) : IValidated
    {
        public void Validate(Faults faults) => faults
            .Known(Outcome, "/outcome")
            .Text(Reason, "/reason", LongestReason)
            .Check(DoneAt.HasValue == (Outcome == TaskVerdict.Done), "/doneAt", "task.done_at", "Say when it was done if it was, and only then.");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/tasks/{code}/correct", async (Guid id, string code, Body<Request> body, Caller caller, CorrectTaskHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, code, body.Value, ct)).ToHttp())
        .Describe(nameof(CorrectTask), "Records what really became of a task, whatever was reported; the score of a closed session is told again.",
            "By a unit above the session's owner; by the headquarters for its own sessions.")
        .Allow(Permission.ApprovePlan)
        .Example(new Request(TaskVerdict.Done, "Sent by mail; nobody ticked it off.", new DateTimeOffset(2026, 11, 4, 9, 30, 0, TimeSpan.Zero)))
        .Gives<TaskEntryView>()
        .Rejects(SessionRejections.NotFound, TaskRejections.NotFound, TaskRejections.CorrectedFromAbove, TaskRejections.DoneInFuture);
}

internal sealed class CorrectTaskHandler(SchedulingDb db)
{
    public Task<Result<TaskEntryView>> Handle(Caller caller, Guid id, string code, CorrectTask.Request body, CancellationToken ct) =>
        db.InTransaction<TaskEntryView>(caller.Write, async work =>
        {
            if (await SessionTasks.Take(work, caller, id) is not { } session) return SessionRejections.Unknown(id);
            if (caller.Path == session.Path && UnitPath.Headquarters(session.Path) != session.Path)
                return TaskRejections.CorrectedFromAbove.Because($"The session is {session.Path}'s own.");
            if (body.DoneAt > work.Now) return TaskRejections.DoneInFuture.Because($"It is {work.Now:O}.");
            var before = await Checklist.Of(work, session);
            if (before.Entry(code) is not { } entry) return TaskRejections.NotFound.Because($"No task {code}.");
            work.Audited(entry.ToView(work.Now, before.IsFinal));
            await SessionTasks.Say(work, caller, new SessionTaskRow
            {
                SessionId = id,
                Code = code,
                Outcome = body.Outcome,
                DoneAt = body.DoneAt?.ToStored(),
                Evidence = entry.Said?.Evidence,
                Reason = body.Reason,
            });
            await Scoring.Settle(work, session);
            var checklist = await Checklist.Of(work, session);
            return checklist.Entry(code)!.ToView(work.Now, checklist.IsFinal);
        }, ct);
}

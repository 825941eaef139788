using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>Says that a task is done.</summary>
internal static class CompleteTask
{
    internal const int LongestEvidence = 1000;

    /// <param name="Evidence">By what it can be seen: a link, a number, a sentence; 1 to 1,000 characters.</param>
    internal sealed record Request(string? Evidence = null) : IValidated
    {
        public void Validate(Faults faults) => faults.OptionalText(Evidence, "/evidence", LongestEvidence);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/tasks/{code}/complete", async (Guid id, string code, HttpContext context, Caller caller, CompleteTaskHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, code, await Read(context), ct)).ToHttp())
        .Describe(nameof(CompleteTask), "Says that a task is done, now; said again it stays as it was. The body may be left out.",
            "By its owner's role, or a planner. A task with completesOn is completed by that alone.")
        .Allow(Permission.WorkTasks)
        .Accepts<Request>(isOptional: true, "application/json")
        .Example(new Request("https://drive.example/rehearsal-11-10"))
        .Gives<TaskEntryView>()
        .Rejects(
            SessionRejections.NotFound, TaskRejections.NotFound, TaskRejections.OtherRole, TaskRejections.CompletesItself, TaskRejections.EvidenceMissing,
            TaskRejections.SessionOver, TaskRejections.Waived);

    private static async Task<Request> Read(HttpContext context) =>
        context.Request.ContentType is null ? new Request() : (await Body<Request>.BindAsync(context, null!))!.Value;
}

internal sealed class CompleteTaskHandler(SchedulingDb db)
{
    public Task<Result<TaskEntryView>> Handle(Caller caller, Guid id, string code, CompleteTask.Request body, CancellationToken ct) =>
        db.InTransaction<TaskEntryView>(caller.Write, async work =>
        {
            if (await SessionTasks.Take(work, caller, id) is not { } session) return SessionRejections.Unknown(id);
            var checklist = await Checklist.Of(work, session);
            if (checklist.Entry(code) is not { } entry) return TaskRejections.NotFound.Because($"No task {code}.");
            work.Audited(entry.ToView(work.Now, checklist.IsFinal));
            var task = entry.Outcome.Task;
            if (entry.Outcome.IsWaived) return TaskRejections.Waived.Because($"{code} counts neither way.");
            if (task.CompletesOn is { } trigger) return TaskRejections.CompletesItself.Because($"{code} is completed by {trigger}.");
            if (!caller.Roles.Contains(task.OwnerRole) && !caller.Roles.Contains(Role.Planner))
                return TaskRejections.OtherRole.Because($"{code} is completed by a {task.OwnerRole} or a Planner.");
            if (entry.Outcome.DoneAt is not null) return entry.ToView(work.Now, checklist.IsFinal);
            if (session.Status is SessionStatus.Closed or SessionStatus.Cancelled or SessionStatus.Rejected)
                return TaskRejections.SessionOver.Because($"The session is {session.Status}.");
            if (task.NeedsEvidence && body.Evidence is null) return TaskRejections.EvidenceMissing.Because($"Say by what it can be seen that {code} is done.");

            await SessionTasks.Say(work, caller, new SessionTaskRow
            {
                SessionId = id,
                Code = code,
                Outcome = TaskVerdict.Done,
                DoneAt = work.Now,
                Evidence = body.Evidence,
            });
            return (await Checklist.Of(work, session)).Entry(code)!.ToView(work.Now, isFinal: false);
        }, ct);
}

/// <summary>The steps every change of a task is made of.</summary>
internal static class SessionTasks
{
    /// <summary>The session, if the caller covers it, read under its row lock: whoever closes or scores it waits.</summary>
    public static async Task<SessionRow?> Take(UnitOfWork work, Caller caller, Guid id)
    {
        var key = new { Id = id, caller.Scope, caller.ScopeEnd };
        if (await work.Find<SessionRow>(SessionSql.InScopeById, key) is null) return null;
        await work.Execute(SessionTaskSql.Hold, new { SessionId = id });
        return await work.Find<SessionRow>(SessionSql.InScopeById, key);
    }

    public static Task Say(UnitOfWork work, Caller caller, SessionTaskRow said) => work.Upsert(
        SessionTaskSql.Update, SessionTaskSql.Insert, (said with { ById = caller.Write.ActorId, ByName = caller.Write.ActorName, ChangedAt = work.Now }).ToParameters());
}

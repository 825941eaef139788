using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Does not let a submitted session into the plan.</summary>
internal static class RejectSession
{
    private const int LongestReason = 500;

    /// <param name="Reason">For the owner; 1 to 500 characters.</param>
    internal sealed record Request(string Reason) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Reason, "/reason", LongestReason);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/reject", async (Guid id, Body<Request> body, Caller caller, RejectSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(nameof(RejectSession), "Does not let a submitted session into the plan and frees its slot; its owner may change it and hand it in again. A rejected session stays so.")
        .Allow(Permission.ApprovePlan)
        .Example(new Request("Too close to the group's opening night."))
        .Gives<SessionView>()
        .Rejects(SessionRejections.NotFound, SessionRejections.IllegalTransition, SessionRejections.OwnApproval);
}

internal sealed class RejectSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, RejectSession.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (SessionApproval.Refusal(caller, session.Tier, session.Path) is { } own) return own;
            if (session.Status == SessionStatus.Rejected) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Reject);
            if (status.Rejection is { } illegal) return illegal;
            // Whichever mandate covers it when it is handed in again will do.
            return (await SessionChange.GiveUpSlot(work, session with { Status = status.Value, RejectReason = body.Reason, MandateId = null })).Map(s => s.ToView());
        }, ct);
}

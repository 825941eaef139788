using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Hands a draft, or a rejected session, in for approval.</summary>
internal static class SubmitSession
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/submit", async (Guid id, HttpContext context, Caller caller, SubmitSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, await Displacing.By(caller, context), ct)).ToHttp())
        .Describe(nameof(SubmitSession), "Hands a draft or a rejected session in for approval and books what it needs, so that nothing comes between until it is decided on.",
            "One that needs nobody's approval, or that is handed in by a unit that could approve it, is in the plan at once.")
        .Allow(Permission.ManagePlan)
        .Accepts<Displacing>(isOptional: true, "application/json")
        .Example(new Displacing(true))
        .Gives<SessionView>()
        .Rejects([SessionRejections.NotFound, SessionRejections.IllegalTransition, .. SessionChange.PlaceRejections]);
}

internal sealed class SubmitSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, Caller? displacer, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            var isApproved = SessionApproval.IsGivenBy(caller, session.Tier, session.Path);
            var isRepeat = session.Status == SessionStatus.Submitted || (isApproved && session.Status is SessionStatus.Scheduled or SessionStatus.WarmUp);
            if (isRepeat) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Submit);
            if (status.Rejection is { } illegal) return illegal;
            if (isApproved) status = SessionLifecycle.Apply(status.Value, SessionAction.Approve);
            var submitted = session with { Status = status.Value, RejectReason = null, ApprovedAt = session.ApprovedAt ?? (isApproved ? work.Now : null) };
            return (await SessionApproval.Enter(work, submitted, displacer)).Map(s => s.ToView());
        }, ct);
}

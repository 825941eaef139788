using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Lets a submitted session into the plan.</summary>
internal static class ApproveSession
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/approve", async (Guid id, HttpContext context, Caller caller, ApproveSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, await Read(context), await Displacing.By(caller, context), ct)).ToHttp())
        .Describe(nameof(ApproveSession), "Lets a submitted session into the plan and tells everyone of it; one that is in the plan stays so.",
            "Headquarters decides on regional broadcasts and on regions' brand broadcasts, the unit above or any above that on resellers'. " +
            "With If-Match, exactly what was read is approved, not what its owner has made of it since.")
        .Allow(Permission.ApprovePlan)
        .Accepts<Displacing>(isOptional: true, "application/json")
        .Example(new Displacing(true))
        .Gives<SessionView>()
        .Rejects([SessionRejections.NotFound, SessionRejections.IllegalTransition, SessionRejections.OwnApproval, CommonRejections.PreconditionFailed, .. SessionChange.PlaceRejections]);

    private static async Task<IfMatch?> Read(HttpContext context) => context.Request.Headers.IfMatch.Count == 0 ? null : await IfMatch.BindAsync(context, null!);
}

internal sealed class ApproveSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, IfMatch? ifMatch, Caller? displacer, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (SessionApproval.Refusal(caller, session.Tier, session.Path) is { } own) return own;
            if (session.Status is SessionStatus.Scheduled or SessionStatus.WarmUp) return session.ToView();
            if (ifMatch?.Check(session.Version) is { } stale) return stale;
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Approve);
            if (status.Rejection is { } illegal) return illegal;
            var approved = session with { Status = status.Value, ApprovedAt = session.ApprovedAt ?? work.Now };
            return (await SessionApproval.Enter(work, approved, displacer)).Map(s => s.ToView());
        }, ct);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Takes a session out of the plan.</summary>
internal static class CancelSession
{
    private const int LongestReason = 500;

    /// <param name="Reason">For people; 1 to 500 characters.</param>
    internal sealed record Request(string? Reason = null) : IValidated
    {
        public void Validate(Faults faults) => faults.OptionalText(Reason, "/reason", LongestReason);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/cancel", async (Guid id, HttpContext context, Caller caller, CancelSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, await Read(context), ct)).ToHttp())
        .Describe(nameof(CancelSession), "Takes a planned session out of the plan and frees its resources; a cancelled session stays so. The body may be left out.")
        .Allow(Permission.ManagePlan)
        .Accepts<Request>(isOptional: true, "application/json")
        .Example(new Request("The host is ill."))
        .Gives<SessionView>()
        .Rejects(SessionRejections.NotFound, SessionRejections.IllegalTransition);

    private static async Task<Request> Read(HttpContext context) =>
        context.Request.ContentType is null ? new Request() : (await Body<Request>.BindAsync(context, null!))!.Value;
}

internal sealed class CancelSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, CancelSession.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (session.Status == SessionStatus.Cancelled) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Cancel);
            if (status.Rejection is { } illegal) return illegal;

            var cancelled = session with { Status = status.Value, CancelReason = body.Reason };
            await Bookings.Release(work, id);
            await BeginPhase.Expect(work, cancelled);
            return (await SessionChange.Save(work, cancelled, state => new SessionCancelled(state))).Map(s => s.ToView());
        }, ct);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Takes a submitted session back before it is decided on.</summary>
internal static class WithdrawSession
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/withdraw", async (Guid id, Caller caller, WithdrawSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(WithdrawSession), "Takes a submitted session back, to change it, and frees its slot; a draft stays one.")
        .Allow(Permission.ManagePlan)
        .Gives<SessionView>()
        .Rejects(SessionRejections.NotFound, SessionRejections.IllegalTransition);
}

internal sealed class WithdrawSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (session.Status == SessionStatus.Draft) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Withdraw);
            if (status.Rejection is { } illegal) return illegal;
            // Whichever mandate covers it when it is handed in again will do.
            return (await SessionChange.GiveUpSlot(work, session with { Status = status.Value, MandateId = null })).Map(s => s.ToView());
        }, ct);
}

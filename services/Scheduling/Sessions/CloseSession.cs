using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Ends a session's review before its time.</summary>
internal static class CloseSession
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/close", async (Guid id, Caller caller, CloseSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(CloseSession), "Ends the review of a session that is off the air; left alone, it is closed by itself when the review ends. A closed session stays so.")
        .Allow(Permission.ManagePlan)
        .Gives<SessionView>()
        .Rejects(SessionRejections.NotFound, SessionRejections.IllegalTransition);
}

internal sealed class CloseSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (session.Status == SessionStatus.Closed) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Close);
            if (status.Rejection is { } illegal) return illegal;

            var closed = session with { Status = status.Value, ClosedAt = work.Now };
            await BeginPhase.Expect(work, closed);
            return (await SessionChange.Save(work, closed, state => new SessionClosed(state))).Map(s => s.ToView());
        }, ct);
}

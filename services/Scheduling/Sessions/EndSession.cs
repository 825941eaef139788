using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Takes a session off the air.</summary>
internal static class EndSession
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/end", async (Guid id, Caller caller, EndSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(EndSession), "Takes a session off the air and frees its resources; its review begins by itself. A session that has ended stays so.")
        .Allow(Permission.ManagePlan)
        .Gives<SessionView>()
        .Rejects(SessionRejections.NotFound, SessionRejections.IllegalTransition);
}

internal sealed class EndSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (session.EndedAt.HasValue) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.End);
            if (status.Rejection is { } illegal) return illegal;

            var ended = session with { Status = status.Value, EndedAt = work.Now };
            await Bookings.Book(work, ended);
            await BeginPhase.Expect(work, ended);
            return (await SessionChange.Save(work, ended, state => new SessionEnded(state))).Map(s => s.ToView());
        }, ct);
}

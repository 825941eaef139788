using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Puts a session on the air.</summary>
internal static class GoLive
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/go-live", async (Guid id, Caller caller, GoLiveHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(GoLive), "Puts a session on the air, early, on time or late; a session on the air already stays so.",
            "Refused with session.conflict while another session is on the air with one of its resources, or has one booked between now and the planned end.")
        .Allow(Permission.ManagePlan)
        .Gives<SessionView>()
        .Rejects(SessionRejections.NotFound, SessionRejections.IllegalTransition, BookingRejections.Conflict, MandateRejections.Revoked, UnitRejections.Inactive);
}

internal sealed class GoLiveHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (session.Status == SessionStatus.Live) return session.ToView();
            var status = SessionLifecycle.Apply(session.Status, SessionAction.GoLive);
            if (status.Rejection is { } illegal) return illegal;
            if (session.MandateId is { } mandateId &&
                await work.Find<MandateRow>(MandateSql.ById, new { Id = mandateId }) is { RevokedAt: { } revokedAt })
                return MandateRejections.Revoked.Because($"Mandate {mandateId} was revoked at {revokedAt:O}.");
            if (await UnitRejections.UnlessActive(work, session.Path) is { } inactive) return inactive;
            if (await Bookings.OnTheAir(work, session) is { } conflict) return conflict;

            var live = session with { Status = status.Value, WentLiveAt = work.Now };
            await Bookings.Book(work, live);
            await BeginPhase.Expect(work, live);
            return (await SessionChange.Save(work, live, state => new SessionWentLive(state))).Map(s => s.ToView());
        }, ct);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Moves a session to another time; what hangs on its phases moves with it.</summary>
internal static class RescheduleSession
{
    /// <param name="StartsAt">In the future, at most 400 days ahead.</param>
    /// <param name="EndsAt">Exclusive; 30 minutes to 24 hours after the start.</param>
    internal sealed record Request(DateTimeOffset StartsAt, DateTimeOffset EndsAt) : IValidated
    {
        public void Validate(Faults faults) => SessionPlan.Length(faults, StartsAt, EndsAt);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/reschedule", async (Guid id, Body<Request> body, Caller caller, RescheduleSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(nameof(RescheduleSession), "Moves a session to another time; one in its warm-up leaves it if that now lies ahead again, a displaced one is back in the plan.")
        .Allow(Permission.ManagePlan)
        .Example(new Request(new DateTimeOffset(2026, 11, 12, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 12, 15, 0, 0, TimeSpan.Zero)))
        .Gives<SessionView>()
        .Rejects([
            SessionRejections.NotFound, SessionRejections.IllegalTransition, SessionRejections.StartsInPast, SessionRejections.StartsTooLate,
            UnitRejections.Inactive, BookingRejections.Conflict, .. MandateRejections.All,
        ]);
}

internal sealed class RescheduleSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, RescheduleSession.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Reschedule);
            if (status.Rejection is { } illegal) return illegal;
            var isInPlace = session.Status != SessionStatus.Displaced && body.StartsAt == session.StartsAt && body.EndsAt == session.EndsAt;
            if (isInPlace) return session.ToView();
            if (SessionChange.Start(body.StartsAt, work.Now) is { } badStart) return badStart;

            var moved = session.MovedTo(body.StartsAt, body.EndsAt, session.Days, work.Now) with { IsDetached = session.SeriesId is not null };
            if (moved.Status == session.Status) moved = moved with { Status = status.Value, DisplacedBySessionId = null, DisplacedAt = null };
            var placed = await SessionChange.PlaceAgain(work, moved);
            if (placed.Rejection is { } refusal) return refusal;
            await BeginPhase.Expect(work, placed.Value);
            return (await SessionChange.Save(work, placed.Value, state => new SessionRescheduled(state))).Map(s => s.ToView());
        }, ct);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Moves a session to another time; what hangs on its phases moves with it.</summary>
internal static class RescheduleSession
{
    /// <param name="StartsAt">In the future, at most 400 days ahead.</param>
    /// <param name="EndsAt">Exclusive; 30 minutes to 24 hours after the start.</param>
    /// <param name="Displace">Takes the slots of planned sessions of lower tiers that are in the way.</param>
    internal sealed record Request(DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool Displace = false) : IValidated
    {
        public void Validate(Faults faults) => SessionPlan.Length(faults, StartsAt, EndsAt);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/reschedule", async (Guid id, Body<Request> body, Caller caller, RescheduleSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(nameof(RescheduleSession), "Moves a session to another time; one in its warm-up leaves it if that now lies ahead again, a displaced one is back in the plan.",
            "One in the plan that is moved by somebody who could not approve it is Submitted again, and holds its new slot until that is decided on.")
        .Allow(Permission.ManagePlan)
        .Example(new Request(new DateTimeOffset(2026, 11, 12, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 12, 15, 0, 0, TimeSpan.Zero)))
        .Gives<SessionView>()
        .Rejects([SessionRejections.NotFound, SessionRejections.IllegalTransition, .. SessionChange.PlaceRejections]);
}

internal sealed class RescheduleSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, RescheduleSession.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (SessionLifecycle.Apply(session.Status, SessionAction.Reschedule).Rejection is { } illegal) return illegal;
            var isInPlace = session.Status != SessionStatus.Displaced && body.StartsAt == session.StartsAt && body.EndsAt == session.EndsAt;
            if (isInPlace) return session.ToView();
            return (await SessionChange.Move(work, caller, session, body.StartsAt, body.EndsAt, body.Displace)).Map(s => s.ToView());
        }, ct);
}

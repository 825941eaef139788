using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Gives a displaced session another time.</summary>
internal static class AcceptSlot
{
    /// <param name="StartsAt">In the future, at most 400 days ahead.</param>
    /// <param name="EndsAt">Exclusive; 30 minutes to 24 hours after the start.</param>
    internal sealed record Request(DateTimeOffset StartsAt, DateTimeOffset EndsAt) : IValidated
    {
        public void Validate(Faults faults) => SessionPlan.Length(faults, StartsAt, EndsAt);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{id:guid}/accept-slot", async (Guid id, Body<Request> body, Caller caller, AcceptSlotHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(nameof(AcceptSlot), "Puts a displaced session back into the plan at one of the times it was offered, or at any other that is free.",
            "What was free when it was offered may be taken by now: then session.conflict or session.blocked says what is free instead.")
        .Allow(Permission.ManagePlan)
        .Example(new Request(new DateTimeOffset(2026, 11, 12, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 12, 15, 0, 0, TimeSpan.Zero)))
        .Gives<SessionView>()
        .Rejects([SessionRejections.NotFound, SessionRejections.IllegalTransition, .. SessionChange.PlaceRejections]);
}

internal sealed class AcceptSlotHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, AcceptSlot.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            var isAccepted = session.Status is SessionStatus.Scheduled or SessionStatus.WarmUp && session.StartsAt == body.StartsAt && session.EndsAt == body.EndsAt;
            if (isAccepted) return session.ToView();
            if (session.Status != SessionStatus.Displaced)
                return SessionRejections.IllegalTransition.Because($"A session that is {session.Status} was offered no slot; reschedule it.");
            return (await SessionChange.Move(work, caller, session, body.StartsAt, body.EndsAt)).Map(s => s.ToView());
        }, ct);
}

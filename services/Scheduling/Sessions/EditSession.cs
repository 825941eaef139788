using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Replaces what was planned, as long as the session has not gone live.</summary>
internal static class EditSession
{
    internal sealed record Request : SessionEntry;

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/sessions/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditSession), "Replaces a planned session's details and times; what is left out falls back to its default.")
        .Allow(Permission.ManagePlan).Conditional()
        .Example(new Request
        {
            Title = "Autumn premiere",
            BrandIds = [Guid.Empty],
            ChannelIds = [Guid.Empty],
            HostId = Guid.Empty,
            RoomId = Guid.Empty,
            StartsAt = new DateTimeOffset(2026, 11, 11, 12, 0, 0, TimeSpan.Zero),
            EndsAt = new DateTimeOffset(2026, 11, 11, 15, 0, 0, TimeSpan.Zero),
        })
        .Gives<SessionView>()
        .Rejects([SessionRejections.NotFound, SessionRejections.IllegalTransition, .. SessionPlanning.Rejections.Except([SessionRejections.TierNotAllowed])]);
}

internal sealed class EditSessionHandler(SchedulingDb db)
{
    public Task<Result<SessionView>> Handle(Caller caller, Guid id, IfMatch ifMatch, EditSession.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            var plan = body.ToPlan();
            var taken = await SessionChange.Take(work, caller, id, plan.ResourceIds, plan.BrandIds);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            if (ifMatch.Check(session.Version) is { } stale) return stale;
            var status = SessionLifecycle.Apply(session.Status, SessionAction.Edit);
            if (status.Rejection is { } illegal) return illegal;
            if (plan.StartsAt != session.StartsAt && SessionChange.Start(plan.StartsAt, work.Now) is { } badStart) return badStart;

            var filled = await SessionChange.Fill(work, session with { Status = status.Value, IsDetached = session.SeriesId is not null }, plan);
            if (filled.Rejection is { } unfit) return unfit;
            var placed = await SessionChange.PlaceAgain(work, filled.Value, body.Displace ? caller : null);
            if (placed.Rejection is { } refusal) return refusal;
            var edited = placed.Value;
            await BeginPhase.Expect(work, edited);
            var moved = edited.StartsAt != session.StartsAt || edited.EndsAt != session.EndsAt || edited.Days != session.Days;
            var saved = await SessionChange.Save(work, edited, state => moved ? new SessionRescheduled(state) : new SessionEdited(state));
            return saved.Map(s => s.ToView());
        }, ct);
}

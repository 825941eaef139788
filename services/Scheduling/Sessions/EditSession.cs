using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Mandates;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Replaces what was planned, as long as the session has not gone live.</summary>
internal static class EditSession
{
    internal sealed record Request : SessionEntry
    {
        /// <summary>Resellers only: the mandate to stream under from now on, which has to cover the session; the one it has unless given.</summary>
        public Guid? MandateId { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/sessions/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditSession), "Replaces a planned session's details and times; what is left out falls back to its default, but for the mandate.",
            "Other times, hosts, room, channels, brands or goals of a session in the plan, by somebody who could not approve it: it is Submitted again, and holds its slot until that is decided on. " +
            "A displaced one is a draft then. A mandate that covers a flagged session puts it right.")
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

            var under = await Under(work, session, body.MandateId);
            if (under.Rejection is { } strange) return strange;

            var filled = await SessionChange.Fill(work, under.Value with { Status = status.Value, IsDetached = session.SeriesId is not null }, plan);
            if (filled.Rejection is { } unfit) return unfit;
            var placed = await SessionChange.PlaceAgain(work, SessionApproval.AskedAgain(caller, session, filled.Value), body.Displace ? caller : null);
            if (placed.Rejection is { } refusal) return refusal;
            var edited = placed.Value;
            await BeginPhase.Expect(work, edited);
            var moved = edited.StartsAt != session.StartsAt || edited.EndsAt != session.EndsAt || edited.Days != session.Days;
            var saved = moved ? await SessionChange.SaveMoved(work, edited) : await SessionChange.Save(work, edited, state => new SessionEdited(state));
            return saved.Map(s => s.ToView());
        }, ct);

    /// <summary>The session under the mandate asked for, by name: what was against the one it had is no longer asked.</summary>
    private static async Task<Result<SessionRow>> Under(UnitOfWork work, SessionRow session, Guid? mandateId)
    {
        if (mandateId is not { } named) return session;
        if (session.Tier != SessionTier.ResellerBroadcast)
            return new Faults().Check(false, "/mandateId", "mandate.not_needed", "Only reseller broadcasts are under a mandate.").ToRejection();
        if (await work.Find<MandateRow>(MandateSql.ById, new { Id = named }) is not { } mandate || mandate.ResellerId != session.OwnerUnitId)
            return MandateRejections.Missing.Because($"The reseller has no mandate {named}.");
        return SessionLifecycle.HoldsSlot(session.Status) ? session with { MandateId = named, FlaggedAt = null, FlagReason = null } : session with { MandateId = named };
    }
}

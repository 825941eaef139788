using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Replaces what was planned, as long as the session has not gone live.</summary>
internal static class EditSession
{
    /// <param name="Title">1 to 200 characters.</param>
    /// <param name="BrandIds">1 to 50 brands of the headquarters.</param>
    /// <param name="ChannelIds">1 to 10.</param>
    /// <param name="HostId">A host of a unit above or below the owner, or of the owner.</param>
    /// <param name="RoomId">A room of a unit above or below the owner, or of the owner.</param>
    /// <param name="StartsAt">If moved: in the future, at most 400 days ahead.</param>
    /// <param name="EndsAt">Exclusive; 30 minutes to 24 hours after the start.</param>
    /// <param name="Theme">1 to 200 characters.</param>
    /// <param name="CoHostIds">At most 10.</param>
    /// <param name="Goals">Three, of which the fourth follows, or four that agree; none if left out.</param>
    /// <param name="Phases">How long the phases are; the defaults if left out.</param>
    /// <param name="CoversUnitIds">Group broadcasts only: the units, with all below them, for which it keeps its time free; the whole tree unless given.</param>
    /// <param name="Displace">Takes the slots of planned sessions of lower tiers that are in the way.</param>
    internal sealed record Request(
        string Title,
        IReadOnlyList<Guid> BrandIds,
        IReadOnlyList<Guid> ChannelIds,
        Guid HostId,
        Guid RoomId,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        string? Theme = null,
        IReadOnlyList<Guid>? CoHostIds = null,
        GoalsEntry? Goals = null,
        PhaseDays? Phases = null,
        IReadOnlyList<Guid>? CoversUnitIds = null,
        bool Displace = false) : IValidated
    {
        public SessionPlan ToPlan() => new()
        {
            Title = Title,
            Theme = Theme,
            BrandIds = BrandIds,
            ChannelIds = ChannelIds,
            HostId = HostId,
            CoHostIds = CoHostIds ?? [],
            RoomId = RoomId,
            CoversUnitIds = CoversUnitIds ?? [],
            StartsAt = StartsAt,
            EndsAt = EndsAt,
            Goals = Goals,
            Phases = Phases,
        };

        public void Validate(Faults faults) => ToPlan().Validate(faults);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/sessions/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditSession), "Replaces a planned session's details and times; what is left out falls back to its default.")
        .Allow(Permission.ManagePlan).Conditional()
        .Example(new Request(
            "Autumn premiere", [Guid.Empty], [Guid.Empty], Guid.Empty, Guid.Empty,
            new DateTimeOffset(2026, 11, 11, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 11, 15, 0, 0, TimeSpan.Zero)))
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

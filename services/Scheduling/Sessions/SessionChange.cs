using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>
/// The steps every change of a session is made of. Locks are taken in one order everywhere: the reseller that is
/// counted for, then the brands, then the resources, then the rows of sessions, by their update.
/// </summary>
internal static class SessionChange
{
    /// <summary>What a session may be refused its place in the plan with.</summary>
    internal static readonly RejectionKind[] PlaceRejections =
        [SessionRejections.StartsInPast, SessionRejections.StartsTooLate, UnitRejections.Inactive, AbsenceRejections.Absent, BookingRejections.Conflict, BlockRejections.Blocked, .. MandateRejections.All];

    private const int MostDaysAhead = 400;
    internal const string BestGrade = "A";

    /// <summary>The session, read after the locks of all resources the change touches were taken.</summary>
    public static async Task<Result<SessionRow>> Take(
        UnitOfWork work, Caller caller, Guid id, IReadOnlyList<Guid>? further = null, IReadOnlyList<Guid>? furtherBrands = null)
    {
        var key = new { Id = id, caller.Scope, caller.ScopeEnd };
        if (await work.Find<SessionRow>(SessionSql.InScopeById, key) is not { } seen) return SessionRejections.Unknown(id);
        if (seen.Tier == SessionTier.ResellerBroadcast) await work.Execute(UnitSql.TakeTurn, new { Id = seen.OwnerUnitId });
        HashSet<Guid> brands = [.. seen.BrandList, .. furtherBrands ?? []];
        await HoldBrands(work, UnitPath.Headquarters(seen.Path), brands);
        HashSet<Guid> taken = [.. seen.ResourceIds, .. further ?? []];
        var resources = await Bookings.TakeTurn(work, taken);
        var session = (await work.Find<SessionRow>(SessionSql.InScopeById, key))!;
        work.Audited(session.ToView());
        if (!taken.IsSupersetOf(session.ResourceIds) || !brands.IsSupersetOf(session.BrandList)) return LostRace();
        return session with { TurnaroundMinutes = resources.FirstOrDefault(r => r.Id == session.RoomId)?.TurnaroundMinutes ?? 0 };
    }

    /// <summary>Comes before any resource's turn. Time is blocked by brand: who blocks and who plans never look past each other.</summary>
    public static Task<IReadOnlyList<BrandRow>> HoldBrands(UnitOfWork work, string headquartersPath, IEnumerable<Guid> brandIds) =>
        work.Query<BrandRow>(BrandSql.HeldOfHeadquarters, new { HeadquartersPath = headquartersPath, Ids = Sql.Json(brandIds.Distinct()) });

    public static Rejection? Tier(SessionTier tier, UnitRow owner)
    {
        var allowed = (tier, owner.Kind) switch
        {
            (SessionTier.GroupBroadcast, UnitKind.Headquarters) => true,
            (SessionTier.RegionalBroadcast, UnitKind.Region) => true,
            (SessionTier.BrandBroadcast, UnitKind.Headquarters or UnitKind.Region) => true,
            (SessionTier.ResellerBroadcast, UnitKind.Reseller) => true,
            _ => false,
        };
        return allowed ? null : SessionRejections.TierNotAllowed.Because($"A {owner.Kind} does not own a {tier}.");
    }

    public static Rejection? Start(DateTimeOffset startsAt, DateTimeOffset now) =>
        startsAt <= now ? SessionRejections.StartsInPast.Because($"It is {now:O} already.")
        : startsAt > LatestStart(now) ? SessionRejections.StartsTooLate.Because($"Not after {LatestStart(now):O}.")
        : null;

    public static DateTimeOffset LatestStart(DateTimeOffset now) => now.AddDays(MostDaysAhead);

    /// <summary>The session with the plan's details and times, its brands and resources looked up and held.</summary>
    public static async Task<Result<SessionRow>> Fill(UnitOfWork work, SessionRow session, SessionPlan plan)
    {
        var headquarters = UnitPath.Headquarters(session.Path);
        var known = await HoldBrands(work, headquarters, plan.BrandIds);
        var unknown = plan.BrandIds.Except(known.Select(b => b.Id)).ToList();
        if (unknown.Count > 0) return SessionRejections.BrandUnknown.Because($"No brand {string.Join(", ", unknown)}.").With("brandIds", unknown);
        var lesser = session.Tier == SessionTier.BrandBroadcast ? known.Where(b => b.Grade != BestGrade).ToList() : [];
        if (lesser.Count > 0)
            return SessionRejections.BrandGrade.Because($"Not of grade {BestGrade}: {string.Join(", ", lesser.Select(b => b.Name))}.").With("brandIds", lesser.Select(b => b.Id));

        if (await Uncovered(work, headquarters, plan.CoversUnitIds) is { Count: > 0 } strange)
            return SessionRejections.UnitUnknown.Because($"No unit {string.Join(", ", strange)}.").With("unitIds", strange);

        var resources = (await Bookings.TakeTurn(work, plan.ResourceIds))
            .Where(r => UnitPath.SameChain(r.Path, session.Path))
            .ToDictionary(r => r.Id);
        var unusable = Unusable([plan.HostId, .. plan.CoHostIds], ResourceKind.Host)
            .Concat(Unusable([plan.RoomId], ResourceKind.Room))
            .Concat(Unusable(plan.ChannelIds, ResourceKind.Channel))
            .ToList();
        if (unusable.Count > 0)
            return SessionRejections.ResourceNotUsable.Because($"Not usable: {string.Join(", ", unusable)}.").With("resourceIds", unusable);

        return session.MovedTo(plan.StartsAt, plan.EndsAt, (plan.Phases ?? new PhaseDays()).Of(session.Tier), work.Now) with
        {
            Title = plan.Title,
            Theme = plan.Theme,
            BrandIds = Sql.Json(plan.BrandIds),
            Channels = Sql.Json(plan.ChannelIds.Select(id => new SessionChannel(id, resources[id].ChannelKind!.Value))),
            HostId = plan.HostId,
            CoHostIds = Sql.Json(plan.CoHostIds),
            RoomId = plan.RoomId,
            TurnaroundMinutes = resources[plan.RoomId].TurnaroundMinutes,
            CoversUnitIds = session.Tier == SessionTier.GroupBroadcast ? Sql.Json(plan.CoversUnitIds) : "[]",
            Goals = plan.Goals?.Complete(new Faults(), "/goals") is { } goals ? Sql.Json(goals) : null,
        };

        IEnumerable<Guid> Unusable(IReadOnlyList<Guid> ids, ResourceKind kind) => ids.Where(id => !resources.TryGetValue(id, out var r) || r.Kind != kind);
    }

    /// <summary>Finds the session its mandate, if it needs one, and books its resources; refused if either cannot be.</summary>
    /// <param name="work">The transaction; the turns on the reseller and the resources are taken.</param>
    /// <param name="session">As it is to be.</param>
    /// <param name="owner">The session's.</param>
    /// <param name="mandateId">The mandate to stream under; null takes any that covers the session.</param>
    /// <param name="displacer">Who asks that planned sessions of lower tiers make way; null: nobody.</param>
    public static async Task<Result<SessionRow>> Place(UnitOfWork work, SessionRow session, UnitRow owner, Guid? mandateId, Caller? displacer = null)
    {
        if (session.Tier == SessionTier.ResellerBroadcast)
        {
            var carried = await MandateCover.Carry(work, session, owner, mandateId);
            if (carried.Rejection is { } refusal) return refusal;
            session = carried.Value;
        }
        var obstacles = Obstacles.None;
        if (await Obstacles.MayBe(work, session))
        {
            if (await UnitRejections.UnlessActive(work, owner.Path) is { } inactive) return inactive;
            if (await Absences.Planned(work, session) is { } absent) return absent;
            obstacles = await Obstacles.ToPlan(work, session);
        }
        IReadOnlyList<SessionRow> lower = obstacles.Any && displacer is not null ? await Displacement.Of(work, session, displacer, obstacles) : [];
        if (obstacles.Any && lower.Count == 0) return await obstacles.Refuse(work, session);
        await Displacement.Clear(work, lower);
        await Bookings.Book(work, session);
        return await Displacement.Tell(work, lower, session) is { } lost ? lost : session;
    }

    /// <summary><see cref="Place"/> for a session that was planned before, under the mandate it has; one without a slot needs no place.</summary>
    public static async Task<Result<SessionRow>> PlaceAgain(UnitOfWork work, SessionRow session, Caller? displacer = null)
    {
        if (!SessionLifecycle.HoldsSlot(session.Status)) return session;
        var owner = await work.Find<UnitRow>(UnitSql.ById, new { Id = session.OwnerUnitId });
        return await Place(work, session, owner!, session.MandateId, displacer);
    }

    /// <summary>Puts the session at another time; a displaced one is back in the plan. Its status allows it to be rescheduled.</summary>
    public static async Task<Result<SessionRow>> Move(UnitOfWork work, Caller caller, SessionRow session, DateTimeOffset startsAt, DateTimeOffset endsAt, bool displace = false)
    {
        if (Start(startsAt, work.Now) is { } badStart) return badStart;
        var moved = session.MovedTo(startsAt, endsAt, session.Days, work.Now) with { IsDetached = session.SeriesId is not null };
        if (moved.Status == session.Status)
            moved = moved with { Status = SessionLifecycle.Apply(session.Status, SessionAction.Reschedule).Value, DisplacedBySessionId = null, DisplacedAt = null };
        var placed = await PlaceAgain(work, SessionApproval.AskedAgain(caller, session, moved), displace ? caller : null);
        if (placed.Rejection is { } refusal) return refusal;
        await BeginPhase.Expect(work, placed.Value);
        return await SaveMoved(work, placed.Value);
    }

    /// <summary>Writes a session at its other time. What is bound to one that asks again must not go by the time it had.</summary>
    public static async Task<Result<SessionRow>> SaveMoved(UnitOfWork work, SessionRow session)
    {
        var saved = await Save(work, session, state => new SessionRescheduled(state));
        if (saved is { IsRejected: false, Value: { AsksAgain: true, Status: SessionStatus.Submitted } asking }) work.Publish(new SessionRescheduled(asking.ToState()));
        return saved;
    }

    /// <summary>Writes a session that is not in the plan and no longer holds its slot.</summary>
    public static async Task<Result<SessionRow>> GiveUpSlot(UnitOfWork work, SessionRow session)
    {
        await Bookings.Release(work, session.Id);
        await BeginPhase.Expect(work, session);
        return await Save(work, session, state => new SessionEdited(state));
    }

    /// <summary>
    /// Writes the session over the version it was read at, and says so to everyone if it has been in the plan. Of a change that
    /// waits for approval nobody hears before it is decided on.
    /// </summary>
    public static async Task<Result<SessionRow>> Save(UnitOfWork work, SessionRow session, Func<SessionState, object> toEvent)
    {
        if (await work.Execute(SessionSql.Update, session.ToParameters()) == 0) return LostRace();
        var saved = session with { Version = session.Version + 1 };
        if (saved.IsPublished && saved.Status != SessionStatus.Submitted) work.Publish(toEvent(saved.ToState()));
        if (saved.CrewIds != "[]") await SessionCrew.Note(work, saved);
        await Scoring.Settle(work, saved);
        return saved;
    }

    private static async Task<IReadOnlyList<Guid>> Uncovered(UnitOfWork work, string headquarters, IReadOnlyList<Guid> unitIds)
    {
        if (unitIds.Count == 0) return [];
        var known = await work.Query<UnitRow>(UnitSql.ByIds, new { Ids = Sql.Json(unitIds) });
        return [.. unitIds.Except(known.Where(u => UnitPath.Covers(headquarters, u.Path)).Select(u => u.Id))];
    }

    private static Rejection LostRace() => CommonRejections.LostRace.Because("Somebody changed the session at this moment.") with { RetryAfter = TimeSpan.FromSeconds(1) };
}

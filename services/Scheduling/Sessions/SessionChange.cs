using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>
/// The steps every change of a session is made of. Locks are taken in one order everywhere: the reseller that is
/// counted for, then the resources, then the session's own row, by its update.
/// </summary>
internal static class SessionChange
{
    private const int MostDaysAhead = 400;
    private const string BestGrade = "A";

    /// <summary>The session, read after the locks of all resources the change touches were taken.</summary>
    public static async Task<Result<SessionRow>> Take(UnitOfWork work, Caller caller, Guid id, IReadOnlyList<Guid>? further = null)
    {
        var key = new { Id = id, caller.Scope, caller.ScopeEnd };
        if (await work.Find<SessionRow>(SessionSql.InScopeById, key) is not { } seen) return SessionRejections.Unknown(id);
        if (seen.Tier == SessionTier.ResellerBroadcast) await work.Execute(UnitSql.TakeTurn, new { Id = seen.OwnerUnitId });
        HashSet<Guid> taken = [.. seen.ResourceIds, .. further ?? []];
        await Bookings.TakeTurn(work, taken);
        var session = (await work.Find<SessionRow>(SessionSql.InScopeById, key))!;
        return taken.IsSupersetOf(session.ResourceIds) ? session : LostRace();
    }

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
        : startsAt > now.AddDays(MostDaysAhead) ? SessionRejections.StartsTooLate.Because($"Not after {now.AddDays(MostDaysAhead):O}.")
        : null;

    /// <summary>The session with the plan's details and times, its brands and resources looked up.</summary>
    public static async Task<Result<SessionRow>> Fill(UnitOfWork work, SessionRow session, SessionPlan plan)
    {
        var known = await work.Query<BrandRow>(BrandSql.OfHeadquarters, new { HeadquartersPath = UnitPath.Headquarters(session.Path), Ids = Sql.Json(plan.BrandIds) });
        var unknown = plan.BrandIds.Except(known.Select(b => b.Id)).ToList();
        if (unknown.Count > 0) return SessionRejections.BrandUnknown.Because($"No brand {string.Join(", ", unknown)}.").With("brandIds", unknown);
        var lesser = session.Tier == SessionTier.BrandBroadcast ? known.Where(b => b.Grade != BestGrade).ToList() : [];
        if (lesser.Count > 0)
            return SessionRejections.BrandGrade.Because($"Not of grade {BestGrade}: {string.Join(", ", lesser.Select(b => b.Name))}.").With("brandIds", lesser.Select(b => b.Id));

        var resources = (await work.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(plan.ResourceIds) }))
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
            Goals = plan.Goals?.Complete(new Faults(), "/goals") is { } goals ? Sql.Json(goals) : null,
        };

        IEnumerable<Guid> Unusable(IReadOnlyList<Guid> ids, ResourceKind kind) => ids.Where(id => !resources.TryGetValue(id, out var r) || r.Kind != kind);
    }

    /// <summary>Finds the session its mandate, if it needs one, and books its resources; refused if either cannot be.</summary>
    /// <param name="work">The transaction; the turns on the reseller and the resources are taken.</param>
    /// <param name="session">As it is to be.</param>
    /// <param name="owner">The session's.</param>
    /// <param name="mandateId">The mandate to stream under; null takes any that covers the session.</param>
    public static async Task<Result<SessionRow>> Place(UnitOfWork work, SessionRow session, UnitRow owner, Guid? mandateId)
    {
        if (session.Tier == SessionTier.ResellerBroadcast)
        {
            var mandate = mandateId is { } named
                ? await MandateCover.Named(work, session, owner, named)
                : await MandateCover.Any(work, session, owner);
            if (mandate.Rejection is { } refusal) return refusal;
            session = session with { MandateId = mandate.Value.Id };
        }
        if (await UnitRejections.UnlessActive(work, owner.Path) is { } inactive) return inactive;
        if (await Bookings.Planned(work, session) is { } conflict) return conflict;
        await Bookings.Book(work, session);
        return session;
    }

    /// <summary><see cref="Place"/> for a session that was planned before, under the mandate it has; one without a slot needs no place.</summary>
    public static async Task<Result<SessionRow>> PlaceAgain(UnitOfWork work, SessionRow session)
    {
        if (!SessionLifecycle.HoldsSlot(session.Status)) return session;
        var owner = await work.Find<UnitRow>(UnitSql.ById, new { Id = session.OwnerUnitId });
        return await Place(work, session, owner!, session.MandateId);
    }

    /// <summary>Writes the session over the version it was read at, and says so to everyone if it has been in the plan.</summary>
    public static async Task<Result<SessionRow>> Save(UnitOfWork work, SessionRow session, Func<SessionState, object> toEvent)
    {
        if (await work.Execute(SessionSql.Update, session.ToParameters()) == 0) return LostRace();
        var saved = session with { Version = session.Version + 1 };
        if (saved.IsPublished) work.Publish(toEvent(saved.ToState()));
        return saved;
    }

    private static Rejection LostRace() => CommonRejections.LostRace.Because("Somebody changed the session at this moment.") with { RetryAfter = TimeSpan.FromSeconds(1) };
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>
/// What is in a session's way: time blocked for it, resources booked by others and, for a group broadcast, sessions in the
/// time it would block. The turns on the brands and the resources are taken before anyone looks.
/// </summary>
internal sealed record Obstacles(IReadOnlyList<BlockRow> Blocks, IReadOnlyList<Collision> Collisions)
{
    /// <summary>How many free slots a refusal offers.</summary>
    public const int SlotsOffered = 3;

    public static readonly Obstacles None = new([], []);

    public bool Any => Blocks.Count > 0 || Collisions.Count > 0;

    /// <summary>
    /// One statement while nothing speaks against the plan, which is most of the time: no obstacle, nobody away, no unit out of use.
    /// What it finds may turn out to be nothing: a block of other brands, hours that the session is within.
    /// </summary>
    public static async Task<bool> MayBe(UnitOfWork work, SessionRow session) =>
        await work.Scalar<long?>(session.Tier == SessionTier.GroupBroadcast ? ObstacleSql.AnyToGroup : ObstacleSql.Any, await Key(work, session)) is not null;

    /// <summary>In the way at the time planned.</summary>
    public static async Task<Obstacles> ToPlan(UnitOfWork work, SessionRow session)
    {
        var booked = await ToBook(work, session);
        if (session.Tier == SessionTier.GroupBroadcast) return booked with { Collisions = [.. booked.Collisions, .. await Conflicts.Blocks.InTheWay(work, session)] };
        var blocks = await Conflicts.Blocks.Over(work, session.Path, session.BrandList, new Window(session.StartsAt, session.EndsAt));
        return blocks.Count > 0 && await IsThere(work, session) ? booked : booked with { Blocks = blocks };
    }

    /// <summary>What the session's resources are booked for at the time planned.</summary>
    public static async Task<Obstacles> ToBook(UnitOfWork work, SessionRow session) => new(
        [],
        // Only the room has to stay free for a while after the session.
        [.. (await work.Query<Collision>(BookingSql.Planned, await Key(work, session))).Where(c => c.ResourceId == session.RoomId || c.StartsAt < session.EndsAt)]);

    /// <summary>
    /// In the way of going live at this instant. Early, the session has no more right to the time than any other; from its
    /// planned start on, a room that is still being turned around after somebody's overrun keeps nobody off the air.
    /// </summary>
    public static async Task<Obstacles> ToTheAir(UnitOfWork work, SessionRow session)
    {
        // Going live after its own planned end it needs its resources at least at this instant.
        var time = new Window(work.Now, session.EndsAt > work.Now ? session.EndsAt : work.Now.AddMicroseconds(1));
        var isEarly = work.Now < session.StartsAt;
        var collisions = await work.Query<Collision>(BookingSql.OnTheAir, new
        {
            Ids = Sql.Json(session.ResourceIds),
            SessionId = session.Id,
            StartsAt = time.OpensAt,
            BusyUntil = time.ClosesAt,
            ScanFrom = time.OpensAt - Bookings.Longest,
        });
        var inTheWay = collisions.Where(c => c.Status == SessionStatus.Live || isEarly || c.EndsAt > work.Now).ToList();
        var unplanned = isEarly ? time with { ClosesAt = session.StartsAt } : time with { OpensAt = session.EndsAt > work.Now ? time.ClosesAt : time.OpensAt };
        return session.Tier == SessionTier.GroupBroadcast || unplanned.OpensAt >= unplanned.ClosesAt
            ? new([], inTheWay)
            : new(await Conflicts.Blocks.Over(work, session.Path, session.BrandList, unplanned), inTheWay);
    }

    /// <summary>The refusal that names all of them, and what is free nearby.</summary>
    public async Task<Rejection> Refuse(UnitOfWork work, SessionRow session)
    {
        var owner = (await work.Find<UnitRow>(UnitSql.ById, new { Id = session.OwnerUnitId }))!;
        var slots = await FreeSlots.Near(work, FreeSlotQuestion.For(session, owner), SlotsOffered);
        var titles = string.Join(", ", Blocks.Select(b => b.Reason ?? "the headquarters").Concat(Collisions.Select(c => c.Title)).Distinct().Take(3));
        var refusal = Blocks.Count > 0
            ? BlockRejections.Blocked.Because($"{Blocks.Count} blocks are in the way, of {titles}; see blocks for each.").With("blocks", Blocks.Select(b => b.ToView()).ToList())
            : BookingRejections.Conflict.Because($"{Collisions.Count} bookings are in the way, of {titles}; see conflicts for each.");
        return refusal.With("conflicts", Collisions).With("freeSlots", slots);
    }

    /// <summary>In the plan at that time with those brands: what is planned in a block that comes later stays, and may be edited.</summary>
    private static async Task<bool> IsThere(UnitOfWork work, SessionRow session) =>
        !session.IsNew && await work.Find<SessionRow>(SessionSql.ById, new { session.Id }) is { Status: SessionStatus.Scheduled or SessionStatus.WarmUp or SessionStatus.Live } seen &&
        (seen.StartsAt, seen.EndsAt, seen.Path) == (session.StartsAt, session.EndsAt, session.Path) && !session.BrandList.Except(seen.BrandList).Any();

    private static async Task<object> Key(UnitOfWork work, SessionRow session)
    {
        var headquarters = UnitPath.Headquarters(session.Path);
        return new
        {
            Ids = Sql.Json(session.ResourceIds),
            SessionId = session.Id,
            session.StartsAt,
            session.EndsAt,
            BusyUntil = session.EndsAt.AddMinutes(await Bookings.Turnaround(work, session)),
            ScanFrom = session.StartsAt - Bookings.Longest,
            PlannedFrom = session.StartsAt - SessionPlan.Longest,
            HeadquartersPath = headquarters,
            Scope = headquarters,
            ScopeEnd = UnitPath.End(headquarters),
            Rows = Sql.Json(UnitPath.SelfAndAncestors(session.Path).Select(path => new[] { path })),
        };
    }
}

internal static class ObstacleSql
{
    private static readonly string AnyUnfit = $"{BookingSql.Any} UNION ALL {AbsenceSql.Any} UNION ALL {UnitSql.AnyInactive}";

    internal static readonly string Any = $"{AnyUnfit} UNION ALL {BlockSql.Any}";
    internal static readonly string AnyToGroup = $"{AnyUnfit} UNION ALL {BlockSql.AnyLowerSession}";
}

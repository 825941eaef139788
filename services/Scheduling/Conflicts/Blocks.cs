using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>
/// Time that is kept free of all but group broadcasts, for some units and some brands of a headquarters. A group broadcast
/// in the plan blocks its own; a headquarters may block more for a period.
/// </summary>
internal static class Blocks
{
    /// <summary>Blocks further time. Takes the turns of its brands; comes before any resource's turn.</summary>
    /// <returns>The sessions that are planned in it already: it is for the caller to refuse, or to let them be.</returns>
    public static async Task<IReadOnlyList<Collision>> Add(UnitOfWork work, BlockRow block)
    {
        await work.Query<BrandRow>(
            block.BrandList.Count == 0 ? BrandSql.HeldAll : BrandSql.HeldOfHeadquarters, new { HeadquartersPath = block.Path, Ids = Sql.Json(block.BrandList) });
        await work.Execute(BlockSql.Insert, block.ToParameters());
        return await InTheWay(work, block);
    }

    public static Task Remove(UnitOfWork work, Guid id) => work.Execute(BlockSql.Delete, new { Id = id });

    public static Task RemoveOfPeriod(UnitOfWork work, Guid periodId) => work.Execute(BlockSql.DeleteOfPeriod, new { PeriodId = periodId });

    public static Task RemoveOf(UnitOfWork work, Guid sessionId) => work.Execute(BlockSql.DeleteOfSession, new { SessionId = sessionId });

    /// <summary>A group broadcast blocks the time it is planned for, up to its end if that came earlier; others block nothing.</summary>
    public static async Task Follow(UnitOfWork work, SessionRow session)
    {
        if (session.Tier != SessionTier.GroupBroadcast) return;
        if (!session.IsNew) await RemoveOf(work, session.Id);
        var block = Of(session);
        if (block.StartsAt < block.EndsAt) await work.Execute(BlockSql.Insert, block.ToParameters());
    }

    /// <summary>The blocks that keep a session of a lower tier off that time.</summary>
    /// <param name="from">Where to read.</param>
    /// <param name="path">Of the session's owner.</param>
    /// <param name="brandIds">The session's.</param>
    /// <param name="time">When.</param>
    public static async Task<IReadOnlyList<BlockRow>> Over(Reads from, string path, IReadOnlyList<Guid> brandIds, Window time)
    {
        var near = await from.Query<BlockRow>(BlockSql.Between, new
        {
            HeadquartersPath = UnitPath.Headquarters(path),
            ScanFrom = time.OpensAt - Bookings.Longest,
            StartsAt = time.OpensAt,
            EndsAt = time.ClosesAt,
        });
        var fitting = near.Where(b => b.BrandList.Count == 0 || b.BrandList.Intersect(brandIds).Any()).ToList();
        if (!fitting.Exists(b => b.UnitList.Count > 0)) return fitting;
        var chain = await from.Query<Guid>(UnitSql.IdsOfPaths, new { Ids = Sql.Json(UnitPath.SelfAndAncestors(path)) });
        return [.. fitting.Where(b => b.UnitList.Count == 0 || b.UnitList.Intersect(chain).Any())];
    }

    /// <summary>The sessions of lower tiers that hold a slot in the time a group broadcast would block.</summary>
    public static Task<IReadOnlyList<Collision>> InTheWay(Reads from, SessionRow broadcast) => InTheWay(from, Of(broadcast));

    /// <summary>The sessions of lower tiers that hold a slot in the block's time.</summary>
    public static async Task<IReadOnlyList<Collision>> InTheWay(Reads from, BlockRow block)
    {
        var near = await from.Query<LowerSession>(BlockSql.LowerSessions, Key(block));
        var fitting = near.Where(s => block.BrandList.Count == 0 || block.BrandList.Intersect(Sql.FromJson<Guid[]>(s.BrandIds)).Any()).ToList();
        if (fitting.Count > 0 && block.UnitList.Count > 0)
        {
            var covered = await from.Query<UnitRow>(UnitSql.ByIds, new { Ids = Sql.Json(block.UnitList) });
            fitting.RemoveAll(s => !covered.Any(u => UnitPath.Covers(u.Path, s.Path)));
        }
        return [.. fitting.Select(s => new Collision { SessionId = s.Id, Title = s.Title, Tier = s.Tier, Status = s.Status, StartsAt = s.StartsAt, EndsAt = s.EndsAt, BusyUntil = s.EndsAt })];
    }

    /// <summary>For <see cref="BlockSql.AnyLowerSession"/> and <see cref="BlockSql.LowerSessions"/>.</summary>
    private static object Key(BlockRow block) => new
    {
        Scope = block.Path,
        ScopeEnd = UnitPath.End(block.Path),
        PlannedFrom = block.StartsAt - SessionPlan.Longest,
        block.StartsAt,
        block.EndsAt,
    };

    private static BlockRow Of(SessionRow session) => new()
    {
        Id = session.Id,
        Path = UnitPath.Headquarters(session.Path),
        UnitIds = session.CoversUnitIds,
        BrandIds = session.BrandIds,
        StartsAt = session.StartsAt,
        EndsAt = session.EndedAt < session.EndsAt ? session.EndedAt.Value : session.EndsAt,
        SessionId = session.Id,
        Reason = session.Title,
    };

    private sealed record LowerSession
    {
        public Guid Id { get; init; }

        public string Title { get; init; } = "";

        public SessionTier Tier { get; init; }

        public SessionStatus Status { get; init; }

        public string Path { get; init; } = "";

        public string BrandIds { get; init; } = "[]";

        public DateTimeOffset StartsAt { get; init; }

        public DateTimeOffset EndsAt { get; init; }
    }
}

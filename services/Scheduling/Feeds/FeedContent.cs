using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.KeyDates;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>A session as a feed shows it.</summary>
/// <param name="Session">As it is now.</param>
/// <param name="IsOut">Whose feed it is was in it and no longer is, or it was taken back: calendars have to be told.</param>
/// <param name="Role">What the person whose feed it is does in it.</param>
internal sealed record FeedEntry(SessionRow Session, bool IsOut, CrewRole? Role);

/// <summary>All a feed shows, read from what is stored.</summary>
internal sealed record FeedContent
{
    private const int DaysBack = 90;
    private const int DaysAhead = 401;

    public required string Name { get; init; }

    /// <summary>In which the times are written.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<FeedEntry> Sessions { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<KeyDateRow> KeyDates { get; init; }

    /// <summary>Names of hosts, rooms and channels.</summary>
    public required IReadOnlyDictionary<Guid, string> Resources { get; init; }

    /// <summary>Names of brands.</summary>
    public required IReadOnlyDictionary<Guid, string> Brands { get; init; }

    public static async Task<FeedContent> Read(SchedulingDb db, FeedRow feed, DateTimeOffset now, CancellationToken ct)
    {
        var key = new
        {
            From = now.AddDays(-DaysBack),
            To = now.AddDays(DaysAhead),
            feed.ResourceId,
            Scope = feed.UnitPath,
            ScopeEnd = UnitPath.End(feed.UnitPath),
            Ids = Sql.Json(UnitPath.SelfAndAncestors(feed.UnitPath)),
        };
        var sessions = feed.ResourceId is { } resource ? await OfResource(db, feed.Kind, resource, key, ct) : await OfUnit(db, key, ct);
        var dates = feed.Kind == FeedKind.Unit ? await db.Query<KeyDateRow>(KeyDateSql.Above, key, ct) : [];
        var resources = await db.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(sessions.SelectMany(s => s.Session.ResourceIds).Distinct()) }, ct);
        var brands = await db.Query<BrandRow>(BrandSql.OfHeadquarters, new
        {
            HeadquartersPath = UnitPath.Headquarters(feed.UnitPath),
            Ids = Sql.Json(sessions.SelectMany(s => s.Session.BrandList).Concat(dates.SelectMany(d => Sql.FromJson<Guid[]>(d.BrandIds))).Distinct()),
        }, ct);
        return new FeedContent
        {
            Name = feed.Name,
            Zone = TimeZoneInfo.FindSystemTimeZoneById(feed.TimeZone),
            Sessions = [.. sessions.OrderBy(s => s.Session.StartsAt).ThenBy(s => s.Session.Id)],
            KeyDates = dates,
            Resources = resources.ToDictionary(r => r.Id, r => r.Name),
            Brands = brands.ToDictionary(b => b.Id, b => b.Name),
        };
    }

    private static async Task<IReadOnlyList<FeedEntry>> OfUnit(SchedulingDb db, object key, CancellationToken ct)
    {
        var sessions = await db.Query<SessionRow>(FeedContentSql.OfUnit, key, ct);
        // A draft is nobody's business, unless it was on calendars before it was taken back.
        var drafts = sessions.Where(s => s.Status == SessionStatus.Draft).Select(s => s.Id).ToList();
        var known = drafts.Count == 0 ? [] : (await db.Query<Guid>(FeedContentSql.HeldBefore, new { Ids = Sql.Json(drafts) }, ct)).ToHashSet();
        return [.. sessions.Where(s => s.Status != SessionStatus.Draft || known.Contains(s.Id)).Select(s => new FeedEntry(s, IsOut: false, null))];
    }

    private static async Task<IReadOnlyList<FeedEntry>> OfResource(SchedulingDb db, FeedKind kind, Guid resource, object key, CancellationToken ct)
    {
        var former = await db.Query<SessionRow>(FeedContentSql.Former, key, ct);
        var booked = await db.Query<SessionRow>(FeedContentSql.Booking, key, ct);
        var roles = kind == FeedKind.Room ? [] : (await db.Query<AssignedRow>(FeedContentSql.Roles, key, ct)).ToDictionary(a => a.SessionId, a => a.Role);
        return
        [
            .. former.Concat(booked).DistinctBy(s => s.Id)
                .Select(s => new FeedEntry(s, !s.ResourceIds.Contains(resource), kind == FeedKind.Room ? null : RoleOf(s))),
        ];

        CrewRole? RoleOf(SessionRow session) =>
            session.HostId == resource ? CrewRole.Host : session.CoHostList.Contains(resource) ? CrewRole.CoHost : roles.TryGetValue(session.Id, out var role) ? role : null;
    }

    private sealed record AssignedRow
    {
        public Guid SessionId { get; init; }

        public CrewRole Role { get; init; }
    }
}

internal static class FeedContentSql
{
    private const string InTime = "StartsAt >= @From AND StartsAt < @To";
    private const string Select = $"SELECT {SessionSql.Columns} FROM Sessions";

    /// <summary>Broadcasts of the units above from their approval on, as in every other view.</summary>
    internal const string OfUnit =
        $"{Select} WHERE ({Sql.InScope} OR (Tier IN ('GroupBroadcast', 'RegionalBroadcast') AND ApprovedAt IS NOT NULL AND Path IN {Sql.Ids})) AND {InTime}";

    internal const string Booking = $"{Select} WHERE Id IN (SELECT SessionId FROM Bookings WHERE ResourceId = @ResourceId AND EndsAt > @From) AND {InTime}";
    internal const string Former = $"{Select} WHERE Id IN (SELECT SessionId FROM FormerBookings WHERE ResourceId = @ResourceId) AND {InTime}";
    internal const string HeldBefore = $"SELECT DISTINCT SessionId FROM FormerBookings WHERE SessionId IN {Sql.Ids}";
    internal const string Roles = "SELECT SessionId, Role FROM CrewAssignments WHERE ResourceId = @ResourceId";
}

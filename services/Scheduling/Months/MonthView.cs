using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Scheduling.KeyDates;
using LiveCommerce.Scheduling.Resources;

namespace LiveCommerce.Scheduling.Months;

/// <summary>A month of a unit's calendar, whole.</summary>
/// <param name="Month">Such as 2026-11.</param>
/// <param name="UnitId">Whose.</param>
/// <param name="Path">That unit's path.</param>
/// <param name="TimeZone">Whose wall clock the month is counted by.</param>
/// <param name="OpensAt">The month's first instant.</param>
/// <param name="ClosesAt">The next month's.</param>
/// <param name="PeriodId">If the headquarters plans the month as a whole.</param>
/// <param name="Sessions">Of the unit and below, and the approved group and regional broadcasts of the units above; without what was cancelled or rejected.</param>
/// <param name="KeyDates">Of the unit, of those above and of those below.</param>
/// <param name="Blocks">Time that is kept free of all but group broadcasts, for the unit or any below it.</param>
/// <param name="Conflicts">What somebody has to see to.</param>
/// <param name="FreeSlots">By room the unit may use: when nothing is in it.</param>
/// <param name="Load">By host and room the unit may use.</param>
internal sealed record MonthView(
    string Month,
    Guid UnitId,
    string Path,
    string TimeZone,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt,
    Guid? PeriodId,
    IReadOnlyList<MonthSession> Sessions,
    IReadOnlyList<KeyDateView> KeyDates,
    IReadOnlyList<MonthBlock> Blocks,
    IReadOnlyList<MonthConflict> Conflicts,
    IReadOnlyList<RoomSlots> FreeSlots,
    IReadOnlyList<ResourceLoad> Load);

/// <summary>A session, as much of it as a calendar shows.</summary>
internal sealed record MonthSession(
    Guid Id,
    string Title,
    SessionTier Tier,
    SessionStatus Status,
    Guid OwnerUnitId,
    string OwnerPath,
    IReadOnlyList<Guid> BrandIds,
    Guid HostId,
    Guid RoomId,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt);

/// <summary>Time that is kept free of all but group broadcasts.</summary>
/// <param name="StartsAt">Inclusive.</param>
/// <param name="EndsAt">Exclusive.</param>
/// <param name="Reason">For people: why, or the group broadcast's title.</param>
/// <param name="UnitIds">For these units and those below; empty for all.</param>
/// <param name="BrandIds">For sessions with any of these brands; empty for all.</param>
/// <param name="SessionId">The group broadcast it is kept for.</param>
internal sealed record MonthBlock(
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Reason, IReadOnlyList<Guid> UnitIds, IReadOnlyList<Guid> BrandIds, Guid? SessionId);

/// <summary>What is wrong with a session.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MonthConflictKind>))]
internal enum MonthConflictKind
{
    /// <summary>It lost its slot to a higher tier and has no other yet.</summary>
    Displaced,

    /// <summary>It is not covered any more and will not go live.</summary>
    Flagged,

    /// <summary>It is on the air past its planned end and keeps what it has booked.</summary>
    Overrun,
}

/// <summary>A session somebody has to see to.</summary>
/// <param name="SessionId">Among the month's sessions.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Reason">If it is flagged, why; if displaced, the id of the session that took its slot.</param>
internal sealed record MonthConflict(Guid SessionId, MonthConflictKind Kind, string? Reason);

/// <summary>When a room is free, within the hours of the day if the month has a slot grid, and for half an hour at least.</summary>
internal sealed record RoomSlots(Guid RoomId, string Name, IReadOnlyList<FreeSlot> Slots);

/// <summary>How much a host or a room is used.</summary>
/// <param name="ResourceId">The host or room.</param>
/// <param name="Kind">Host or Room.</param>
/// <param name="Name">For people.</param>
/// <param name="Sessions">That touch the month; of all units that may use it.</param>
/// <param name="Minutes">Booked in the month.</param>
/// <param name="SharePercent">Of the month's hours.</param>
internal sealed record ResourceLoad(Guid ResourceId, ResourceKind Kind, string Name, int Sessions, long Minutes, decimal SharePercent);

/// <summary>A session as the month reads it.</summary>
internal sealed record MonthSessionRow
{
    public Guid Id { get; init; }

    public string Title { get; init; } = "";

    public SessionTier Tier { get; init; }

    public SessionStatus Status { get; init; }

    public Guid OwnerUnitId { get; init; }

    public string Path { get; init; } = "";

    public string BrandIds { get; init; } = "[]";

    public Guid HostId { get; init; }

    public Guid RoomId { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? FlaggedAt { get; init; }

    public string? FlagReason { get; init; }

    public Guid? DisplacedBySessionId { get; init; }

    public MonthSession ToView() => new(Id, Title, Tier, Status, OwnerUnitId, Path, Sql.FromJson<Guid[]>(BrandIds), HostId, RoomId, StartsAt, EndsAt);

    public IEnumerable<MonthConflict> Conflicts(DateTimeOffset now)
    {
        if (Status == SessionStatus.Displaced) yield return new(Id, MonthConflictKind.Displaced, DisplacedBySessionId?.ToString());
        if (FlaggedAt is not null) yield return new(Id, MonthConflictKind.Flagged, FlagReason);
        if (Status == SessionStatus.Live && EndsAt < now) yield return new(Id, MonthConflictKind.Overrun, null);
    }
}

internal static class MonthSql
{
    /// <summary>
    /// A fingerprint of all that a tenant's month shows: every change of a session, a key date, a resource or a unit (which moves what
    /// is under it) raises its version, so that nothing changes and leaves all these sums as they were. Key dates and blocks go
    /// for good, and SQLite gives the number of the last that went to the next that comes: its id is another. Sessions are answered
    /// from indexes alone.
    /// </summary>
    internal const string Mark =
        "SELECT s.Sessions, s.Versions, s.WhichSessions, k.KeyDates, k.WhichKeyDates, k.NewestKeyDate, r.Resources, r.WhichResources, u.Units, p.Period, b.Blocks, b.WhichBlocks, b.NewestBlock FROM " +
        $"(SELECT COUNT(*) AS Sessions, SUM(Version) AS Versions, SUM(Version * Seq) AS WhichSessions FROM Sessions WHERE StartsAt < @To AND StartsAt > @From AND {Sql.InScope}) AS s " +
        $"CROSS JOIN (SELECT COUNT(*) AS KeyDates, SUM(Version * Seq) AS WhichKeyDates, CAST(MAX(Id) AS NVARCHAR(36)) AS NewestKeyDate FROM KeyDates WHERE StartsAt < @To AND {Sql.InScope}) AS k " +
        $"CROSS JOIN (SELECT COUNT(*) AS Resources, SUM(Version * Seq) AS WhichResources FROM Resources WHERE {Sql.InScope}) AS r " +
        $"CROSS JOIN (SELECT SUM(Version) AS Units FROM Units WHERE {Sql.InScope}) AS u " +
        "CROSS JOIN (SELECT SUM(Version) AS Period FROM Periods WHERE Path = @Scope AND Month = @Month) AS p " +
        "CROSS JOIN (SELECT COUNT(*) AS Blocks, SUM(Seq) AS WhichBlocks, CAST(MAX(Id) AS NVARCHAR(36)) AS NewestBlock FROM Blocks WHERE Path = @Scope AND StartsAt < @To AND EndsAt > @From) AS b";

    /// <summary>A session that began up to a day before may reach into the month. <c>@Ids</c>: the paths of the unit and of those above it.</summary>
    internal const string Sessions =
        "SELECT Id, Title, Tier, Status, OwnerUnitId, Path, BrandIds, HostId, RoomId, StartsAt, EndsAt, FlaggedAt, FlagReason, DisplacedBySessionId FROM Sessions " +
        "WHERE StartsAt < @To AND StartsAt > @From AND EndsAt > @OpensAt AND Status NOT IN ('Cancelled', 'Rejected') " +
        $"AND ({Sql.InScope} OR (Tier IN ('GroupBroadcast', 'RegionalBroadcast') AND ApprovedAt IS NOT NULL AND Path IN {Sql.Ids})) ORDER BY StartsAt, Seq";

    internal const string Resources =
        $"SELECT Seq, Id, UnitId, Path, Name, Kind, ChannelKind FROM Resources WHERE ({Sql.InScope} OR Path IN {Sql.Ids}) AND Kind IN ('Host', 'Room') ORDER BY Seq";

    internal const string Bookings =
        "SELECT b.ResourceId, b.StartsAt, b.EndsAt, b.BusyUntil FROM Resources r JOIN Bookings b ON b.ResourceId = r.Id " +
        $"WHERE ({Sql.InScope} OR Path IN {Sql.Ids}) AND r.Kind IN ('Host', 'Room') AND b.StartsAt < @To AND b.BusyUntil > @OpensAt";
}

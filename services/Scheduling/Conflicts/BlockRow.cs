using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>Time in which units and brands of a headquarters plan nothing but group broadcasts.</summary>
internal sealed record BlockRow
{
    public long Seq { get; init; }

    /// <summary>A session's own block has the session's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The headquarters'.</summary>
    public string Path { get; init; } = "";

    /// <summary>JSON array of ids: these units and all below them; an empty one is the whole tree.</summary>
    public string UnitIds { get; init; } = "[]";

    /// <summary>JSON array of ids; an empty one is every brand.</summary>
    public string BrandIds { get; init; } = "[]";

    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset EndsAt { get; init; }

    public Guid? SessionId { get; init; }

    public Guid? PeriodId { get; init; }

    /// <summary>For people.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Guid> UnitList => Sql.FromJson<Guid[]>(UnitIds);

    public IReadOnlyList<Guid> BrandList => Sql.FromJson<Guid[]>(BrandIds);

    public BlockView ToView() => new(Id, StartsAt, EndsAt, UnitList, BrandList, SessionId, PeriodId, Reason);

    public object ToParameters() => new
    {
        Id,
        Path,
        UnitIds,
        BrandIds,
        StartsAt,
        EndsAt,
        IsOpen = EndsAt - StartsAt > SessionPlan.Longest,
        SessionId,
        PeriodId,
        Reason,
    };
}

/// <summary>Time kept free of all but group broadcasts.</summary>
/// <param name="Id">A session's own block has the session's id.</param>
/// <param name="StartsAt">Inclusive.</param>
/// <param name="EndsAt">Exclusive.</param>
/// <param name="UnitIds">For these units and all below them; empty for all.</param>
/// <param name="BrandIds">For these brands; empty for all.</param>
/// <param name="SessionId">The group broadcast it is kept for.</param>
/// <param name="PeriodId">The period it was set for.</param>
/// <param name="Reason">For people: a group broadcast's title, or why the headquarters keeps the time.</param>
internal sealed record BlockView(
    Guid Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<Guid> UnitIds, IReadOnlyList<Guid> BrandIds, Guid? SessionId, Guid? PeriodId, string? Reason);

internal static class BlockSql
{
    internal const string Columns = "Seq, Id, Path, UnitIds, BrandIds, StartsAt, EndsAt, SessionId, PeriodId, Reason";

    private const string Of = "FROM Blocks WHERE Path = @HeadquartersPath";
    private const string Bounded = "IsOpen = 0 AND StartsAt > @ScanFrom AND StartsAt < @EndsAt AND EndsAt > @StartsAt";
    private const string Open = "IsOpen = 1 AND StartsAt < @EndsAt AND EndsAt > @StartsAt";

    internal const string Any = $"SELECT 1 {Of} AND {Bounded} UNION ALL SELECT 1 {Of} AND {Open}";
    internal const string Between = $"SELECT * FROM (SELECT {Columns} {Of} AND {Bounded} UNION ALL SELECT {Columns} {Of} AND {Open}) AS b ORDER BY StartsAt, Seq";

    internal const string Insert =
        "INSERT INTO Blocks (Id, Path, UnitIds, BrandIds, StartsAt, EndsAt, IsOpen, SessionId, PeriodId, Reason) " +
        "VALUES (@Id, @Path, @UnitIds, @BrandIds, @StartsAt, @EndsAt, @IsOpen, @SessionId, @PeriodId, @Reason)";

    internal const string Delete = "DELETE FROM Blocks WHERE Id = @Id";
    internal const string DeleteOfPeriod = "DELETE FROM Blocks WHERE PeriodId = @PeriodId";
    internal const string DeleteOfSession = "DELETE FROM Blocks WHERE SessionId = @SessionId";

    /// <summary>A planned session is at most a day long, so that only one that begins within a day before can reach into the time.</summary>
    private const string Lower =
        "FROM Sessions WHERE StartsAt > @PlannedFrom AND StartsAt < @EndsAt AND EndsAt > @StartsAt " +
        $"AND Tier <> 'GroupBroadcast' AND Status IN ('Submitted', 'Scheduled', 'WarmUp', 'Live') AND {Sql.InScope}";

    internal const string AnyLowerSession = $"SELECT 1 {Lower}";
    internal const string LowerSessions = $"SELECT Id, Title, Tier, Status, Path, BrandIds, StartsAt, EndsAt {Lower} ORDER BY StartsAt, Seq";
}

internal static class BlockRejections
{
    internal static readonly RejectionKind Blocked = new(
        "session.blocked", 409,
        "That time is kept for a group broadcast, or by the headquarters; blocks names every one, freeSlots what is free nearby.");
}

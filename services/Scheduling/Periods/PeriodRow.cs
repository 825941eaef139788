using System.Globalization;
using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Periods.Proposal;

namespace LiveCommerce.Scheduling.Periods;

/// <summary>How far the planning of a month has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PeriodStatus>))]
internal enum PeriodStatus
{
    /// <summary>Units ask for slots.</summary>
    Open,

    /// <summary>There is a proposal, for the headquarters to see and edit.</summary>
    Proposed,

    /// <summary>The proposal has become sessions.</summary>
    Published,
}

/// <summary>A month the headquarters plans as a whole.</summary>
internal sealed record PeriodRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid UnitId { get; init; }

    /// <summary>The headquarters'.</summary>
    public string Path { get; init; } = "";

    /// <summary><c>2026-11</c>.</summary>
    public string Month { get; init; } = "";

    public string TimeZone { get; init; } = "";

    public PeriodStatus Status { get; init; }

    public int SlotMinutes { get; init; }

    public int DayStartMinute { get; init; }

    public int DayEndMinute { get; init; }

    public DateTimeOffset? RequestsCloseAt { get; init; }

    /// <summary>JSON array of <see cref="QuotaEntry"/>.</summary>
    public string Quotas { get; init; } = "[]";

    /// <summary>JSON array of <see cref="BlockEntry"/>.</summary>
    public string Blocks { get; init; } = "[]";

    /// <summary>JSON array of <see cref="RankEntry"/>.</summary>
    public string Ranks { get; init; } = "[]";

    public long? SatisfactionPoints { get; init; }

    public long? GreedyPoints { get; init; }

    public long? MostPoints { get; init; }

    public DateTimeOffset? ProposedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<QuotaEntry> QuotaList => Sql.FromJson<QuotaEntry[]>(Quotas);

    public IReadOnlyList<BlockEntry> BlockList => Sql.FromJson<BlockEntry[]>(Blocks);

    public IReadOnlyList<RankEntry> RankList => Sql.FromJson<RankEntry[]>(Ranks);

    public SlotGrid Grid => new(FirstDay(Month)!.Value, TimeZoneInfo.FindSystemTimeZoneById(TimeZone), SlotMinutes, DayStartMinute, DayEndMinute);

    /// <summary>The first day of a month written <c>2026-11</c>; null for anything else.</summary>
    public static DateOnly? FirstDay(string? month) =>
        DateOnly.TryParseExact($"{month}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1971 and < 2999 ? day : null;

    public PeriodView ToView() => new(
        Id, Version, UnitId, Path, Month, TimeZone, Status, SlotMinutes, DayStartMinute, DayEndMinute, RequestsCloseAt, QuotaList, BlockList, RankList, ProposedAt, PublishedAt);

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new
    {
        Id,
        Version,
        UnitId,
        Path,
        Month,
        TimeZone,
        Status = Status.ToString(),
        SlotMinutes,
        DayStartMinute,
        DayEndMinute,
        RequestsCloseAt,
        Quotas,
        Blocks,
        Ranks,
        SatisfactionPoints,
        GreedyPoints,
        MostPoints,
        ProposedAt,
        PublishedAt,
        CreatedAt,
    };
}

/// <summary>At most so many sessions in the month.</summary>
/// <param name="Most">With those planned already; 0 to 10,000.</param>
/// <param name="Tier">Of this tier; of any unless given.</param>
/// <param name="UnitId">Of this unit and those below; of all unless given.</param>
internal sealed record QuotaEntry(int Most, SessionTier? Tier = null, Guid? UnitId = null);

/// <summary>Time that is kept free of all but group broadcasts.</summary>
/// <param name="StartsAt">Inclusive.</param>
/// <param name="EndsAt">Exclusive.</param>
/// <param name="Reason">For people; 1 to 200 characters.</param>
/// <param name="UnitIds">For these units and those below; for all unless given.</param>
/// <param name="BrandIds">For sessions with any of these brands; for all unless given.</param>
internal sealed record BlockEntry(
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Reason, IReadOnlyList<Guid>? UnitIds = null, IReadOnlyList<Guid>? BrandIds = null);

/// <summary>Who picks first.</summary>
/// <param name="UnitId">Of the headquarters' tree.</param>
/// <param name="Rank">1 first; 1 to 100,000. Units of one rank, and those not ranked, follow by their path.</param>
internal sealed record RankEntry(Guid UnitId, int Rank);

/// <summary>A month the headquarters plans as a whole.</summary>
/// <param name="Id">What requests name it by.</param>
/// <param name="Version">Rises with every change of the period and of its proposal.</param>
/// <param name="UnitId">The headquarters.</param>
/// <param name="Path">Its path.</param>
/// <param name="Month">Such as 2026-11.</param>
/// <param name="TimeZone">Whose wall clock the grid follows.</param>
/// <param name="Status">Open, Proposed or Published.</param>
/// <param name="SlotMinutes">Sessions begin every so many minutes.</param>
/// <param name="DayStartMinute">Sessions lie wholly within the hours of the day.</param>
/// <param name="DayEndMinute">Past 1,440 for hours over midnight.</param>
/// <param name="RequestsCloseAt">No request is taken from then on.</param>
/// <param name="Quotas">Most sessions by tier and unit.</param>
/// <param name="Blocks">Time kept free of all but group broadcasts.</param>
/// <param name="Ranks">As entered; if there are none, those of the latest month before that has any.</param>
/// <param name="ProposedAt">When the proposal was computed.</param>
/// <param name="PublishedAt">When it became sessions.</param>
internal sealed record PeriodView(
    Guid Id,
    long Version,
    Guid UnitId,
    string Path,
    string Month,
    string TimeZone,
    PeriodStatus Status,
    int SlotMinutes,
    int DayStartMinute,
    int DayEndMinute,
    DateTimeOffset? RequestsCloseAt,
    IReadOnlyList<QuotaEntry> Quotas,
    IReadOnlyList<BlockEntry> Blocks,
    IReadOnlyList<RankEntry> Ranks,
    DateTimeOffset? ProposedAt,
    DateTimeOffset? PublishedAt) : IVersioned;

internal static class PeriodSql
{
    private const string Columns =
        "Seq, Id, Version, UnitId, Path, Month, TimeZone, Status, SlotMinutes, DayStartMinute, DayEndMinute, RequestsCloseAt, Quotas, Blocks, Ranks, " +
        "SatisfactionPoints, GreedyPoints, MostPoints, ProposedAt, PublishedAt, CreatedAt";

    /// <summary>A headquarters' periods are for its whole tenant to read.</summary>
    internal const string OfHeadquartersById = $"SELECT {Columns} FROM Periods WHERE Id = @Id AND Path = @HeadquartersPath";

    /// <summary>The same, for who is going to change what hangs on it: one after the other.</summary>
    internal const string Held = $"SELECT {Columns} FROM Periods{Sql.Held} WHERE Id = @Id AND Path = @HeadquartersPath";

    internal const string ByMonth = $"SELECT {Columns} FROM Periods WHERE Path = @HeadquartersPath AND Month = @Month";

    internal const string Page = $"SELECT {Columns} FROM Periods WHERE Path = @HeadquartersPath AND Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string LatestRanked =
        $"SELECT {Columns} FROM Periods WHERE Path = @HeadquartersPath AND Month < @Month AND Ranks <> '[]' ORDER BY Month DESC {Sql.Page}";

    internal const string Insert =
        "INSERT INTO Periods (Id, Version, UnitId, Path, Month, TimeZone, Status, SlotMinutes, DayStartMinute, DayEndMinute, RequestsCloseAt, Quotas, Blocks, Ranks, CreatedAt) " +
        "VALUES (@Id, @Version, @UnitId, @Path, @Month, @TimeZone, @Status, @SlotMinutes, @DayStartMinute, @DayEndMinute, @RequestsCloseAt, @Quotas, @Blocks, @Ranks, @CreatedAt)";

    internal const string Update =
        "UPDATE Periods SET Version = Version + 1, TimeZone = @TimeZone, Status = @Status, SlotMinutes = @SlotMinutes, DayStartMinute = @DayStartMinute, " +
        "DayEndMinute = @DayEndMinute, RequestsCloseAt = @RequestsCloseAt, Quotas = @Quotas, Blocks = @Blocks, Ranks = @Ranks, " +
        "SatisfactionPoints = @SatisfactionPoints, GreedyPoints = @GreedyPoints, MostPoints = @MostPoints, ProposedAt = @ProposedAt, PublishedAt = @PublishedAt " +
        "WHERE Id = @Id AND Version = @Version";
}

using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>What happens on a key date.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyDateKind>))]
internal enum KeyDateKind
{
    Festival,
    MallEvent,
    Other,
}

/// <summary>A festival, a mall event: what the units below plan their sessions around.</summary>
internal sealed record KeyDateRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; } = 1;

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Title { get; init; } = "";

    public KeyDateKind Kind { get; init; } = KeyDateKind.Other;

    /// <summary>JSON array of ids; an empty one is every brand.</summary>
    public string BrandIds { get; init; } = "[]";

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public int? LeadTimeDays { get; init; }

    /// <summary>What the file it came from calls it.</summary>
    public string? SourceUid { get; init; }

    public KeyDateView ToView() => new(Id, UnitId, Path, Title, StartsAt, EndsAt, LeadTimeDays, Kind, Sql.FromJson<Guid[]>(BrandIds), Version);

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { Id, Version, UnitId, Path, Title, Kind = Kind.ToString(), BrandIds, StartsAt, EndsAt, LeadTimeDays, SourceUid };
}

/// <summary>A key date.</summary>
/// <param name="Id">What it is edited and removed by.</param>
/// <param name="UnitId">Whose calendar it is on; the units below see it.</param>
/// <param name="Path">That unit's path.</param>
/// <param name="Title">For people.</param>
/// <param name="StartsAt">Inclusive.</param>
/// <param name="EndsAt">Exclusive.</param>
/// <param name="LeadTimeDays">How long before it the planning should begin.</param>
/// <param name="Kind">Festival, MallEvent or Other.</param>
/// <param name="BrandIds">The brands it matters to; empty for all.</param>
/// <param name="Version">What an edit names in If-Match.</param>
internal sealed record KeyDateView(
    Guid Id,
    Guid UnitId,
    string Path,
    string Title,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    int? LeadTimeDays,
    KeyDateKind Kind,
    IReadOnlyList<Guid> BrandIds,
    long Version) : IVersioned;

internal static class KeyDateSql
{
    private const string Columns = "Seq, Id, Version, UnitId, Path, Title, Kind, BrandIds, StartsAt, EndsAt, LeadTimeDays, SourceUid";

    internal const string Insert =
        "INSERT INTO KeyDates (Id, Version, UnitId, Path, Title, Kind, BrandIds, StartsAt, EndsAt, LeadTimeDays, SourceUid) " +
        "VALUES (@Id, @Version, @UnitId, @Path, @Title, @Kind, @BrandIds, @StartsAt, @EndsAt, @LeadTimeDays, @SourceUid)";

    internal const string Update =
        "UPDATE KeyDates SET Version = Version + 1, Title = @Title, Kind = @Kind, BrandIds = @BrandIds, StartsAt = @StartsAt, EndsAt = @EndsAt, LeadTimeDays = @LeadTimeDays " +
        "WHERE Id = @Id AND Version = @Version";

    internal const string Delete = "DELETE FROM KeyDates WHERE Id = @Id";

    internal const string ById = $"SELECT {Columns} FROM KeyDates WHERE Id = @Id";

    internal const string InScopeById = $"SELECT {Columns} FROM KeyDates WHERE Id = @Id AND {Sql.InScope}";

    /// <summary>Of the units with the paths in <c>@Ids</c>.</summary>
    internal const string Above = $"SELECT {Columns} FROM KeyDates WHERE Path IN {Sql.Ids} AND StartsAt < @To AND EndsAt > @From ORDER BY StartsAt, Seq";

    /// <summary>Occurrences of what recurs that a file brought and that have not begun.</summary>
    internal const string Recurring = $"SELECT {Columns} FROM KeyDates WHERE UnitId = @UnitId AND SourceUid LIKE '%#%' AND StartsAt > @Now";

    internal const string OfFiles = $"SELECT {Columns} FROM KeyDates WHERE UnitId = @UnitId AND SourceUid IN {Sql.Ids}";

    /// <summary><c>@Ids</c>: the paths of the caller's unit and of those above it.</summary>
    internal const string Page =
        $"SELECT {Columns} FROM KeyDates WHERE ({Sql.InScope} OR Path IN {Sql.Ids}) AND StartsAt < @To AND EndsAt > @From AND Seq > @After ORDER BY Seq {Sql.Page}";
}

internal static class KeyDateRejections
{
    internal static readonly RejectionKind NotFound = new("key_date.not_found", 404, "No such key date within the caller's reach.");
    internal static readonly RejectionKind FileUnreadable = new("key_date_file.unreadable", 400, "The file is not UTF-8 text of its kind.");
    internal static readonly RejectionKind FileHasFaults = new("key_date_file.has_faults", 400, "The file has faults, and nothing was imported.");
    internal static readonly RejectionKind FileTooLong = new("key_date_file.too_long", 400, "The file holds more dates than one import takes.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No key date {id}.");
}

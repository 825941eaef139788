using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Units;

internal sealed record UnitRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid? ParentId { get; init; }

    public string Path { get; init; } = "";

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public UnitKind Kind { get; init; }

    public ResellerKind? ResellerKind { get; init; }

    public string TimeZone { get; init; } = "";

    public string Currency { get; init; } = "";

    public bool IsActive { get; init; }

    public UnitView ToView() => new(Id, Version, ParentId, Path, Code, Name, Kind, ResellerKind, TimeZone, Currency, IsActive);

    /// <param name="formerPaths">Where it stood before.</param>
    public UnitChanged ToEvent(IReadOnlyList<string> formerPaths) => new()
    {
        UnitId = Id,
        Version = Version,
        ParentId = ParentId,
        Path = Path,
        FormerPaths = formerPaths,
        Name = Name,
        Kind = Kind,
        ResellerKind = ResellerKind,
        TimeZone = TimeZone,
        Currency = Currency,
        IsActive = IsActive,
    };

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new
    {
        Id,
        Version,
        ParentId,
        Path,
        Code,
        Name,
        Kind = Kind.ToString(),
        ResellerKind = ResellerKind?.ToString(),
        TimeZone,
        Currency,
        IsActive,
    };
}

/// <summary>An org unit.</summary>
internal sealed record UnitView(
    Guid Id,
    long Version,
    Guid? ParentId,
    string Path,
    string Code,
    string Name,
    UnitKind Kind,
    ResellerKind? ResellerKind,
    string TimeZone,
    string Currency,
    bool IsActive) : IVersioned;

internal static class UnitSql
{
    private const string Columns = "Seq, Id, Version, ParentId, Path, Code, Name, Kind, ResellerKind, TimeZone, Currency, IsActive";

    internal const string Insert =
        "INSERT INTO Units (Id, Version, ParentId, Path, Code, Name, Kind, ResellerKind, TimeZone, Currency, IsActive) " +
        "VALUES (@Id, @Version, @ParentId, @Path, @Code, @Name, @Kind, @ResellerKind, @TimeZone, @Currency, @IsActive)";

    internal const string ById = $"SELECT {Columns} FROM Units WHERE Id = @Id AND {Sql.InScope}";
    internal const string ByPath = $"SELECT {Columns} FROM Units WHERE Path = @Path";
    internal const string Page = $"SELECT {Columns} FROM Units WHERE {Sql.InScope} AND Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string PageOfAll = $"SELECT {Columns} FROM Units WHERE Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string Below = $"SELECT {Columns} FROM Units WHERE {Sql.InScope} ORDER BY Seq";

    /// <summary>Everything that depends on where units stand queues behind the headquarters' row, which itself never moves.</summary>
    internal const string TakeTurn = $"SELECT Id FROM Units{Sql.Held} WHERE Path = @Headquarters";

    internal const string InactiveAmong = $"SELECT {Columns} FROM Units WHERE IsActive = 0 AND Path IN {Sql.Ids} ORDER BY Path";

    internal const string Edit =
        "UPDATE Units SET Version = Version + 1, Name = @Name, TimeZone = @TimeZone, ResellerKind = COALESCE(@ResellerKind, ResellerKind) WHERE Id = @Id AND Version = @Version";

    internal const string Activate = "UPDATE Units SET Version = Version + 1, IsActive = @IsActive WHERE Id = @Id AND IsActive <> @IsActive";
    internal const string Hang = "UPDATE Units SET ParentId = @ParentId WHERE Id = @Id";

    private const string Moved = $"(SELECT {Sql.Field}(value, '$.Id') AS NewId, {Sql.Field}(value, '$.Path') AS NewPath FROM {Sql.Rows}) AS n";

    /// <summary>Units with all that stands with them: each row of <c>@Rows</c> is a unit's id and new path.</summary>
    internal const string Move = $"UPDATE Units SET Version = Version + 1, Path = n.NewPath FROM {Moved} WHERE Units.Id = n.NewId";

    internal const string MoveMembers = $"UPDATE Members SET Path = n.NewPath FROM {Moved} WHERE Members.UnitId = n.NewId";
    internal const string MoveMandates = $"UPDATE Mandates SET Version = Version + 1, Path = n.NewPath FROM {Moved} WHERE Mandates.ResellerId = n.NewId";

    internal const string PathsAmong = $"SELECT Path, UnitId FROM UnitPaths WHERE Path IN {Sql.Ids}";
    internal const string PathsOf = $"SELECT Path, UnitId FROM UnitPaths WHERE UnitId IN {Sql.Ids} ORDER BY Seq";
    internal const string KeepPaths =
        $"INSERT INTO UnitPaths (Path, UnitId) SELECT n.NewPath, n.NewId FROM {Moved} WHERE NOT EXISTS (SELECT 1 FROM UnitPaths p WHERE p.Path = n.NewPath)";
}

internal static class UnitRejections
{
    internal static readonly RejectionKind NotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");
    internal static readonly RejectionKind CodeTaken = new("unit.code_taken", 409, "A sibling unit has that code.");
    internal static readonly RejectionKind WrongParent = new("unit.wrong_parent", 409, "A region hangs under a headquarters, a reseller under a region or a headquarters.");

    internal static readonly RejectionKind PathTaken = new("unit.path_taken", 409, "Another unit once stood there; what it left behind still names the place.");
    internal static readonly RejectionKind HeadquartersStays = new("unit.headquarters_stays", 409, "A headquarters has no parent and does not move.");
    internal static readonly RejectionKind OwnUnit = new("unit.own_unit", 409, "A unit is deactivated and reactivated from above, not by itself.");
    internal static readonly RejectionKind Inactive = new("unit.inactive", 409, "The unit, or one above it, is deactivated.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No unit {id}.");

    internal static Rejection TakenPath(string path) => PathTaken.Because($"{path} is the place of another unit for ever.");
}

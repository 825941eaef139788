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

    public UnitChanged ToEvent() => new()
    {
        UnitId = Id,
        Version = Version,
        ParentId = ParentId,
        Path = Path,
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
    internal const string Edit = "UPDATE Units SET Version = Version + 1, Name = @Name, TimeZone = @TimeZone WHERE Id = @Id AND Version = @Version";
}

internal static class UnitRejections
{
    internal static readonly RejectionKind NotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");
    internal static readonly RejectionKind CodeTaken = new("unit.code_taken", 409, "A sibling unit has that code.");
    internal static readonly RejectionKind WrongParent = new("unit.wrong_parent", 409, "A region hangs under a headquarters, a reseller under a region or a headquarters.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No unit {id}.");
}

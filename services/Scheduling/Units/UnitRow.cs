using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Units;

/// <summary>What is known here of an org unit.</summary>
internal sealed record UnitRow
{
    public Guid Id { get; init; }

    public long Version { get; init; }

    public string Path { get; init; } = "";

    public UnitKind Kind { get; init; }

    public string TimeZone { get; init; } = "";

    public Guid? ParentId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Of itself: a unit is out of use also while one above it is.</summary>
    public bool IsActive { get; init; }
}

internal static class UnitSql
{
    private const string Columns = "Id, Version, Path, Kind, TimeZone, ParentId, Name, IsActive";

    internal const string ById = $"SELECT {Columns} FROM Units WHERE Id = @Id";
    internal const string ByIds = $"SELECT {Columns} FROM Units WHERE Id IN {Sql.Ids}";
    internal const string IdsOfPaths = $"SELECT Id FROM Units WHERE Path IN {Sql.Ids}";
    internal const string InScopeById = $"{ById} AND {Sql.InScope}";
    internal const string Below = $"SELECT {Columns} FROM Units WHERE {Sql.InScope} ORDER BY Id";

    internal const string Insert =
        "INSERT INTO Units (Id, Version, Path, Kind, TimeZone, ParentId, Name, IsActive, Turns) " +
        "VALUES (@UnitId, @Version, @Path, @Kind, @TimeZone, @ParentId, @Name, @IsActive, 0)";

    internal const string Update =
        "UPDATE Units SET Version = @Version, Path = @Path, Kind = @Kind, TimeZone = @TimeZone, " +
        "ParentId = @ParentId, Name = @Name, IsActive = @IsActive WHERE Id = @UnitId AND Version < @Version";

    /// <summary>Those of the units with the paths in <c>@Ids</c> that are out of use.</summary>
    internal const string Inactive = $"SELECT {Columns} FROM Units WHERE Path IN {Sql.Ids} AND IsActive = 0";

    /// <summary>Of the paths in <c>@Rows</c>, in lists of one.</summary>
    internal static readonly string AnyInactive = $"SELECT 1 FROM Units WHERE Path IN ({Sql.Listed("Path")}) AND IsActive = 0";

    /// <summary>Takes the row's lock: who counts a reseller's sessions counts them alone.</summary>
    internal const string TakeTurn = "UPDATE Units SET Turns = Turns + 1 WHERE Id = @Id";
}

internal static class UnitRejections
{
    internal static readonly RejectionKind NotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");

    internal static readonly RejectionKind Inactive = new("unit.inactive", 409, "The unit, or one above it, is out of use.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No unit {id}.");

    /// <summary>Null if the unit and all above it are in use.</summary>
    internal static async Task<Rejection?> UnlessActive(UnitOfWork work, string path)
    {
        var inactive = await work.Query<UnitRow>(UnitSql.Inactive, new { Ids = Sql.Json(UnitPath.SelfAndAncestors(path)) });
        return inactive.Count == 0 ? null : Inactive.Because($"Out of use: {string.Join(", ", inactive.Select(u => u.Path))}.");
    }
}

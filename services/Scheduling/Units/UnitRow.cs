using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Units;

/// <summary>What is known here of an org unit.</summary>
internal sealed record UnitRow
{
    public Guid Id { get; init; }

    public string Path { get; init; } = "";

    public UnitKind Kind { get; init; }

    public string TimeZone { get; init; } = "";
}

internal static class UnitSql
{
    private const string Columns = "Id, Path, Kind, TimeZone";

    internal const string ById = $"SELECT {Columns} FROM Units WHERE Id = @Id";
    internal const string InScopeById = $"{ById} AND {Sql.InScope}";
    internal const string Version = "SELECT Version FROM Units WHERE Id = @UnitId";

    internal const string Insert =
        "INSERT INTO Units (Id, Version, Path, Kind, TimeZone, Turns) VALUES (@UnitId, @Version, @Path, @Kind, @TimeZone, 0)";

    internal const string Update =
        "UPDATE Units SET Version = @Version, Path = @Path, Kind = @Kind, TimeZone = @TimeZone WHERE Id = @UnitId AND Version < @Version";

    /// <summary>Takes the row's lock: who counts a reseller's sessions counts them alone.</summary>
    internal const string TakeTurn = "UPDATE Units SET Turns = Turns + 1 WHERE Id = @Id";
}

internal static class UnitRejections
{
    internal static readonly RejectionKind NotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No unit {id}.");
}

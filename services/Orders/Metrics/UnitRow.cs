using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Orders.Metrics;

/// <summary>What this service knows of a unit.</summary>
internal sealed record UnitRow
{
    public Guid Id { get; init; }

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    public string Currency { get; init; } = "";
}

internal static class UnitSql
{
    private const string Columns = "Id, Path, Name, Currency";

    internal const string VersionById = "SELECT Version FROM Units WHERE Id = @Id";
    internal const string PathOf = "SELECT Path FROM Units WHERE Id = @Id";
    internal const string ById = $"SELECT {Columns} FROM Units WHERE Id = @Id AND {Sql.InScope}";
    internal const string Children = $"SELECT {Columns} FROM Units WHERE ParentId = @Id ORDER BY Path";

    internal const string Insert =
        "INSERT INTO Units (Id, Version, ParentId, Path, Name, Currency) VALUES (@Id, @Version, @ParentId, @Path, @Name, @Currency)";

    internal const string Update =
        "UPDATE Units SET Version = @Version, ParentId = @ParentId, Path = @Path, Name = @Name, Currency = @Currency " +
        "WHERE Id = @Id AND Version < @Version";
}

internal static class FiguresRejections
{
    internal static readonly RejectionKind UnitNotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");
    internal static readonly RejectionKind SessionNotFound = new("session.not_found", 404, "No such session within the caller's reach.");
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Brands;

internal sealed record BrandRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    /// <summary>Of the headquarters the brand belongs to.</summary>
    public string Path { get; init; } = "";

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public string Grade { get; init; } = "";

    public BrandView ToView() => new(Id, Version, Code, Name, Grade, Path);

    public BrandChanged ToEvent() => new()
    {
        BrandId = Id,
        Version = Version,
        HeadquartersPath = Path,
        Code = Code,
        Name = Name,
        Grade = Grade,
    };
}

/// <summary>A brand of a headquarters.</summary>
internal sealed record BrandView(Guid Id, long Version, string Code, string Name, string Grade, string HeadquartersPath) : IVersioned;

internal static class BrandSql
{
    private const string Columns = "Seq, Id, Version, Path, Code, Name, Grade";

    internal const string Insert =
        "INSERT INTO Brands (Id, Version, Path, Code, Name, Grade) VALUES (@Id, @Version, @Path, @Code, @Name, @Grade)";

    // A brand is published downwards: whoever stands in the tenant reads it, so its headquarters is the whole scope.
    internal const string ById = $"SELECT {Columns} FROM Brands WHERE Id = @Id AND Path = @Headquarters";
    internal const string ByIds = $"SELECT {Columns} FROM Brands WHERE Path = @Headquarters AND Id IN {Sql.Ids}";
    internal const string ByCode = $"SELECT {Columns} FROM Brands WHERE Path = @Path AND Code = @Code";
    internal const string Page = $"SELECT {Columns} FROM Brands WHERE Path = @Headquarters AND Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string PageOfAll = $"SELECT {Columns} FROM Brands WHERE Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string Edit = "UPDATE Brands SET Version = Version + 1, Name = @Name, Grade = @Grade WHERE Id = @Id AND Version = @Version";
}

internal static class BrandRejections
{
    internal static readonly RejectionKind NotFound = new("brand.not_found", 404, "No such brand at the caller's headquarters.");
    internal static readonly RejectionKind CodeTaken = new("brand.code_taken", 409, "The headquarters has a brand with that code.");
    internal static readonly RejectionKind HeadquartersOnly = new("brand.headquarters_only", 409, "Brands are kept by headquarters; the caller stands elsewhere.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No brand {id}.");

    /// <summary>A refusal unless the caller stands at a headquarters itself.</summary>
    internal static Rejection? UnlessAtHeadquarters(Caller caller) =>
        caller.Path != UnitPath.Root && caller.Path == UnitPath.Headquarters(caller.Path)
            ? null
            : HeadquartersOnly.Because($"The caller stands at {caller.Path}.");
}

internal static class BrandFaults
{
    public static Faults Grade(this Faults faults, string? grade) => faults.Check(
        grade is { Length: 1 } && char.IsAsciiLetterUpper(grade[0]), "/grade", "brand.grade", "Must be one letter from A to Z.");
}

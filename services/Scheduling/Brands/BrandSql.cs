using LiveCommerce.Data;

namespace LiveCommerce.Scheduling.Brands;

/// <summary>What is known here of a brand.</summary>
internal sealed record BrandRow
{
    public Guid Id { get; init; }

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>A letter; A is the best.</summary>
    public string Grade { get; init; } = "";
}

internal static class BrandSql
{
    internal const string OfHeadquarters = $"SELECT Id, Code, Name, Grade FROM Brands WHERE HeadquartersPath = @HeadquartersPath AND Id IN {Sql.Ids}";
    internal const string Version = "SELECT Version FROM Brands WHERE Id = @BrandId";

    internal const string Insert =
        "INSERT INTO Brands (Id, Version, HeadquartersPath, Code, Name, Grade) VALUES (@BrandId, @Version, @HeadquartersPath, @Code, @Name, @Grade)";

    internal const string Update =
        "UPDATE Brands SET Version = @Version, HeadquartersPath = @HeadquartersPath, Code = @Code, Name = @Name, Grade = @Grade WHERE Id = @BrandId AND Version < @Version";
}

namespace LiveCommerce.Lineups.Replicas;

/// <summary>Product files name brands by their code.</summary>
internal sealed record BrandRow
{
    public Guid Id { get; init; }

    public string Code { get; init; } = "";
}

internal static class BrandSql
{
    internal static readonly ReplicaSql Replica = new(
        "SELECT Version FROM Brands WHERE Id = @Id",
        "UPDATE Brands SET Version = @Version, HeadquartersPath = @HeadquartersPath, Code = @Code WHERE Id = @Id AND Version < @Version",
        "INSERT INTO Brands (Id, Version, HeadquartersPath, Code) VALUES (@Id, @Version, @HeadquartersPath, @Code)");

    internal const string ByHeadquarters = "SELECT Id, Code FROM Brands WHERE HeadquartersPath = @HeadquartersPath";
}

using LiveCommerce.Data;

namespace LiveCommerce.Lineups.Replicas;

/// <summary>Product files name brands by their code.</summary>
internal sealed record BrandRow
{
    public Guid Id { get; init; }

    public string Code { get; init; } = "";
}

internal static class BrandSql
{
    internal static readonly Replica Replica = new("Brands", ["HeadquartersPath", "Code"]);

    internal const string ByHeadquarters = "SELECT Id, Code FROM Brands WHERE HeadquartersPath = @HeadquartersPath";
}

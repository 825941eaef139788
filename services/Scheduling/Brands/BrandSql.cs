using LiveCommerce.Data;

namespace LiveCommerce.Scheduling.Brands;

/// <summary>What is known here of brands: which headquarters has them.</summary>
internal static class BrandSql
{
    internal const string OfHeadquarters = $"SELECT Id FROM Brands WHERE HeadquartersPath = @HeadquartersPath AND Id IN {Sql.Ids}";
    internal const string Version = "SELECT Version FROM Brands WHERE Id = @BrandId";
    internal const string Insert = "INSERT INTO Brands (Id, Version, HeadquartersPath) VALUES (@BrandId, @Version, @HeadquartersPath)";
    internal const string Update = "UPDATE Brands SET Version = @Version, HeadquartersPath = @HeadquartersPath WHERE Id = @BrandId AND Version < @Version";
}

using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps what scopes and floor prices need of each product.</summary>
internal sealed class OnProductsChanged(CouponsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<ProductsChanged>
{
    public Task Consume(ConsumeContext<ProductsChanged> context) => React(context, Apply);

    private static async Task Apply(ProductsChanged changed, UnitOfWork work)
    {
        // A code can stand in a message twice only with different versions.
        var newest = changed.Products.GroupBy(p => p.Code).Select(g => g.MaxBy(p => p.Version)!);
        var rows = Sql.Json(newest.Select(p => new { p.Code, p.Version, p.BrandId, p.Category, p.FloorPriceMinor }));
        var args = new { changed.HeadquartersPath, Rows = rows };
        await work.Execute(ProductSql.Update, args);
        await work.Execute(ProductSql.Insert, args);
    }
}

internal sealed record ProductRow
{
    public string HeadquartersPath { get; init; } = "";

    public string Code { get; init; } = "";

    public Guid? BrandId { get; init; }

    public string? Category { get; init; }

    /// <summary>Minor units a piece.</summary>
    public long? FloorPriceMinor { get; init; }
}

internal static class ProductSql
{
    private const string Fields =
        $"SELECT {Sql.Field}(value, '$.Code') AS NewCode, CAST({Sql.Field}(value, '$.Version') AS BIGINT) AS NewVersion, {Sql.Field}(value, '$.BrandId') AS NewBrandId, " +
        $"{Sql.Field}(value, '$.Category') AS NewCategory, CAST({Sql.Field}(value, '$.FloorPriceMinor') AS BIGINT) AS NewFloorPriceMinor FROM {Sql.Rows}";

    internal const string Update =
        "UPDATE Products SET Version = n.NewVersion, BrandId = n.NewBrandId, Category = n.NewCategory, FloorPriceMinor = n.NewFloorPriceMinor " +
        $"FROM ({Fields}) AS n WHERE Products.HeadquartersPath = @HeadquartersPath AND Products.Code = n.NewCode AND Products.Version < n.NewVersion";

    internal const string Insert =
        "INSERT INTO Products (HeadquartersPath, Code, Version, BrandId, Category, FloorPriceMinor) " +
        "SELECT @HeadquartersPath, n.NewCode, n.NewVersion, n.NewBrandId, n.NewCategory, n.NewFloorPriceMinor " +
        $"FROM ({Fields}) AS n WHERE NOT EXISTS (SELECT 1 FROM Products p WHERE p.HeadquartersPath = @HeadquartersPath AND p.Code = n.NewCode)";

    internal const string ByCodes = $"SELECT HeadquartersPath, Code, BrandId, Category, FloorPriceMinor FROM Products WHERE HeadquartersPath = @HeadquartersPath AND Code IN {Sql.Ids}";
}

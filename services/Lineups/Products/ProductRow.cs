using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Lineups.Products;

/// <summary>One product of a headquarters' catalogue.</summary>
internal sealed record ProductRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    /// <summary>Rises by one with each change.</summary>
    public long Version { get; init; }

    public string HeadquartersPath { get; init; } = "";

    /// <summary>Unique in its headquarters.</summary>
    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public Guid? BrandId { get; init; }

    public string? BrandCode { get; init; }

    public string? Gender { get; init; }

    /// <summary>From the widest to the narrowest: <c>Apparel/Topwear/Shirts</c>.</summary>
    public string? Category { get; init; }

    public string? Colour { get; init; }

    public string? Season { get; init; }

    public int? Year { get; init; }

    public string? Usage { get; init; }

    public long? ListPriceMinor { get; init; }

    public long? FloorPriceMinor { get; init; }

    public long? Stock { get; init; }

    /// <summary>The headquarters' currency; only where the statement joins it.</summary>
    public string? Currency { get; init; }

    public bool IsBelowFloor => ListPriceMinor < FloorPriceMinor;

    public ProductState ToState() => new()
    {
        ProductId = Id,
        Version = Version,
        Code = Code,
        BrandId = BrandId,
        Category = Category,
        FloorPriceMinor = FloorPriceMinor,
    };

    public ProductView ToView() => new(
        Id, Code, Name, BrandId, BrandCode, Gender, Category, Colour, Season, Year, Usage, Currency, ListPriceMinor, FloorPriceMinor, Stock);
}

/// <summary>A product.</summary>
/// <param name="Id">Made here.</param>
/// <param name="Code">The catalogue's own, unique in the headquarters.</param>
/// <param name="Name">For people.</param>
/// <param name="BrandId">Null: the catalogue names no brand.</param>
/// <param name="BrandCode">The brand's code.</param>
/// <param name="Gender">As the catalogue says.</param>
/// <param name="Category">From the widest to the narrowest, such as Apparel/Topwear/Shirts.</param>
/// <param name="Colour">As the catalogue says.</param>
/// <param name="Season">As the catalogue says.</param>
/// <param name="Year">Of the collection.</param>
/// <param name="Usage">Occasion, such as Casual.</param>
/// <param name="Currency">ISO 4217, the headquarters'.</param>
/// <param name="ListPriceMinor">Minor units. Null: not priced, so not fit for a lineup.</param>
/// <param name="FloorPriceMinor">Minor units; no live price may be lower. Null: no floor.</param>
/// <param name="Stock">Pieces for live selling. Null: not known.</param>
internal sealed record ProductView(
    Guid Id,
    string Code,
    string Name,
    Guid? BrandId,
    string? BrandCode,
    string? Gender,
    string? Category,
    string? Colour,
    string? Season,
    int? Year,
    string? Usage,
    string? Currency,
    long? ListPriceMinor,
    long? FloorPriceMinor,
    long? Stock);

internal static class ProductSql
{
    private const string Columns =
        "p.Seq, p.Id, p.Version, p.HeadquartersPath, p.Code, p.Name, p.BrandId, p.BrandCode, p.Gender, p.Category, p.Colour, p.Season, p.Year, p.Usage, " +
        "p.ListPriceMinor, p.FloorPriceMinor, p.Stock";

    private const string WithCurrency =
        $"SELECT {Columns}, u.Currency FROM Products p LEFT JOIN Units u ON u.Path = p.HeadquartersPath WHERE p.HeadquartersPath = @HeadquartersPath";

    internal const string ById = $"{WithCurrency} AND p.Id = @Id";

    internal const string Page =
        $"{WithCurrency} AND p.Seq > @After " +
        "AND (@Category IS NULL OR p.Category = @Category OR (p.Category >= @CategoryFrom AND p.Category < @CategoryEnd)) " +
        "AND (@Gender IS NULL OR p.Gender = @Gender) AND (@Season IS NULL OR p.Season = @Season) " +
        "AND (@Brand IS NULL OR p.BrandCode = @Brand) " +
        "AND (@Pattern IS NULL OR p.Name LIKE @Pattern ESCAPE '!' OR p.Code LIKE @Pattern ESCAPE '!') " +
        $"ORDER BY p.Seq {Sql.Page}";

    internal const string ByHeadquarters = $"SELECT {Columns} FROM Products p WHERE p.HeadquartersPath = @HeadquartersPath";

    internal const string EveryonesPage = $"SELECT {Columns} FROM Products p WHERE p.Seq > @After ORDER BY p.Seq {Sql.Page}";

    internal const string ByIds = $"{ByHeadquarters} AND p.Id IN {Sql.Ids}";

    internal const string Insert =
        "INSERT INTO Products (Id, Version, HeadquartersPath, Code, Name, BrandId, BrandCode, Gender, Category, Colour, Season, Year, Usage, ListPriceMinor, FloorPriceMinor, Stock) " +
        "VALUES (@Id, @Version, @HeadquartersPath, @Code, @Name, @BrandId, @BrandCode, @Gender, @Category, @Colour, @Season, @Year, @Usage, @ListPriceMinor, @FloorPriceMinor, @Stock)";

    internal const string Update =
        "UPDATE Products SET Version = @Version, Name = @Name, BrandId = @BrandId, BrandCode = @BrandCode, Gender = @Gender, Category = @Category, Colour = @Colour, Season = @Season, " +
        "Year = @Year, Usage = @Usage, ListPriceMinor = @ListPriceMinor, FloorPriceMinor = @FloorPriceMinor, Stock = @Stock WHERE Id = @Id";
}

/// <summary>What the other services are told.</summary>
internal static class ProductNews
{
    /// <summary>A message must stay small enough for any broker and any listener's transaction.</summary>
    internal const int MostInOne = 500;

    public static IEnumerable<ProductsChanged> Of(string headquarters, IEnumerable<ProductRow> products) =>
        products.Chunk(MostInOne).Select(some => new ProductsChanged(headquarters, [.. some.Select(p => p.ToState())]));
}

internal static class ProductRejections
{
    internal static readonly RejectionKind NotFound = new("product.not_found", 404, "No such product in the caller's headquarters' catalogue.");
    internal static readonly RejectionKind HeadquartersOnly = new("product.headquarters_only", 409, "Only headquarters changes the catalogue.");
}

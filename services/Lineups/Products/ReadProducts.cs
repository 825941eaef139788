using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Lineups.Products;

/// <summary>The catalogue, which headquarters publishes to every unit below it.</summary>
internal static class ReadProducts
{
    private const int LongestFilter = 320;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/products", async (
                string? category, string? gender, string? season, string? brand, string? q, Caller caller, PageRequest page, LineupsDb db, CancellationToken ct) =>
            {
                var faults = new Faults().OptionalText(category, "?category", LongestFilter).OptionalText(gender, "?gender", LongestFilter)
                    .OptionalText(season, "?season", LongestFilter).OptionalText(brand, "?brand", LongestFilter).OptionalText(q, "?q", LongestFilter);
                if (faults.Count > 0) return ((Result<PageOf<ProductView>>)faults.ToRejection()).ToHttp();
                var rows = await db.Query<ProductRow>(ProductSql.Page, new
                {
                    HeadquartersPath = UnitPath.Headquarters(caller.Path),
                    Category = category,
                    CategoryFrom = $"{category}/",
                    CategoryEnd = $"{category}0",
                    Gender = gender,
                    Season = season,
                    Brand = brand,
                    Pattern = q is null ? null : $"%{Escape(q)}%",
                    page.After,
                    page.Limit,
                }, ct);
                return ((Result<PageOf<ProductView>>)page.ToPage(rows, r => r.Seq, r => r.ToView())).ToHttp();
            })
            .Describe("ListProducts", "The catalogue of the caller's headquarters.",
                "`category` takes a whole path or its beginning (Apparel/Topwear); `gender`, `season` and `brand` (its code) match whole; `q` is looked for in name and code.")
            .Allow(Permission.ReadLineups).Paged().Gives<PageOf<ProductView>>();
        routes.MapGet("/products/{id:guid}", async (Guid id, Caller caller, LineupsDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadProduct", "One product.")
            .Allow(Permission.ReadLineups).Gives<ProductView>().Rejects(ProductRejections.NotFound);
    }

    private static async Task<Result<ProductView>> Find(LineupsDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<ProductRow>(ProductSql.ById, new { Id = id, HeadquartersPath = UnitPath.Headquarters(caller.Path) }, ct) is { } row
            ? row.ToView()
            : ProductRejections.NotFound.Because($"No product {id}.");

    // [ opens a set on SQL Server and is a letter on SQLite; escaped it is a letter on both.
    private static string Escape(string text) =>
        text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_").Replace("[", "![");
}

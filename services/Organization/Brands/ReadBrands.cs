using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Brands;

/// <summary>Every unit reads the brands of its headquarters.</summary>
internal static class ReadBrands
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/brands", async (Caller caller, PageRequest page, OrganizationDb db, CancellationToken ct) =>
                page.ToPage(await db.Query<BrandRow>(BrandSql.Page, new { Headquarters = UnitPath.Headquarters(caller.Path), page.After, page.Limit }, ct), r => r.Seq, r => r.ToView()))
            .Describe("ListBrands", "The brands of the caller's headquarters.")
            .Allow(Permission.ReadOrganization).Paged().Gives<PageOf<BrandView>>();
        routes.MapGet("/brands/{id:guid}", async (Guid id, Caller caller, OrganizationDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadBrand", "One brand.")
            .Allow(Permission.ReadOrganization).Gives<BrandView>().Rejects(BrandRejections.NotFound);
    }

    private static async Task<Result<BrandView>> Find(OrganizationDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<BrandRow>(BrandSql.ById, new { Id = id, Headquarters = UnitPath.Headquarters(caller.Path) }, ct) is { } row
            ? row.ToView()
            : BrandRejections.Unknown(id);
}

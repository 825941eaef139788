using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Units;

/// <summary>The caller's unit and everything below it.</summary>
internal static class ReadUnits
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/units", async (Caller caller, PageRequest page, OrganizationDb db, CancellationToken ct) =>
                page.ToPage(await db.Query<UnitRow>(UnitSql.Page, new { caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct), r => r.Seq, r => r.ToView()))
            .Describe("ListUnits", "The caller's unit and everything below it.")
            .Allow(Permission.ReadOrganization).Paged().Gives<PageOf<UnitView>>();
        routes.MapGet("/units/{id:guid}", async (Guid id, Caller caller, OrganizationDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadUnit", "One unit.")
            .Allow(Permission.ReadOrganization).Gives<UnitView>().Rejects(UnitRejections.NotFound);
    }

    private static async Task<Result<UnitView>> Find(OrganizationDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<UnitRow>(UnitSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } row
            ? row.ToView()
            : UnitRejections.Unknown(id);
}

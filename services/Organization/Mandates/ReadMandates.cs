using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Mandates;

/// <summary>Mandates of the resellers within the caller's reach.</summary>
internal static class ReadMandates
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mandates", async (Guid? resellerId, Caller caller, PageRequest page, OrganizationDb db, CancellationToken ct) =>
                page.ToPage(await Query(db, caller, resellerId, page, ct), r => r.Seq, r => r.ToView()))
            .Describe("ListMandates", "Mandates of the resellers within the caller's reach, or of one of them.")
            .Allow(Permission.ReadOrganization).Paged().Gives<PageOf<MandateView>>().Rejects(CommonRejections.Malformed);
        routes.MapGet("/mandates/{id:guid}", async (Guid id, Caller caller, OrganizationDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadMandate", "One mandate.")
            .Allow(Permission.ReadOrganization).Gives<MandateView>().Rejects(MandateRejections.NotFound);
    }

    private static Task<IReadOnlyList<MandateRow>> Query(OrganizationDb db, Caller caller, Guid? resellerId, PageRequest page, CancellationToken ct) =>
        resellerId is { } reseller
            ? db.Query<MandateRow>(MandateSql.PageOfReseller, new { ResellerId = reseller, caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct)
            : db.Query<MandateRow>(MandateSql.Page, new { caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);

    private static async Task<Result<MandateView>> Find(OrganizationDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<MandateRow>(MandateSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } row
            ? row.ToView()
            : MandateRejections.Unknown(id);
}

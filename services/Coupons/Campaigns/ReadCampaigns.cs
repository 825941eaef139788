using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Campaigns of the caller's units, and those published down to them from above.</summary>
internal static class ReadCampaigns
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/campaigns", async (Guid? sessionId, Caller caller, PageRequest page, CouponsDb db, TimeProvider clock, CancellationToken ct) =>
                await Page(db, caller, page, sessionId, clock.Now(), ct))
            .Describe("ListCampaigns", "Campaigns of the caller's unit, below it, and above it; of one session if asked.")
            .Allow(Permission.ReadCampaigns).Paged().Gives<PageOf<CampaignView>>();
        routes.MapGet("/campaigns/{id:guid}", async (Guid id, Caller caller, CouponsDb db, TimeProvider clock, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).Map(r => r.ToView(clock.Now())).ToHttp())
            .Describe("ReadCampaign", "One campaign.")
            .Allow(Permission.ReadCampaigns).Gives<CampaignView>().Rejects(CampaignRejections.NotFound);
    }

    private static async Task<PageOf<CampaignView>> Page(CouponsDb db, Caller caller, PageRequest page, Guid? sessionId, DateTimeOffset now, CancellationToken ct)
    {
        var above = Sql.Json(UnitPath.SelfAndAncestors(caller.Path));
        var rows = sessionId is { } session
            ? await db.Query<CampaignRow>(CampaignSql.PageOfSession, new { SessionId = session, caller.Scope, caller.ScopeEnd, Ids = above, page.After, page.Limit }, ct)
            : await db.Query<CampaignRow>(CampaignSql.Page, new { caller.Scope, caller.ScopeEnd, Ids = above, page.After, page.Limit }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView(now));
    }

    /// <summary>One that the caller sees.</summary>
    internal static async Task<Result<CampaignRow>> Find(CouponsDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<CampaignRow>(CampaignSql.ById, new { Id = id }, ct) is { } row && caller.Sees(row.Path) ? row : CampaignRejections.Unknown(id);
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>Which codes were printed for a campaign, and how many of them were used.</summary>
internal static class ReadCodeBatches
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/campaigns/{id:guid}/code-batches", async (Guid id, Caller caller, PageRequest page, CouponsDb db, CancellationToken ct) =>
                (await Page(db, caller, page, id, ct)).ToHttp())
            .Describe("ListCodeBatches", "A campaign's batches of codes, of the caller's unit and below.")
            .Allow(Permission.ReadFigures).Paged().Gives<PageOf<CodeBatchView>>().Rejects(CampaignRejections.NotFound);
        routes.MapGet("/code-batches/{id:guid}", async (Guid id, Caller caller, CouponsDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).Map(b => b.ToView()).ToHttp())
            .Describe("ReadCodeBatch", "One batch of codes.")
            .Allow(Permission.ReadFigures).Gives<CodeBatchView>().Rejects(CodeRejections.BatchNotFound);
    }

    internal static async Task<Result<CodeBatchRow>> Find(CouponsDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<CodeBatchRow>(CodeBatchSql.ById, new { Id = id }, ct) is { } batch && caller.Covers(batch.Path) ? batch : CodeRejections.UnknownBatch(id);

    private static async Task<Result<PageOf<CodeBatchView>>> Page(CouponsDb db, Caller caller, PageRequest page, Guid campaignId, CancellationToken ct)
    {
        if ((await ReadCampaigns.Find(db, caller, campaignId, ct)).Rejection is { } unknown) return unknown;
        var rows = await db.Query<CodeBatchRow>(CodeBatchSql.Page, new { CampaignId = campaignId, caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView());
    }
}

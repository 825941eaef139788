using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>Makes the unused codes of a batch worthless, and gives back what was set aside for them.</summary>
internal static class CloseCodeBatch
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/code-batches/{id:guid}/close", async (Guid id, Caller caller, CloseCodeBatchHandler handler, CancellationToken ct) => (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(CloseCodeBatch), "Makes a batch's unused codes worthless at once, and gives their stock and budget back to the unit it came from. Safe to repeat.")
        .Allow(Permission.ManageCampaigns)
        .Gives<CodeBatchView>()
        .Rejects(CodeRejections.BatchNotFound, QuotaRejections.NoAllocation);
}

internal sealed class CloseCodeBatchHandler(CouponsDb db)
{
    public async Task<Result<CodeBatchView>> Handle(Caller caller, Guid id, CancellationToken ct)
    {
        var found = await ReadCodeBatches.Find(db, caller, id, ct);
        if (found.Rejection is { } unknown) return unknown;
        return await db.InTransaction<CodeBatchView>(caller.Write, async work =>
        {
            // The quotas first, as everybody who claims does.
            var nodes = await work.Query<QuotaNode>(QuotaSql.HoldOfCampaign, new { found.Value.CampaignId });
            var node = nodes.First(n => n.Seq == found.Value.NodeSeq);
            var giver = nodes.First(n => n.Seq == node.ParentSeq);
            work.Audited((await work.Find<CodeBatchRow>(CodeBatchSql.ById, new { Id = id }))!.ToView());
            if (!caller.Covers(giver.Path)) return QuotaRejections.NoAllocation.Because($"Its stock was given by {giver.Path}.");
            if (await work.Execute(CodeBatchSql.Close, new { Id = id, work.Now }) == 1)
            {
                await TakeBackQuotaHandler.Move(work, node, node.Remaining, node.UnclaimedBudgetMinor);
            }
            return (await work.Find<CodeBatchRow>(CodeBatchSql.ById, new { Id = id }))!.ToView();
        }, ct);
    }
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Figures;

/// <summary>Why customers of a campaign were turned away.</summary>
internal static class ReadRefusals
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/campaigns/{id:guid}/refusals", async (Guid id, Caller caller, CouponsDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
        .Describe("ReadRefusals", "How many claims and uses of a campaign were refused, by reason; the most frequent first.")
        .Allow(Permission.ReadCampaigns).Gives<CampaignRefusals>().Rejects(CampaignRejections.NotFound);

    private static async Task<Result<CampaignRefusals>> Find(CouponsDb db, Caller caller, Guid id, CancellationToken ct)
    {
        if (await db.Find<CampaignRow>(CampaignSql.ById, new { Id = id }, ct) is not { } campaign || !caller.Covers(campaign.Path)) return CampaignRejections.Unknown(id);
        return new CampaignRefusals(id, await db.Query<RefusalRow>(RefusalSql.OfCampaign, new { CampaignId = id }, ct));
    }
}

/// <param name="CampaignId">The campaign.</param>
/// <param name="Refusals">One for each reason there was.</param>
internal sealed record CampaignRefusals(Guid CampaignId, IReadOnlyList<RefusalRow> Refusals);

internal sealed record RefusalRow
{
    /// <summary>The code the shop was given.</summary>
    public string Code { get; init; } = "";

    public long Refused { get; init; }

    /// <summary>The last time.</summary>
    public DateTimeOffset LastAt { get; init; }
}

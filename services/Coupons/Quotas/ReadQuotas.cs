using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Quotas;

/// <summary>What each unit, session and batch of codes has of a campaign.</summary>
internal static class ReadQuotas
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/campaigns/{id:guid}/allocations", async (Guid id, Caller caller, CouponsDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
        .Describe(
            "ReadAllocations", "The campaign's allocations as a tree, as far as the caller's unit reaches.",
            "At every node: allocated = given + claimedHere + remaining. A caller below the owner gets its own part of the tree.")
        .Allow(Permission.ReadCampaigns).Gives<QuotaTree>().Rejects(CampaignRejections.NotFound);

    private static async Task<Result<QuotaTree>> Find(CouponsDb db, Caller caller, Guid id, CancellationToken ct)
    {
        if (await db.Find<CampaignRow>(CampaignSql.ById, new { Id = id }, ct) is not { } campaign || !caller.Sees(campaign.Path)) return CampaignRejections.Unknown(id);
        var nodes = await db.Query<QuotaNode>(QuotaSql.OfCampaign, new { CampaignId = id }, ct);
        var mine = nodes.Where(n => caller.Covers(n.Path)).ToList();
        var seen = mine.Select(n => n.Seq).ToHashSet();
        var children = mine.ToLookup(n => n.ParentSeq);
        return new QuotaTree(id, campaign.Parse().Terms.BudgetMinor.HasValue, [.. mine.Where(n => n.ParentSeq is not { } p || !seen.Contains(p)).Select(n => QuotaView.Of(n, children))]);
    }
}

/// <param name="CampaignId">The campaign.</param>
/// <param name="HasBudget">False: the budget members are all zero and mean nothing.</param>
/// <param name="Nodes">The topmost nodes the caller reaches; from the campaign's owner up: the root alone.</param>
internal sealed record QuotaTree(Guid CampaignId, bool HasBudget, IReadOnlyList<QuotaView> Nodes);

/// <summary>An allocation.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Path">The unit, or the unit of the session or the codes.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Allocated">Coupons it was given.</param>
/// <param name="Given">Of those, given further down.</param>
/// <param name="ClaimedHere">Of those, taken by customers from this node itself.</param>
/// <param name="Remaining">Of those, left here.</param>
/// <param name="Claimed">Taken by customers here and below.</param>
/// <param name="Redeemed">Spent, here and below.</param>
/// <param name="BudgetMinor">Minor units it was given.</param>
/// <param name="BudgetGivenMinor">Of those, given further down.</param>
/// <param name="BudgetUsedMinor">Of those, taken off by locked and spent coupons of this node itself.</param>
/// <param name="BudgetRemainingMinor">Of those, left here.</param>
/// <param name="Children">The allocations that came out of it.</param>
internal sealed record QuotaView(
    QuotaKind Kind,
    string Path,
    Guid? SessionId,
    long Allocated,
    long Given,
    long ClaimedHere,
    long Remaining,
    long Claimed,
    long Redeemed,
    long BudgetMinor,
    long BudgetGivenMinor,
    long BudgetUsedMinor,
    long BudgetRemainingMinor,
    IReadOnlyList<QuotaView> Children)
{
    public static QuotaView Of(IReadOnlyList<QuotaNode> nodes, string key) => Of(nodes.First(n => n.NodeKey == key), nodes.ToLookup(n => n.ParentSeq));

    public static QuotaView Of(QuotaNode node, ILookup<long?, QuotaNode> children)
    {
        IReadOnlyList<QuotaView> below = [.. children[node.Seq].Select(n => Of(n, children))];
        return new QuotaView(
            node.Kind, node.Path, node.SessionId, node.Stock, node.StockGiven, node.Taken, node.Remaining,
            node.Taken + below.Sum(b => b.Claimed), node.Redeemed + below.Sum(b => b.Redeemed),
            node.BudgetMinor, node.BudgetGivenMinor, node.BudgetUsedMinor, node.BudgetRemainingMinor, below);
    }
}

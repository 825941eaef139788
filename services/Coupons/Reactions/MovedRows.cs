using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>What bears a moved unit's path here, coupons and what was done with them last.</summary>
internal sealed class MovedRows : FollowMove
{
    internal static MovedRows All { get; } = new();

    protected override IReadOnlyList<PathColumn> Small { get; } =
    [
        new("Sessions", "OwnerPath"),
        new("CodeBatches", "Path"),
        new("IssueJobs", "Path"),
        new("IssueJobs", "IssuedFrom"),
    ];

    protected override IReadOnlyList<PathColumn> Large { get; } = [new("Coupons", "Path"), new("Coupons", "ClaimedFrom"), new("Redemptions", "Path")];

    /// <summary>Tables that need more than a new path.</summary>
    internal static IReadOnlyList<PathColumn> Others { get; } = [new("Campaigns", "Path"), new("QuotaNodes", "Path"), new("Figures", "Path")];

    protected override async Task RewriteSmall(UnitOfWork work, string from, string to)
    {
        await base.RewriteSmall(work, from, to);
        await Campaigns(work, from, to);
        foreach (var campaignId in await work.Query<Guid>(MovedSql.QuotasOf, new { From = from })) await Quotas(work, campaignId, from, to);
        var figures = new { From = from, To = to };
        if (await work.Execute(MovedSql.MergeFigures, figures) > 0) await work.Execute(MovedSql.DropMerged, figures);
        await work.Execute(MovedSql.MoveFigures, figures);
    }

    /// <summary>Their versions rise, so that no instance goes by what it remembers of them.</summary>
    private static async Task Campaigns(UnitOfWork work, string from, string to)
    {
        var ids = await work.Query<Guid>(MovedSql.CampaignsOf, new { From = from });
        if (ids.Count == 0) return;
        await work.Execute(MovedSql.MoveCampaigns, new { From = from, To = to, work.Now });
        foreach (var row in await work.Query<CampaignRow>(CampaignSql.Several, new { Ids = Sql.Json(ids) })) work.Publish(row.Parse().ToEvent());
    }

    /// <summary>
    /// The unit takes along what it was given: the line above it that it leaves has that much less, given and to give, the line
    /// it comes to that much more. What each has left stays the same, and so do all sums.
    /// </summary>
    private static async Task Quotas(UnitOfWork work, Guid campaignId, string from, string to)
    {
        var before = await work.Query<QuotaNode>(QuotaSql.HoldOfCampaign, new { CampaignId = campaignId });
        var nodes = before.Select(n => n.Path != from ? n : n with { Path = to, NodeKey = n.Kind == QuotaKind.Unit ? QuotaNode.KeyOfUnit(to) : n.NodeKey })
            .ToDictionary(n => n.Seq);
        foreach (var seq in before.Where(n => n.Path == from && n.ParentSeq is not null).Select(n => n.Seq)) Rehang(nodes, nodes[seq]);
        foreach (var node in before.Select(n => nodes[n.Seq]).Where((n, i) => n != before[i])) await work.Execute(MovedSql.MoveQuota, node);
    }

    private static void Rehang(Dictionary<long, QuotaNode> nodes, QuotaNode moved)
    {
        var above = Above(nodes, moved).ToList();
        var common = above.FirstOrDefault(n => UnitPath.Covers(n.Path, moved.Path));
        // The campaign's owner is not above it any more: what it was given it keeps, until it is taken back.
        if (common is null || common.Seq == moved.ParentSeq) return;
        var target = nodes.Values
            .Where(n => n.Kind == QuotaKind.Unit && n.Seq != moved.Seq && UnitPath.Covers(n.Path, moved.Path) && (moved.Kind != QuotaKind.Unit || n.Path != moved.Path))
            .MaxBy(n => n.Path.Length)!;
        foreach (var left in above.TakeWhile(n => n.Seq != common.Seq)) Shift(left.Seq, -1);
        for (var at = target; at.Seq != common.Seq; at = nodes[at.ParentSeq!.Value]) Shift(at.Seq, 1);
        nodes[moved.Seq] = moved with { ParentSeq = target.Seq };

        void Shift(long seq, int sign)
        {
            var (node, stock, budget) = (nodes[seq], sign * moved.Stock, sign * moved.BudgetMinor);
            nodes[seq] = node with
            {
                Stock = node.Stock + stock,
                StockGiven = node.StockGiven + stock,
                BudgetMinor = node.BudgetMinor + budget,
                BudgetGivenMinor = node.BudgetGivenMinor + budget,
            };
        }
    }

    private static IEnumerable<QuotaNode> Above(Dictionary<long, QuotaNode> nodes, QuotaNode node)
    {
        for (var at = node.ParentSeq; at is { } seq; at = nodes[seq].ParentSeq) yield return nodes[seq];
    }
}

internal static class MovedSql
{
    internal const string CampaignsOf = "SELECT Id FROM Campaigns WHERE Path = @From";
    internal const string MoveCampaigns = "UPDATE Campaigns SET Path = @To, Version = Version + 1, ChangedAt = @Now WHERE Path = @From";

    internal const string QuotasOf = "SELECT DISTINCT CampaignId FROM QuotaNodes WHERE Path = @From";

    internal const string MoveQuota =
        "UPDATE QuotaNodes SET Path = @Path, NodeKey = @NodeKey, ParentSeq = @ParentSeq, Stock = @Stock, StockGiven = @StockGiven, " +
        "BudgetMinor = @BudgetMinor, BudgetGivenMinor = @BudgetGivenMinor WHERE Seq = @Seq";

    private const string SameKey =
        "o.CampaignId = Figures.CampaignId AND o.SessionKey = Figures.SessionKey AND o.ChannelKey = Figures.ChannelKey AND o.GuideKey = Figures.GuideKey";

    /// <summary>Figures begun under the new path while some under the old one were there still.</summary>
    internal const string MergeFigures =
        "UPDATE Figures SET Issued = Figures.Issued + o.Issued, Claimed = Figures.Claimed + o.Claimed, Free = Figures.Free + o.Free, Locked = Figures.Locked + o.Locked, " +
        "Redeemed = Figures.Redeemed + o.Redeemed, Voided = Figures.Voided + o.Voided, DiscountMinor = Figures.DiscountMinor + o.DiscountMinor, " +
        $"RolledBackMinor = Figures.RolledBackMinor + o.RolledBackMinor FROM (SELECT * FROM Figures WHERE Path = @From) AS o WHERE Figures.Path = @To AND {SameKey}";

    internal const string DropMerged = $"DELETE FROM Figures WHERE Path = @From AND EXISTS (SELECT 1 FROM Figures AS o WHERE o.Path = @To AND {SameKey})";
    internal const string MoveFigures = "UPDATE Figures SET Path = @To WHERE Path = @From";
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.Coupons.Figures;

/// <summary>Counts everything again, and tells where figures or quotas differ from what is there. It changes nothing.</summary>
internal static class VerifyFigures
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/operations/verify-figures", async (CouponsDb db, CancellationToken ct) => TypedResults.Ok(await Verify(db, ct)))
        .Describe(
            nameof(VerifyFigures), "Counts every campaign's coupons again and compares them with its figures and quotas.",
            "One reading statement a campaign and comparison, each a consistent view: it may run while coupons are claimed. No differences is what it should say.")
        .Allow(Permission.Operate).Gives<Verification>();

    private static async Task<Verification> Verify(CouponsDb db, CancellationToken ct)
    {
        const int batch = 500;
        var differences = new List<Difference>();
        var (campaigns, after) = (0, 0L);
        while (true)
        {
            var page = await db.Query<CampaignRow>(CampaignSql.All, new { After = after, Limit = batch }, ct);
            foreach (var row in page)
            {
                var terms = row.Parse().Terms;
                var args = new { CampaignId = row.Id, HasBudget = terms.BudgetMinor is null ? 0 : 1, GiftMinor = terms.Benefit.Gift?.WorthMinor ?? 0 };
                differences.AddRange(await db.Query<Difference>(VerifySql.Figures, args, ct));
                differences.AddRange(await db.Query<Difference>(VerifySql.Quotas, args, ct));
            }
            campaigns += page.Count;
            if (page.Count < batch) return new Verification(campaigns, differences);
            after = page[^1].Seq;
        }
    }
}

/// <param name="Campaigns">How many were counted again.</param>
/// <param name="Differences">What is kept less what was counted, wherever that is not zero.</param>
internal sealed record Verification(int Campaigns, IReadOnlyList<Difference> Differences);

internal sealed record Difference
{
    public Guid CampaignId { get; init; }

    /// <summary>Figures: path, session, channel and guide. Quotas: the node.</summary>
    public string At { get; init; } = "";

    /// <summary>Coupons that came to customers.</summary>
    public long Taken { get; init; }

    /// <summary>Of those, pushed to them.</summary>
    public long Issued { get; init; }

    /// <summary>Coupons that are free; for quotas what was given down.</summary>
    public long Free { get; init; }

    public long Locked { get; init; }

    public long Redeemed { get; init; }

    public long Voided { get; init; }

    /// <summary>Discount given; for quotas budget given down.</summary>
    public long DiscountMinor { get; init; }

    /// <summary>Discount undone; for quotas budget used.</summary>
    public long RolledBackMinor { get; init; }
}

internal static class VerifySql
{
    private const string Differences =
        "SELECT CampaignId, At, SUM(Taken) AS Taken, SUM(Issued) AS Issued, SUM(Free) AS Free, SUM(Locked) AS Locked, SUM(Redeemed) AS Redeemed, SUM(Voided) AS Voided, " +
        "SUM(DiscountMinor) AS DiscountMinor, SUM(RolledBackMinor) AS RolledBackMinor";

    private const string NotZero =
        "GROUP BY CampaignId, At HAVING SUM(Taken) <> 0 OR SUM(Issued) <> 0 OR SUM(Free) <> 0 OR SUM(Locked) <> 0 OR SUM(Redeemed) <> 0 OR SUM(Voided) <> 0 OR SUM(DiscountMinor) <> 0 OR SUM(RolledBackMinor) <> 0";

    /// <summary>A coupon that still bears the path its unit had is counted where the unit stands.</summary>
    private static readonly string KeyOfCoupon =
        $"CONCAT({MovedUnits.Today("k.Path")}, ' ', COALESCE(LOWER(k.SessionId), ''), ' ', COALESCE(LOWER(k.ChannelId), ''), ' ', COALESCE(k.GuideId, ''))";

    internal static readonly string Figures =
        $"{Differences} FROM (" +
        "SELECT f.CampaignId, CONCAT(f.Path, ' ', f.SessionKey, ' ', f.ChannelKey, ' ', f.GuideKey) AS At, f.Issued + f.Claimed AS Taken, f.Issued, f.Free, f.Locked, f.Redeemed, f.Voided, " +
        "f.DiscountMinor, f.RolledBackMinor FROM Figures f WHERE f.CampaignId = @CampaignId UNION ALL " +
        $"SELECT k.CampaignId, {KeyOfCoupon}, -1, CASE k.Origin WHEN 'Issue' THEN -1 ELSE 0 END, CASE k.State WHEN 'Free' THEN -1 ELSE 0 END, CASE k.State WHEN 'Locked' THEN -1 ELSE 0 END, " +
        "CASE k.State WHEN 'Redeemed' THEN -1 ELSE 0 END, CASE k.State WHEN 'Voided' THEN -1 ELSE 0 END, 0, 0 FROM Coupons k WHERE k.CampaignId = @CampaignId UNION ALL " +
        $"SELECT k.CampaignId, {KeyOfCoupon}, 0, 0, 0, 0, 0, 0, -u.DiscountMinor, -u.RolledBackMinor FROM Uses u " +
        "JOIN Redemptions r ON r.OrderId = u.OrderId JOIN Coupons k ON k.Id = u.CouponId WHERE u.CampaignId = @CampaignId AND r.Status IN ('Redeemed', 'RolledBack')" +
        $") AS counted {NotZero}";

    internal const string Quotas =
        $"{Differences} FROM (" +
        "SELECT q.CampaignId, CAST(q.Seq AS VARCHAR(20)) AS At, q.Taken, 0 AS Issued, q.StockGiven AS Free, 0 AS Locked, q.Redeemed, 0 AS Voided, q.BudgetGivenMinor AS DiscountMinor, " +
        "q.BudgetUsedMinor AS RolledBackMinor FROM QuotaNodes q WHERE q.CampaignId = @CampaignId UNION ALL " +
        "SELECT q.CampaignId, CAST(q.ParentSeq AS VARCHAR(20)), 0, 0, -q.Stock, 0, 0, 0, -q.BudgetMinor, 0 FROM QuotaNodes q WHERE q.CampaignId = @CampaignId AND q.ParentSeq IS NOT NULL UNION ALL " +
        "SELECT k.CampaignId, CAST(k.NodeSeq AS VARCHAR(20)), -1, 0, 0, 0, CASE k.State WHEN 'Redeemed' THEN -1 ELSE 0 END, 0, 0, 0 FROM Coupons k WHERE k.CampaignId = @CampaignId UNION ALL " +
        "SELECT k.CampaignId, CAST(k.NodeSeq AS VARCHAR(20)), 0, 0, 0, 0, 0, 0, 0, " +
        "-@HasBudget * (u.DiscountMinor - u.RolledBackMinor + CASE u.IsReturned WHEN 0 THEN @GiftMinor ELSE 0 END) FROM Uses u " +
        "JOIN Redemptions r ON r.OrderId = u.OrderId JOIN Coupons k ON k.Id = u.CouponId WHERE u.CampaignId = @CampaignId AND r.Status <> 'Released'" +
        $") AS counted {NotZero}";
}

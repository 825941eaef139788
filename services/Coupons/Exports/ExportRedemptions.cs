using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Exports;

/// <summary>All uses of a campaign's coupons by orders, as a file.</summary>
internal static class ExportRedemptions
{
    /// <summary>By an order of the caller's scope, or of a coupon credited to it.</summary>
    private const string Page =
        "SELECT u.Seq, u.OrderId, u.CouponId, r.CustomerId, r.Status, r.Path, k.Path AS CreditedPath, u.Position, u.DiscountMinor, u.RolledBackMinor, u.IsReturned, " +
        "r.Currency, r.LockedUntil, r.ChangedAt, k.SessionId, k.ChannelId, k.GuideId " +
        "FROM Uses u JOIN Redemptions r ON r.OrderId = u.OrderId JOIN Coupons k ON k.Id = u.CouponId " +
        "WHERE u.CampaignId = @CampaignId AND u.Seq > @After AND ((r.Path >= @Scope AND r.Path < @ScopeEnd) OR (k.Path >= @Scope AND k.Path < @ScopeEnd)) " +
        $"ORDER BY u.Seq {Sql.Page}";

    private static readonly string[] Header =
    [
        "orderId", "couponId", "customerId", "status", "shopPath", "unitPath", "position", "discountMinor", "rolledBackMinor", "isReturned", "currency",
        "lockedUntil", "changedAt", "sessionId", "channelId", "guideId",
    ];

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/campaigns/{id:guid}/redemptions.csv", async (Guid id, Caller caller, CouponsDb db, CancellationToken ct) =>
            (await ReadCampaigns.Find(db, caller, id, ct)).Map(campaign => Of(db, caller, campaign.Id)).ToHttp())
        .Describe(nameof(ExportRedemptions), "What a campaign's coupons were used for, as a file: by orders of the caller's unit and below, or credited there.",
            $"Columns: {string.Join(", ", Header)}. One row for each coupon of an order; status is that of the order's coupons together.")
        .Allow(Permission.ReadCoupons)
        .GivesCsv()
        .Rejects(CampaignRejections.NotFound);

    private static CsvAnswer<ExportRow> Of(CouponsDb db, Caller caller, Guid campaignId) => new(
        $"redemptions-{campaignId}.csv",
        Header,
        db.Stream<ExportRow>(Page, new { CampaignId = campaignId, caller.Scope, caller.ScopeEnd }, r => r.Seq),
        static (line, row) => line
            .Add(row.OrderId).Add(row.CouponId).Add(row.CustomerId).Add(row.Status.ToString()).Add(row.Path).Add(row.CreditedPath).Add(row.Position)
            .Add(row.DiscountMinor).Add(row.RolledBackMinor).Add(row.IsReturned ? "true" : "false").Add(row.Currency).Add(row.LockedUntil).Add(row.ChangedAt)
            .Add(row.SessionId).Add(row.ChannelId).Add(row.GuideId));

    private sealed class ExportRow
    {
        public long Seq { get; init; }

        public Guid OrderId { get; init; }

        public Guid CouponId { get; init; }

        public string CustomerId { get; init; } = "";

        public RedemptionStatus Status { get; init; }

        public string Path { get; init; } = "";

        public string CreditedPath { get; init; } = "";

        public long Position { get; init; }

        public long DiscountMinor { get; init; }

        public long RolledBackMinor { get; init; }

        public bool IsReturned { get; init; }

        public string Currency { get; init; } = "";

        public DateTimeOffset LockedUntil { get; init; }

        public DateTimeOffset ChangedAt { get; init; }

        public Guid? SessionId { get; init; }

        public Guid? ChannelId { get; init; }

        public string? GuideId { get; init; }
    }
}

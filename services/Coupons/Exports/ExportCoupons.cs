using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Exports;

/// <summary>All coupons of a campaign, as a file.</summary>
internal static class ExportCoupons
{
    /// <summary>Credited to the caller's scope, or claimed from within it.</summary>
    private const string Page =
        $"{CouponSql.Rows} WHERE k.CampaignId = @CampaignId AND k.Seq > @After " +
        $"AND ({Sql.InScope} OR (ClaimedFrom >= @Scope AND ClaimedFrom < @ScopeEnd)) ORDER BY k.Seq {Sql.Page}";

    private static readonly string[] Header =
    [
        "couponId", "customerId", "status", "origin", "claimedAt", "unitPath", "claimedFrom", "sessionId", "channelId", "guideId", "sourceLink",
        "opensAt", "closesAt", "orderId", "discountMinor", "lockedUntil", "reason",
    ];

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/campaigns/{id:guid}/coupons.csv", async (Guid id, Caller caller, CouponsDb db, TimeProvider clock, CancellationToken ct) =>
            (await ReadCampaigns.Find(db, caller, id, ct)).Map(campaign => Of(db, caller, campaign.Parse(), clock.Now())).ToHttp())
        .Describe(nameof(ExportCoupons), "A campaign's coupons as a file: those credited to the caller's unit and below, or claimed there.",
            $"Columns: {string.Join(", ", Header)}. Each row is as it stands when it is read, by the clock of the request.")
        .Allow(Permission.ReadCoupons)
        .GivesCsv()
        .Rejects(CampaignRejections.NotFound);

    private static CsvAnswer<CouponRow> Of(CouponsDb db, Caller caller, Campaign campaign, DateTimeOffset now) => new(
        $"coupons-{campaign.Id}.csv",
        Header,
        db.Stream<CouponRow>(Page, new { CampaignId = campaign.Id, caller.Scope, caller.ScopeEnd }, r => r.Seq),
        (line, row) =>
        {
            var view = row.ToView(campaign, now);
            line.Add(view.Id).Add(view.CustomerId).Add(view.Status.ToString()).Add(view.Origin.ToString()).Add(view.ClaimedAt).Add(row.Path).Add(row.ClaimedFrom)
                .Add(view.SessionId).Add(view.ChannelId).Add(view.GuideId).Add(view.SourceLink).Add(view.OpensAt).Add(view.ClosesAt)
                .Add(view.OrderId).Add(view.DiscountMinor).Add(view.LockedUntil).Add(view.Reason);
        });
}

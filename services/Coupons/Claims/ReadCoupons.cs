using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Claims;

/// <summary>
/// Coupons as they stand. Staff read what is credited to their units or was claimed from them; a shop also reads what
/// customers hold of the campaigns it may use.
/// </summary>
internal static class ReadCoupons
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/claims/{couponId:guid}", async (Guid couponId, Caller caller, CouponsDb db, KnownCampaigns campaigns, TimeProvider clock, CancellationToken ct) =>
                (await Find(db, campaigns, caller, couponId, clock.Now(), ct)).ToHttp())
            .Describe("ReadCoupon", "One coupon.")
            .Allow(Permission.ReadCoupons).Gives<CouponView>().Rejects(CouponRejections.NotFound);
        routes.MapGet("/customers/{customerId}/coupons", async (string customerId, Caller caller, PageRequest page, CouponsDb db, KnownCampaigns campaigns, TimeProvider clock, CancellationToken ct) =>
                await OfCustomer(db, campaigns, caller, page, customerId, clock.Now(), ct))
            .Describe("ListCouponsOfCustomer", "What a customer has claimed.")
            .Allow(Permission.ReadCoupons).Paged().Gives<PageOf<CouponView>>();
    }

    private static async Task<Result<CouponView>> Find(CouponsDb db, KnownCampaigns campaigns, Caller caller, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Find<MarkedCoupon>(CouponSql.ById, new { Id = id }, ct) is not { } coupon) return CouponRejections.Unknown(id);
        var campaign = await campaigns.Current(coupon.Mark, work: null);
        var mayRead = caller.Covers(coupon.Path) || caller.Covers(coupon.ClaimedFrom) || (IsShop(caller) && caller.Sees(campaign.Path));
        return mayRead ? coupon.ToView(campaign, now) : CouponRejections.Unknown(id);
    }

    private static async Task<PageOf<CouponView>> OfCustomer(
        CouponsDb db, KnownCampaigns campaigns, Caller caller, PageRequest page, string customerId, DateTimeOffset now, CancellationToken ct)
    {
        var above = Sql.Json(IsShop(caller) ? UnitPath.SelfAndAncestors(caller.Path) : []);
        var coupons = await db.Query<MarkedCoupon>(
            CouponSql.PageOfCustomer, new { CustomerId = customerId, caller.Scope, caller.ScopeEnd, Ids = above, page.After, page.Limit }, ct);
        var views = new Dictionary<long, CouponView>();
        foreach (var coupon in coupons) views[coupon.Seq] = coupon.ToView(await campaigns.Current(coupon.Mark, work: null), now);
        return page.ToPage(coupons, c => c.Seq, c => views[c.Seq]);
    }

    private static bool IsShop(Caller caller) => caller.Roles.Contains(Role.Storefront);
}

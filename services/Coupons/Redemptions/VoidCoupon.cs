using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>A coupon is taken back on purpose, for good.</summary>
internal static class VoidCoupon
{
    /// <param name="Reason">In the words of who does it, 1 to 200 characters; kept with the coupon.</param>
    internal sealed record Request(string Reason) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Reason, "/reason");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/claims/{couponId:guid}/void", async (Guid couponId, Body<Request> body, Caller caller, VoidCouponHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, couponId, body.Value, ct)).ToHttp())
        .Describe(nameof(VoidCoupon), "Takes a coupon back for good. Repeating it changes nothing.", "Not one that is spent, or that an order holds: release that first.")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request("Claimed with a stolen account."))
        .Gives<CouponView>()
        .Rejects(CouponRejections.NotFound, RedemptionRejections.AlreadyLocked, RedemptionRejections.AlreadyRedeemed);
}

internal sealed class VoidCouponHandler(CouponsDb db, KnownCampaigns campaigns)
{
    public Task<Result<CouponView>> Handle(Caller caller, Guid couponId, VoidCoupon.Request body, CancellationToken ct) =>
        db.InTransaction<CouponView>(caller.Write, async work =>
        {
            var held = await HeldCoupons.Take(work, campaigns, [], [couponId]);
            if (held.CouponOf(couponId) is not { } coupon || !caller.Covers(coupon.Campaign.Path)) return CouponRejections.Unknown(couponId);
            work.Audited(coupon.Row.ToView(coupon.Campaign, work.Now));
            switch (coupon.Row.State)
            {
                case CouponState.Locked: return RedemptionRejections.AlreadyLocked.Because($"Order {coupon.Row.OrderId} holds it until {coupon.Row.LockedUntil:O}.");
                case CouponState.Redeemed: return RedemptionRejections.AlreadyRedeemed.Because($"Order {coupon.Row.OrderId} spent it.");
                case CouponState.Free: held.Void(coupon, body.Reason); break;
            }
            await held.Write();
            return coupon.Row.ToView(coupon.Campaign, work.Now);
        }, ct);
}

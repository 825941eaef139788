using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>The order was paid: its coupon is spent.</summary>
internal static class RedeemCoupon
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/redemptions/{orderId:guid}/redeem", async (Guid orderId, Caller caller, RedeemCouponHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, orderId, ct)).ToHttp())
        .Describe(
            nameof(RedeemCoupon),
            "Spends the coupon an order holds. Repeating it changes nothing.",
            "After the lock's deadline it still succeeds if the coupon could be locked again.")
        .Allow(Permission.UseCoupons)
        .Gives<RedemptionView>()
        .Rejects(
            RedemptionRejections.NotFound, RedemptionRejections.IllegalTransition, RedemptionRejections.AlreadyLocked,
            RedemptionRejections.AlreadyRedeemed, RedemptionRejections.Expired, RedemptionRejections.NotEffectiveYet, RedemptionRejections.Voided);
}

internal sealed class RedeemCouponHandler(CouponsDb db)
{
    public Task<Result<RedemptionView>> Handle(Caller caller, Guid orderId, CancellationToken ct) =>
        db.InTransaction<RedemptionView>(caller.Write, async work =>
        {
            var held = await HeldCoupon.TakeFor(work, caller, orderId);
            if (held.Rejection is { } unknown) return unknown;
            var (coupon, redemption) = held.Value;
            if (redemption.Status == RedemptionStatus.Redeemed) return redemption.ToView();
            // The customer paid late: the coupon is still theirs if nobody took it and its window is open.
            if (redemption.HasLapsed)
            {
                var again = await coupon.Lock(new CouponAsk(orderId, redemption.CustomerId, redemption.Path, redemption.LinesMinor), redemption);
                if (again.Rejection is { } refusal) return refusal;
                redemption = again.Value;
            }
            var moved = await coupon.Move(redemption, CouponMove.Redeem);
            return moved.Map(r => r.ToView());
        }, ct);
}

using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>An order takes a coupon, before it is paid.</summary>
internal static class LockCoupon
{
    /// <param name="CouponId">The coupon.</param>
    /// <param name="CustomerId">Whose order it is; must be whose coupon it is.</param>
    /// <param name="LinesMinor">Sum of the order's lines in minor units of the campaign's currency.</param>
    internal sealed record Request(Guid CouponId, string CustomerId, long LinesMinor) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(CustomerId, "/customerId", ClaimCoupon.LongestId).AmountMinor(LinesMinor, "/linesMinor");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/redemptions/{orderId:guid}", async (Guid orderId, Body<Request> body, Caller caller, LockCouponHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, orderId, body.Value, ct)).ToHttp())
        .Describe(
            nameof(LockCoupon),
            "Locks a coupon for an order. Safe to repeat: the same request gets the redemption as it stands.",
            "The lock holds until its deadline, even if the redemption window closes meanwhile; then it is released by itself.")
        .Allow(Permission.UseCoupons)
        .Example(new Request(Guid.Empty, "customer-4711", 45_900))
        .Gives<RedemptionView>()
        .Rejects(
            CouponRejections.NotFound, RedemptionRejections.IdReused, RedemptionRejections.WrongCustomer, RedemptionRejections.Voided,
            RedemptionRejections.AlreadyRedeemed, RedemptionRejections.AlreadyLocked, RedemptionRejections.NotEffectiveYet,
            RedemptionRejections.Expired, RedemptionRejections.BelowMinimumSpend);
}

internal sealed class LockCouponHandler(CouponsDb db)
{
    public Task<Result<RedemptionView>> Handle(Caller caller, Guid orderId, LockCoupon.Request body, CancellationToken ct) =>
        db.InTransaction<RedemptionView>(caller.Write, async work =>
        {
            var coupon = await HeldCoupon.Take(work, body.CouponId);
            if (await work.Find<RedemptionRow>(RedemptionSql.ByOrder, new { OrderId = orderId }) is { } seen)
            {
                var isSame = seen.CouponId == body.CouponId && seen.CustomerId == body.CustomerId && seen.LinesMinor == body.LinesMinor;
                return isSame && caller.Covers(seen.Path)
                    ? seen.ToView()
                    : RedemptionRejections.IdReused.Because($"Order {orderId} has a redemption with other content.");
            }
            if (coupon is null || !caller.Sees(coupon.OwnerPath)) return CouponRejections.Unknown(body.CouponId);
            var locked = await coupon.Lock(new CouponAsk(orderId, body.CustomerId, caller.Path, body.LinesMinor), earlier: null);
            return locked.Map(redemption => redemption.ToView());
        }, ct);
}

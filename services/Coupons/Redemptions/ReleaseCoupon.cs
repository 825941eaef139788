using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>The order came to nothing: its coupon is free again.</summary>
internal static class ReleaseCoupon
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/redemptions/{orderId:guid}/release", async (Guid orderId, Caller caller, ReleaseCouponHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, orderId, ct)).ToHttp())
        .Describe(nameof(ReleaseCoupon), "Gives back the coupon an order holds. Repeating it changes nothing.")
        .Allow(Permission.UseCoupons)
        .Gives<RedemptionView>()
        .Rejects(RedemptionRejections.NotFound, RedemptionRejections.IllegalTransition);
}

internal sealed class ReleaseCouponHandler(CouponsDb db)
{
    public Task<Result<RedemptionView>> Handle(Caller caller, Guid orderId, CancellationToken ct) =>
        db.InTransaction<RedemptionView>(caller.Write, async work =>
        {
            var held = await HeldCoupon.TakeFor(work, caller, orderId);
            if (held.Rejection is { } unknown) return unknown;
            var (coupon, redemption) = held.Value;
            if (redemption.Status == RedemptionStatus.Released) return redemption.ToView();
            var moved = await coupon.Move(redemption, CouponMove.Release);
            return moved.Map(r => r.ToView());
        }, ct);
}

using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>The order was undone: its spent coupon is given back.</summary>
internal static class RollBackCoupon
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/redemptions/{orderId:guid}/roll-back", async (Guid orderId, Caller caller, RollBackCouponHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, orderId, ct)).ToHttp())
        .Describe(nameof(RollBackCoupon), "Gives back the coupon an order has spent. Repeating it changes nothing.")
        .Allow(Permission.UseCoupons)
        .Gives<RedemptionView>()
        .Rejects(RedemptionRejections.NotFound, RedemptionRejections.IllegalTransition);
}

internal sealed class RollBackCouponHandler(CouponsDb db)
{
    public Task<Result<RedemptionView>> Handle(Caller caller, Guid orderId, CancellationToken ct) =>
        db.InTransaction<RedemptionView>(caller.Write, async work =>
        {
            var held = await HeldCoupon.TakeFor(work, caller, orderId);
            if (held.Rejection is { } unknown) return unknown;
            var (coupon, redemption) = held.Value;
            if (redemption.Status == RedemptionStatus.RolledBack) return redemption.ToView();
            var moved = await coupon.Move(redemption, CouponMove.RollBack);
            return moved.Map(r => r.ToView());
        }, ct);
}

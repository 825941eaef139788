using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>The order was paid: its coupons are spent.</summary>
internal static class RedeemCoupons
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/redemptions/{orderId:guid}/redeem", async (Guid orderId, Caller caller, UseCouponsHandler handler, CancellationToken ct) =>
            (await handler.Handle(new UseAsk(caller.Path, orderId, UseVerb.Redeem), ct)).ToHttp())
        .Describe(
            nameof(RedeemCoupons),
            "Spends the coupons an order holds. Repeating it changes nothing.",
            "Payment wins: after the deadline, or after a release, it still succeeds if the coupons could be locked again, for the discount they gave.")
        .Allow(Permission.UseCoupons)
        .Gives<RedemptionView>()
        .Rejects(
            RedemptionRejections.NotFound, RedemptionRejections.IllegalTransition, RedemptionRejections.AlreadyLocked, RedemptionRejections.AlreadyRedeemed,
            RedemptionRejections.Expired, RedemptionRejections.NotEffectiveYet, RedemptionRejections.Voided, RedemptionRejections.BudgetSpent);

    internal static Result<HeldRedemption> Carry(HeldCoupons held, HeldRedemption redemption)
    {
        if (redemption.Row.Status is RedemptionStatus.Redeemed or RedemptionStatus.RolledBack) return redemption;
        if (redemption.Uses.Count == 0) return RedemptionRejections.IllegalTransition.Because("The order was released before it was locked.");
        if (redemption.Row.Status == RedemptionStatus.Released && held.LockAgain(redemption) is { } refusal) return refusal;
        held.Spend(redemption);
        return redemption;
    }
}

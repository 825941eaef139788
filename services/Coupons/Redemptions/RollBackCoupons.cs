using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>The order was refunded, in whole or in part: its discount is undone, and its coupons given back by their campaigns' policies.</summary>
internal static class RollBackCoupons
{
    /// <param name="RefundedMinor">
    /// Money given back to the customer so far, in all, minor units; not the latest refund alone, so that refunds may be told twice
    /// and out of order. Null: everything.
    /// </param>
    internal sealed record Request(long? RefundedMinor = null) : IValidated
    {
        public void Validate(Faults faults) => faults.AmountMinor(RefundedMinor ?? 0, "/refundedMinor");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/redemptions/{orderId:guid}/roll-back", async (Guid orderId, Body<Request> body, Caller caller, UseCouponsHandler handler, CancellationToken ct) =>
            (await handler.Handle(new UseAsk(caller.Path, orderId, UseVerb.RollBack, RefundedMinor: body.Value.RefundedMinor), ct)).ToHttp())
        .Describe(
            nameof(RollBackCoupons),
            "Undoes the discount of a refunded order, in whole or in part. Repeating it changes nothing.",
            "Of an order whose lock has lapsed the coupons are spent first, if they can still be had, as a late payment would. A part refund undoes the discount in proportion to the money, rounded down. Whether the customer gets the coupon back is the campaign's refund policy.")
        .Allow(Permission.UseCoupons)
        .Example(new Request(4_000))
        .Gives<RedemptionView>()
        .Rejects(
            RedemptionRejections.NotFound, RedemptionRejections.IllegalTransition, RedemptionRejections.AlreadyLocked, RedemptionRejections.AlreadyRedeemed,
            RedemptionRejections.Expired, RedemptionRejections.NotEffectiveYet, RedemptionRejections.Voided, RedemptionRejections.BudgetSpent);

    internal static Result<HeldRedemption> Carry(HeldCoupons held, HeldRedemption redemption, long? refundedMinor)
    {
        // A refund says that there was a payment, whether or not that was heard of; and payment wins over a deadline.
        if (redemption.Row.Status == RedemptionStatus.Released)
        {
            if (!redemption.Row.HasLapsed || redemption.Uses.Count == 0) return RedemptionRejections.IllegalTransition.Because("Cannot roll back what is Released.");
            if (held.LockAgain(redemption) is { } refusal) return refusal;
        }
        if (redemption.Row.Status == RedemptionStatus.Locked) held.Spend(redemption);
        held.Refund(redemption, refundedMinor ?? long.MaxValue, isFull: refundedMinor is null);
        return redemption;
    }
}

using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>The order came to nothing: its coupons are free again.</summary>
internal static class ReleaseCoupons
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/redemptions/{orderId:guid}/release", async (Guid orderId, Caller caller, UseCouponsHandler handler, CancellationToken ct) =>
            (await handler.Handle(new UseAsk(caller.Path, orderId, UseVerb.Release), ct)).ToHttp())
        .Describe(
            nameof(ReleaseCoupons),
            "Gives back the coupons an order holds. Repeating it changes nothing.",
            "It may overtake the lock: an order that is not known yet is remembered as released, and its lock refused when it comes.")
        .Allow(Permission.UseCoupons)
        .Gives<RedemptionView>()
        .Rejects(RedemptionRejections.NotFound, RedemptionRejections.IllegalTransition);

    internal static Result<HeldRedemption> Carry(HeldCoupons held, HeldRedemption redemption)
    {
        switch (redemption.Row.Status)
        {
            case RedemptionStatus.Released:
                return redemption;
            case RedemptionStatus.Locked:
                held.GiveBack(redemption);
                return redemption;
            default:
                return RedemptionRejections.IllegalTransition.Because($"Cannot release what is {redemption.Row.Status}.");
        }
    }
}

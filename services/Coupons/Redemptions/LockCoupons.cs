using System.Security.Cryptography;
using System.Text.Json;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>An order takes its coupons, before it is paid: all of them or none.</summary>
internal static class LockCoupons
{
    /// <param name="CouponIds">1 to 5 coupons that combine.</param>
    /// <param name="CustomerId">Whose order it is; must be whose coupons they are.</param>
    /// <param name="Lines">What is ordered, in the campaigns' currency.</param>
    /// <param name="SessionId">The session it is ordered in, for coupons that are for some only.</param>
    /// <param name="ChannelId">The channel, likewise.</param>
    /// <param name="Segments">The segments the shop counts the customer in. Null: it does not say, and it is not asked.</param>
    internal sealed record Request(
        IReadOnlyList<Guid> CouponIds,
        string CustomerId,
        IReadOnlyList<CartLine> Lines,
        Guid? SessionId = null,
        Guid? ChannelId = null,
        IReadOnlyList<string>? Segments = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(CouponIds, 1, Composition.MostCoupons, "/couponIds").Distinct(CouponIds, "/couponIds").Text(CustomerId, "/customerId", ClaimCoupon.LongestId);
            CartLine.Validate(Lines, faults, "/lines");
            if (Segments is not null) faults.Size(Segments, 0, ClaimCoupon.MostSegments, "/segments");
        }

        /// <summary>Tells a repeated request from another one with the same id.</summary>
        internal string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)));
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/redemptions/{orderId:guid}", async (Guid orderId, Body<Request> body, Caller caller, UseCouponsHandler handler, CancellationToken ct) =>
            (await handler.Handle(new UseAsk(caller.Path, orderId, UseVerb.Lock, body.Value), ct)).ToHttp())
        .Describe(
            nameof(LockCoupons),
            "Locks coupons for an order, all or none. Safe to repeat: the same request gets the redemption as it stands.",
            "The lock, and its discount, hold until the deadline, even if the redemption window closes meanwhile; then it is released by itself.")
        .Allow(Permission.UseCoupons)
        .Example(new Request([Guid.Empty], "customer-4711", [new CartLine("15970", 2, 22_950)]))
        .Gives<RedemptionView>()
        .Rejects(
            CouponRejections.NotFound, RedemptionRejections.IdReused, RedemptionRejections.AlreadyReleased, RedemptionRejections.WrongCustomer, RedemptionRejections.Voided,
            RedemptionRejections.AlreadyRedeemed, RedemptionRejections.AlreadyLocked, RedemptionRejections.NotEffectiveYet, RedemptionRejections.Expired,
            RedemptionRejections.BudgetSpent, CartRejections.NotInScope, CartRejections.BelowMinimumSpend, CartRejections.NothingToTakeOff, CartRejections.DoesNotStack);

    /// <param name="held">With everything the asks name.</param>
    /// <param name="path">The unit whose shop asks.</param>
    /// <param name="orderId">The order.</param>
    /// <param name="body">What is asked.</param>
    /// <param name="hash">Of the body; empty if it is not a shop's own.</param>
    internal static Result<HeldRedemption> Carry(HeldCoupons held, string path, Guid orderId, Request body, string hash)
    {
        if (held.RedemptionOf(orderId) is { } seen)
        {
            if (!UnitPath.Covers(path, seen.Row.Path) || !IsSame(seen, body, hash))
                return RedemptionRejections.IdReused.Because($"Order {orderId} has a redemption with other content.");
            return seen.Uses.Count == 0 ? RedemptionRejections.AlreadyReleased.Because("Its release came first.") : seen;
        }
        var coupons = new List<HeldCoupon>(body.CouponIds.Count);
        foreach (var id in body.CouponIds)
        {
            if (held.CouponOf(id) is not { } coupon || !UnitPath.SameChain(path, coupon.Campaign.Path)) return CouponRejections.Unknown(id);
            coupons.Add(coupon);
        }
        var priced = body.Lines.Select(l => held.ProductOf(path, l.ProductCode) is { } p ? PricedLine.Of(l, p.BrandId, p.Category, p.FloorPriceMinor) : PricedLine.Of(l));
        var cart = new Cart([.. priced], body.SessionId, body.ChannelId, body.Segments);
        var composition = Composition.Of(cart, [.. coupons.Select(c => c.Campaign.InCart(c.Row.Id))]);
        var blocked = composition.Blocked.ToDictionary(b => b.Coupon.CouponId, b => b.Rejection);
        var refused = coupons
            .Select(c => (c.Row.Id, c.Campaign, Why: held.Refusal(c, body.CustomerId) ?? blocked.GetValueOrDefault(c.Row.Id)))
            .Where(r => r.Why is not null).ToList();
        if (refused.Count == 0 && Shortage(held, composition) is { } shortage) refused = [(shortage.Coupon.Row.Id, shortage.Coupon.Campaign, shortage.Why)];
        if (refused.Count > 0)
        {
            foreach (var (_, campaign, why) in refused) held.Refusals.Add(campaign.Id, why!);
            return refused[0].Why!.With("coupons", refused.Select(r => new RefusedUse(r.Id, r.Why!.Kind.Code, r.Why.Detail)).ToList());
        }
        return held.Lock(ToRow(held, path, orderId, body, hash, composition, coupons), composition.Applied);
    }

    private static (HeldCoupon Coupon, Rejection Why)? Shortage(HeldCoupons held, Composition composition) =>
        held.Shortage(composition.Applied.Select(a => (held.CouponOf(a.Coupon.CouponId)!, a.DiscountMinor + (a.Gift?.WorthMinor ?? 0))));

    private static bool IsSame(HeldRedemption seen, Request body, string hash) => seen.Row.RequestHash.Length > 0
        ? seen.Row.RequestHash == hash
        // Released before it was locked: whatever it would have locked. Or locked by its order's event.
        : seen.Uses.Count == 0 || (seen.Row.CustomerId == body.CustomerId && seen.Row.LinesMinor == CartLine.SumMinor(body.Lines) &&
            seen.Uses.Select(u => u.Row.CouponId).ToHashSet().SetEquals(body.CouponIds));

    private static RedemptionRow ToRow(
        HeldCoupons held, string path, Guid orderId, Request body, string hash, Composition composition, List<HeldCoupon> coupons) => new()
        {
            OrderId = orderId,
            CustomerId = body.CustomerId,
            Path = path,
            RequestHash = hash,
            LinesMinor = CartLine.SumMinor(body.Lines),
            Status = RedemptionStatus.Locked,
            DiscountMinor = composition.DiscountMinor,
            Currency = coupons[0].Campaign.Currency,
            LockedUntil = held.Now.AddMinutes(coupons.Min(c => c.Campaign.Terms.LockMinutes)),
            ChangedAt = held.Now,
        };
}

/// <summary>One of the coupons that are in the way.</summary>
internal sealed record RefusedUse(Guid CouponId, string Code, string Detail);

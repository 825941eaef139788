using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Carts;

/// <summary>What one coupon of a composition gives.</summary>
/// <param name="DiscountMinor">Minor units off the cart: the sum of its lines; 0 for a gift.</param>
/// <param name="LinesMinor">Minor units off each line, in the cart's order.</param>
/// <param name="Gift">Null: money only.</param>
internal sealed record AppliedCoupon(CartCoupon Coupon, long DiscountMinor, IReadOnlyList<long> LinesMinor, Gift? Gift);

/// <summary>A coupon that cannot be used as asked.</summary>
internal sealed record BlockedCoupon(CartCoupon Coupon, Rejection Rejection);

/// <summary>Coupons used together on one cart: all of them or none.</summary>
/// <param name="Applied">In the order of application; empty if any is blocked.</param>
/// <param name="Blocked">Every coupon in the way, in the order of application.</param>
/// <param name="LinesMinor">Minor units off each line by all coupons, in the cart's order.</param>
internal sealed record Composition(IReadOnlyList<AppliedCoupon> Applied, IReadOnlyList<BlockedCoupon> Blocked, IReadOnlyList<long> LinesMinor)
{
    public const int MostCoupons = 5;

    /// <summary>Minor units off the cart.</summary>
    public long DiscountMinor { get; } = LinesMinor.Sum();

    /// <summary>Applies coupons one after the other, by <see cref="CartCoupon.InOrder"/>, each on what the ones before left of each line.</summary>
    public static Composition Of(Cart cart, IReadOnlyCollection<CartCoupon> coupons)
    {
        CartCoupon[] ordered = [.. coupons];
        Array.Sort(ordered, CartCoupon.InOrder);
        var taken = new long[cart.Lines.Count];
        var applied = new List<AppliedCoupon>(ordered.Length);
        var blocked = new List<BlockedCoupon>();
        var stacked = new List<CartCoupon>(ordered.Length);
        foreach (var coupon in ordered)
        {
            if (Unstackable(coupon, stacked) is { } refusal)
            {
                blocked.Add(new BlockedCoupon(coupon, refusal));
                continue;
            }
            stacked.Add(coupon);
            var outcome = Apply(cart, coupon, taken);
            if (outcome.Rejection is { } rejection) blocked.Add(new BlockedCoupon(coupon, rejection));
            else applied.Add(outcome.Value);
        }
        return blocked.Count == 0 ? new Composition(applied, [], taken) : new Composition([], blocked, new long[cart.Lines.Count]);
    }

    private static Result<AppliedCoupon> Apply(Cart cart, CartCoupon coupon, long[] taken)
    {
        var laid = LaidCoupon.On(cart, coupon);
        if (laid.Rejection is { } outOfScope) return outOfScope;
        if (laid.Value.GivesNothing(taken) is { } nothing) return nothing;
        var discount = laid.Value.DiscountMinor(taken)!.Value;
        var lines = new long[taken.Length];
        for (var i = 0; i < taken.Length; i++) lines[i] = -taken[i];
        laid.Value.Take(discount, taken);
        for (var i = 0; i < taken.Length; i++) lines[i] += taken[i];
        return new AppliedCoupon(coupon, discount, lines, coupon.Benefit.Gift);
    }

    private static Rejection? Unstackable(CartCoupon coupon, List<CartCoupon> before)
    {
        if (before.Count == 0) return null;
        if (before[0].Stacking.Group is null) return CartRejections.OnlyOne(before[0]);
        if (coupon.Stacking.Group is not { } group) return CartRejections.CombinesWithNone();
        foreach (var other in before)
            if (other.Stacking.Group == group) return CartRejections.SameGroup(other);
        return before.Count == MostCoupons ? CartRejections.TooMany(MostCoupons) : null;
    }
}

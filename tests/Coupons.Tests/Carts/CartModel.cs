using System.Numerics;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;

namespace LiveCommerce.Coupons.Tests.Carts;

/// <summary>The rules of carts said once more, slowly: exact fractions, every subset, one line filled at a time.</summary>
internal static class CartModel
{
    internal sealed record Outcome(IReadOnlyList<CartCoupon> Coupons, long[][] LinesMinor, long WorthMinor);

    /// <summary>Null: not all of them can be used together.</summary>
    internal static Outcome? Compose(Cart cart, IEnumerable<CartCoupon> coupons)
    {
        var ordered = coupons.OrderBy(c => c.Stacking.Priority).ThenBy(c => c.CampaignId).ThenBy(c => c.CouponId).ToArray();
        if (ordered.Length > 5 || (ordered.Length > 1 && ordered.Any(c => c.Stacking.Group is null))) return null;
        if (ordered.Select(c => c.Stacking.Group).Distinct().Count() < ordered.Length) return null;
        var left = cart.Lines.Select(l => l.AmountMinor).ToArray();
        var splits = new List<long[]>();
        var worth = 0L;
        foreach (var coupon in ordered)
        {
            var lines = Enumerable.Range(0, left.Length).Where(i => Covers(coupon.Scope, cart, cart.Lines[i])).ToArray();
            var room = left.Select((l, i) => lines.Contains(i) ? Math.Max(0, l - cart.Lines[i].FloorMinor) : 0).ToArray();
            var wanted = lines.Length == 0 ? null : Wanted(coupon.Benefit, lines.Sum(i => left[i]));
            if (wanted is null) return null;
            var discount = Math.Min(wanted.Value, room.Sum());
            var given = coupon.Benefit.Gift?.WorthMinor ?? discount;
            if (given == 0) return null;
            var split = new long[left.Length];
            Split(cart, [.. lines], left, room, discount, split);
            for (var i = 0; i < left.Length; i++) left[i] -= split[i];
            splits.Add(split);
            worth += given;
        }
        return new Outcome(ordered, [.. splits], worth);
    }

    internal static Outcome Best(Cart cart, IReadOnlyList<CartCoupon> coupons) => Enumerable.Range(0, 1 << coupons.Count)
        .Select(subset => Compose(cart, coupons.Where((_, i) => (subset >> i & 1) == 1)))
        .OfType<Outcome>()
        .Aggregate((a, b) => Better(b, a) ? b : a);

    private static bool Better(Outcome a, Outcome b)
    {
        if (a.WorthMinor != b.WorthMinor) return a.WorthMinor > b.WorthMinor;
        if (a.Coupons.Count != b.Coupons.Count) return a.Coupons.Count < b.Coupons.Count;
        return a.Coupons.Zip(b.Coupons, CartCoupon.InOrder).FirstOrDefault(c => c != 0) < 0;
    }

    private static bool Covers(CampaignScope? scope, Cart cart, PricedLine line)
    {
        if (scope?.SessionIds?.Contains(cart.SessionId ?? Guid.Empty) == false) return false;
        if (scope is null || (scope.BrandIds is null && scope.Categories is null && scope.ProductCodes is null)) return true;
        return scope.ProductCodes?.Contains(line.ProductCode) == true
            || scope.BrandIds?.Any(b => b == line.BrandId) == true
            || scope.Categories?.Any(c => $"{line.Category}/".StartsWith($"{c}/", StringComparison.Ordinal)) == true;
    }

    private static long? Wanted(Benefit benefit, long spend) => benefit.Kind switch
    {
        _ when spend < (benefit.MinimumSpendMinor ?? 0) => null,
        BenefitKind.AmountOff => benefit.AmountMinor,
        BenefitKind.PercentOff => Math.Min(benefit.CapMinor!.Value, (long)Math.Floor((decimal)spend * benefit.Percent!.Value / 100)),
        BenefitKind.Threshold => benefit.Steps!.LastOrDefault(s => s.MinimumSpendMinor <= spend)?.AmountMinor,
        _ => 0,
    };

    private static void Split(Cart cart, List<int> lines, long[] left, long[] room, BigInteger discount, long[] split)
    {
        if (discount.IsZero) return;
        var sum = lines.Aggregate(BigInteger.Zero, (s, i) => s + left[i]);
        var full = lines.FindIndex(i => discount * left[i] > room[i] * sum);
        if (full >= 0)
        {
            var line = lines[full];
            split[line] = room[line];
            Split(cart, [.. lines.Where(i => i != line)], left, room, discount - room[line], split);
            return;
        }
        foreach (var line in lines) split[line] = (long)(discount * left[line] / sum);
        var over = (int)(discount - lines.Aggregate(BigInteger.Zero, (s, i) => s + split[i]));
        var lost = lines.OrderByDescending(i => discount * left[i] % sum)
            .ThenBy(i => cart.Lines[i].ProductCode, StringComparer.Ordinal).ThenBy(i => cart.Lines[i].AmountMinor).ThenBy(i => cart.Lines[i].FloorMinor).ThenBy(i => i);
        foreach (var line in lost.Take(over)) split[line]++;
    }
}

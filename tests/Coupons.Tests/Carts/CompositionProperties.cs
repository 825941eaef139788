using System.Numerics;
using LiveCommerce.Coupons.Carts;

namespace LiveCommerce.Coupons.Tests.Carts;

/// <summary>What holds for every cart and every set of coupons.</summary>
internal sealed class CompositionProperties
{
    [FsCheck.NUnit.Property(MaxTest = 3000)]
    public void AComposition_IsTheModels(LinePlan[] lines, CouponPlan[] coupons)
    {
        var cart = CartPlan.Cart(lines);
        var chosen = Usable(cart, CartPlan.Coupons(coupons));
        var composition = Composition.Of(cart, chosen);
        var model = CartModel.Compose(cart, chosen);
        Assert.That(composition.Blocked, model is null ? Is.Not.Empty : Is.Empty);
        if (model is null) return;
        Assert.That(composition.Applied.Select(a => a.Coupon), Is.EqualTo(model.Coupons));
        Assert.That(composition.Applied.Select(a => a.LinesMinor), Is.EqualTo(model.LinesMinor));
        Assert.That(composition.DiscountMinor + composition.GiftWorthMinor, Is.EqualTo(model.WorthMinor));
    }

    [FsCheck.NUnit.Property(MaxTest = 3000)]
    public void Sums_AreExact_AndNoLineFallsBelowItsFloorOrZero(LinePlan[] lines, CouponPlan[] coupons)
    {
        var cart = CartPlan.Cart(lines);
        var composition = CartPlan.Coupons(coupons) is var all && Composition.Of(cart, Usable(cart, all)) is { Applied.Count: > 0 } several
            ? several : BestCombination.Of(cart, all).Composition;
        foreach (var applied in composition.Applied)
        {
            Assert.That(applied.LinesMinor.Sum(), Is.EqualTo(applied.DiscountMinor));
            Assert.That(applied.LinesMinor, Is.All.GreaterThanOrEqualTo(0));
        }
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            Assert.That(composition.Applied.Sum(a => a.LinesMinor[i]), Is.EqualTo(composition.LinesMinor[i]));
            Assert.That(composition.LinesMinor[i], Is.LessThanOrEqualTo(Math.Max(0, cart.Lines[i].AmountMinor - cart.Lines[i].FloorMinor)));
        }
        Assert.That(composition.LinesMinor.Sum(), Is.EqualTo(composition.DiscountMinor));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void TheOrderOfLines_ChangesNoCouponsTotal(LinePlan[] lines, CouponPlan[] coupons, int seed)
    {
        var cart = CartPlan.Cart(lines);
        PricedLine[] shuffled = [.. cart.Lines];
        new Random(seed).Shuffle(shuffled);
        var chosen = Usable(cart, CartPlan.Coupons(coupons));
        var one = Composition.Of(cart, chosen);
        var other = Composition.Of(new Cart(shuffled, cart.SessionId), chosen);
        Assert.That(other.Applied.Select(a => (a.Coupon, a.DiscountMinor)), Is.EqualTo(one.Applied.Select(a => (a.Coupon, a.DiscountMinor))));
        Assert.That(other.Blocked, Is.EqualTo(one.Blocked));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void WithNoFloorInTheWay_EachLineIsWithinOneUnitOfItsShare(LinePlan[] lines, ushort amount, byte scale)
    {
        var cart = new Cart([.. lines.Take(30).Select(l => CartPlan.Line(l) with { FloorMinor = 0 })]);
        var coupon = CartPlan.Coupons([new CouponPlan(0, 0, scale, amount, 0, 0, 7, 0, 0)]);
        if (Composition.Of(cart, coupon).Applied is not [var applied]) return;
        var spend = cart.Lines.Aggregate(BigInteger.Zero, (sum, l) => sum + l.AmountMinor);
        for (var i = 0; i < cart.Lines.Count; i++)
            Assert.That(BigInteger.Abs(applied.LinesMinor[i] * spend - (BigInteger)applied.DiscountMinor * cart.Lines[i].AmountMinor), Is.LessThan(spend));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void ADearerLine_NeverLowersACouponsDiscount(LinePlan[] lines, CouponPlan plan, byte which, ushort more)
    {
        var cart = CartPlan.Cart(lines);
        if (cart.Lines.Count == 0) return;
        PricedLine[] dearer = [.. cart.Lines];
        dearer[which % dearer.Length] = dearer[which % dearer.Length] with { AmountMinor = dearer[which % dearer.Length].AmountMinor + more };
        var coupon = CartPlan.Coupons([plan]);
        var before = Composition.Of(cart, coupon);
        var after = Composition.Of(new Cart(dearer, cart.SessionId), coupon);
        Assert.That(after.DiscountMinor, Is.GreaterThanOrEqualTo(before.DiscountMinor));
        Assert.That(after.GiftWorthMinor, Is.GreaterThanOrEqualTo(before.GiftWorthMinor));
    }

    /// <summary>The search relies on it: what others take first, a coupon cannot make up for.</summary>
    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void ACoupon_GivesNoMoreAfterOthers_ThanAlone(LinePlan[] lines, CouponPlan[] coupons)
    {
        var cart = CartPlan.Cart(lines);
        foreach (var applied in Composition.Of(cart, Usable(cart, CartPlan.Coupons(coupons))).Applied)
        {
            var alone = Composition.Of(cart, [applied.Coupon]).Applied.Single();
            Assert.That(applied.DiscountMinor, Is.LessThanOrEqualTo(alone.DiscountMinor));
        }
    }

    /// <summary>Mostly what applies and combines, so that more than refusals is tried.</summary>
    private static CartCoupon[] Usable(Cart cart, CartCoupon[] coupons)
    {
        if (coupons is [{ Stacking.Priority: 0 }, ..]) return coupons;
        CartCoupon[] useful = [.. coupons.Where(c => Composition.Of(cart, [c]).Applied.Count == 1)];
        return useful.Length == 1 ? useful : [.. useful.Where(c => c.Stacking.Group is not null).DistinctBy(c => c.Stacking.Group).Take(5)];
    }
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Tests.Carts;

internal sealed class CompositionTests
{
    private static int _next;

    [Test]
    public void ADiscount_IsSplitInProportion_TheOddUnitGoesToWhoLostMost()
    {
        var composition = Composition.Of(Cart(("A", 100, 0), ("B", 100, 0), ("C", 101, 0)), [Coupon(Off(100))]);
        Assert.That(composition.LinesMinor, Is.EqualTo(new[] { 33, 33, 34 }));
        Assert.That(composition.DiscountMinor, Is.EqualTo(100));
        Assert.That(composition.Applied.Single().LinesMinor, Is.EqualTo(composition.LinesMinor));
    }

    [Test]
    public void AmongEqualLines_TheFirstCodeTakesTheOddUnit()
    {
        Assert.That(Composition.Of(Cart(("B", 100, 0), ("A", 100, 0)), [Coupon(Off(3))]).LinesMinor, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Composition.Of(Cart(("A", 100, 0), ("B", 100, 0)), [Coupon(Off(3))]).LinesMinor, Is.EqualTo(new[] { 2, 1 }));
    }

    [Test]
    public void WhatAFullLineCannotTake_GoesToTheOthers() => Assert.That(
        Composition.Of(Cart(("A", 100, 90), ("B", 100, 0), ("C", 200, 0)), [Coupon(Off(100))]).LinesMinor,
        Is.EqualTo(new[] { 10, 30, 60 }));

    [Test]
    public void ALineBelowItsFloorByItself_IsLeftAlone() => Assert.That(
        Composition.Of(Cart(("A", 100, 150), ("B", 50, 20)), [Coupon(Off(500))]).LinesMinor,
        Is.EqualTo(new[] { 0, 30 }));

    [Test]
    public void LaterCoupons_SeeWhatEarlierOnesLeft()
    {
        var tenth = Coupon(Percent(10), "a", priority: 1);
        var fifty = Coupon(Off(50), "b", priority: 0);
        var composition = Composition.Of(Cart(("A", 150, 0)), [tenth, fifty]);
        Assert.That(composition.Applied.Select(a => (a.Coupon, a.DiscountMinor)), Is.EqualTo(new[] { (fifty, 50L), (tenth, 10L) }));
        var reversed = Composition.Of(Cart(("A", 150, 0)), [tenth with { Stacking = new("a", -1) }, fifty]);
        Assert.That(reversed.DiscountMinor, Is.EqualTo(65));
    }

    [Test]
    public void AMinimumSpend_IsJudgedOnWhatIsLeft()
    {
        var fifty = Coupon(Off(50), "a");
        var needs = Coupon(Off(10, minimum: 120), "b", priority: 1);
        var composition = Composition.Of(Cart(("A", 150, 0)), [fifty, needs]);
        var blocked = composition.Blocked.Single();
        Assert.That((blocked.Coupon, blocked.Rejection.Kind), Is.EqualTo((needs, CartRejections.BelowMinimumSpend)));
        Assert.That(blocked.Rejection.Detail, Does.Contain("100").And.Contain("120").And.Contain("20 are missing"));
        Assert.That((composition.Applied.Count, composition.DiscountMinor, composition.LinesMinor.Sum()), Is.EqualTo((0, 0L, 0L)), "all or none");
        Assert.That(Composition.Of(Cart(("A", 150, 0)), [fifty with { Stacking = new("a", 2) }, needs]).DiscountMinor, Is.EqualTo(60));
    }

    [Test]
    public void AThresholdsMinimum_IsThatOfItsScope()
    {
        var steps = Coupon(new Benefit(BenefitKind.Threshold, Steps: [new(100, 10), new(200, 30)]), scope: new CampaignScope { ProductCodes = ["A"] });
        Assert.That(Composition.Of(Cart(("A", 99, 0), ("B", 500, 0)), [steps]).Blocked.Single().Rejection.Kind, Is.EqualTo(CartRejections.BelowMinimumSpend));
        Assert.That(Composition.Of(Cart(("A", 199, 0), ("B", 500, 0)), [steps]).LinesMinor, Is.EqualTo(new[] { 10, 0 }));
        Assert.That(Composition.Of(Cart(("A", 200, 0), ("B", 500, 0)), [steps]).LinesMinor, Is.EqualTo(new[] { 30, 0 }));
    }

    [Test]
    public void AGift_TakesNoMoney_AndNeedsNoRoom()
    {
        var gift = new Gift("MUG", 2, 1_500);
        var coupon = Coupon(new Benefit(BenefitKind.Gift, Gift: gift, MinimumSpendMinor: 100));
        var composition = Composition.Of(Cart(("A", 100, 100)), [coupon]);
        Assert.That((composition.DiscountMinor, composition.GiftWorthMinor, composition.Applied.Single().Gift), Is.EqualTo((0L, 1_500L, gift)));
        Assert.That(composition.LinesMinor, Is.EqualTo(new[] { 0 }));
        Assert.That(Composition.Of(Cart(("A", 99, 0)), [coupon]).Blocked.Single().Rejection.Kind, Is.EqualTo(CartRejections.BelowMinimumSpend));
    }

    [Test]
    public void OutOfScope_SaysOfWhat()
    {
        var here = CartPlan.Id(1);
        var elsewhere = CartPlan.Id(2);
        var cart = new Cart([new("A", 100, 0, null, "Apparel")], here, here, ["new"]);
        Assert.That(Refusal(cart, new() { SessionIds = [elsewhere] }), Does.StartWith("coupon.not_in_scope").And.Contain("session"));
        Assert.That(Refusal(cart, new() { ChannelIds = [elsewhere] }), Does.StartWith("coupon.not_in_scope").And.Contain("channel"));
        Assert.That(Refusal(cart, new() { Segments = ["gold"] }), Does.StartWith("coupon.not_in_scope").And.Contain("segment"));
        Assert.That(Refusal(cart, new() { Categories = ["Footwear"] }), Does.StartWith("coupon.not_in_scope").And.Contain("category"));
        Assert.That(Refusal(cart, new() { SessionIds = [here], ChannelIds = [here], Segments = ["gold", "new"], Categories = ["Apparel"] }), Is.Null);
        Assert.That(Refusal(new Cart(cart.Lines), new() { Segments = ["gold"] }), Is.Null, "the cart does not say who asks");
    }

    [Test]
    public void NothingToTakeOff_IsToldFromTooSmall()
    {
        Assert.That(Kind(Cart(("A", 100, 100), ("B", 50, 60), ("C", 0, 0)), Coupon(Off(10))), Is.EqualTo(CartRejections.NothingToTakeOff));
        Assert.That(Kind(Cart(("A", 9, 0)), Coupon(Percent(10))), Is.EqualTo(CartRejections.NothingToTakeOff));
        Assert.That(Kind(Cart(("A", 0, 0)), Coupon(Off(10))), Is.EqualTo(CartRejections.NothingToTakeOff));
        Assert.That(Kind(Cart(("A", 9, 0)), Coupon(Off(10, minimum: 10))), Is.EqualTo(CartRejections.BelowMinimumSpend));
    }

    [Test]
    public void CouponsOfOneGroup_ExcludeEachOther_AndTheLaterIsInTheWay()
    {
        var first = Coupon(Off(1), "a", priority: -1);
        var second = Coupon(Off(2), "a");
        var other = Coupon(Off(3), "b");
        var blocked = Composition.Of(Cart(("A", 100, 0)), [second, other, first]).Blocked.Single();
        Assert.That((blocked.Coupon, blocked.Rejection.Kind), Is.EqualTo((second, CartRejections.DoesNotStack)));
        Assert.That(blocked.Rejection.Detail, Does.Contain($"{first.CouponId}"));
        Assert.That(Composition.Of(Cart(("A", 100, 0)), [second, other]).DiscountMinor, Is.EqualTo(5));
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void ACouponWithoutAGroup_CombinesWithNone(int priority)
    {
        var single = Coupon(Off(1), priority: priority);
        var grouped = Coupon(Off(1), "a");
        Assert.That(Composition.Of(Cart(("A", 100, 0)), [single]).DiscountMinor, Is.EqualTo(1));
        Assert.That(Kind(Cart(("A", 100, 0)), single, grouped), Is.EqualTo(CartRejections.DoesNotStack));
        Assert.That(Kind(Cart(("A", 100, 0)), single, Coupon(Off(1))), Is.EqualTo(CartRejections.DoesNotStack));
    }

    [Test]
    public void FiveCouponsAreTheMost()
    {
        var six = Enumerable.Range(0, 6).Select(i => Coupon(Off(1), $"g{i}", priority: i)).ToArray();
        Assert.That(Composition.Of(Cart(("A", 100, 0)), six[..5]).DiscountMinor, Is.EqualTo(5));
        Assert.That(Composition.Of(Cart(("A", 100, 0)), six).Blocked.Select(b => (b.Coupon, b.Rejection.Kind)), Is.EqualTo(new[] { (six[5], CartRejections.DoesNotStack) }));
    }

    [Test]
    public void EveryCouponInTheWay_IsNamed()
    {
        var blocked = Composition.Of(Cart(("A", 100, 0)), [Coupon(Off(1, minimum: 500), "a", priority: 1), Coupon(Off(1), "b", priority: 2), Coupon(Off(1), "b", priority: 3)]).Blocked;
        Assert.That(blocked.Select(b => b.Rejection.Kind), Is.EqualTo(new[] { CartRejections.BelowMinimumSpend, CartRejections.DoesNotStack }));
    }

    [Test]
    public void TheLargestCart_IsSplitExactly()
    {
        var lines = Enumerable.Range(0, 100).Select(i => ($"P{i}", Money.MaxMinor / 100 - i % 7, i % 3 == 0 ? Money.MaxMinor / 400 : 0L)).ToArray();
        var composition = Composition.Of(Cart(lines), [Coupon(Percent(83))]);
        var spend = lines.Sum(l => l.Item2);
        Assert.That(composition.DiscountMinor, Is.EqualTo((long)((Int128)spend * 83 / 100)));
        Assert.That(composition.LinesMinor.Sum(), Is.EqualTo(composition.DiscountMinor));
        Assert.That(composition.LinesMinor.Zip(lines, (off, l) => l.Item2 - off - l.Item3), Is.All.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void NoCoupons_TakeNothing()
    {
        var composition = Composition.Of(Cart(("A", 100, 0)), []);
        Assert.That((composition.DiscountMinor, composition.Blocked.Count, composition.LinesMinor.Single()), Is.EqualTo((0L, 0, 0L)));
    }

    private static string? Refusal(Cart cart, CampaignScope scope) =>
        Composition.Of(cart, [Coupon(Off(1), scope: scope)]).Blocked is [var blocked] ? $"{blocked.Rejection.Kind.Code}: {blocked.Rejection.Detail}" : null;

    private static RejectionKind Kind(Cart cart, params CartCoupon[] coupons) => Composition.Of(cart, coupons).Blocked.Single().Rejection.Kind;

    private static Cart Cart(params (string Code, long AmountMinor, long FloorMinor)[] lines) =>
        new([.. lines.Select(l => new PricedLine(l.Code, l.AmountMinor, l.FloorMinor, null, null))]);

    private static Benefit Off(long amount, long? minimum = null) => new(BenefitKind.AmountOff, AmountMinor: amount, MinimumSpendMinor: minimum);

    private static Benefit Percent(int percent) => new(BenefitKind.PercentOff, Percent: percent, CapMinor: Money.MaxMinor);

    private static CartCoupon Coupon(Benefit benefit, string? group = null, int priority = 0, CampaignScope? scope = null)
    {
        var id = CartPlan.Id(Interlocked.Increment(ref _next));
        return new(id, id, benefit, scope, new Stacking(group, priority));
    }
}

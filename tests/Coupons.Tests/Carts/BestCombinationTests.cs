using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;

namespace LiveCommerce.Coupons.Tests.Carts;

internal sealed class BestCombinationTests
{
    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void TheBest_IsTheBestOfEverySubset(LinePlan[] lines, CouponPlan[] coupons) =>
        IsTheModels(CartPlan.Cart(lines, most: 5), CartPlan.Coupons(coupons));

    /// <summary>Amounts of a few units, where most combinations give the same.</summary>
    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public void AmongManyEquals_TheBestIsTheModelsToo(LinePlan[] lines, CouponPlan[] coupons) => IsTheModels(
        CartPlan.Cart(lines.Select(l => l with { Scale = 0, Price = (ushort)(l.Price % 5 + 1) }), most: 3),
        CartPlan.Coupons(coupons.Select(c => c with { Scale = 0, Amount = (ushort)(c.Amount % 3), Minimum = (ushort)(c.Minimum % 4) })));

    private static void IsTheModels(Cart cart, CartCoupon[] owned)
    {
        var best = BestCombination.Of(cart, owned);
        var model = CartModel.Best(cart, owned);
        Assert.That(best.IsExact);
        Assert.That(best.Composition.DiscountMinor + best.Composition.GiftWorthMinor, Is.EqualTo(model.WorthMinor));
        Assert.That(best.Composition.Applied.Select(a => a.Coupon), Is.EqualTo(model.Coupons));
        Assert.That(best.Composition.Applied.Select(a => a.LinesMinor), Is.EqualTo(model.LinesMinor));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void TheBest_IsNeverWorseThanAnyCouponAlone_HoweverLittleIsTried(LinePlan[] lines, CouponPlan[] coupons, byte bound)
    {
        var cart = CartPlan.Cart(lines);
        var owned = CartPlan.Coupons(coupons, most: 40);
        var best = BestCombination.Of(cart, owned, bound % 20).Composition;
        foreach (var coupon in owned)
        {
            var alone = Composition.Of(cart, [coupon]);
            Assert.That(best.DiscountMinor + best.GiftWorthMinor, Is.GreaterThanOrEqualTo(alone.DiscountMinor + alone.GiftWorthMinor));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void OneMoreCoupon_NeverMakesTheBestWorse_AndTheOrderOfAskingDoesNotMatter(LinePlan[] lines, CouponPlan[] coupons, int seed)
    {
        var cart = CartPlan.Cart(lines);
        var owned = CartPlan.Coupons(coupons, most: 10);
        if (owned.Length == 0) return;
        var all = BestCombination.Of(cart, owned);
        var fewer = BestCombination.Of(cart, owned[1..]).Composition;
        Assert.That(all.Composition.DiscountMinor + all.Composition.GiftWorthMinor, Is.GreaterThanOrEqualTo(fewer.DiscountMinor + fewer.GiftWorthMinor));
        CartCoupon[] shuffled = [.. owned];
        new Random(seed).Shuffle(shuffled);
        Assert.That(BestCombination.Of(cart, shuffled).Composition.Applied.Select(a => a.Coupon), Is.EqualTo(all.Composition.Applied.Select(a => a.Coupon)));
    }

    /// <summary>Many ways to use up all there is room for: the sums promise more than the lines can give.</summary>
    [Test]
    public void CouponsThatGetInEachOthersWay_StayWithinTheBound()
    {
        var random = new Random(3);
        var cart = new Cart([.. Enumerable.Range(0, 20).Select(i => random.Next(10_000, 90_000)).Select((amount, i) =>
            new PricedLine($"P{i}", amount, amount * random.Next(20, 100) / 100, null, i % 2 == 0 ? "Apparel" : "Footwear"))]);
        var owned = Enumerable.Range(0, 50).Select(i =>
            Coupon(i, Off(100_000 + random.Next(1_000)), $"g{i}", i % 4, i % 3 == 0 ? new CampaignScope { Categories = ["Apparel"] } : null)).ToArray();
        var best = BestCombination.Of(cart, owned);
        Assert.That((best.Evaluations, best.IsExact), Is.EqualTo((CombinationSearch.MostEvaluations, false)));
        foreach (var coupon in owned) Assert.That(Worth(best), Is.GreaterThanOrEqualTo(Composition.Of(cart, [coupon]).DiscountMinor));
    }

    [Test]
    public void TwoSmallOnes_MayBeatTheLargest_AndASingleOneMayBeatBoth()
    {
        var cart = Cart(1_000);
        var single = Coupon(1, Off(100));
        var a = Coupon(2, Off(60), "a");
        var b = Coupon(3, Off(60), "b");
        Assert.That(Chosen(cart, single, a, b), Is.EqualTo(new[] { a, b }));
        Assert.That(Chosen(cart, Coupon(1, Off(130)), a, b), Has.Length.EqualTo(1));
    }

    [Test]
    public void AnEarlyCouponIsLeftOut_IfItCostsALaterOneItsMinimum()
    {
        var early = Coupon(1, Off(10), "a");
        var late = Coupon(2, Off(50, minimum: 1_000), "b");
        Assert.That(Chosen(Cart(1_000), early, late), Is.EqualTo(new[] { late }));
        Assert.That(Chosen(Cart(1_010), early, late), Is.EqualTo(new[] { early, late }));
    }

    [Test]
    public void AmongEquals_FewestCoupons_ThenTheLowest()
    {
        var all = Coupon(1, Off(100), "c", priority: 5);
        var low = Coupon(9, Off(100), "c", priority: -5);
        Assert.That(Chosen(Cart(100), Coupon(2, Off(50), "a"), Coupon(3, Off(50), "b"), all), Is.EqualTo(new[] { all }));
        Assert.That(Chosen(Cart(100), all, low), Is.EqualTo(new[] { low }));
        var second = low with { CouponId = CartPlan.Id(8) };
        Assert.That(Chosen(Cart(100), low, second), Is.EqualTo(new[] { second }), "of one campaign");
    }

    [Test]
    public void AGift_CountsAtItsWorth()
    {
        var gift = Coupon(1, new Benefit(BenefitKind.Gift, Gift: new Gift("MUG", 1, 80)));
        Assert.That(Chosen(Cart(1_000), gift, Coupon(2, Off(79))), Is.EqualTo(new[] { gift }));
        Assert.That(Chosen(Cart(1_000), gift, Coupon(2, Off(81))), Is.Not.EqualTo(new[] { gift }));
        var alongside = gift with { Stacking = new Stacking("a") };
        Assert.That(Chosen(Cart(1_000), alongside, Coupon(2, Off(79), "b")), Has.Length.EqualTo(2));
    }

    [Test]
    public void NothingUseful_IsAnEmptyAndExactAnswer()
    {
        var best = BestCombination.Of(Cart(100), [Coupon(1, Off(10, minimum: 101), "a"), Coupon(2, Off(10), "b", scope: new() { ProductCodes = ["Z"] })]);
        Assert.That((best.IsExact, best.Composition.Applied.Count, best.Composition.DiscountMinor, best.Evaluations), Is.EqualTo((true, 0, 0L, 0)));
    }

    [Test]
    public void CouponsOfOneCampaign_CountAsOne()
    {
        var terms = Coupon(1, Off(10), "a");
        var best = BestCombination.Of(Cart(1_000), [.. Enumerable.Range(1, 10_000).Select(i => terms with { CouponId = CartPlan.Id(i) })]);
        Assert.That((best.Composition.Applied.Single().Coupon.CouponId, best.Evaluations), Is.EqualTo((CartPlan.Id(1), 1)));
    }

    [Test]
    public void FiftyCouponsInTwentyFiveGroups_StayWithinTheBound([Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        var cart = Random(random, 20);
        var owned = Enumerable.Range(0, 50).Select(i => Random(random, i, $"g{i % 25}")).ToArray();
        var best = BestCombination.Of(cart, owned);
        Assert.That(best.Evaluations, Is.LessThanOrEqualTo(CombinationSearch.MostEvaluations));
        var hurried = BestCombination.Of(cart, owned, 0);
        Assert.That((hurried.Evaluations, hurried.IsExact), Is.EqualTo((5 * 50, false)).Or.EqualTo((best.Evaluations, true)));
        Assert.That(Worth(hurried), Is.LessThanOrEqualTo(Worth(best)).And.GreaterThanOrEqualTo(Worth(best) * 9 / 10), "once down is always tried");
        Assert.That(BestCombination.Of(cart, owned.Reverse().ToArray(), 0).Composition.Applied.Select(a => a.Coupon), Is.EqualTo(hurried.Composition.Applied.Select(a => a.Coupon)));
    }

    [Test]
    public void TheBranchesLeftAlone_HoldNothingBetter([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        var cart = Random(random, 6);
        var owned = Enumerable.Range(0, 12).Select(i => Random(random, i, $"g{i % 7}")).ToArray();
        var best = BestCombination.Of(cart, owned);
        var model = CartModel.Best(cart, owned);
        Assert.That(best.Composition.Applied.Select(a => a.Coupon), Is.EqualTo(model.Coupons));
        Assert.That(best.Evaluations, Is.LessThan(Combinations(7, 12)), "and some were left alone");
    }

    [Test]
    public void NoMoreCombinationsThanTheBound_AreAnsweredExactly()
    {
        Assert.That(Combinations(20, 20), Is.EqualTo(21_699).And.LessThan(CombinationSearch.MostEvaluations));
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var owned = Enumerable.Range(0, 20).Select(i => Random(random, i, $"g{i}")).ToArray();
            Assert.That(BestCombination.Of(Random(random, 20), owned).IsExact);
        }
    }

    /// <summary>How many combinations of 1 to 5 there are of coupons dealt round a number of groups.</summary>
    private static long Combinations(int groups, int coupons)
    {
        long[] ways = [1, 0, 0, 0, 0, 0];
        for (var group = 0; group < groups; group++)
        {
            var size = coupons / groups + (group < coupons % groups ? 1 : 0);
            for (var count = 5; count > 0; count--) ways[count] += ways[count - 1] * size;
        }
        return ways[1..].Sum();
    }

    private static long Worth(BestCombination best) => best.Composition.DiscountMinor + best.Composition.GiftWorthMinor;

    private static CartCoupon[] Chosen(Cart cart, params CartCoupon[] owned) => [.. BestCombination.Of(cart, owned).Composition.Applied.Select(a => a.Coupon)];

    private static Cart Cart(long amount) => new([new PricedLine("A", amount, 0, null, null)]);

    private static Cart Random(Random random, int lines) => new([.. Enumerable.Range(0, lines).Select(_ =>
        CartPlan.Line(new LinePlan((byte)random.Next(4), (byte)random.Next(5), (ushort)random.Next(5_000, 60_000), 2)))]);

    private static CartCoupon Random(Random random, int number, string group)
    {
        var benefit = random.Next(4) switch
        {
            0 => new Benefit(BenefitKind.PercentOff, Percent: random.Next(1, 30), CapMinor: random.Next(5_000, 50_000)),
            1 => new Benefit(BenefitKind.Threshold, Steps: [new(50_000, random.Next(1_000, 5_000)), new(300_000, random.Next(6_000, 40_000))]),
            2 => new Benefit(BenefitKind.Gift, Gift: new Gift("MUG", 1, random.Next(500, 10_000)), MinimumSpendMinor: random.Next(100_000, 400_000)),
            _ => Off(random.Next(500, 30_000), random.Next(1, 400_000)),
        };
        CampaignScope? scope = random.Next(3) switch
        {
            0 => new CampaignScope { Categories = ["Apparel/Topwear"] },
            1 => new CampaignScope { ProductCodes = ["P0", "P1"] },
            _ => null,
        };
        return Coupon(number + 1, benefit, group, random.Next(-3, 4), scope);
    }

    private static Benefit Off(long amount, long? minimum = null) => new(BenefitKind.AmountOff, AmountMinor: amount, MinimumSpendMinor: minimum);

    private static CartCoupon Coupon(int number, Benefit benefit, string? group = null, int priority = 0, CampaignScope? scope = null) =>
        new(CartPlan.Id(number), CartPlan.Id(number), benefit, scope, new Stacking(group, priority));
}

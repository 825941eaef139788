using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Tests.Carts;

internal sealed class BenefitTests
{
    private static readonly Benefit Steps = new(BenefitKind.Threshold, Steps: [new(2_000, 300), new(4_000, 700)]);

    private static readonly Gift Mug = new("MUG", 1, 2_500);

    private static IEnumerable<TestCaseData> Faulty =>
    [
        Case(new(BenefitKind.AmountOff), "/benefit/amountMinor benefit.member_missing"),
        Case(new(BenefitKind.AmountOff, AmountMinor: 0), "/benefit/amountMinor benefit.amount_not_positive"),
        Case(new(BenefitKind.AmountOff, AmountMinor: long.MinValue), "/benefit/amountMinor benefit.amount_not_positive"),
        Case(new(BenefitKind.AmountOff, AmountMinor: Money.MaxMinor + 1), "/benefit/amountMinor money.out_of_range"),
        Case(new(BenefitKind.AmountOff, AmountMinor: 1, MinimumSpendMinor: 0), "/benefit/minimumSpendMinor benefit.minimum_not_positive"),
        Case(new(BenefitKind.AmountOff, AmountMinor: 1, MinimumSpendMinor: long.MaxValue), "/benefit/minimumSpendMinor money.out_of_range"),
        Case(new(BenefitKind.AmountOff, 1, 1, 1, null, [], Mug),
            "/benefit/percent benefit.member_unused", "/benefit/capMinor benefit.member_unused", "/benefit/steps benefit.member_unused", "/benefit/gift benefit.member_unused"),
        Case(new(BenefitKind.PercentOff), "/benefit/percent benefit.member_missing", "/benefit/capMinor benefit.member_missing"),
        Case(new(BenefitKind.PercentOff, Percent: 0, CapMinor: 0), "/benefit/percent benefit.percent_too_low", "/benefit/capMinor benefit.cap_zero"),
        Case(new(BenefitKind.PercentOff, Percent: 101, CapMinor: -1), "/benefit/percent benefit.percent_over_100", "/benefit/capMinor benefit.cap_negative"),
        Case(new(BenefitKind.PercentOff, Percent: 1, CapMinor: Money.MaxMinor + 1), "/benefit/capMinor money.out_of_range"),
        Case(new(BenefitKind.Threshold), "/benefit/steps benefit.member_missing"),
        Case(new(BenefitKind.Threshold, Steps: []), "/benefit/steps list.length"),
        Case(new(BenefitKind.Threshold, MinimumSpendMinor: 5, Steps: [new(2, 1)]), "/benefit/minimumSpendMinor benefit.member_unused"),
        Case(new(BenefitKind.Threshold, Steps: [new(5, 5)]), "/benefit/steps/0/minimumSpendMinor benefit.minimum_too_low"),
        Case(new(BenefitKind.Threshold, Steps: [new(5, 0)]), "/benefit/steps/0/amountMinor benefit.amount_not_positive"),
        Case(new(BenefitKind.Threshold, Steps: [new(9, 2), new(9, 3)]), "/benefit/steps/1 benefit.steps_not_rising"),
        Case(new(BenefitKind.Threshold, Steps: [new(9, 2), new(10, 2), new(11, 3)]), "/benefit/steps/1 benefit.steps_not_rising"),
        Case(new(BenefitKind.Threshold, Steps: [new(Money.MaxMinor + 1, 2)]), "/benefit/steps/0/minimumSpendMinor money.out_of_range"),
        Case(new(BenefitKind.Threshold, Steps: [.. Enumerable.Range(1, 11).Select(i => new BenefitStep(i * 10, i))]), "/benefit/steps list.length"),
        Case(new(BenefitKind.Gift), "/benefit/gift benefit.member_missing"),
        Case(new(BenefitKind.Gift, Gift: new(" ", 0, 0)),
            "/benefit/gift/productCode benefit.gift_invalid", "/benefit/gift/quantity benefit.gift_invalid", "/benefit/gift/worthMinor benefit.gift_invalid"),
        Case(new(BenefitKind.Gift, Gift: new(new string('x', 65), 1001, Money.MaxMinor + 1)),
            "/benefit/gift/productCode benefit.gift_invalid", "/benefit/gift/quantity benefit.gift_invalid", "/benefit/gift/worthMinor money.out_of_range"),
        Case(new((BenefitKind)9), "/benefit/kind value.unknown"),
    ];

    private static IEnumerable<Benefit> Sound =>
    [
        new(BenefitKind.AmountOff, AmountMinor: 1),
        new(BenefitKind.AmountOff, AmountMinor: Money.MaxMinor, MinimumSpendMinor: 1),
        new(BenefitKind.PercentOff, Percent: 1, CapMinor: 1),
        new(BenefitKind.PercentOff, Percent: 100, CapMinor: Money.MaxMinor, MinimumSpendMinor: Money.MaxMinor),
        Steps,
        new(BenefitKind.Threshold, Steps: [.. Enumerable.Range(1, 10).Select(i => new BenefitStep(i * 10, i))]),
        new(BenefitKind.Gift, Gift: Mug, MinimumSpendMinor: 100),
        new(BenefitKind.Gift, Gift: new(new string('x', 64), 1000, Money.MaxMinor)),
    ];

    [TestCaseSource(nameof(Faulty))]
    public void EachFault_HasACodeAndAPlaceOfItsOwn(Benefit benefit, string[] expected) => Assert.That(Faults(benefit), Is.EquivalentTo(expected));

    [TestCaseSource(nameof(Sound))]
    public void ASoundBenefit_HasNoFaults(Benefit benefit) => Assert.That(Faults(benefit), Is.Empty);

    [TestCase(999, 10, 1000, 99)]
    [TestCase(9, 10, 1000, 0)]
    [TestCase(100_000, 50, 1000, 1000)]
    [TestCase(1000, 100, 5000, 1000)]
    [TestCase(long.MaxValue, 100, 7, 7)]
    [TestCase(long.MaxValue, 100, long.MaxValue, long.MaxValue)]
    [TestCase(Money.MaxMinor, 99, Money.MaxMinor, 9_900_000_000_000)]
    public void PercentIsRoundedDown_AndCapped(long spend, int percent, long cap, long discount) =>
        Assert.That(new Benefit(BenefitKind.PercentOff, Percent: percent, CapMinor: cap).DiscountOn(spend), Is.EqualTo(discount));

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool APercentOfAnyAmount_IsItsExactShareRoundedDown(ulong amount, byte share)
    {
        var spend = (long)(amount >> 1);
        var percent = share % 100 + 1;
        return new Benefit(BenefitKind.PercentOff, Percent: percent, CapMinor: long.MaxValue).DiscountOn(spend) == (long)((Int128)spend * percent / 100);
    }

    [TestCase(1999, null)]
    [TestCase(2000, 300L)]
    [TestCase(3999, 300L)]
    [TestCase(4000, 700L)]
    [TestCase(Money.MaxMinor, 700L)]
    public void TheHighestStepReached_Counts(long spend, long? discount) => Assert.That(Steps.DiscountOn(spend), Is.EqualTo(discount));

    [Test]
    public void AMinimumSpend_CountsFromItself_ForEveryKind()
    {
        Benefit[] benefits =
        [
            new(BenefitKind.AmountOff, AmountMinor: 5, MinimumSpendMinor: 100),
            new(BenefitKind.PercentOff, Percent: 5, CapMinor: 50, MinimumSpendMinor: 100),
            new(BenefitKind.Gift, Gift: Mug, MinimumSpendMinor: 100),
        ];
        Assert.That(benefits.Select(b => b.DiscountOn(99)), Is.All.Null);
        Assert.That(benefits.Select(b => b.DiscountOn(100)), Is.EqualTo(new long?[] { 5, 5, 0 }));
        Assert.That(benefits.Append(Steps).Select(b => b.LeastSpendMinor()), Is.EqualTo(new[] { 100, 100, 100, 2_000 }));
    }

    private static TestCaseData Case(Benefit benefit, params string[] faults) => new(benefit, faults);

    private static IEnumerable<string> Faults(Benefit benefit)
    {
        var faults = new Faults();
        benefit.Validate(faults, "/benefit");
        return faults.List.Select(f => $"{f.Pointer} {f.Code}");
    }
}

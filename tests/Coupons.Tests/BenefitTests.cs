using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Tests;

internal sealed class BenefitTests
{
#pragma warning disable NUnit1027 // FsCheck supplies the arguments.
    [FsCheck.NUnit.Property(MaxTest = 2000)]
#pragma warning restore NUnit1027
    public bool ADiscountIsNeverNegative_NorAboveTheLines_NorAboveItsCap(uint kind, ulong a, ulong b, uint p, ulong l)
    {
        long Minor(ulong value, long min = 1) => min + (long)(value % (Money.MaxMinor - 1));
        var amount = Minor(a);
        var lines = Minor(l, min: 0);
        var percent = (int)(p % 100) + 1;
        var benefit = (kind % 3) switch
        {
            0 => new Benefit(BenefitKind.AmountOff, AmountMinor: amount),
            1 => new Benefit(BenefitKind.PercentOff, Percent: percent, CapMinor: amount),
            _ => new Benefit(BenefitKind.Threshold, AmountMinor: amount, MinimumSpendMinor: amount + Minor(b)),
        };
        return benefit.DiscountOn(lines) switch
        {
            null => benefit.Kind == BenefitKind.Threshold && lines < benefit.MinimumSpendMinor,
            { } discount => discount >= 0 && discount <= lines && discount <= amount
                && (benefit.Kind != BenefitKind.PercentOff || discount == Math.Min(amount, (long)Math.Floor(lines * (decimal)percent / 100))),
        };
    }

    [TestCase(999, 10, 1000, 99)]
    [TestCase(9, 10, 1000, 0)]
    [TestCase(100_000, 50, 1000, 1000)]
    [TestCase(1000, 100, 5000, 1000)]
    public void PercentIsRoundedDown_AndCapped(long lines, int percent, long cap, long discount) =>
        Assert.That(new Benefit(BenefitKind.PercentOff, Percent: percent, CapMinor: cap).DiscountOn(lines), Is.EqualTo(discount));

    [Test]
    public void AnOverflowingOrder_StillGetsItsDiscount() =>
        Assert.That(new Benefit(BenefitKind.PercentOff, Percent: 100, CapMinor: 7).DiscountOn(long.MaxValue), Is.EqualTo(7));

    [TestCase(1999, null)]
    [TestCase(2000, 300L)]
    public void AThresholdCountsFromItsMinimum(long lines, long? discount) =>
        Assert.That(new Benefit(BenefitKind.Threshold, AmountMinor: 300, MinimumSpendMinor: 2000).DiscountOn(lines), Is.EqualTo(discount));
}

using System.Text.Json.Serialization;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

[JsonConverter(typeof(JsonStringEnumConverter<BenefitKind>))]
internal enum BenefitKind
{
    /// <summary>A fixed amount, never more than the lines allow.</summary>
    AmountOff,

    /// <summary>A share of the lines, rounded down, up to a cap.</summary>
    PercentOff,

    /// <summary>The amount of the highest step the lines reach: 300 off 2,000, 700 off 4,000.</summary>
    Threshold,

    /// <summary>Goods on top; no money off.</summary>
    Gift,
}

/// <summary>One step of a Threshold.</summary>
/// <param name="MinimumSpendMinor">Minor units the lines must reach; above the amount.</param>
/// <param name="AmountMinor">Minor units off, from 1.</param>
internal sealed record BenefitStep(long MinimumSpendMinor, long AmountMinor);

/// <summary>Goods that come on top of an order.</summary>
/// <param name="ProductCode">The catalogue's code, 1 to 64 characters.</param>
/// <param name="Quantity">1 to 1,000 pieces.</param>
/// <param name="WorthMinor">Minor units all pieces together are worth to the customer, from 1; ranks the gift against money.</param>
internal sealed record Gift(string ProductCode, int Quantity, long WorthMinor)
{
    private const int LongestCode = 64;
    private const int MostPieces = 1_000;

    public void Validate(Faults faults, string pointer)
    {
        var code = new Faults().Text(ProductCode, $"{pointer}/productCode", LongestCode);
        faults.Check(code.Count == 0, $"{pointer}/productCode", "benefit.gift_invalid", $"Must be a product's code of 1 to {LongestCode} characters.")
            .Check(Quantity is >= 1 and <= MostPieces, $"{pointer}/quantity", "benefit.gift_invalid", $"Must be from 1 to {MostPieces} pieces.");
        if (WorthMinor < 1) faults.Add($"{pointer}/worthMinor", "benefit.gift_invalid", "Must be worth at least 1 minor unit.");
        else faults.AmountMinor(WorthMinor, $"{pointer}/worthMinor");
    }
}

/// <summary>What a coupon gives to an order.</summary>
/// <param name="Kind">Which of the members below count.</param>
/// <param name="AmountMinor">Minor units, from 1; AmountOff.</param>
/// <param name="Percent">1–100; PercentOff.</param>
/// <param name="CapMinor">Minor units, from 1; PercentOff.</param>
/// <param name="MinimumSpendMinor">Minor units the lines must reach, from 1. Optional, for all but Threshold.</param>
/// <param name="Steps">1 to 10, minimum and amount both rising; Threshold.</param>
/// <param name="Gift">Gift.</param>
internal sealed record Benefit(
    BenefitKind Kind,
    long? AmountMinor = null,
    int? Percent = null,
    long? CapMinor = null,
    long? MinimumSpendMinor = null,
    IReadOnlyList<BenefitStep>? Steps = null,
    Gift? Gift = null)
{
    private const int MostSteps = 10;

    /// <summary>Minor units the lines must reach for anything to happen.</summary>
    public long LeastSpendMinor() => Kind == BenefitKind.Threshold ? Steps![0].MinimumSpendMinor : MinimumSpendMinor ?? 0;

    public void Validate(Faults faults, string pointer)
    {
        faults.Known(Kind, $"{pointer}/kind");
        if (!Enum.IsDefined(Kind)) return;
        if (Expects(faults, AmountMinor.HasValue, Kind == BenefitKind.AmountOff, $"{pointer}/amountMinor"))
            Amount(faults, AmountMinor!.Value, $"{pointer}/amountMinor");
        if (Expects(faults, Percent.HasValue, Kind == BenefitKind.PercentOff, $"{pointer}/percent"))
        {
            faults.Check(Percent >= 1, $"{pointer}/percent", "benefit.percent_too_low", "Must be at least 1.")
                .Check(Percent <= 100, $"{pointer}/percent", "benefit.percent_over_100", "Must not be above 100.");
        }
        if (Expects(faults, CapMinor.HasValue, Kind == BenefitKind.PercentOff, $"{pointer}/capMinor"))
            Cap(faults, CapMinor!.Value, $"{pointer}/capMinor");
        if (Expects(faults, Steps is not null, Kind == BenefitKind.Threshold, $"{pointer}/steps"))
            Rising(faults, Steps!, $"{pointer}/steps");
        if (Expects(faults, Gift is not null, Kind == BenefitKind.Gift, $"{pointer}/gift"))
            Gift!.Validate(faults, $"{pointer}/gift");
        if (MinimumSpendMinor is { } minimum && Expects(faults, given: true, Kind != BenefitKind.Threshold, $"{pointer}/minimumSpendMinor"))
            Positive(faults, minimum, $"{pointer}/minimumSpendMinor", "benefit.minimum_not_positive");
    }

    /// <summary>Minor units off lines that come to this, as far as the lines allow it; 0 for a gift. Null: they are below the minimum spend.</summary>
    /// <param name="spendMinor">Minor units, from 0.</param>
    public long? DiscountOn(long spendMinor)
    {
        if (Kind == BenefitKind.Threshold)
        {
            for (var i = Steps!.Count - 1; i >= 0; i--)
                if (spendMinor >= Steps[i].MinimumSpendMinor) return Steps[i].AmountMinor;
            return null;
        }
        if (spendMinor < MinimumSpendMinor) return null;
        return Kind switch
        {
            BenefitKind.AmountOff => AmountMinor!.Value,
            BenefitKind.PercentOff => Math.Min(CapMinor!.Value, PercentOf(spendMinor, Percent!.Value)),
            BenefitKind.Gift => 0,
            _ => throw new InvalidOperationException($"No arithmetic for {Kind}."),
        };
    }

    /// <summary>True if some order could get more than <paramref name="percent"/> percent off what it must come to. A gift takes nothing off.</summary>
    public bool IsDeeperThan(int percent) => percent < 100 && Kind switch
    {
        BenefitKind.PercentOff => Percent > percent,
        BenefitKind.AmountOff => Exceeds(AmountMinor!.Value, MinimumSpendMinor ?? 0, percent),
        BenefitKind.Threshold => Steps!.Any(s => Exceeds(s.AmountMinor, s.MinimumSpendMinor, percent)),
        _ => false,
    };

    private static bool Exceeds(long amount, long least, int percent) => (Int128)amount * 100 > (Int128)least * percent;

    /// <summary>Rounded down. By hundreds and their rest, which cannot overflow.</summary>
    private static long PercentOf(long minor, int percent) => minor / 100 * percent + minor % 100 * percent / 100;

    /// <summary>True if the member is there and means something; a fault if it should and is not, or is and should not.</summary>
    private bool Expects(Faults faults, bool given, bool belongs, string pointer)
    {
        if (given && !belongs) faults.Add(pointer, "benefit.member_unused", $"Means nothing for {Kind}.");
        if (!given && belongs) faults.Add(pointer, "benefit.member_missing", $"Required for {Kind}.");
        return given && belongs;
    }

    private static void Rising(Faults faults, IReadOnlyList<BenefitStep> steps, string pointer)
    {
        faults.Size(steps, 1, MostSteps, pointer);
        for (var i = 0; i < Math.Min(steps.Count, MostSteps); i++)
        {
            var (minimum, amount) = steps[i];
            Amount(faults, amount, $"{pointer}/{i}/amountMinor");
            faults.Check(minimum > amount, $"{pointer}/{i}/minimumSpendMinor", "benefit.minimum_too_low", "Must be above the amount taken off.");
            faults.Check(minimum <= Money.MaxMinor, $"{pointer}/{i}/minimumSpendMinor", "money.out_of_range", $"Must not be above {Money.MaxMinor} minor units.");
            if (i > 0)
                faults.Check(minimum > steps[i - 1].MinimumSpendMinor && amount > steps[i - 1].AmountMinor, $"{pointer}/{i}", "benefit.steps_not_rising", "Minimum and amount must both be above those of the step before.");
        }
    }

    private static void Amount(Faults faults, long amount, string pointer) => Positive(faults, amount, pointer, "benefit.amount_not_positive");

    private static void Cap(Faults faults, long cap, string pointer)
    {
        if (cap == 0) faults.Add(pointer, "benefit.cap_zero", "A cap of zero takes nothing off.");
        else Positive(faults, cap, pointer, "benefit.cap_negative");
    }

    private static void Positive(Faults faults, long minor, string pointer, string code)
    {
        if (minor < 1) faults.Add(pointer, code, "Must be above zero.");
        else faults.AmountMinor(minor, pointer);
    }
}

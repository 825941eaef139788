using System.Text.Json.Serialization;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

[JsonConverter(typeof(JsonStringEnumConverter<BenefitKind>))]
internal enum BenefitKind
{
    /// <summary>A fixed amount, never more than the order's lines.</summary>
    AmountOff,

    /// <summary>A share of the lines, rounded down, up to a cap.</summary>
    PercentOff,

    /// <summary>A fixed amount once the lines reach a minimum: 300 off 2,000.</summary>
    Threshold,
}

/// <summary>What a coupon takes off an order.</summary>
/// <param name="Kind">Which of the members below count.</param>
/// <param name="AmountMinor">Minor units; AmountOff and Threshold.</param>
/// <param name="Percent">1–100; PercentOff.</param>
/// <param name="CapMinor">Minor units; PercentOff.</param>
/// <param name="MinimumSpendMinor">Minor units, above the amount; Threshold.</param>
internal sealed record Benefit(
    BenefitKind Kind,
    long? AmountMinor = null,
    int? Percent = null,
    long? CapMinor = null,
    long? MinimumSpendMinor = null)
{
    public void Validate(Faults faults, string pointer)
    {
        faults.Known(Kind, $"{pointer}/kind");
        var isPercent = Kind == BenefitKind.PercentOff;
        Member(faults, AmountMinor, !isPercent, Money.MaxMinor, $"{pointer}/amountMinor");
        Member(faults, Percent, isPercent, 100, $"{pointer}/percent");
        Member(faults, CapMinor, isPercent, Money.MaxMinor, $"{pointer}/capMinor");
        Member(faults, MinimumSpendMinor, Kind == BenefitKind.Threshold, Money.MaxMinor, $"{pointer}/minimumSpendMinor");
        if (Kind == BenefitKind.Threshold && AmountMinor is { } amount && MinimumSpendMinor is { } minimum)
            faults.Check(minimum > amount, $"{pointer}/minimumSpendMinor", "benefit.minimum_too_low", "Must be above the amount taken off.");
    }

    /// <summary>Minor units off an order with these lines: from 0 to the lines themselves. Null: the lines are below the minimum spend.</summary>
    public long? DiscountOn(long linesMinor) => Kind switch
    {
        BenefitKind.AmountOff => Math.Min(AmountMinor!.Value, linesMinor),
        BenefitKind.PercentOff => (long)Int128.Min((Int128)linesMinor * Percent!.Value / 100, CapMinor!.Value),
        BenefitKind.Threshold => linesMinor < MinimumSpendMinor!.Value ? null : AmountMinor!.Value,
        _ => throw new InvalidOperationException($"No arithmetic for {Kind}."),
    };

    private void Member(Faults faults, long? value, bool belongs, long max, string pointer)
    {
        if (value is null) faults.Check(!belongs, pointer, "benefit.member_missing", $"Required for {Kind}.");
        else if (belongs) faults.Range(value.Value, 1, max, pointer);
        else faults.Add(pointer, "benefit.member_unused", $"Means nothing for {Kind}.");
    }
}

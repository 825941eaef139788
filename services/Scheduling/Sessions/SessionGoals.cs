using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>What a session is to reach: <c>sales = views × conversion rate × average order value</c>.</summary>
/// <param name="Views">1 to 10^10.</param>
/// <param name="ConversionRate">Share of views that buy: above 0, at most 1, six decimals.</param>
/// <param name="AverageOrderValueMinor">Minor units of the owner's currency; at least 1.</param>
/// <param name="SalesMinor">Minor units of the owner's currency; at least 1.</param>
internal sealed record SessionGoals(long Views, decimal ConversionRate, long AverageOrderValueMinor, long SalesMinor)
{
    public const long MostViews = 10_000_000_000;
    public const int RateDigits = 6;
}

/// <summary>Goals as entered: three, of which the fourth follows, or four that agree.</summary>
internal sealed record GoalsEntry(long? Views = null, decimal? ConversionRate = null, long? AverageOrderValueMinor = null, long? SalesMinor = null)
{
    private const decimal LeastRate = 0.000001m;

    public void Validate(Faults faults, string at) => Complete(faults, at);

    /// <summary>Null if there are faults.</summary>
    public SessionGoals? Complete(Faults faults, string at)
    {
        var before = faults.Count;
        Ranges(faults, at);
        if (faults.Count > before) return null;
        var goals = (Views, ConversionRate, AverageOrderValueMinor, SalesMinor) switch
        {
            ({ } v, { } r, { } a, { } s) => Agreed(v, r, a, s),
            ({ } v, { } r, { } a, null) => (v, r, a, Sales(v, r, a)),
            ({ } v, { } r, null, { } s) => (v, r, Value(v, r, s), s),
            ({ } v, null, { } a, { } s) => (v, Rate(v, a, s), a, s),
            (null, { } r, { } a, { } s) => (Reach(r, a, s), r, a, s),
            _ => Absent("goals.incomplete", "Give three of the four, or none."),
        };
        if (goals is not var (views, rate, value, sales)) return null;
        // Three goals may each be sound and yet leave no sound fourth, such as more buyers than views.
        if (views is >= 1 and <= SessionGoals.MostViews && rate is >= LeastRate and <= 1 && value is >= 1 and <= Money.MaxMinor && sales is >= 1 and <= Money.MaxMinor)
            return new SessionGoals((long)views, rate, (long)value, (long)sales);
        Absent("goals.impossible", "The fourth that follows from these three is out of its range.");
        return null;

        (decimal, decimal, decimal, decimal)? Agreed(decimal v, decimal r, decimal a, decimal s) =>
            s == Sales(v, r, a) || a == Value(v, r, s) || r == Rate(v, a, s) || v == Reach(r, a, s)
                ? (v, r, a, s)
                : Absent("goals.disagree", $"Sales of {s} do not follow from the others, which give {Sales(v, r, a)}.");

        (decimal, decimal, decimal, decimal)? Absent(string code, string detail)
        {
            faults.Add(at, code, detail);
            return null;
        }
    }

    private static decimal Sales(decimal views, decimal rate, decimal value) => decimal.Round(views * rate * value, MidpointRounding.AwayFromZero);

    private static decimal Value(decimal views, decimal rate, decimal sales) => decimal.Round(sales / (views * rate), MidpointRounding.AwayFromZero);

    private static decimal Rate(decimal views, decimal value, decimal sales) => decimal.Round(sales / (views * value), SessionGoals.RateDigits, MidpointRounding.AwayFromZero);

    // Up: one view fewer would fall short of the sales.
    private static decimal Reach(decimal rate, decimal value, decimal sales) => decimal.Ceiling(sales / (rate * value));

    private void Ranges(Faults faults, string at)
    {
        if (Views is { } views) faults.Range(views, 1, SessionGoals.MostViews, $"{at}/views");
        if (ConversionRate is { } rate)
        {
            faults.Check(rate is >= LeastRate and <= 1 && decimal.Round(rate, SessionGoals.RateDigits) == rate,
                $"{at}/conversionRate", "number.out_of_range", $"Must be above 0, at most 1, with at most {SessionGoals.RateDigits} decimals.");
        }
        if (AverageOrderValueMinor is { } value) faults.AmountMinor(value, $"{at}/averageOrderValueMinor", 1);
        if (SalesMinor is { } sales) faults.AmountMinor(sales, $"{at}/salesMinor", 1);
    }
}

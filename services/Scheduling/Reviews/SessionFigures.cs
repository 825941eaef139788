using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Reviews;

/// <summary>What a session reached, as its review states it.</summary>
/// <param name="Views">0 to 10^10.</param>
/// <param name="Buyers">Orders paid; at most the views.</param>
/// <param name="SalesMinor">Minor units of the owner's currency.</param>
/// <param name="PeakConcurrent">Most viewers at one time; at most the views.</param>
internal sealed record SessionFigures(long Views, long Buyers, long SalesMinor, long? PeakConcurrent = null)
{
    public void Validate(Faults faults, string at)
    {
        faults.Range(Views, 0, SessionGoals.MostViews, $"{at}/views")
            .Range(Buyers, 0, Math.Max(0, Math.Min(Views, SessionGoals.MostViews)), $"{at}/buyers")
            .AmountMinor(SalesMinor, $"{at}/salesMinor")
            .Check(Buyers > 0 || SalesMinor == 0, $"{at}/salesMinor", "figures.disagree", "Where nobody bought, nothing was sold.");
        if (PeakConcurrent is { } peak) faults.Range(peak, 0, Math.Max(0, Math.Min(Views, SessionGoals.MostViews)), $"{at}/peakConcurrent");
    }
}

/// <summary>What was reached of one goal.</summary>
/// <param name="Goal">What was planned.</param>
/// <param name="Actual">What it came to.</param>
/// <param name="Percent">The actual as percent of the goal, to one decimal.</param>
internal sealed record Attainment(decimal Goal, decimal Actual, decimal Percent);

/// <summary>A session's figures by the formula its goals were set by: sales = views × conversion rate × average order value.</summary>
/// <param name="ConversionRate">Buyers by views, six decimals; null without views.</param>
/// <param name="AverageOrderValueMinor">Sales by buyers, rounded; null without buyers.</param>
/// <param name="Views">Against the goal; null without goals, like the others.</param>
/// <param name="Conversion">Against the goal.</param>
/// <param name="OrderValue">Against the goal.</param>
/// <param name="Sales">Against the goal.</param>
internal sealed record FiguresView(
    decimal? ConversionRate, long? AverageOrderValueMinor, Attainment? Views, Attainment? Conversion, Attainment? OrderValue, Attainment? Sales)
{
    public static FiguresView Of(SessionFigures figures, SessionGoals? goals)
    {
        decimal? rate = figures.Views == 0 ? null : decimal.Round((decimal)figures.Buyers / figures.Views, SessionGoals.RateDigits, MidpointRounding.AwayFromZero);
        long? value = figures.Buyers == 0 ? null : (long)decimal.Round((decimal)figures.SalesMinor / figures.Buyers, MidpointRounding.AwayFromZero);
        return new FiguresView(
            rate, value,
            Against(goals?.Views, figures.Views), Against(goals?.ConversionRate, rate), Against(goals?.AverageOrderValueMinor, value), Against(goals?.SalesMinor, figures.SalesMinor));
    }

    private static Attainment? Against(decimal? goal, decimal? actual) => goal is { } g && actual is { } a
        ? new Attainment(g, a, decimal.Round(a * 100 / g, 1, MidpointRounding.AwayFromZero))
        : null;
}

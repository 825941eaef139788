namespace LiveCommerce.Scheduling.Calendars;

/// <summary>
/// When a rule recurs, on the clock on the wall: the days a rule names that a month or a year does not have are left out, as
/// RFC 5545 has it. At most one a day.
/// </summary>
internal static class Occurrences
{
    // For rules that name days which never come, such as the 30th of February.
    private const int MostYears = 30;

    // Of days or weeks, in years of them: further ahead the calendar itself ends.
    private const int MostSteps = 500;

    /// <summary>In order, without end if the rule has none. The start counts only if the rule names it.</summary>
    /// <param name="rule">How it recurs.</param>
    /// <param name="start">The first, on the wall's clock.</param>
    /// <param name="zone">Where that clock hangs.</param>
    /// <param name="from">Nothing before it is told; the start unless given.</param>
    public static IEnumerable<DateTime> Of(RecurrenceRule rule, DateTime start, TimeZoneInfo zone, DateTime? from = null)
    {
        var count = 0;
        var first = from > start ? from.Value : start;
        var last = first.Date.AddYears(MostYears);
        // What is counted is counted from the start.
        for (var period = rule.Count is null ? PeriodsBefore(rule, start.Date, first.Date) : 0; ; period++)
        {
            if (BeginningOf(rule, start.Date, period) is not { } beginning || beginning > last) yield break;
            foreach (var day in Chosen(rule, [.. DaysOf(rule, start.Date, beginning).Order()]))
            {
                var at = day + start.TimeOfDay;
                if (at < start) continue;
                if (day > last || rule.Until?.IsBefore(at, zone) == true || ++count > rule.Count) yield break;
                if (at >= first) yield return at;
            }
        }
    }

    /// <summary>So many of the rule's periods are over before that day, but for one.</summary>
    private static int PeriodsBefore(RecurrenceRule rule, DateTime start, DateTime day)
    {
        var units = rule.Frequency switch
        {
            Frequency.Daily => (day - start).Days,
            Frequency.Weekly => (day - start).Days / 7,
            Frequency.Monthly => (day.Year - start.Year) * 12 + day.Month - start.Month,
            _ => day.Year - start.Year,
        };
        return Math.Max(0, units / rule.Interval - 1);
    }

    private static DateTime? BeginningOf(RecurrenceRule rule, DateTime start, int period)
    {
        var steps = (long)period * rule.Interval;
        if (steps > 366L * MostSteps) return null;
        return rule.Frequency switch
        {
            Frequency.Daily => start.AddDays(steps),
            Frequency.Weekly => StartOfWeek(start, rule.WeekStart).AddDays(7 * steps),
            Frequency.Monthly => start.Year + steps / 12 > 9000 ? null : new DateTime(start.Year, start.Month, 1).AddMonths((int)steps),
            _ => start.Year + steps > 9000 ? null : new DateTime(start.Year + (int)steps, 1, 1),
        };
    }

    private static IEnumerable<DateTime> DaysOf(RecurrenceRule rule, DateTime start, DateTime beginning) => rule.Frequency switch
    {
        Frequency.Daily => Limited(rule, [beginning]),
        Frequency.Weekly => Limited(rule, Enumerable.Range(0, 7).Select(i => beginning.AddDays(i)).Where(d => rule.Days.Count > 0 || d.DayOfWeek == start.DayOfWeek)),
        Frequency.Monthly => rule.Months.Count == 0 || rule.Months.Contains(beginning.Month) ? DaysOfMonth(rule, start, beginning, beginning) : [],
        _ => DaysOfYear(rule, start, beginning),
    };

    /// <summary>For days and weeks every BY part takes away.</summary>
    private static IEnumerable<DateTime> Limited(RecurrenceRule rule, IEnumerable<DateTime> days) => days.Where(d =>
        (rule.Months.Count == 0 || rule.Months.Contains(d.Month)) &&
        (rule.MonthDays.Count == 0 || IsMonthDay(rule, d)) &&
        (rule.Days.Count == 0 || rule.Days.Any(r => r.Day == d.DayOfWeek)));

    private static IEnumerable<DateTime> DaysOfYear(RecurrenceRule rule, DateTime start, DateTime year)
    {
        if (rule is { Months.Count: 0, MonthDays.Count: 0, Days.Count: > 0 })
            return Enumerable.Range(0, DateTime.IsLeapYear(year.Year) ? 366 : 365).Select(i => year.AddDays(i)).Where(d => IsNamed(rule, d, year, year.AddYears(1)));
        IEnumerable<int> months = rule.Months.Count > 0 ? rule.Months : rule.MonthDays.Count > 0 ? Enumerable.Range(1, 12) : [start.Month];
        // Without BYMONTH an ordinal counts through the year.
        return months.SelectMany(m => DaysOfMonth(rule, start, year.AddMonths(m - 1), rule.Months.Count > 0 ? null : year));
    }

    private static IEnumerable<DateTime> DaysOfMonth(RecurrenceRule rule, DateTime start, DateTime month, DateTime? counted)
    {
        var (from, to) = counted is { Month: 1, Day: 1 } year && rule.Frequency == Frequency.Yearly ? (year, year.AddYears(1)) : (month, month.AddMonths(1));
        var days = Enumerable.Range(0, DateTime.DaysInMonth(month.Year, month.Month)).Select(i => month.AddDays(i));
        if (rule is { MonthDays.Count: 0, Days.Count: 0 }) return days.Where(d => d.Day == start.Day);
        return days.Where(d => (rule.MonthDays.Count == 0 || IsMonthDay(rule, d)) && (rule.Days.Count == 0 || IsNamed(rule, d, from, to)));
    }

    private static bool IsMonthDay(RecurrenceRule rule, DateTime day) =>
        rule.MonthDays.Contains(day.Day) || rule.MonthDays.Contains(day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1);

    private static bool IsNamed(RecurrenceRule rule, DateTime day, DateTime from, DateTime to)
    {
        var fromStart = (int)(day - from).TotalDays / 7 + 1;
        var fromEnd = -((int)(to - day).TotalDays - 1) / 7 - 1;
        return rule.Days.Any(r => r.Day == day.DayOfWeek && (r.Ordinal == 0 || r.Ordinal == fromStart || r.Ordinal == fromEnd));
    }

    private static IEnumerable<DateTime> Chosen(RecurrenceRule rule, List<DateTime> days) => rule.Positions.Count == 0
        ? days
        : days.Where((_, i) => rule.Positions.Contains(i + 1) || rule.Positions.Contains(i - days.Count));

    private static DateTime StartOfWeek(DateTime day, DayOfWeek first) => day.AddDays(-(((int)day.DayOfWeek - (int)first + 7) % 7));
}

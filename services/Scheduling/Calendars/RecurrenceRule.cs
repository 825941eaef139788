using System.Globalization;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Calendars;

internal enum Frequency
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A day of the week; with an ordinal the n-th of the month or year, from its end if negative.</summary>
/// <param name="Ordinal">0 for every one.</param>
/// <param name="Day">The day.</param>
internal readonly record struct RuleDay(int Ordinal, DayOfWeek Day);

/// <summary>How the end of a rule was written.</summary>
internal enum RuleEndKind
{
    /// <summary>A day on the wall's calendar, which still counts.</summary>
    Date,

    /// <summary>A time on the wall's clock, inclusive.</summary>
    Local,

    /// <summary>An instant, inclusive.</summary>
    Utc,
}

internal readonly record struct RuleEnd(DateTime At, RuleEndKind Kind)
{
    public bool IsBefore(DateTime local, TimeZoneInfo zone) => Kind switch
    {
        RuleEndKind.Date => At < local.Date,
        RuleEndKind.Local => At < local,
        _ => At < WallClock.ToInstant(local, zone).UtcDateTime,
    };

    public override string ToString() =>
        At.ToString(Kind switch { RuleEndKind.Date => "yyyyMMdd", RuleEndKind.Local => "yyyyMMdd'T'HHmmss", _ => "yyyyMMdd'T'HHmmss'Z'" }, CultureInfo.InvariantCulture);
}

/// <summary>
/// A recurrence rule of RFC 5545, section 3.3.10: by days, weeks, months or years. What repeats within a day, and days
/// counted by week or day of the year, is not supported; <see cref="Occurrences"/> says when it recurs.
/// </summary>
internal sealed record RecurrenceRule
{
    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    public required Frequency Frequency { get; init; }

    public int Interval { get; init; } = 1;

    public int? Count { get; init; }

    public RuleEnd? Until { get; init; }

    public IReadOnlyList<int> Months { get; init; } = [];

    /// <summary>Negative: from the month's end.</summary>
    public IReadOnlyList<int> MonthDays { get; init; } = [];

    public IReadOnlyList<RuleDay> Days { get; init; } = [];

    /// <summary>Which of a period's occurrences count; negative: from its end.</summary>
    public IReadOnlyList<int> Positions { get; init; } = [];

    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    public bool HasEnd => Count is not null || Until is not null;

    /// <summary>The rule, or null and what is wrong with the text.</summary>
    public static RecurrenceRule? Parse(string text, string pointer, Faults faults) => new RecurrenceParser(pointer, faults).Parse(text);

    /// <summary>The rule in one way of writing it.</summary>
    public override string ToString()
    {
        List<string> parts = [$"FREQ={Frequency.ToString().ToUpperInvariant()}"];
        if (Interval > 1) parts.Add($"INTERVAL={Interval}");
        if (Until is { } until) parts.Add($"UNTIL={until}");
        if (Count is { } count) parts.Add($"COUNT={count}");
        if (Months.Count > 0) parts.Add($"BYMONTH={string.Join(',', Months)}");
        if (MonthDays.Count > 0) parts.Add($"BYMONTHDAY={string.Join(',', MonthDays)}");
        if (Days.Count > 0) parts.Add($"BYDAY={string.Join(',', Days.Select(Name))}");
        if (Positions.Count > 0) parts.Add($"BYSETPOS={string.Join(',', Positions)}");
        if (WeekStart != DayOfWeek.Monday) parts.Add($"WKST={DayNames[(int)WeekStart]}");
        return string.Join(';', parts);
    }

    internal static DayOfWeek? DayOf(string name) => Array.IndexOf(DayNames, name) is >= 0 and var day ? (DayOfWeek)day : null;

    private static string Name(RuleDay day) => day.Ordinal == 0 ? DayNames[(int)day.Day] : $"{day.Ordinal}{DayNames[(int)day.Day]}";
}

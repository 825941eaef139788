using System.Globalization;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Calendars;

/// <summary>Reads a rule part by part and says of each what is wrong with it.</summary>
internal sealed class RecurrenceParser(string pointer, Faults faults)
{
    internal const string Invalid = "series.rule_invalid";
    internal const string Unsupported = "series.rule_unsupported";

    private const int LongestText = 360;
    private const int MostInterval = 1000;
    private const int MostCount = 10_000;
    private const string Prefix = "RRULE:";

    private static readonly string[] UnsupportedParts = ["BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO", "RSCALE", "SKIP"];
    private static readonly string[] UnsupportedFrequencies = ["SECONDLY", "MINUTELY", "HOURLY"];

    private readonly Dictionary<string, string> _parts = [];

    public RecurrenceRule? Parse(string text)
    {
        var before = faults.Count;
        if (text.Length is 0 or > LongestText)
        {
            Fault(Invalid, $"Must be 1 to {LongestText} characters, such as FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20.");
            return null;
        }
        text = text.ToUpperInvariant();
        if (text.StartsWith(Prefix, StringComparison.Ordinal)) text = text[Prefix.Length..];
        foreach (var part in text.Split(';')) Take(part);
        if (ReadFrequency() is not { } frequency) return null;
        var rule = new RecurrenceRule
        {
            Frequency = frequency,
            Interval = Number("INTERVAL", MostInterval) ?? 1,
            Count = Number("COUNT", MostCount),
            Until = ReadEnd(),
            Months = Numbers("BYMONTH", 12, mayBeNegative: false),
            MonthDays = Numbers("BYMONTHDAY", 31, mayBeNegative: true),
            Days = ReadDays(),
            Positions = Numbers("BYSETPOS", 366, mayBeNegative: true),
            WeekStart = ReadWeekStart(),
        };
        CheckTogether(rule);
        return faults.Count == before ? rule : null;
    }

    private void Take(string part)
    {
        var at = part.IndexOf('=');
        var (name, value) = at < 0 ? (part, "") : (part[..at], part[(at + 1)..]);
        if (UnsupportedParts.Contains(name)) Fault(Unsupported, $"{name} is not supported.");
        else if (name is not ("FREQ" or "INTERVAL" or "COUNT" or "UNTIL" or "BYMONTH" or "BYMONTHDAY" or "BYDAY" or "BYSETPOS" or "WKST"))
            Fault(Invalid, $"{Shown(name)} is no part of a recurrence rule.");
        else if (value.Length == 0) Fault(Invalid, $"{name} has no value.");
        else if (!_parts.TryAdd(name, value)) Fault(Invalid, $"{name} is there twice.");
    }

    private Frequency? ReadFrequency()
    {
        if (!_parts.TryGetValue("FREQ", out var name))
        {
            Fault(Invalid, "FREQ is missing.");
            return null;
        }
        if (UnsupportedFrequencies.Contains(name))
        {
            Fault(Unsupported, $"FREQ={name} is not supported: a session recurs by days, weeks, months or years.");
            return null;
        }
        foreach (var frequency in Enum.GetValues<Frequency>())
            if (name == frequency.ToString().ToUpperInvariant()) return frequency;
        Fault(Invalid, $"FREQ={Shown(name)} is no frequency.");
        return null;
    }

    private int? Number(string name, int most)
    {
        if (!_parts.TryGetValue(name, out var text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
        Fault(Invalid, $"{name} must be a whole number from 1 to {most}.");
        return null;
    }

    private int[] Numbers(string name, int most, bool mayBeNegative)
    {
        if (!_parts.TryGetValue(name, out var text)) return [];
        var numbers = new List<int>();
        foreach (var entry in text.Split(','))
        {
            var good = int.TryParse(entry, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number != 0 && number <= most && number >= (mayBeNegative ? -most : 1);
            if (good) numbers.Add(number);
            else Fault(Invalid, $"{name} must hold numbers from 1 to {most}{(mayBeNegative ? $" or -{most} to -1" : "")}.");
        }
        return [.. numbers.Distinct().Order()];
    }

    private RuleDay[] ReadDays()
    {
        if (!_parts.TryGetValue("BYDAY", out var text)) return [];
        var days = new List<RuleDay>();
        foreach (var entry in text.Split(','))
        {
            var ordinal = 0;
            var day = entry.Length >= 2 ? RecurrenceRule.DayOf(entry[^2..]) : null;
            var hasOrdinal = entry.Length > 2;
            if (day is null || (hasOrdinal && (!int.TryParse(entry[..^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal) || ordinal is 0 or < -53 or > 53)))
                Fault(Invalid, $"BYDAY: {Shown(entry)} is no day such as MO, 2TU or -1FR.");
            else days.Add(new RuleDay(ordinal, day.Value));
        }
        return [.. days.Distinct()];
    }

    private DayOfWeek ReadWeekStart()
    {
        if (!_parts.TryGetValue("WKST", out var text)) return DayOfWeek.Monday;
        if (RecurrenceRule.DayOf(text) is { } day) return day;
        Fault(Invalid, "WKST must be a day such as MO.");
        return DayOfWeek.Monday;
    }

    private RuleEnd? ReadEnd()
    {
        if (!_parts.TryGetValue("UNTIL", out var text)) return null;
        foreach (var (format, kind) in new[] { ("yyyyMMdd", RuleEndKind.Date), ("yyyyMMdd'T'HHmmss", RuleEndKind.Local), ("yyyyMMdd'T'HHmmss'Z'", RuleEndKind.Utc) })
        {
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at.Year is >= 1971 and <= 2999)
                return new RuleEnd(at, kind);
        }
        Fault(Invalid, "UNTIL must be a date such as 20261231, or a time such as 20261231T155959Z.");
        return null;
    }

    private void CheckTogether(RecurrenceRule rule)
    {
        if (rule.Count is not null && rule.Until is not null) Fault(Invalid, "COUNT and UNTIL do not go together.");
        if (rule.MonthDays.Count > 0 && rule.Frequency == Frequency.Weekly) Fault(Invalid, "BYMONTHDAY does not go with FREQ=WEEKLY.");
        if (rule.Days.Any(d => d.Ordinal != 0) && rule.Frequency is Frequency.Daily or Frequency.Weekly)
            Fault(Invalid, "A BYDAY with a number goes with FREQ=MONTHLY or YEARLY only.");
        if (rule.Positions.Count > 0 && rule.Days.Count + rule.MonthDays.Count + rule.Months.Count == 0)
            Fault(Invalid, "BYSETPOS needs another BY part to choose from.");
    }

    private void Fault(string code, string detail) => faults.Add(pointer, code, detail);

    // A refusal repeats what was sent, but not all of it.
    private static string Shown(string text) => text.Length switch { 0 => "An empty part", > 20 => text[..20], _ => text };
}

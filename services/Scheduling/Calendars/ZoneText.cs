using System.Collections.Concurrent;
using System.Globalization;

namespace LiveCommerce.Scheduling.Calendars;

/// <summary>
/// A time zone as a VTIMEZONE. Where the clock changes by the same rule every year it is written as that rule, which is what
/// calendars such as Outlook expect; where it does not, change by change.
/// </summary>
internal static class ZoneText
{
    private const int RuleYears = 10;

    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    private static readonly ConcurrentDictionary<(string Zone, int From, int To), IReadOnlyList<Change>> Known = new();

    /// <summary>The clock is put from one offset to another.</summary>
    /// <param name="Wall">What it shows when that happens.</param>
    /// <param name="From">Offset before.</param>
    /// <param name="To">Offset after.</param>
    internal readonly record struct Change(DateTime Wall, TimeSpan From, TimeSpan To)
    {
        public bool IsForward => To > From;
    }

    /// <summary>Writes what is needed to read local times of those years.</summary>
    public static void Write(IcsWriter text, TimeZoneInfo zone, int firstYear, int lastYear)
    {
        text.Begin("VTIMEZONE").Line("TZID", zone.Id).Line("X-LIC-LOCATION", zone.Id);
        var changes = Changes(zone, firstYear - 1, lastYear + RuleYears);
        if (changes.Count == 0)
        {
            var offset = zone.GetUtcOffset(new DateTimeOffset(firstYear, 1, 1, 0, 0, 0, TimeSpan.Zero));
            Observe(text, new Change(new DateTime(1970, 1, 1), offset, offset), rule: null);
        }
        else if (Yearly(changes, firstYear - 1, lastYear + RuleYears) is { } rules)
        {
            foreach (var (first, rule) in rules) Observe(text, first, rule);
        }
        else
        {
            var offset = changes[0].From;
            Observe(text, new Change(new DateTime(1970, 1, 1), offset, offset), rule: null);
            foreach (var change in changes.Where(c => c.Wall.Year <= lastYear + 1)) Observe(text, change, rule: null);
        }
        text.End("VTIMEZONE");
    }

    private static void Observe(IcsWriter text, Change change, string? rule)
    {
        var name = change.IsForward ? "DAYLIGHT" : "STANDARD";
        text.Begin(name).Line("TZOFFSETFROM", Offset(change.From)).Line("TZOFFSETTO", Offset(change.To)).Line("TZNAME", Offset(change.To)).Line("DTSTART", IcsWriter.Format(change.Wall));
        if (rule is not null) text.Line("RRULE", rule);
        text.End(name);
    }

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(offset.Seconds == 0 ? "hhmm" : "hhmmss", CultureInfo.InvariantCulture);

    /// <summary>One rule for each direction, if such rules give exactly these changes.</summary>
    private static List<(Change First, string Rule)>? Yearly(IReadOnlyList<Change> changes, int firstYear, int lastYear)
    {
        var kinds = changes.GroupBy(c => (c.From, c.To, c.Wall.Month, c.Wall.DayOfWeek, c.Wall.TimeOfDay)).ToList();
        if (kinds.Count != 2) return null;
        List<(Change, string)> rules = [];
        foreach (var kind in kinds)
        {
            if (kind.Count() != lastYear - firstYear + 1 || kind.DistinctBy(c => c.Wall.Year).Count() != kind.Count()) return null;
            int[] ordinals = [-1, 1, 2, 3, 4];
            var ordinal = ordinals.FirstOrDefault(o => kind.All(c => IsThe(o, c.Wall)));
            if (ordinal == 0) return null;
            rules.Add((kind.First(), $"FREQ=YEARLY;BYMONTH={kind.Key.Month};BYDAY={ordinal}{DayNames[(int)kind.Key.DayOfWeek]}"));
        }
        return rules;
    }

    private static bool IsThe(int ordinal, DateTime day) =>
        ordinal < 0 ? day.Day > DateTime.DaysInMonth(day.Year, day.Month) - 7 : (day.Day - 1) / 7 + 1 == ordinal;

    private static IReadOnlyList<Change> Changes(TimeZoneInfo zone, int firstYear, int lastYear) => Known.GetOrAdd((zone.Id, firstYear, lastYear), _ =>
    {
        var changes = new List<Change>();
        var (at, end) = (new DateTimeOffset(firstYear, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(lastYear + 1, 1, 1, 0, 0, 0, TimeSpan.Zero));
        for (var before = zone.GetUtcOffset(at); at < end; at = at.AddDays(1))
        {
            var after = zone.GetUtcOffset(at.AddDays(1));
            if (after == before) continue;
            changes.Add(new Change((Moment(zone, at, at.AddDays(1), before) + before).DateTime, before, after));
            before = after;
        }
        return changes;
    });

    /// <summary>The second the offset changes, between two instants it changes between.</summary>
    private static DateTimeOffset Moment(TimeZoneInfo zone, DateTimeOffset early, DateTimeOffset late, TimeSpan before)
    {
        while (late - early > TimeSpan.FromSeconds(1))
        {
            var middle = early.AddSeconds(Math.Floor((late - early).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == before) early = middle;
            else late = middle;
        }
        return late;
    }
}

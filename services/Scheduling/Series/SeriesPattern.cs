using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>One time a series takes place.</summary>
/// <param name="On">Its day on the wall's calendar, which names it for good.</param>
/// <param name="StartsAt">By the series; the session may have been moved.</param>
/// <param name="EndsAt">Exclusive.</param>
internal readonly record struct SeriesOccurrence(string On, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>When a series takes place: entered on the wall's clock of its zone, so that eight in the evening stays so all year.</summary>
internal sealed record SeriesPattern
{
    public const int MostDaysAhead = 400;
    public const int MostExceptions = 400;

    private static readonly int ShortestMinutes = (int)SessionPlan.Shortest.TotalMinutes;
    private static readonly int LongestMinutes = (int)SessionPlan.Longest.TotalMinutes;

    public required RecurrenceRule Rule { get; init; }

    public required DateTime StartsOn { get; init; }

    public required int DurationMinutes { get; init; }

    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Days left out.</summary>
    public required IReadOnlyList<DateTime> Exceptions { get; init; }

    /// <summary>In order.</summary>
    public IEnumerable<SeriesOccurrence> Occurrences => Calendars.Occurrences.Of(Rule, StartsOn, Zone).Where(at => !Exceptions.Contains(at.Date)).Select(Occurrence);

    /// <summary>The pattern entered, or null and its faults. What depends on the zone and on today is judged by <see cref="Check"/>.</summary>
    public static SeriesPattern? Read(Faults faults, string rule, string startsLocal, int durationMinutes, string timeZone, IReadOnlyList<string> exceptions)
    {
        var before = faults.Count;
        var read = RecurrenceRule.Parse(rule, "/rule", faults);
        faults.Check(read?.HasEnd != false, "/rule", "series.no_end", "A series ends: give COUNT or UNTIL.");
        faults.Check(WallClock.TryParse(startsLocal, out var startsOn), "/startsLocal", "time.local_invalid", "Must be a time on the wall's clock, without an offset, such as 2026-11-11T20:00.");
        faults.Check(
            durationMinutes >= ShortestMinutes && durationMinutes <= LongestMinutes, "/durationMinutes", "session.length", $"Must be {ShortestMinutes} to {LongestMinutes} minutes.");
        var zone = WallClock.Zone(timeZone, "/timeZone", faults);
        faults.Size(exceptions, 0, MostExceptions, "/exceptions").Distinct(exceptions, "/exceptions");
        var days = new List<DateTime>();
        for (var i = 0; i < exceptions.Count; i++)
        {
            if (WallClock.TryParseDate(exceptions[i], out var day)) days.Add(day);
            else faults.Add($"/exceptions/{i}", "date.invalid", "Must be a day such as 2026-12-24.");
        }
        if (faults.Count > before) return null;
        return new SeriesPattern { Rule = read!, StartsOn = startsOn, DurationMinutes = durationMinutes, Zone = zone!, Exceptions = days };
    }

    /// <summary>What is wrong with it as a whole.</summary>
    public Faults Check(DateTimeOffset now)
    {
        var faults = new Faults();
        var horizon = now.AddDays(MostDaysAhead);
        var all = Calendars.Occurrences.Of(Rule, StartsOn, Zone).TakeWhile(at => at <= horizon.UtcDateTime.AddDays(2)).ToList();
        faults.Check(all.Count > 0 && all[0] == StartsOn, "/startsLocal", "series.start_not_in_rule", "The rule does not name the day it starts on.");
        faults.Check(
            all.Count == 0 || (Occurrence(all[^1]).StartsAt <= horizon && Calendars.Occurrences.Of(Rule, StartsOn, Zone).Skip(all.Count).FirstOrDefault() == default),
            "/rule", "series.too_long", $"The last occurrence must begin at most {MostDaysAhead} days ahead.");
        for (var i = 0; i < Exceptions.Count; i++)
            faults.Check(all.Exists(at => at.Date == Exceptions[i]), $"/exceptions/{i}", "series.exception_not_occurrence", $"Nothing takes place on {WallClock.DateText(Exceptions[i])} anyhow.");
        faults.Check(all.Count == 0 || all.Exists(at => !Exceptions.Contains(at.Date)), "/exceptions", "series.empty", "Every occurrence is an exception.");
        return faults;
    }

    /// <summary>The same until the day before.</summary>
    public SeriesPattern Before(DateTime day) => this with
    {
        Rule = Rule with { Count = null, Until = new RuleEnd(day.AddDays(-1), RuleEndKind.Date) },
        Exceptions = [.. Exceptions.Where(e => e < day)],
    };

    /// <summary>The same from that occurrence on.</summary>
    public SeriesPattern From(DateTime day) => this with
    {
        Rule = Rule with { Count = Rule.Count - Calendars.Occurrences.Of(Rule, StartsOn, Zone).TakeWhile(at => at.Date < day).Count() },
        StartsOn = day + StartsOn.TimeOfDay,
        Exceptions = [.. Exceptions.Where(e => e >= day)],
    };

    private SeriesOccurrence Occurrence(DateTime local)
    {
        var startsAt = WallClock.ToInstant(local, Zone);
        return new SeriesOccurrence(WallClock.DateText(local), startsAt, startsAt.AddMinutes(DurationMinutes));
    }
}

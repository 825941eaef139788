using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Calendars;

/// <summary>An event of an iCalendar file as it is written there, before what recurs is told one by one.</summary>
internal sealed record IcsEntry
{
    public required int Line { get; init; }

    public required string Uid { get; init; }

    public required string Summary { get; init; }

    /// <summary>On the clock on the wall of <see cref="Zone"/>.</summary>
    public required DateTime StartsOn { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Whole days, which are as long as the wall's days are.</summary>
    public required bool IsDate { get; init; }

    public required bool IsCancelled { get; init; }

    public RecurrenceRule? Rule { get; init; }

    public int RuleLine { get; init; }

    /// <summary>Instants, or days, at which it does not take place after all.</summary>
    public IReadOnlyList<IcsTime> Exceptions { get; init; } = [];

    /// <summary>Which occurrence of the event with the same UID it stands for.</summary>
    public IcsTime? Replaces { get; init; }

    public IcsEvent ToEvent(string? occurrence = null) =>
        new(Line, Uid.Length == 0 || occurrence is null ? Uid : $"{Uid}#{occurrence}", Summary, StartsAt, EndsAt, IsCancelled) { SeriesUid = occurrence is null ? null : Uid };

    public string NameOf(DateTime local) => local.ToString(IsDate ? "yyyyMMdd" : "yyyyMMdd'T'HHmmss", System.Globalization.CultureInfo.InvariantCulture);

    public IcsEntry At(DateTime local)
    {
        var startsAt = WallClock.ToInstant(local, Zone);
        var days = (WallClock.At(EndsAt, Zone).Date - StartsOn.Date).Days;
        return this with { StartsOn = local, StartsAt = startsAt, EndsAt = IsDate ? WallClock.ToInstant(local.AddDays(days), Zone) : startsAt + (EndsAt - StartsAt), Rule = null };
    }
}

/// <summary>A time that names an occurrence.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="At">The instant; of a day its beginning.</param>
/// <param name="Day">Only the day is named.</param>
internal readonly record struct IcsTime(int Line, DateTimeOffset At, DateTime? Day);

/// <summary>
/// Tells what recurs in a calendar file one by one: what is not over yet, and at most two years ahead. Each occurrence is
/// named by its event's UID and by when the rule has it, so that a file brought in again says the same of the same one.
/// </summary>
/// <param name="faults">What is wrong, by line.</param>
/// <param name="now">What ended before is over.</param>
internal sealed class IcsSeries(Faults faults, DateTimeOffset now)
{
    internal const int MostOccurrences = 400;

    /// <summary>Of a whole file; whoever reads it takes fewer, and refuses it.</summary>
    private const int MostEvents = 10_000;

    private const int YearsAhead = 2;

    private readonly DateTimeOffset _horizon = now.AddYears(YearsAhead);

    public IReadOnlyList<IcsEvent> Expand(IReadOnlyList<IcsEntry> entries)
    {
        var replacements = entries.Where(e => e.Replaces is not null).ToLookup(e => e.Uid);
        var events = new List<IcsEvent>();
        foreach (var entry in entries.Where(e => e.Replaces is null))
        {
            if (entry.Rule is { } rule) Expand(entry, rule, [.. replacements[entry.Uid]], events);
            else events.Add(entry.ToEvent());
        }
        var told = entries.Where(e => e.Rule is not null).Select(e => e.Uid).ToHashSet();
        // Of an event that is not in the file only the occurrence itself is known.
        events.AddRange(entries.Where(e => e.Replaces is not null && !told.Contains(e.Uid)).Select(e => e.ToEvent(e.NameOf(WallClock.At(e.Replaces!.Value.At, e.Zone)))));
        return events;
    }

    private void Expand(IcsEntry entry, RecurrenceRule rule, List<IcsEntry> replacements, List<IcsEvent> events)
    {
        var from = WallClock.At(now - (entry.EndsAt - entry.StartsAt), entry.Zone).Date.AddDays(-1);
        var told = 0;
        // The first is one of them, whether or not the rule names it.
        var times = Occurrences.Of(rule, entry.StartsOn, entry.Zone, from).SkipWhile(at => at == entry.StartsOn).Prepend(entry.StartsOn);
        foreach (var local in times)
        {
            var occurrence = entry.At(local);
            if (occurrence.StartsAt > _horizon || events.Count > MostEvents) break;
            var replacement = replacements.Find(r => Names(r.Replaces!.Value, occurrence));
            if (replacement is not null) replacements.Remove(replacement);
            if (occurrence.EndsAt <= now && (replacement is null || replacement.EndsAt <= now)) continue;
            if (++told > MostOccurrences)
            {
                faults.Add($"line {entry.RuleLine}", "ics.recurrence_too_many", $"More than {MostOccurrences} occurrences in the next {YearsAhead} years; give it a COUNT or an UNTIL.");
                return;
            }
            var isOut = entry.IsCancelled || entry.Exceptions.Any(e => Names(e, occurrence));
            events.Add((replacement ?? (isOut ? occurrence with { IsCancelled = true } : occurrence)).ToEvent(entry.NameOf(local)));
        }
        // What replaces one that is over, or too far ahead, is passed over with it.
        foreach (var stray in replacements.Where(r => r.Replaces!.Value.At > now && r.Replaces.Value.At <= _horizon))
            faults.Add($"line {stray.Replaces!.Value.Line}", "ics.recurrence_id_unknown", $"{entry.Uid} has no occurrence then.");
    }

    private static bool Names(IcsTime time, IcsEntry occurrence) => time.Day is { } day ? occurrence.StartsOn.Date == day : occurrence.StartsAt == time.At;
}

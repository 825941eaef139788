using System.Globalization;
using System.Text;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Calendars;

/// <summary>An event of an iCalendar file, with all its times as instants.</summary>
/// <param name="Line">Where it begins in the file.</param>
/// <param name="Uid">What the file calls it; empty if it does not say.</param>
/// <param name="Summary">Its title; empty if it has none.</param>
/// <param name="StartsAt">Inclusive.</param>
/// <param name="EndsAt">Exclusive.</param>
/// <param name="IsCancelled">The file takes it back.</param>
internal sealed record IcsEvent(int Line, string Uid, string Summary, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool IsCancelled)
{
    /// <summary>Of one occurrence of an event that recurs: that event's UID.</summary>
    public string? SeriesUid { get; init; }
}

/// <summary>
/// Reads the events of an iCalendar file (RFC 5545): folded lines, escaped text, dates, times in UTC, in a named zone or in
/// none, ends and durations; what recurs is told one by one (<see cref="IcsSeries"/>). Everything else in the file is passed
/// over, but for dates added to a rule, which are a fault: nobody would miss them before they come.
/// </summary>
internal sealed class IcsReader
{
    private const int LongestDays = 3_660;

    private static readonly string[] Dates = ["yyyyMMdd"];
    private static readonly string[] Times = ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmmss'Z'"];

    private readonly TimeZoneInfo _zone;
    private readonly List<IcsEntry> _entries = [];
    private readonly Stack<string> _open = new();
    private Dictionary<string, Property> _properties = [];
    private List<Property> _exceptions = [];
    private int _eventLine;

    private IcsReader(TimeZoneInfo zone) => _zone = zone;

    public Faults Faults { get; } = new();

    public IReadOnlyList<IcsEvent> Events { get; private set; } = [];

    /// <param name="text">The file.</param>
    /// <param name="zone">Of dates, and of times that name none.</param>
    /// <param name="now">Of what recurs, nothing that is over is told.</param>
    public static IcsReader Read(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        var reader = new IcsReader(zone);
        var (lines, read) = (Unfolded(text), 0);
        foreach (var (line, content) in lines)
        {
            if (content.Length == 0) continue;
            if (read++ == 0 && !content.Equals("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)) reader.Fault(line, "ics.not_a_calendar", "The file must begin with BEGIN:VCALENDAR.");
            reader.Take(line, content);
        }
        if (read == 0) reader.Fault(1, "ics.not_a_calendar", "The file is empty.");
        if (reader._open.TryPeek(out var left)) reader.Fault(lines[^1].Line, "ics.not_closed", $"{left} has no END.");
        reader.Events = new IcsSeries(reader.Faults, now).Expand(reader._entries);
        return reader;
    }

    private void Take(int line, string content)
    {
        if (Property.Parse(line, content) is not { } property)
        {
            Fault(line, "ics.malformed", "Not a line of the form NAME;PARAMETER=VALUE:VALUE.");
            return;
        }
        switch (property.Name)
        {
            case "BEGIN":
                _open.Push(property.Value.ToUpperInvariant());
                if (_open.Peek() == "VEVENT") (_properties, _exceptions, _eventLine) = ([], [], line);
                break;
            case "END":
                if (!_open.TryPop(out var open) || open != property.Value.ToUpperInvariant()) Fault(line, "ics.not_closed", $"END:{property.Value} ends nothing that was begun.");
                else if (open == "VEVENT") Close();
                break;
            default:
                // An alarm within an event has a description and a duration of its own.
                if (!_open.TryPeek(out var inside) || inside != "VEVENT") break;
                if (property.Name == "EXDATE") _exceptions.Add(property);
                else _properties.TryAdd(property.Name, property);
                break;
        }
    }

    private void Close()
    {
        var before = Faults.Count;
        foreach (var name in new[] { "RDATE", "EXRULE" })
            if (_properties.TryGetValue(name, out var repeats)) Fault(repeats.Line, "ics.recurrence_unsupported", $"{name}: enter each date as an event of its own.");
        var (rule, replaces) = (Rule(), Replaces());
        var isCancelled = _properties.TryGetValue("STATUS", out var status) && status.Value.Equals("CANCELLED", StringComparison.OrdinalIgnoreCase);
        if (!_properties.TryGetValue("DTSTART", out var start))
        {
            Fault(_eventLine, "ics.no_start", "An event has to have a DTSTART.");
            return;
        }
        var startsAt = Instant(start);
        DateTimeOffset? endsAt =
            _properties.TryGetValue("DTEND", out var end) ? Instant(end)
            : _properties.TryGetValue("DURATION", out var duration) ? After(start, duration)
            : IsDate(start) ? Instant(start, days: 1)
            : null;
        var exceptions = _exceptions.SelectMany(Exceptions).ToList();
        if (Faults.Count > before) return;
        if (endsAt is null) Fault(_eventLine, "ics.no_end", "An event that begins at a time has to have a DTEND or a DURATION.");
        else if (endsAt <= startsAt) Fault(_eventLine, "window.ends_before_start", "Must end after it starts.");
        else if (rule is not null && Text("UID").Length == 0) Fault(_eventLine, "ics.no_uid", "An event that recurs has to have a UID.");
        else
        {
            var zone = ZoneOf(start)!;
            _entries.Add(new IcsEntry
            {
                Line = _eventLine,
                Uid = Text("UID"),
                Summary = Text("SUMMARY"),
                StartsOn = WallClock.At(startsAt!.Value, zone),
                StartsAt = startsAt.Value,
                EndsAt = endsAt.Value,
                Zone = zone,
                IsDate = IsDate(start),
                IsCancelled = isCancelled,
                Rule = rule,
                RuleLine = rule is null ? 0 : _properties["RRULE"].Line,
                Exceptions = exceptions,
                Replaces = replaces,
            });
        }
    }

    private RecurrenceRule? Rule() => _properties.TryGetValue("RRULE", out var rule) ? RecurrenceRule.Parse(rule.Value, $"line {rule.Line}", Faults) : null;

    private IcsTime? Replaces()
    {
        if (!_properties.TryGetValue("RECURRENCE-ID", out var id)) return null;
        if (id.Parameters.ContainsKey("RANGE")) Fault(id.Line, "ics.recurrence_unsupported", "RANGE: enter each of the following as an event of its own.");
        if (_properties.TryGetValue("RRULE", out var rule)) Fault(rule.Line, "ics.recurrence_unsupported", "One occurrence does not recur.");
        return Named(id);
    }

    private IEnumerable<IcsTime> Exceptions(Property property) => property.Value.Split(',').Select(v => Named(property with { Value = v.Trim() })).OfType<IcsTime>();

    private IcsTime? Named(Property property) => Instant(property) is { } at
        ? new IcsTime(property.Line, at, IsDate(property) ? WallClock.At(at, ZoneOf(property)!).Date : null)
        : null;

    private string Text(string name) => _properties.TryGetValue(name, out var property) ? Unescaped(property.Value).Trim() : "";

    private static bool IsDate(Property property) =>
        property.Parameters.TryGetValue("VALUE", out var kind) ? kind.Equals("DATE", StringComparison.OrdinalIgnoreCase) : property.Value.Length == 8;

    private DateTimeOffset? Instant(Property property, int days = 0)
    {
        var isDate = IsDate(property);
        if (!DateTime.TryParseExact(property.Value, isDate ? Dates : Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 1971 or > 2999)
        {
            Fault(property.Line, "time.invalid", $"{property.Name} must be a date such as 20261111 or a time such as 20261111T200000Z.");
            return null;
        }
        local = DateTime.SpecifyKind(local.AddDays(days), DateTimeKind.Unspecified);
        if (ZoneOf(property) is not { } zone)
        {
            Fault(property.Line, "ics.zone_unknown", $"No time zone {property.Parameters["TZID"]}.");
            return null;
        }
        return WallClock.ToInstant(local, zone);
    }

    /// <summary>Null: unknown.</summary>
    private TimeZoneInfo? ZoneOf(Property property)
    {
        if (!IsDate(property) && property.Value.EndsWith('Z')) return TimeZoneInfo.Utc;
        // Outlook calls zones by names of its own, which the runtime knows too.
        return property.Parameters.TryGetValue("TZID", out var id) ? TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null : _zone;
    }

    private DateTimeOffset? After(Property start, Property duration)
    {
        var (days, time, text) = (0, TimeSpan.Zero, duration.Value.ToUpperInvariant());
        var isGood = text.Length > 2 && text[0] == 'P';
        var isTime = false;
        for (var (at, number) = (1, -1); isGood && at < text.Length; at++)
        {
            if (text[at] == 'T' && !isTime && number < 0) isTime = true;
            else if (char.IsAsciiDigit(text[at]) && number < 100_000) number = Math.Max(number, 0) * 10 + (text[at] - '0');
            else if (number >= 0 && (text[at], isTime) is ('W', false) or ('D', false) or ('H', true) or ('M', true) or ('S', true))
            {
                if (text[at] == 'W') days += 7 * number;
                else if (text[at] == 'D') days += number;
                else time += TimeSpan.FromSeconds((double)number * (text[at] == 'H' ? 3600 : text[at] == 'M' ? 60 : 1));
                number = -1;
                isGood = days <= LongestDays && time.TotalDays <= LongestDays;
            }
            else isGood = false;
            isGood &= at < text.Length - 1 || number < 0 && text[at] != 'T';
        }
        if (!isGood)
        {
            Fault(duration.Line, "ics.duration_invalid", "Must be a duration such as PT2H30M or P1D.");
            return null;
        }
        // Days are days on the wall clock; hours are hours.
        return Instant(start, days) + time;
    }

    private void Fault(int line, string code, string detail) => Faults.Add($"line {line}", code, detail);

    /// <summary>Long lines go on in the next, after a blank.</summary>
    private static List<(int Line, string Content)> Unfolded(string text)
    {
        var lines = new List<(int Line, StringBuilder Content)>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.EndsWith('\r') ? raw[..^1] : raw;
            if (line.Length > 0 && line[0] is ' ' or '\t' && lines.Count > 0) lines[^1].Content.Append(line, 1, line.Length - 1);
            else lines.Add((number, new StringBuilder(line)));
        }
        return lines.ConvertAll(l => (l.Line, l.Content.ToString()));
    }

    private static string Unescaped(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length) plain.Append(text[at]);
            else plain.Append(text[++at] is 'n' or 'N' ? ' ' : text[at]);
        }
        return plain.ToString();
    }

    private sealed record Property(int Line, string Name, Dictionary<string, string> Parameters, string Value)
    {
        public static Property? Parse(int line, string content)
        {
            var (parts, from, isQuoted, colon) = (new List<string>(), 0, false, -1);
            for (var at = 0; at < content.Length && colon < 0; at++)
            {
                if (content[at] == '"') isQuoted = !isQuoted;
                else if (!isQuoted && content[at] is ';' or ':' && !isQuoted)
                {
                    parts.Add(content[from..at]);
                    from = at + 1;
                    if (content[at] == ':') colon = at;
                }
            }
            if (colon < 0 || parts[0].Length == 0) return null;
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var part in parts.Skip(1))
            {
                var equals = part.IndexOf('=');
                if (equals < 1) return null;
                parameters.TryAdd(part[..equals], part[(equals + 1)..].Trim('"'));
            }
            return new Property(line, parts[0].ToUpperInvariant(), parameters, content[(colon + 1)..].Trim());
        }
    }
}

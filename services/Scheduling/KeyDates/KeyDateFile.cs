using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Periods.Proposal;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>A key date of a file.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Uid">What tells it from the others, when the file is brought in again.</param>
/// <param name="Date">What it says; null if the file takes it back.</param>
internal sealed record KeyDateEntry(int Line, string Uid, KeyDateRow? Date);

/// <summary>A file of key dates, read and judged. Nothing is stored.</summary>
internal sealed class KeyDateFile
{
    internal const int MostDates = 5_000;
    private const int LongestUid = 200;

    private static readonly string[] LocalTimes = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] Known = ["uid", "title", "startsAt", "endsAt", "leadTimeDays", "kind", "brands"];

    private readonly List<KeyDateEntry> _entries = [];
    private readonly Dictionary<string, int> _lineOfUid = [];

    public Faults Faults { get; private set; } = new();

    public IReadOnlyList<KeyDateEntry> Entries => _entries;

    /// <summary>Of the events the file tells the occurrences of.</summary>
    public IReadOnlySet<string> RecurringUids { get; private set; } = new HashSet<string>();

    /// <summary>A table says of what kind a date is, for which brands, and how early; a calendar does not.</summary>
    public bool SaysKind { get; private init; }

    public static KeyDateFile OfCalendar(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        var (file, calendar) = (new KeyDateFile(), IcsReader.Read(text, zone, now));
        file.Faults = calendar.Faults;
        file.RecurringUids = calendar.Events.Select(e => e.SeriesUid).OfType<string>().ToHashSet();
        foreach (var found in calendar.Events)
        {
            var uid = found.Uid.Length == 0 ? UidOf(found.Summary, found.StartsAt) : found.Uid;
            file.Add(found.Line, uid, found.IsCancelled ? null : new KeyDateRow { Title = found.Summary, StartsAt = found.StartsAt, EndsAt = found.EndsAt });
        }
        return file;
    }

    /// <param name="text">A header, then a line a date.</param>
    /// <param name="zone">Of times without an offset.</param>
    /// <param name="brands">Ids by code.</param>
    public static KeyDateFile OfTable(string text, TimeZoneInfo zone, IReadOnlyDictionary<string, Guid> brands)
    {
        var file = new KeyDateFile { SaysKind = true };
        var records = Records(text, file.Faults);
        if (records.Count == 0)
        {
            file.Faults.Add("line 1", "csv.empty", "Not even a header line.");
            return file;
        }
        var header = records[0].Fields.ConvertAll(f => Known.FirstOrDefault(k => k.Equals(f.Trim(), StringComparison.OrdinalIgnoreCase)) ?? $"?{f}");
        foreach (var needed in new[] { "title", "startsAt", "endsAt" }.Where(n => !header.Contains(n))) file.Faults.Add("line 1", "csv.missing_column", $"No column {needed}.");
        foreach (var column in header.Where(h => h[0] == '?')) file.Faults.Add("line 1", "csv.column_unknown", $"No column is called {column[1..]}; there are {string.Join(", ", Known)}.");
        foreach (var column in header.CountBy(h => h).Where(c => c.Value > 1)) file.Faults.Add("line 1", "csv.column_repeated", $"{column.Key} twice.");
        if (file.Faults.Count > 0) return file;
        foreach (var (line, fields) in records.Skip(1))
        {
            if (fields.Count == header.Count) file.Read(line, header.Zip(fields).ToDictionary(p => p.First, p => p.Second.Trim()), zone, brands);
            else file.Faults.Add($"line {line}", "csv.field_count", $"{fields.Count} fields where the header has {header.Count}.");
        }
        return file;
    }

    private void Read(int line, Dictionary<string, string> fields, TimeZoneInfo zone, IReadOnlyDictionary<string, Guid> brands)
    {
        var before = Faults.Count;
        void Fault(string code, string detail) => Faults.Add($"line {line}", code, detail);
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var (startsAt, endsAt) = (Time("startsAt", days: 0), Time("endsAt", days: 1));
        if (startsAt >= endsAt) Fault("window.ends_before_start", "Must end after it starts.");
        int? leadTimeDays = null;
        if (Field("leadTimeDays") is { Length: > 0 } lead)
        {
            if (int.TryParse(lead, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= AddKeyDate.LongestLeadTimeDays) leadTimeDays = days;
            else Fault("number.out_of_range", $"leadTimeDays must be from 0 to {AddKeyDate.LongestLeadTimeDays}.");
        }
        var kind = KeyDateKind.Other;
        if (Field("kind") is { Length: > 0 } named && !Enum.GetNames<KeyDateKind>().Contains(named, StringComparer.OrdinalIgnoreCase))
            Fault("value.unknown", $"kind must be one of {string.Join(", ", Enum.GetNames<KeyDateKind>())}.");
        else if (Field("kind").Length > 0) kind = Enum.Parse<KeyDateKind>(Field("kind"), ignoreCase: true);
        var codes = Field("brands").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(c => c.ToLowerInvariant()).Distinct().ToList();
        foreach (var code in codes.Where(c => !brands.ContainsKey(c))) Fault("csv.brand_unknown", $"No brand {code}.");
        if (Faults.Count > before) return;
        var title = Field("title");
        Add(line, Field("uid") is { Length: > 0 } uid ? uid : UidOf(title, startsAt!.Value), new KeyDateRow
        {
            Title = title,
            StartsAt = startsAt!.Value,
            EndsAt = endsAt!.Value,
            LeadTimeDays = leadTimeDays,
            Kind = kind,
            BrandIds = Sql.Json(codes.Select(c => brands[c])),
        });

        // A day alone begins with its first instant and ends with its last.
        DateTimeOffset? Time(string name, int days)
        {
            if (ApiJson.TryParse(Field(name), out var instant)) return instant;
            if (DateTime.TryParseExact(Field(name), LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1971 and < 2999) return SlotGrid.At(local, zone);
            if (DateTime.TryParseExact(Field(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1971 and < 2999) return SlotGrid.At(day.AddDays(days), zone);
            Fault("time.invalid", $"{name} must be a day such as 2026-11-11, a local time such as 2026-11-11T20:00, or a time with an offset.");
            return null;
        }
    }

    private void Add(int line, string uid, KeyDateRow? date)
    {
        if (date is not null && !Kernel.Faults.IsText(date.Title, 200)) Faults.Add($"line {line}", "text.invalid", "The title must be 1 to 200 characters, without control characters.");
        else if (uid.Length > LongestUid) Faults.Add($"line {line}", "text.invalid", $"The uid must be at most {LongestUid} characters.");
        else if (!_lineOfUid.TryAdd(uid, line)) Faults.Add($"line {line}", "key_date_file.repeated", $"The same as on line {_lineOfUid[uid]}.");
        else _entries.Add(new KeyDateEntry(line, uid, date));
    }

    /// <summary>For what has no name of its own: the same title at the same time is the same date.</summary>
    private static string UidOf(string title, DateTimeOffset startsAt) =>
        $"made:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{title}\n{startsAt.UtcTicks}")))}";

    /// <summary>RFC 4180, each record with the line it begins on; blank lines are passed over.</summary>
    private static List<(int Line, List<string> Fields)> Records(string text, Faults faults)
    {
        var records = new List<(int Line, List<string> Fields)>();
        var (fields, field, line, began) = (new List<string>(), new StringBuilder(), 1, 1);
        for (var at = 0; at <= text.Length; at++)
        {
            var c = at < text.Length ? text[at] : '\n';
            if (c == '"' && field.Length == 0)
            {
                for (at++; at < text.Length && (text[at] != '"' || at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    if (text[at] == '"') at++;
                    if (text[at] == '\n') line++;
                    field.Append(text[at]);
                }
                if (at >= text.Length) faults.Add($"line {began}", "csv.quotes", "A quoted field must end with its quote.");
                else if (at + 1 < text.Length && text[at + 1] is not (',' or '\r' or '\n')) faults.Add($"line {line}", "csv.quotes", "A quote within a field must be doubled, and the field quoted.");
            }
            else if (c is ',' or '\n')
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == ',') continue;
                if (fields is not [var only] || only.Trim().Length > 0) records.Add((began, fields));
                (fields, began) = ([], ++line);
            }
            else field.Append(c);
        }
        return records;
    }
}

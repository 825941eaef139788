using System.Globalization;
using System.Text;

namespace LiveCommerce.Scheduling.Calendars;

/// <summary>iCalendar text (RFC 5545): lines end in CR LF and are folded at 75 octets, never within a character.</summary>
internal sealed class IcsWriter
{
    private const int MostOctets = 75;
    private const string UtcFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string LocalFormat = "yyyyMMdd'T'HHmmss";

    private readonly StringBuilder _text = new();

    public IcsWriter Begin(string component) => Line("BEGIN", component);

    public IcsWriter End(string component) => Line("END", component);

    /// <summary>A value that needs no escaping: a name of the format, a number, a rule.</summary>
    /// <param name="name">With its parameters.</param>
    /// <param name="value">As it is.</param>
    public IcsWriter Line(string name, string value)
    {
        Fold($"{name}:{value}");
        return this;
    }

    /// <summary>Text for people; nothing is written for none.</summary>
    public IcsWriter Text(string name, string? text) => string.IsNullOrEmpty(text) ? this : Line(name, Escaped(text));

    /// <summary>Several texts in one value.</summary>
    public IcsWriter Texts(string name, IEnumerable<string> texts) => Line(name, string.Join(',', texts.Select(Escaped)));

    public IcsWriter Number(string name, long number) => Line(name, number.ToString(CultureInfo.InvariantCulture));

    public IcsWriter Utc(string name, DateTimeOffset at) => Line(name, at.UtcDateTime.ToString(UtcFormat, CultureInfo.InvariantCulture));

    /// <summary>A day, of no time zone.</summary>
    public IcsWriter Date(string name, DateTime day) => Line($"{name};VALUE=DATE", day.ToString("yyyyMMdd", CultureInfo.InvariantCulture));

    /// <summary>What the clock on the wall shows; in UTC where it strikes that twice, because calendars do not agree which is meant.</summary>
    public IcsWriter Local(string name, DateTimeOffset at, TimeZoneInfo zone)
    {
        at = at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerSecond));
        var local = WallClock.At(at, zone);
        return WallClock.IsStruckTwice(local, zone) ? Utc(name, at) : Line($"{name};TZID={zone.Id}", Format(local));
    }

    public override string ToString() => _text.ToString();

    internal static string Format(DateTime local) => local.ToString(LocalFormat, CultureInfo.InvariantCulture);

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (c == '\n') escaped.Append("\\n");
            else if (c is '\\' or ';' or ',') escaped.Append('\\').Append(c);
            else if (!char.IsControl(c) || c == '\t') escaped.Append(c);
        }
        return escaped.ToString();
    }

    private void Fold(string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                _text.Append("\r\n ");
                octets = 1;
            }
            _text.Append(rune);
            octets += rune.Utf8SequenceLength;
        }
        _text.Append("\r\n");
    }
}

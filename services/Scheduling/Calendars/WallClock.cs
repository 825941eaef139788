using System.Globalization;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Calendars;

/// <summary>What the clock on the wall of a time zone shows, and when.</summary>
internal static class WallClock
{
    internal const string DateFormat = "yyyy-MM-dd";
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm";

    /// <summary>
    /// When the clock shows that. A time it strikes twice is the first; a time it jumps over is as far after the jump as the
    /// clock would have shown without it: both as RFC 5545, section 3.3.5, has it.
    /// </summary>
    public static DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone)
    {
        var (early, late) = Instants(local, zone);
        return early < late ? early : late;
    }

    public static bool IsStruckTwice(DateTime local, TimeZoneInfo zone)
    {
        var (early, late) = Instants(local, zone);
        return early != late;
    }

    /// <summary>What the clock shows then.</summary>
    public static DateTime At(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>The zone of an IANA name, or null.</summary>
    public static TimeZoneInfo? Zone(string name) => IsZoneName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The zone of an IANA name, or null and a fault.</summary>
    public static TimeZoneInfo? Zone(string name, string pointer, Faults faults)
    {
        var zone = Zone(name);
        faults.Check(zone is not null, pointer, "time_zone.unknown", "Must be an IANA name such as Asia/Shanghai.");
        return zone;
    }

    /// <summary>Reads 2026-11-11T20:00, without an offset: what the clock on the wall shows.</summary>
    public static bool TryParse(string? text, out DateTime local) =>
        DateTime.TryParseExact(text, [TimeFormat, "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out local) && local is { Second: 0, Year: >= 1971 and <= 2999 };

    public static bool TryParseDate(string? text, out DateTime date) =>
        DateTime.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && date.Year is >= 1971 and <= 2999;

    public static string Text(DateTime local) => local.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string DateText(DateTime local) => local.ToString(DateFormat, CultureInfo.InvariantCulture);

    private static (DateTimeOffset, DateTimeOffset) Instants(DateTime local, TimeZoneInfo zone)
    {
        // From offsets at instants only: whether a local time exists is known to the zone for summer time, not for every other change.
        var wall = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeSpan.Zero);
        var before = zone.GetUtcOffset(wall.AddDays(-1));
        var after = zone.GetUtcOffset(wall.AddDays(1));
        var early = wall - before;
        if (before == after) return (early, early);
        var late = wall - after;
        var isLate = zone.GetUtcOffset(late) == after;
        if (zone.GetUtcOffset(early) == before) return isLate ? (early, late) : (early, early);
        return isLate ? (late, late) : (early, early);
    }

    // The system looks zones up as files, so nothing that could be a path of another kind may get there.
    private static bool IsZoneName(string name) => name == "UTC" || (
        name is { Length: >= 3 and <= 64 } && name.Contains('/') && char.IsAsciiLetter(name[0]) &&
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+'));
}

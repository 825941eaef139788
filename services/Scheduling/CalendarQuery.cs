using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling;

/// <summary>What lists of the calendar are asked for by, from the query string.</summary>
internal static class CalendarQuery
{
    /// <summary>For what is worked out day by day.</summary>
    internal const int LongestDays = 400;

    internal static readonly DateTimeOffset Always = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Either end may be left open.</summary>
    public static Window Between(string? from, string? to, Faults faults, string fromPointer = "?from", string toPointer = "?to")
    {
        var window = new Window(
            from is null ? DateTimeOffset.UnixEpoch : Instant(from, fromPointer, faults),
            to is null ? Always : Instant(to, toPointer, faults));
        if (from is not null && to is not null && faults.Count == 0) faults.Order(window.OpensAt, window.ClosesAt, toPointer);
        return window;
    }

    /// <summary>A fault if it is longer than what is worked out day by day may be.</summary>
    public static void Bounded(Window window, Faults faults, string toPointer) => faults.Check(
        window.ClosesAt - window.OpensAt <= TimeSpan.FromDays(LongestDays), toPointer, "window.too_long", $"Must be at most {LongestDays} days after the beginning.");

    /// <returns>1 or 0, or null if nothing was asked.</returns>
    public static int? Flag(string? text, string pointer, Faults faults)
    {
        if (text is null) return null;
        var isKnown = bool.TryParse(text, out var flag);
        faults.Check(isKnown, pointer, "value.unknown", "Must be true or false.");
        return flag ? 1 : 0;
    }

    /// <returns>The value's name, or null if nothing was asked.</returns>
    public static string? Name<T>(string? text, string pointer, Faults faults)
        where T : struct, Enum
    {
        if (text is null) return null;
        var name = Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        faults.Check(name is not null, pointer, "value.unknown", $"Must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        return name;
    }

    public static DateTimeOffset Instant(string text, string pointer, Faults faults)
    {
        faults.Check(ApiJson.TryParse(text, out var at), pointer, "time.invalid", "Must be an RFC 3339 time with an offset, such as 2026-11-11T20:00:00Z; write + as %2B.");
        return at;
    }
}

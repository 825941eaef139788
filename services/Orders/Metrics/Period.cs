using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Orders.Metrics;

/// <summary>The span figures are asked for, <c>[From, To)</c>; all of time if left open.</summary>
internal sealed record Period(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long FromMicros => From.ToMicros();

    public long ToMicros => To.ToMicros();

    public static Result<Period> Parse(string? from, string? to)
    {
        var faults = new Faults();
        var period = new Period(Read(faults, from, "?from", Earliest), Read(faults, to, "?to", Latest));
        if (faults.Count == 0) faults.Order(period.From, period.To, "?to");
        return faults.Count == 0 ? period : faults.ToRejection();
    }

    private static DateTimeOffset Read(Faults faults, string? text, string pointer, DateTimeOffset open)
    {
        if (text is null) return open;
        // In a query string a plus sign means a space.
        faults.Check(ApiJson.TryParse(text.Replace(' ', '+'), out var at), pointer, "json.wrong_type", "Must be an RFC 3339 time with an offset, such as 2026-11-11T20:00:00Z.");
        return at;
    }
}

internal static class Micros
{
    /// <summary>Whole microseconds since 1970 UTC.</summary>
    public static long ToMicros(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

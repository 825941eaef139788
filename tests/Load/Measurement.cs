using System.Text.Json;
using System.Threading.Channels;

namespace LiveCommerce.Load;

/// <summary>What a number of connections saw.</summary>
internal sealed class Measurement
{
    private readonly Dictionary<string, List<long>> _latencies = [];
    private (int Status, byte[] Body, string Answer) _lastRefusal = (0, [], "");

    /// <summary>By status, with the code of a problem: <c>201</c>, <c>409 claim.out_of_stock</c>.</summary>
    public IReadOnlyDictionary<string, long> Answers => _latencies.ToDictionary(l => l.Key, l => (long)l.Value.Count);

    public TimeSpan Elapsed { get; private set; }

    public long Requests => _latencies.Values.Sum(l => (long)l.Count);

    public double PerSecond => Rate(Requests);

    /// <summary>
    /// Closed loops: each connection sends its next request when it has the answer to the last, for <paramref name="time"/>
    /// or until <paramref name="next"/>, which is told the connection's number, has no more. Every request sent is also answered.
    /// </summary>
    public static async Task<Measurement> Run(IReadOnlyList<HttpConnection> connections, TimeSpan time, Func<int, Call?> next)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var end = start + Ticks(time);
        var parts = await Task.WhenAll(connections.Select((c, i) => Task.Run(async () =>
        {
            var mine = new Measurement();
            long sent;
            while ((sent = clock.GetTimestamp()) < end && next(i) is { } call) await mine.Send(c, call, sent);
            return mine;
        })));
        return Whole(parts, clock.GetElapsedTime(start));
    }

    /// <summary>
    /// An open loop: requests come by the clock, whether the server keeps up or not, and take the next free connection.
    /// Latency counts from the moment a request should have been sent, so that whatever holds it up shows; the other
    /// measurement counts from when it was sent, and so leaves out how long it waited here for a connection.
    /// </summary>
    public static async Task<(Measurement SinceDue, Measurement SinceSent)> RunOpen(IReadOnlyList<HttpConnection> connections, double perSecond, TimeSpan time, Func<Call> next)
    {
        var clock = TimeProvider.System;
        var arrivals = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var start = clock.GetTimestamp();
        var senders = connections.Select(c => Task.Run(async () =>
        {
            var (mine, onTheWire) = (new Measurement(), new Measurement());
            await foreach (var due in arrivals.Reader.ReadAllAsync()) await mine.Send(c, next(), due, onTheWire);
            return (mine, onTheWire);
        })).ToList();
        var all = (long)(perSecond * time.TotalSeconds);
        for (long sent = 0; sent < all; await Task.Delay(TimeSpan.FromMilliseconds(1), clock))
        {
            for (var due = (long)(perSecond * clock.GetElapsedTime(start).TotalSeconds); sent < Math.Min(due, all); sent++)
                arrivals.Writer.TryWrite(start + (long)(sent / perSecond * clock.TimestampFrequency));
        }
        arrivals.Writer.Complete();
        var parts = await Task.WhenAll(senders);
        var elapsed = clock.GetElapsedTime(start);
        return (Whole([.. parts.Select(p => p.mine)], elapsed), Whole([.. parts.Select(p => p.onTheWire)], elapsed));
    }

    /// <summary>Adds what another round saw, and its time.</summary>
    public void Add(Measurement other)
    {
        foreach (var (answer, latencies) in other._latencies) Of(answer).AddRange(latencies);
        Elapsed += other.Elapsed;
    }

    /// <returns>So many over the measured time, a second.</returns>
    public double Rate(long count) => Elapsed > TimeSpan.Zero ? count / Elapsed.TotalSeconds : 0;

    /// <returns>How often this was answered.</returns>
    public long Count(string answer) => _latencies.TryGetValue(answer, out var latencies) ? latencies.Count : 0;

    /// <param name="share">Of 1.</param>
    /// <param name="answer">Only of these answers; null for all.</param>
    /// <returns>Milliseconds within which this share of the requests was answered.</returns>
    public double Percentile(double share, string? answer = null)
    {
        List<long> latencies = [.. _latencies.Where(l => answer is null || l.Key == answer).SelectMany(l => l.Value)];
        if (latencies.Count == 0) return 0;
        latencies.Sort();
        var ticks = latencies[Math.Min(latencies.Count - 1, (int)(share * latencies.Count))];
        return ticks * 1000.0 / TimeProvider.System.TimestampFrequency;
    }

    /// <returns>Answers other than these.</returns>
    public long Except(params IReadOnlyCollection<string> expected) => _latencies.Where(a => !expected.Contains(a.Key)).Sum(a => (long)a.Value.Count);

    private static Measurement Whole(IReadOnlyList<Measurement> parts, TimeSpan elapsed)
    {
        var whole = new Measurement();
        foreach (var part in parts) whole.Add(part);
        whole.Elapsed = elapsed;
        return whole;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);

    private async ValueTask Send(HttpConnection connection, Call call, long since, Measurement? onTheWire = null)
    {
        var sent = TimeProvider.System.GetTimestamp();
        var status = await connection.Send(call);
        var now = TimeProvider.System.GetTimestamp();
        var answer = status < 400 ? Succeeded(status) : Refused(status, connection.Body);
        Of(answer).Add(now - since);
        onTheWire?.Of(answer).Add(now - sent);
    }

    private List<long> Of(string answer) => _latencies.TryGetValue(answer, out var known) ? known : _latencies[answer] = [];

    private static string Succeeded(int status) => status switch
    {
        200 => "200",
        201 => "201",
        _ => status.ToString(),
    };

    // An overloaded server says the same thing many times over; reading it each time would slow this tool down.
    private string Refused(int status, ReadOnlySpan<byte> body)
    {
        if (status != _lastRefusal.Status || !body.SequenceEqual(_lastRefusal.Body)) _lastRefusal = (status, body.ToArray(), Read(status, body));
        return _lastRefusal.Answer;
    }

    private static string Read(int status, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return status.ToString();
        var reader = new Utf8JsonReader(body);
        try
        {
            return JsonElement.ParseValue(ref reader).TryGetProperty("code", out var code) ? $"{status} {code.GetString()}" : status.ToString();
        }
        catch (JsonException)
        {
            return $"{status} (not JSON)";
        }
    }
}

using System.Text.Json;

namespace LiveCommerce.Load;

/// <summary>What a number of closed loops saw: each connection sends its next request when it has the answer to the last.</summary>
internal sealed class Measurement
{
    private readonly List<long> _latencies = [];
    private readonly Dictionary<string, long> _answers = [];

    /// <summary>By status, with the code of a problem: <c>201</c>, <c>409 claim.out_of_stock</c>.</summary>
    public IReadOnlyDictionary<string, long> Answers => _answers;

    public TimeSpan Elapsed { get; private set; }

    public long Requests => _latencies.Count;

    public double PerSecond => Elapsed > TimeSpan.Zero ? Requests / Elapsed.TotalSeconds : 0;

    /// <summary>Runs all connections at once for <paramref name="time"/>, or until <paramref name="next"/> has no more; every request sent is also answered.</summary>
    public static async Task<Measurement> Run(IReadOnlyList<HttpConnection> connections, TimeSpan time, Func<Call?> next)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var end = start + (long)(time.TotalSeconds * clock.TimestampFrequency);
        var parts = await Task.WhenAll(connections.Select(c => Task.Run(() => Loop(c, clock, end, next))));
        var whole = new Measurement();
        foreach (var part in parts) whole.Add(part);
        whole.Elapsed = clock.GetElapsedTime(start);
        return whole;
    }

    /// <summary>Adds what another round saw, and its time.</summary>
    public void Add(Measurement other)
    {
        _latencies.AddRange(other._latencies);
        foreach (var (answer, count) in other._answers) _answers[answer] = _answers.GetValueOrDefault(answer) + count;
        Elapsed += other.Elapsed;
    }

    /// <returns>Milliseconds within which this share of all requests was answered.</returns>
    public double Percentile(double share)
    {
        if (_latencies.Count == 0) return 0;
        _latencies.Sort();
        var ticks = _latencies[Math.Min(_latencies.Count - 1, (int)(share * _latencies.Count))];
        return ticks * 1000.0 / TimeProvider.System.TimestampFrequency;
    }

    /// <returns>Answers other than these.</returns>
    public long Except(params IReadOnlyCollection<string> expected) => _answers.Where(a => !expected.Contains(a.Key)).Sum(a => a.Value);

    private static async Task<Measurement> Loop(HttpConnection connection, TimeProvider clock, long end, Func<Call?> next)
    {
        var mine = new Measurement();
        long sent;
        while ((sent = clock.GetTimestamp()) < end && next() is { } call)
        {
            var status = await connection.Send(call);
            mine._latencies.Add(clock.GetTimestamp() - sent);
            var answer = status < 400 ? Succeeded(status) : Refused(status, connection.Body);
            mine._answers[answer] = mine._answers.GetValueOrDefault(answer) + 1;
        }
        return mine;
    }

    private static string Succeeded(int status) => status switch
    {
        200 => "200",
        201 => "201",
        _ => status.ToString(),
    };

    private static string Refused(int status, ReadOnlySpan<byte> body)
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

using System.Text.Json;

namespace LiveCommerce.Load;

/// <summary>What a run has found.</summary>
internal sealed record LoadReport
{
    public required string Scenario { get; init; }

    public required LoadPlan Plan { get; init; }

    public required Measurement Measured { get; init; }

    public required Measurement Baseline { get; init; }

    /// <summary>Answers other than the expected one, warm-up included.</summary>
    public required long Errors { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Processor time of the server a second, while the scenario ran.</summary>
    public required double ServerCores { get; init; }

    /// <summary>The same of this tool.</summary>
    public required double ClientCores { get; init; }

    public double Ratio => Baseline.PerSecond > 0 ? Measured.PerSecond / Baseline.PerSecond : 0;

    /// <summary>True if every request was answered as it should, and nothing was given out twice.</summary>
    public bool IsClean => Errors == 0 && Verdict.Oversold == 0 && Verdict.Faults.Count == 0 && Measured.Requests > 0;

    public IEnumerable<string> Lines()
    {
        yield return $"{Scenario}: {Measured.PerSecond:F0} requests/s over {Measured.Elapsed.TotalSeconds:F1} s, {Plan.Connections} connections, {Environment.ProcessorCount} cores shared with this tool";
        yield return $"  baseline {Baseline.PerSecond:F0}/s, ratio {Ratio:F2}";
        yield return $"  p50 {Measured.Percentile(0.50):F2} ms, p99 {Measured.Percentile(0.99):F2} ms (baseline {Baseline.Percentile(0.50):F2} and {Baseline.Percentile(0.99):F2})";
        yield return $"  processor: server {ServerCores:F2} cores, this tool {ClientCores:F2}";
        foreach (var (answer, count) in Measured.Answers.OrderByDescending(a => a.Value)) yield return $"  {count} answered {answer}";
        yield return $"  errors {Errors}, oversold {Verdict.Oversold}";
        foreach (var fault in Verdict.Faults) yield return $"  WRONG: {fault}";
    }

    public string ToJson() => JsonSerializer.Serialize(new
    {
        Scenario,
        PerSecond = Math.Round(Measured.PerSecond, 1),
        BaselinePerSecond = Math.Round(Baseline.PerSecond, 1),
        Ratio = Math.Round(Ratio, 3),
        P50Ms = Math.Round(Measured.Percentile(0.50), 3),
        P99Ms = Math.Round(Measured.Percentile(0.99), 3),
        Errors,
        Verdict.Oversold,
        Verdict.Faults,
        Measured.Requests,
        Measured.Answers,
        Seconds = Math.Round(Measured.Elapsed.TotalSeconds, 2),
        Plan.Rounds,
        Plan.Connections,
        Cores = Environment.ProcessorCount,
        ServerCores = Math.Round(ServerCores, 2),
        ClientCores = Math.Round(ClientCores, 2),
    }, JsonSerializerOptions.Web);
}

using System.Text.Json;

namespace LiveCommerce.Load;

/// <summary>What a run has found.</summary>
internal interface IReport
{
    /// <summary>True if every request was answered as it should, and everything adds up.</summary>
    bool IsClean { get; }

    /// <summary>For a person.</summary>
    IEnumerable<string> Lines();

    /// <summary>The members of the one line of JSON.</summary>
    object Figures();

    string ToJson() => JsonSerializer.Serialize(Figures(), JsonSerializerOptions.Web);
}

/// <summary>Of a scenario and its baseline in turns.</summary>
internal sealed record LoadReport : IReport
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

    /// <summary>The same scenario on empty tables, if this one was on filled ones.</summary>
    public LoadReport? OnEmpty { get; init; }

    public double Ratio => Baseline.PerSecond > 0 ? Measured.PerSecond / Baseline.PerSecond : 0;

    /// <summary>Filled to empty, each in terms of its own baseline: the machine may have changed in between.</summary>
    public double? VsEmpty => OnEmpty is { Ratio: > 0 } ? Ratio / OnEmpty.Ratio : null;

    public bool IsClean => Errors == 0 && Verdict.Oversold == 0 && Verdict.Faults.Count == 0 && Measured.Requests > 0 && OnEmpty is null or { IsClean: true };

    public IEnumerable<string> Lines()
    {
        yield return $"{Scenario}: {Measured.PerSecond:F0} requests/s over {Measured.Elapsed.TotalSeconds:F1} s, {Plan.Connections} connections, {Environment.ProcessorCount} cores shared with this tool";
        yield return $"  baseline {Baseline.PerSecond:F0}/s, ratio {Ratio:F2}";
        if (OnEmpty is not null) yield return $"  on empty tables {OnEmpty.Measured.PerSecond:F0}/s, ratio {OnEmpty.Ratio:F2}: filled to empty {VsEmpty:F2}";
        yield return $"  p50 {Measured.Percentile(0.50):F2} ms, p99 {Measured.Percentile(0.99):F2} ms (baseline {Baseline.Percentile(0.50):F2} and {Baseline.Percentile(0.99):F2})";
        yield return $"  processor: server {ServerCores:F2} cores, this tool {ClientCores:F2}";
        foreach (var (answer, count) in Measured.Answers.OrderByDescending(a => a.Value)) yield return $"  {count} answered {answer}";
        yield return $"  errors {Errors}, oversold {Verdict.Oversold}";
        foreach (var fault in Verdict.Faults) yield return $"  WRONG: {fault}";
    }

    public object Figures() => new
    {
        Scenario,
        PerSecond = Math.Round(Measured.PerSecond, 1),
        BaselinePerSecond = Math.Round(Baseline.PerSecond, 1),
        Ratio = Math.Round(Ratio, 3),
        EmptyPerSecond = OnEmpty is null ? (double?)null : Math.Round(OnEmpty.Measured.PerSecond, 1),
        EmptyRatio = OnEmpty is null ? (double?)null : Math.Round(OnEmpty.Ratio, 3),
        VsEmpty = VsEmpty is { } versus ? Math.Round(versus, 3) : (double?)null,
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
    };
}

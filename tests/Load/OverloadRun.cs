using LiveCommerce.Load.Scenarios;

namespace LiveCommerce.Load;

/// <summary>
/// Finds what the server can do in closed loops, then sends claims at a multiple of that by the clock, and counts afterwards
/// that what was accepted is there, and nothing else.
/// </summary>
internal static class OverloadRun
{
    private const int SustainedConnections = 128;

    public const string Accepted = "201";
    public const string Refused = "503 server.overloaded";

    public static async Task<OverloadReport> Run(LoadPlan plan, double times, Action<string> tell)
    {
        await using var server = await ServerProcess.Start();
        using var tenant = await Tenant.SignInTo(server);
        await tenant.Open();
        var campaign = await Campaigns.Start(tenant, Campaigns.LargeStock);
        long customers = 0;
        Call Claim() => Campaigns.Claim(campaign, $"customer-{Interlocked.Increment(ref customers)}");

        var connections = await HttpConnection.Open(server.Address, tenant.Token, plan.Connections);
        try
        {
            var few = connections.Take(SustainedConnections).ToList();
            var baseline = new TrivialPost().Baseline;
            await Measurement.Run(few, LoadRun.WarmUp, _ => baseline);
            var all = await Measurement.Run(few, LoadRun.WarmUp, _ => Claim());
            var trivial = await Measurement.Run(few, plan.Time / 2, _ => baseline);
            var sustained = await Measurement.Run(few, plan.Time / 2, _ => Claim());
            all.Add(sustained);
            var rate = times * sustained.Rate(sustained.Count(Accepted));
            tell($"sustained {rate / times:F0}/s; now {rate:F0}/s for {plan.Time.TotalSeconds:F0} s");
            var (before, spent) = (server.ProcessorTime, TimeProvider.System.GetTimestamp());
            var (offered, onTheWire) = await Measurement.RunOpen(connections, rate, plan.Time, Claim);
            var cores = (server.ProcessorTime - before) / TimeProvider.System.GetElapsedTime(spent);
            all.Add(offered);
            return new OverloadReport
            {
                Plan = plan,
                Baseline = trivial,
                Sustained = sustained,
                Offered = offered,
                OnTheWire = onTheWire,
                OfferedPerSecond = rate,
                Errors = all.Except(Accepted, Refused) + trivial.Except("200"),
                AcceptedInAll = all.Count(Accepted),
                Claimed = await Campaigns.Claimed(tenant, campaign),
                ServerCores = cores,
            };
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }
}

internal sealed record OverloadReport : IReport
{
    public required LoadPlan Plan { get; init; }

    public required Measurement Baseline { get; init; }

    /// <summary>The closed loops.</summary>
    public required Measurement Sustained { get; init; }

    /// <summary>The open loop.</summary>
    public required Measurement Offered { get; init; }

    /// <summary>The same, from when each request was sent.</summary>
    public required Measurement OnTheWire { get; init; }

    public required double OfferedPerSecond { get; init; }

    /// <summary>Answers that are neither an acceptance nor a refusal for overload.</summary>
    public required long Errors { get; init; }

    /// <summary>In both loops and the warm-up.</summary>
    public required long AcceptedInAll { get; init; }

    /// <summary>By the campaign's own count.</summary>
    public required long Claimed { get; init; }

    public required double ServerCores { get; init; }

    public bool IsClean => Errors == 0 && AcceptedInAll == Claimed && AcceptedPerSecond > 0;

    private double SustainedPerSecond => Sustained.Rate(Sustained.Count(OverloadRun.Accepted));

    private double AcceptedPerSecond => Offered.Rate(Offered.Count(OverloadRun.Accepted));

    private double RefusedPerSecond => Offered.Rate(Offered.Count(OverloadRun.Refused));

    public IEnumerable<string> Lines()
    {
        yield return $"overload: {SustainedPerSecond:F0} claims/s can be sustained ({SustainedPerSecond / Baseline.PerSecond:F2} of the baseline's {Baseline.PerSecond:F0}/s), {OfferedPerSecond:F0}/s were offered over {Plan.Connections} connections, {Offered.PerSecond:F0}/s answered";
        yield return $"  accepted {AcceptedPerSecond:F0}/s: p50 {Offered.Percentile(0.5, OverloadRun.Accepted):F2} ms, p99 {Offered.Percentile(0.99, OverloadRun.Accepted):F2} ms from when they should have been sent; p50 {OnTheWire.Percentile(0.5, OverloadRun.Accepted):F2} ms, p99 {OnTheWire.Percentile(0.99, OverloadRun.Accepted):F2} ms from when they were";
        yield return $"  refused {RefusedPerSecond:F0}/s: p50 {Offered.Percentile(0.5, OverloadRun.Refused):F2} ms, p99 {Offered.Percentile(0.99, OverloadRun.Refused):F2} ms";
        foreach (var (answer, count) in Offered.Answers.OrderByDescending(a => a.Value)) yield return $"  {count} answered {answer}";
        yield return $"  processor: server {ServerCores:F2} cores of {Environment.ProcessorCount}";
        yield return $"  errors {Errors}, accepted in all {AcceptedInAll}, counted by the campaign {Claimed}";
        if (AcceptedInAll != Claimed) yield return $"  WRONG: {AcceptedInAll} claims were accepted, but the campaign counts {Claimed}";
    }

    public object Figures() => new
    {
        Scenario = "overload",
        SustainedPerSecond = Math.Round(SustainedPerSecond, 1),
        BaselinePerSecond = Math.Round(Baseline.PerSecond, 1),
        Ratio = Math.Round(SustainedPerSecond / Baseline.PerSecond, 3),
        OfferedPerSecond = Math.Round(OfferedPerSecond, 1),
        AnsweredPerSecond = Math.Round(Offered.PerSecond, 1),
        AcceptedPerSecond = Math.Round(AcceptedPerSecond, 1),
        RefusedPerSecond = Math.Round(RefusedPerSecond, 1),
        AcceptedP50Ms = Math.Round(Offered.Percentile(0.5, OverloadRun.Accepted), 3),
        AcceptedP99Ms = Math.Round(Offered.Percentile(0.99, OverloadRun.Accepted), 3),
        AcceptedSinceSentP50Ms = Math.Round(OnTheWire.Percentile(0.5, OverloadRun.Accepted), 3),
        AcceptedSinceSentP99Ms = Math.Round(OnTheWire.Percentile(0.99, OverloadRun.Accepted), 3),
        RefusedP50Ms = Math.Round(Offered.Percentile(0.5, OverloadRun.Refused), 3),
        RefusedP99Ms = Math.Round(Offered.Percentile(0.99, OverloadRun.Refused), 3),
        Errors,
        AcceptedInAll,
        Claimed,
        Lost = AcceptedInAll - Claimed,
        Offered.Answers,
        Seconds = Math.Round(Offered.Elapsed.TotalSeconds, 2),
        Plan.Connections,
        Cores = Environment.ProcessorCount,
        ServerCores = Math.Round(ServerCores, 2),
    };
}

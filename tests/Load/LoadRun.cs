using System.Diagnostics;

namespace LiveCommerce.Load;

/// <param name="Time">Measured time of the scenario, spread over the rounds; the baseline gets as much.</param>
/// <param name="Rounds">How often baseline and scenario take turns.</param>
/// <param name="Connections">Requests in flight.</param>
internal sealed record LoadPlan(TimeSpan Time, int Rounds, int Connections);

/// <summary>
/// Measures a scenario and its baseline in turns on the same server and the same connections, so that both meet the same
/// machine: what a neighbour takes away in between, it takes from both.
/// </summary>
internal static class LoadRun
{
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<LoadReport> Run(string name, Scenario scenario, LoadPlan plan, Action<string> tell)
    {
        await using var server = await ServerProcess.Start();
        using var tenant = await Tenant.SignInTo(server);
        await scenario.Prepare(tenant);
        var connections = await HttpConnection.Open(server.Address, tenant.Token, plan.Connections);
        try
        {
            var report = await Measure(name, scenario, plan, server, tenant, connections, tell);
            if (!report.IsClean)
            {
                foreach (var line in server.Lines) tell($"server: {line}");
            }
            return report;
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    private static async Task<LoadReport> Measure(
        string name, Scenario scenario, LoadPlan plan, ServerProcess server, Tenant tenant, IReadOnlyList<HttpConnection> connections, Action<string> tell)
    {
        Task<Measurement> Baseline(TimeSpan time) => Measurement.Run(connections, time, _ => scenario.Baseline);
        async Task<(Measurement Seen, TimeSpan Used, TimeSpan UsedHere)> Requests(TimeSpan time)
        {
            await scenario.PrepareTurn(connections, time);
            var (before, beforeHere) = (server.ProcessorTime, Own());
            var seen = await Measurement.Run(connections, time, scenario.Next);
            return (seen, server.ProcessorTime - before, Own() - beforeHere);
        }

        await Baseline(WarmUp);
        var all = (await Requests(WarmUp)).Seen;
        tell($"warmed up: {all.PerSecond:F0}/s in the last {WarmUp.TotalSeconds:F0} s");

        var turn = plan.Time / plan.Rounds;
        var baseline = new Measurement();
        var measured = new Measurement();
        var (used, usedHere) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var yardstick = await Baseline(turn);
            baseline.Add(yardstick);
            var part = await Requests(turn);
            (used, usedHere) = (used + part.Used, usedHere + part.UsedHere);
            measured.Add(part.Seen);
            tell($"round {round}: baseline {yardstick.PerSecond:F0}/s, {name} {part.Seen.PerSecond:F0}/s, ratio {part.Seen.PerSecond / yardstick.PerSecond:F2}");
        }
        all.Add(measured);
        return new LoadReport
        {
            Scenario = name,
            Plan = plan,
            Measured = measured,
            Baseline = baseline,
            Errors = all.Except(scenario.Expected) + baseline.Except("200"),
            Verdict = await scenario.Check(tenant, connections, all),
            ServerCores = used / measured.Elapsed,
            ClientCores = usedHere / measured.Elapsed,
        };
    }

    private static TimeSpan Own()
    {
        using var me = Process.GetCurrentProcess();
        return me.TotalProcessorTime;
    }
}

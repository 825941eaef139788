using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveCommerce.Load.Scenarios;

namespace LiveCommerce.Load;

/// <summary>
/// Plans sessions whose warm-up begins at one and the same instant, waits for it, and looks how long the server takes until
/// the last has begun. The yardstick is the trivial request, of which each is a transaction of its own as well.
/// </summary>
internal static class PhasesRun
{
    private const int Connections = 64;
    private const int LongestWarmUp = 90;
    private const int PageSize = 200;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static async Task<PhasesReport> Run(int sessions, TimeSpan baselineTime, Action<string> tell)
    {
        await using var server = await ServerProcess.Start();
        using var tenant = await Tenant.SignInTo(server);
        await tenant.Open();
        var connections = await HttpConnection.Open(server.Address, tenant.Token, Connections);
        try
        {
            Task<Measurement> Baseline(TimeSpan time) => Measurement.Run(connections, time, _ => new TrivialPost().Baseline);
            await Baseline(LoadRun.WarmUp);
            var before = await Baseline(baselineTime / 2);
            var at = await Plan(tenant, sessions, tell);
            var took = await Await(tenant, at);
            var (changed, once) = await Count(tenant);
            before.Add(await Baseline(baselineTime / 2));
            return new PhasesReport { Sessions = sessions, Changed = changed, Once = once, Took = took, Baseline = before };
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    /// <returns>When all of them are due.</returns>
    private static async Task<DateTimeOffset> Plan(Tenant tenant, int sessions, Action<string> tell)
    {
        var brand = (Guid)(await tenant.AsAdmin(HttpMethod.Post, "/organization/brands", new { code = "aurora", name = "Aurora", grade = "A" }))["id"]!;
        // The same host streams once a day: one of its sessions warms up for a day, the next for two, and so on.
        var stages = new List<(Guid Host, Guid Room, Guid Channel)>();
        for (var i = 0; i * LongestWarmUp < sessions; i++)
            stages.Add((await Add(tenant, "hosts", "Host"), await Add(tenant, "rooms", "Room"), await Add(tenant, "channels", "Shop")));

        var at = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddSeconds(20 + sessions / 40).ToUnixTimeSeconds());
        var planning = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, sessions), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            var stage = stages[number / LongestWarmUp];
            var days = 1 + number % LongestWarmUp;
            await tenant.SendOnceKnown(HttpMethod.Post, "/scheduling/sessions", new
            {
                title = $"Session {number}",
                tier = "GroupBroadcast",
                ownerUnitId = tenant.HeadquartersId,
                brandIds = new[] { brand },
                channelIds = new[] { stage.Channel },
                hostId = stage.Host,
                roomId = stage.Room,
                startsAt = at.AddDays(days),
                endsAt = at.AddDays(days).AddHours(2),
                phases = new { preparationDays = days, warmUpDays = days, reservoirDays = 0, reviewDays = 3 },
            });
        });
        tell($"{sessions} sessions were planned in {planning.Elapsed.TotalSeconds:F1} s");
        return TimeProvider.System.GetUtcNow() < at ? at : throw new InvalidOperationException("Planning took so long that the sessions were due before the last was there.");
    }

    private static async Task<TimeSpan> Await(Tenant tenant, DateTimeOffset at)
    {
        if (at - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } wait) await Task.Delay(wait, TimeProvider.System);
        while ((await tenant.Send(HttpMethod.Get, "/scheduling/sessions?status=Scheduled&limit=1"))["items"]!.AsArray().Count > 0)
        {
            if (TimeProvider.System.GetUtcNow() - at > Longest) break;
            await Task.Delay(LookEvery, TimeProvider.System);
        }
        return TimeProvider.System.GetUtcNow() - at;
    }

    /// <returns>How many are in their warm-up, and how many of those were changed once since they were planned.</returns>
    private static async Task<(int Changed, int Once)> Count(Tenant tenant)
    {
        var (changed, once) = (0, 0);
        JsonNode? page = null;
        do
        {
            page = await tenant.Send(HttpMethod.Get, $"/scheduling/sessions?status=WarmUp&limit={PageSize}{(page?["next"] is { } next ? $"&after={next}" : "")}");
            changed += page["items"]!.AsArray().Count;
            once += page["items"]!.AsArray().Count(s => (long)s!["version"]! == 2);
        }
        while (page["next"] is not null);
        return (changed, once);
    }

    private static async Task<Guid> Add(Tenant tenant, string what, string name)
    {
        object body = what == "channels" ? new { unitId = tenant.HeadquartersId, name, kind = "MiniProgram" } : new { unitId = tenant.HeadquartersId, name };
        return (Guid)(await tenant.SendOnceKnown(HttpMethod.Post, $"/scheduling/{what}", body))["id"]!;
    }
}

internal sealed record PhasesReport : IReport
{
    public required int Sessions { get; init; }

    /// <summary>In their warm-up.</summary>
    public required int Changed { get; init; }

    /// <summary>Of those, changed exactly once.</summary>
    public required int Once { get; init; }

    /// <summary>From the instant they were due until none was left.</summary>
    public required TimeSpan Took { get; init; }

    public required Measurement Baseline { get; init; }

    public bool IsClean => Changed == Sessions && Once == Sessions;

    private double PerSecond => Changed / Took.TotalSeconds;

    public IEnumerable<string> Lines()
    {
        yield return $"phases: {Changed} sessions due at one instant began their warm-up within {Took.TotalSeconds:F2} s: {PerSecond:F0}/s";
        yield return $"  baseline {Baseline.PerSecond:F0}/s, ratio {PerSecond / Baseline.PerSecond:F2}";
        if (!IsClean) yield return $"  WRONG: of {Sessions}, {Changed} changed, {Once} of them once";
    }

    public object Figures() => new
    {
        Scenario = "phases",
        Seconds = Math.Round(Took.TotalSeconds, 3),
        PerSecond = Math.Round(PerSecond, 1),
        BaselinePerSecond = Math.Round(Baseline.PerSecond, 1),
        Ratio = Math.Round(PerSecond / Baseline.PerSecond, 3),
        Sessions,
        Changed,
        Once,
        Errors = Sessions - Once,
        Cores = Environment.ProcessorCount,
    };
}

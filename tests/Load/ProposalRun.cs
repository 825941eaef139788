using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveCommerce.Kernel;

namespace LiveCommerce.Load;

/// <summary>
/// Has a whole month planned from random requests, at three sizes. The instance follows from the seed alone, by a generator
/// that is written down here: 200 hosts, 60 rooms and 120 resellers, every fiftieth request a group broadcast, and two out
/// of three wishes for the evening.
/// </summary>
internal static class ProposalRun
{
    private const int HostCount = 200;
    private const int RoomCount = 60;
    private const int ResellerCount = 120;
    private const int AtOnce = 8;

    public static readonly int[] Sizes = [1_000, 2_000, 5_000];

    public static async Task<ProposalReport> Run(int seed, Action<string> tell)
    {
        await using var server = await ServerProcess.Start();
        using var tenant = await Tenant.SignInTo(server);
        await tenant.Open();
        var world = await World.Build(tenant);
        tell($"{HostCount} hosts, {RoomCount} rooms, {ResellerCount} resellers with a mandate each");
        // The first run of a process is that of its compiler.
        await Measure(tenant, world, new Lcg(seed), 100, 1);
        var months = new List<MonthFigures>();
        for (var i = 0; i < Sizes.Length; i++)
        {
            months.Add(await Measure(tenant, world, new Lcg(seed), Sizes[i], i + 2));
            tell(months[^1].ToString());
        }
        return new ProposalReport { Seed = seed, Months = months };
    }

    private static async Task<MonthFigures> Measure(Tenant tenant, World world, Lcg random, int requests, int monthsAhead)
    {
        var first = DateTimeOffset.FromUnixTimeSeconds(0).AddMonths((int)((TimeProvider.System.Now() - DateTimeOffset.UnixEpoch).TotalDays / 30.436875) + monthsAhead + 1);
        // Midnight in Shanghai.
        var month = new DateTimeOffset(first.Year, first.Month, 1, 0, 0, 0, TimeSpan.FromHours(8));
        var period = await tenant.SendOnceKnown(HttpMethod.Post, "/scheduling/periods", new { month = month.ToString("yyyy-MM"), slotMinutes = 30, dayStartMinute = 480, dayEndMinute = 1440 });
        var id = (Guid)period["id"]!;
        var ranked = await tenant.Send(HttpMethod.Put, $"/scheduling/periods/{id}/ranking", new { ranks = world.Resellers.Select((u, at) => new { unitId = u.Id, rank = at + 1 }) }, ifMatch: "\"1\"");
        var bodies = Enumerable.Range(0, requests).Select(i => Request(world, random, month, i)).ToList();
        var asked = Stopwatch.StartNew();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (body, _) =>
            await tenant.SendOnceKnown(HttpMethod.Post, $"/scheduling/periods/{id}/requests", body));
        asked.Stop();

        var clock = Stopwatch.StartNew();
        var proposal = await tenant.Send(HttpMethod.Post, $"/scheduling/periods/{id}/proposal");
        var took = clock.Elapsed;
        clock.Restart();
        var published = await tenant.Send(HttpMethod.Post, $"/scheduling/periods/{id}/publish", ifMatch: $"\"{(long)proposal["version"]!}\"");
        return new MonthFigures(
            requests, proposal["placed"]!.AsArray().Count, proposal["unplaced"]!.AsArray().Count, asked.Elapsed, took, clock.Elapsed,
            (decimal)proposal["satisfaction"]!, (decimal)proposal["greedySatisfaction"]!, published["placed"]!.AsArray().Count(p => p!["sessionId"] is not null),
            proposal["unplaced"]!.AsArray().Count(u => string.IsNullOrEmpty((string?)u!["code"])));
    }

    private static object Request(World world, Lcg random, DateTimeOffset month, int number)
    {
        var isGroup = number % 50 == 0;
        var reseller = world.Resellers[random.Below(ResellerCount)];
        var minutes = 60 * (2 + random.Below(4));
        return new
        {
            unitId = isGroup ? world.HeadquartersId : reseller.Id,
            tier = isGroup ? "GroupBroadcast" : "ResellerBroadcast",
            session = new
            {
                title = $"Request {number}",
                minutes,
                brandIds = new[] { world.Brands[random.Below(world.Brands.Count)] },
                channelIds = new[] { isGroup ? world.Channel : reseller.Channel },
                hostIds = Some(world.Hosts, 4, random),
                roomIds = Some(world.Rooms, 3, random),
            },
            preferences = Enumerable.Range(0, 4).Select(_ => new
            {
                startsAt = month.AddDays(random.Below(28)).AddHours(random.Below(3) == 0 ? 9 + random.Below(9) : 18 + random.Below(2)),
            }).ToList(),
        };
    }

    private static List<Guid> Some(IReadOnlyList<Guid> of, int most, Lcg random) => [.. Enumerable.Range(0, 1 + random.Below(most)).Select(_ => of[random.Below(of.Count)]).Distinct()];

    /// <summary>Knuth's linear congruential generator: the same numbers on every machine and in every language.</summary>
    private sealed class Lcg(int seed)
    {
        private ulong _state = (ulong)seed;

        public int Below(int most)
        {
            _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
            return (int)((_state >> 33) % (ulong)most);
        }
    }

    private sealed record World(Guid HeadquartersId, IReadOnlyList<(Guid Id, Guid Channel)> Resellers, IReadOnlyList<Guid> Brands, IReadOnlyList<Guid> Hosts, IReadOnlyList<Guid> Rooms, Guid Channel)
    {
        public static async Task<World> Build(Tenant tenant)
        {
            async Task<Guid> Add(string path, object body) => (Guid)(await tenant.SendOnceKnown(HttpMethod.Post, $"/scheduling/{path}", body))["id"]!;
            async Task<Guid> Make(string path, object body) => (Guid)(await tenant.AsAdmin(HttpMethod.Post, $"/organization/{path}", body))["id"]!;

            var headquarters = tenant.HeadquartersId;
            var (brands, hosts, rooms, resellers) = (new List<Guid>(), new List<Guid>(), new List<Guid>(), new List<(Guid, Guid)>());
            for (var i = 0; i < 25; i++) brands.Add(await Make("brands", new { code = $"b{i}", name = $"Brand {i}", grade = "A" }));
            for (var i = 0; i < HostCount; i++) hosts.Add(await Add("hosts", new { unitId = headquarters, name = $"Host {i}" }));
            for (var i = 0; i < RoomCount; i++) rooms.Add(await Add("rooms", new { unitId = headquarters, name = $"Room {i}" }));
            var now = TimeProvider.System.Now();
            for (var i = 0; i < ResellerCount; i++)
            {
                var unit = await Make("units", new { parentId = headquarters, code = $"s{i}", name = $"Shop {i}", kind = "Reseller", resellerKind = "ServiceProvider" });
                await Make("mandates", new { resellerId = unit, brandIds = brands, channels = new[] { "MiniProgram" }, opensAt = now, closesAt = now.AddDays(390), sessionsPerWeek = 12 });
                resellers.Add((unit, await Add("channels", new { unitId = unit, name = "Mini-program", kind = "MiniProgram" })));
            }
            return new World(headquarters, resellers, brands, hosts, rooms, await Add("channels", new { unitId = headquarters, name = "Group", kind = "MiniProgram" }));
        }
    }
}

internal sealed record MonthFigures(
    int Requests, int Placed, int Unplaced, TimeSpan Asked, TimeSpan Took, TimeSpan PublishTook, decimal Satisfaction, decimal Greedy, int Sessions, int Unexplained)
{
    public override string ToString() =>
        $"{Requests} requests: proposed in {Took.TotalMilliseconds:F0} ms ({Took.TotalMilliseconds / Requests:F2} ms each), {Placed} placed, {Unplaced} not; " +
        $"satisfaction {Satisfaction:P2}, plain greedy {Greedy:P2}; published in {PublishTook.TotalMilliseconds:F0} ms ({Sessions} sessions); requests came in at {Requests / Asked.TotalSeconds:F0}/s";
}

internal sealed record ProposalReport : IReport
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public required int Seed { get; init; }

    public required IReadOnlyList<MonthFigures> Months { get; init; }

    public bool IsClean =>
        Months[0].Took < Longest && Months.All(m => m.Satisfaction >= m.Greedy && m.Sessions == m.Placed && m.Placed + m.Unplaced == m.Requests && m.Unexplained == 0);

    public IEnumerable<string> Lines()
    {
        yield return $"proposal: seed {Seed}, {Environment.ProcessorCount} cores shared with this tool, the whole request measured";
        foreach (var month in Months) yield return $"  {month}";
        if (!IsClean) yield return "  WRONG: too slow, below greedy, or not every request accounted for";
    }

    public object Figures() => new
    {
        Scenario = "proposal",
        Seed,
        Months = Months.Select(m => new
        {
            m.Requests,
            m.Placed,
            TookMs = Math.Round(m.Took.TotalMilliseconds, 1),
            PublishTookMs = Math.Round(m.PublishTook.TotalMilliseconds, 1),
            m.Satisfaction,
            m.Greedy,
        }),
        Errors = IsClean ? 0 : 1,
        Cores = Environment.ProcessorCount,
    };
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;

namespace LiveCommerce.Scheduling.Tests.Periods;

/// <summary>Problems by seed: the same seed is the same problem for ever.</summary>
internal static class RandomMonth
{
    /// <summary>Crowded: many who want few hosts and rooms in a week or two, under every kind of limit.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="isAligned">Everything begins and ends on a quarter of an hour, so that rounding loses nothing.</param>
    public static MonthProblem Crowded(int seed, bool isAligned = false)
    {
        var step = isAligned ? 15 : 10;
        var random = new Random(seed);
        string[] zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York"];
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zones[random.Next(3)]);
        // Months with a change of the clock in two of the three zones.
        var month = new DateOnly(2027, random.Next(2) == 0 ? 3 : 11, 1);
        var hours = random.Next(3) switch { 0 => (0, 1440), 1 => (9 * 60, 23 * 60), _ => (18 * 60, 26 * 60) };
        var grid = new SlotGrid(month, zone, random.Next(3) switch { 0 => 15, 1 => 30, _ => 60 }, hours.Item1, hours.Item2);
        var (brands, hosts, rooms, channels) = (Ids(random, 4), Ids(random, 3), Ids(random, 3), Ids(random, 6));
        var units = Enumerable.Range(0, 6).Select(i => (Id: Id(random), Path: i == 0 ? "/hq/" : i < 3 ? $"/hq/r{i}/" : $"/hq/r{1 + i % 2}/s{i}/")).ToList();
        var days = random.Next(2, 12);
        return new MonthProblem
        {
            Grid = grid,
            Now = grid.Month.OpensAt.AddHours(random.Next(-48, 48)),
            Demands = [.. Enumerable.Range(0, random.Next(5, 40)).Select(_ => Demand())],
            Taken = [.. Enumerable.Range(0, random.Next(8)).Select(_ => new Taken(Any(random, [.. hosts, .. rooms, .. channels]), Time()))],
            Closures = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Closure(Any(random, units).Path, random.Next(2) == 0 ? [] : [Any(random, brands)], Time()))],
            PlannedBelow = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new Planned([Any(random, brands)], Time()))],
            Mandates = [.. units.Skip(3).SelectMany(u => Enumerable.Range(0, random.Next(3)).Select(_ => Mandate(u.Id)))],
            Quotas = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Quota(random.Next(2) == 0 ? null : (SessionTier)random.Next(4), Any(random, units).Path, random.Next(1, 10), random.Next(2)))],
            Ranks = units.Where(_ => random.Next(5) > 0).ToDictionary(u => u.Id, _ => random.Next(1, 5)),
            TurnaroundMinutes = rooms.ToDictionary(r => r, _ => step * random.Next(4)),
        };

        Demand Demand()
        {
            var at = random.Next(units.Count);
            return new Demand
            {
                Id = Id(random),
                Tier = at == 0 ? (random.Next(2) == 0 ? SessionTier.GroupBroadcast : SessionTier.BrandBroadcast) : at < 3 ? SessionTier.RegionalBroadcast : SessionTier.ResellerBroadcast,
                UnitId = units[at].Id,
                Path = units[at].Path,
                Priority = random.Next(1, 4),
                Minutes = step * random.Next(3, 24),
                BrandIds = Some(random, brands, 2),
                Channels = [.. Some(random, channels, 2).Select(id => new DemandChannel(id, (ChannelKind)(Array.IndexOf(channels, id) % 2)))],
                HostIds = Some(random, hosts, 3),
                CoHostIds = random.Next(6) == 0 ? [Any(random, hosts)] : [],
                RoomIds = Some(random, rooms, 3),
                Preferences = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (IReadOnlyList<DateTimeOffset>)[.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Start())])],
            };
        }

        Terms Mandate(Guid reseller) => new()
        {
            Id = Id(random),
            ResellerId = reseller,
            BrandIds = Some(random, brands, 4),
            Channels = random.Next(2) == 0 ? [(ChannelKind)0, (ChannelKind)1] : [(ChannelKind)random.Next(2)],
            Dates = new Window(grid.Month.OpensAt.AddDays(random.Next(-5, 3)), grid.Month.OpensAt.AddDays(random.Next(3, 40))),
            Zone = TimeZoneInfo.FindSystemTimeZoneById(zones[random.Next(3)]),
            EarliestMinute = random.Next(2) == 0 ? null : 30 * random.Next(48),
            LatestMinute = random.Next(2) == 0 ? null : 30 * random.Next(1, 49),
            SessionsPerWeek = random.Next(2) == 0 ? null : random.Next(1, 4),
            Planned = [.. Enumerable.Range(0, random.Next(2)).Select(_ => Start())],
        };

        DateTimeOffset Start() => grid.At(random.Next(days * 96 / 4) * 4 + (random.Next(12) == 0 ? 1 : 0));
        Window Time()
        {
            var start = Start().AddMinutes(isAligned ? 0 : random.Next(15));
            return new Window(start, start.AddMinutes(isAligned ? 15 * random.Next(1, 20) : random.Next(20, 300)));
        }
    }

    /// <summary>The size the product is made for: a thousand requests for two hundred hosts and sixty rooms.</summary>
    public static MonthProblem Large(int seed, int demands)
    {
        var random = new Random(seed);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var grid = new SlotGrid(new DateOnly(2027, 11, 1), zone, 30, 8 * 60, 24 * 60);
        var (brands, hosts, rooms) = (Ids(random, 25), Ids(random, 200), Ids(random, 60));
        var units = Enumerable.Range(0, 120).Select(i => (Id: Id(random), Path: $"/hq/r{i % 8}/s{i}/", Channel: Id(random))).ToList();
        return new MonthProblem
        {
            Grid = grid,
            Now = grid.Month.OpensAt.AddDays(-20),
            Demands = [.. Enumerable.Range(0, demands).Select(i =>
            {
                var unit = Any(random, units);
                return new Demand
                {
                    Id = Id(random),
                    Tier = i % 50 == 0 ? SessionTier.GroupBroadcast : SessionTier.ResellerBroadcast,
                    UnitId = i % 50 == 0 ? Guid.Empty : unit.Id,
                    Path = i % 50 == 0 ? "/hq/" : unit.Path,
                    Minutes = 60 * random.Next(2, 6),
                    BrandIds = [Any(random, brands)],
                    Channels = [new DemandChannel(i % 50 == 0 ? Id(random) : unit.Channel, ChannelKind.MiniProgram)],
                    HostIds = Some(random, hosts, 4),
                    RoomIds = Some(random, rooms, 3),
                    // Everybody wants the evenings.
                    Preferences = [.. Enumerable.Range(0, 4).Select(_ => (IReadOnlyList<DateTimeOffset>)
                        [grid.Month.OpensAt.AddDays(random.Next(30)).AddHours(random.Next(3) == 0 ? random.Next(9, 18) : random.Next(18, 21))])],
                };
            })],
            Mandates = [.. units.Select(u => new Terms
            {
                Id = Id(random), ResellerId = u.Id, BrandIds = brands, Channels = [ChannelKind.MiniProgram], Zone = zone, SessionsPerWeek = 1 + demands / 300,
                Dates = new Window(grid.Month.OpensAt.AddDays(-60), grid.Month.ClosesAt.AddDays(60)), EarliestMinute = 540, LatestMinute = 1440,
            })],
            Ranks = units.Select((u, at) => (u.Id, at)).ToDictionary(u => u.Id, u => u.at + 1),
            TurnaroundMinutes = rooms.ToDictionary(r => r, _ => 30),
        };
    }

    /// <summary>The same problem written down in another order.</summary>
    public static MonthProblem Shuffled(MonthProblem problem, int seed)
    {
        var random = new Random(seed);
        return problem with
        {
            Demands = Mixed(problem.Demands),
            Taken = Mixed(problem.Taken),
            Closures = Mixed(problem.Closures),
            PlannedBelow = Mixed(problem.PlannedBelow),
            Mandates = Mixed(problem.Mandates),
            Quotas = Mixed(problem.Quotas),
            Ranks = Mixed([.. problem.Ranks]).ToDictionary(r => r.Key, r => r.Value),
        };

        IReadOnlyList<T> Mixed<T>(IReadOnlyList<T> list)
        {
            var mixed = list.ToArray();
            random.Shuffle(mixed);
            return mixed;
        }
    }

    private static Guid Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static Guid[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Id(random))];

    private static T Any<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private static Guid[] Some(Random random, Guid[] of, int most) => [.. Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => Any(random, of)).Distinct()];
}

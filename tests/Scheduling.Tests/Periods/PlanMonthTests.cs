using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;

namespace LiveCommerce.Scheduling.Tests.Periods;

internal sealed class PlanMonthTests
{
    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void WhateverIsAskedFor_ThePlanBreaksNoRule(int seed)
    {
        var problem = RandomMonth.Crowded(seed);
        Assert.That(PlanChecker.Faults(problem, PlanMonth.Of(problem)), Is.Empty);
    }

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void TheSameProblemInAnotherOrder_HasTheSamePlan(int seed)
    {
        var problem = RandomMonth.Crowded(seed);
        var (plan, again) = (PlanMonth.Of(problem), PlanMonth.Of(RandomMonth.Shuffled(problem, seed + 1)));
        Assert.That(again.Placed, Is.EqualTo(plan.Placed));
        Assert.That(again.Unplaced, Is.EqualTo(plan.Unplaced));
        Assert.That(again.Satisfaction, Is.EqualTo(plan.Satisfaction));
    }

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void NobodyIsWorseOff_ThanIfEachHadPickedInTurn(int seed)
    {
        var problem = RandomMonth.Crowded(seed, isAligned: true);
        var plan = PlanMonth.Of(problem);
        var (turns, weights) = InTurn(problem);
        var got = plan.Placed.ToDictionary(p => p.DemandId, p => p.Preference);
        var greedy = Greedily(problem, turns);

        // Nobody at all: so no better ranked unit pays for a lower one's gain.
        foreach (var (demand, preference) in greedy) Assert.That(got.GetValueOrDefault(demand, int.MaxValue), Is.LessThanOrEqualTo(preference));
        Assert.That(plan.Greedy.Points, Is.EqualTo(greedy.Sum(g => (long)weights[g.Key] * Math.Max(2, 10 - 2 * g.Value))), "greedy is plain turns");
        Assert.That(plan.Satisfaction.Points, Is.EqualTo(got.Sum(g => (long)weights[g.Key] * Math.Max(2, 10 - 2 * g.Value))).And.GreaterThanOrEqualTo(plan.Greedy.Points));
    }

    [Test]
    public void MakingRoom_GainsSomethingOnCrowdedMonths()
    {
        var plans = Enumerable.Range(1, 200).Select(seed => PlanMonth.Of(RandomMonth.Crowded(seed))).ToList();
        Assert.That(plans.Count(p => p.Satisfaction.Points > p.Greedy.Points), Is.GreaterThan(20));
    }

    [Test]
    public void GroupBroadcastsPickFirst_ThenTheBetterRanked_ThenWhatAUnitPutsFirst()
    {
        var month = Evenings();
        var start = month.Grid.Month.OpensAt.AddDays(3).AddHours(20);
        Guid host = Calendar.Id(), room = Calendar.Id();
        Demand Ask(SessionTier tier, Guid unit, string path, int priority) => new()
        {
            Id = Calendar.Id(),
            Tier = tier,
            UnitId = unit,
            Path = path,
            Priority = priority,
            Minutes = 120,
            BrandIds = [Calendar.Id()],
            Channels = [new DemandChannel(Calendar.Id(), default)],
            HostIds = [host],
            RoomIds = [room],
            Preferences = [.. Enumerable.Range(0, 4).Select(i => (IReadOnlyList<DateTimeOffset>)[start.AddHours(-2 * i)])],
        };
        Guid first = Calendar.Id(), second = Calendar.Id();
        var demands = new[]
        {
            Ask(SessionTier.RegionalBroadcast, second, "/hq/a/", 1), Ask(SessionTier.RegionalBroadcast, first, "/hq/b/", 2),
            Ask(SessionTier.RegionalBroadcast, first, "/hq/b/", 1), Ask(SessionTier.GroupBroadcast, Calendar.Id(), "/hq/", 9),
        };
        var plan = PlanMonth.Of(month with { Demands = demands, Ranks = new Dictionary<Guid, int> { [first] = 1, [second] = 2 } });
        int Got(int demand) => plan.Placed.Single(p => p.DemandId == demands[demand].Id).Preference;
        Assert.That(new[] { Got(3), Got(2), Got(1), Got(0) }, Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void WhoStandsInTheWay_MovesToAnotherRoom_IfItLosesNothing()
    {
        var month = Evenings();
        var start = month.Grid.Month.OpensAt.AddDays(3).AddHours(20);
        Guid small = Calendar.Id(), large = Calendar.Id();
        Demand Ask(string path, params Guid[] rooms) => new()
        {
            Id = Calendar.Id(),
            Tier = SessionTier.RegionalBroadcast,
            UnitId = Calendar.Id(),
            Path = path,
            Minutes = 120,
            BrandIds = [Calendar.Id()],
            Channels = [new DemandChannel(Calendar.Id(), default)],
            HostIds = [Calendar.Id()],
            RoomIds = rooms,
            Preferences = [[start]],
        };
        var (easy, choosy) = (Ask("/hq/a/", large, small), Ask("/hq/b/", large));
        var plan = PlanMonth.Of(month with { Demands = [easy, choosy] });
        Assert.That(plan.Unplaced, Is.Empty);
        Assert.That(plan.Placed.Single(p => p.DemandId == choosy.Id).RoomId, Is.EqualTo(large));
        Assert.That((plan.Greedy.Share, plan.Satisfaction.Share), Is.EqualTo((0.666667m, 1m)));
    }

    [Test]
    public void WhatIsNotPlaced_IsToldWhy_AndTheNearestFreeSlot()
    {
        var month = Evenings();
        var start = month.Grid.Month.OpensAt.AddDays(3).AddHours(20);
        var room = Calendar.Id();
        var demand = new Demand
        {
            Id = Calendar.Id(),
            Tier = SessionTier.RegionalBroadcast,
            UnitId = Calendar.Id(),
            Path = "/hq/a/",
            Minutes = 120,
            BrandIds = [Calendar.Id()],
            Channels = [new DemandChannel(Calendar.Id(), default)],
            HostIds = [Calendar.Id()],
            RoomIds = [room],
            Preferences = [[start]],
        };
        var plan = PlanMonth.Of(month with
        {
            Demands = [demand],
            Taken = [new Taken(room, new Window(start.AddHours(-1), start.AddHours(1)))],
            TurnaroundMinutes = new Dictionary<Guid, int> { [room] = 30 },
        });
        Assert.That(plan.Unplaced.Single().Code, Is.EqualTo("session.conflict"));
        Assert.That(plan.Unplaced.Single().Detail, Does.Contain("No room"));
        Assert.That(plan.Unplaced.Single().NearestFreeSlot, Is.EqualTo(new Window(start.AddHours(1), start.AddHours(3))), "as near as 16:30, with the turnaround, but nearer");

        var blocked = PlanMonth.Of(month with { Demands = [demand], Closures = [new Closure("/hq/", [], month.Grid.Month)] });
        Assert.That((blocked.Unplaced.Single().Code, blocked.Unplaced.Single().NearestFreeSlot), Is.EqualTo(("session.blocked", (Window?)null)));
        var spent = PlanMonth.Of(month with { Demands = [demand], Quotas = [new Quota(null, "/hq/", 3, 3)] });
        Assert.That((spent.Unplaced.Single().Code, spent.Unplaced.Single().NearestFreeSlot?.OpensAt), Is.EqualTo(("period.quota_spent", (DateTimeOffset?)start)));
        var unauthorised = PlanMonth.Of(month with { Demands = [demand with { Tier = SessionTier.ResellerBroadcast }] });
        Assert.That((unauthorised.Unplaced.Single().Code, unauthorised.Unplaced.Single().NearestFreeSlot), Is.EqualTo(("mandate.missing", (Window?)null)));
        var offGrid = PlanMonth.Of(month with { Demands = [demand with { Preferences = [[start.AddMinutes(7)]] }] });
        Assert.That((offGrid.Unplaced.Single().Code, offGrid.Unplaced.Single().NearestFreeSlot?.OpensAt), Is.EqualTo(("period.off_grid", (DateTimeOffset?)start)));
    }

    [Test]
    public void AMonthOfAThousandRequests_KeepsEveryRule()
    {
        var problem = RandomMonth.Large(7, 1_000);
        Assert.That(PlanChecker.Faults(problem, PlanMonth.Of(problem)), Is.Empty);
    }

    private static MonthProblem Evenings() => new()
    {
        Grid = new SlotGrid(new DateOnly(2027, 5, 1), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), 30, 8 * 60, 24 * 60),
        Now = new DateTimeOffset(2027, 4, 1, 0, 0, 0, TimeSpan.Zero),
        Demands = [],
    };

    /// <summary>Who picks when, and how much each counts: told again, by hand.</summary>
    private static (List<Demand> Turns, Dictionary<Guid, int> Weights) InTurn(MonthProblem problem)
    {
        var units = problem.Demands.Where(d => d.Tier != SessionTier.GroupBroadcast)
            .GroupBy(d => d.UnitId).Select(g => g.First()).ToList();
        units.Sort((a, b) =>
        {
            var byRank = problem.Ranks.GetValueOrDefault(a.UnitId, int.MaxValue).CompareTo(problem.Ranks.GetValueOrDefault(b.UnitId, int.MaxValue));
            return byRank != 0 ? byRank : string.CompareOrdinal(a.Path, b.Path);
        });
        var weights = problem.Demands.ToDictionary(
            d => d.Id, d => Math.Max(1, d.Tier == SessionTier.GroupBroadcast ? units.Count : units.Count - units.FindIndex(u => u.UnitId == d.UnitId)));
        var turns = problem.Demands.Where(d => d.Tier == SessionTier.GroupBroadcast).OrderBy(d => d.Priority).ThenBy(d => d.Id).ToList();
        foreach (var unit in units)
            turns.AddRange(problem.Demands.Where(d => d.Tier != SessionTier.GroupBroadcast && d.UnitId == unit.UnitId).OrderBy(d => d.Priority).ThenBy(d => d.Tier).ThenBy(d => d.Id));
        return (turns, weights);
    }

    /// <returns>The preference each got, of those that got one.</returns>
    private static Dictionary<Guid, int> Greedily(MonthProblem problem, List<Demand> turns)
    {
        var (checker, got) = (new PlanChecker(problem), new Dictionary<Guid, int>());
        foreach (var demand in turns)
        {
            var best = demand.Preferences
                .SelectMany((starts, preference) => starts.Order().Where(IsOnGrid).Select(s => (s, preference)))
                .SelectMany(c => checker.Options(demand, c.preference, new Window(c.s, c.s.AddMinutes(demand.Minutes))))
                .FirstOrDefault(option => checker.Against(option).Count == 0);
            if (best is null) continue;
            checker.Place(best);
            got[demand.Id] = best.Preference;

            bool IsOnGrid(DateTimeOffset start) =>
                problem.Grid.StartOf(start) is { } at && problem.Grid.Closed.IsFree(at, (demand.Minutes + 14) / 15);
        }
        return got;
    }
}

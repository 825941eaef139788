using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;

namespace LiveCommerce.Scheduling.Tests.Periods;

/// <summary>
/// The rules of a month, told again in instants and lists: no masks, no quarters of an hour. What is on it has been
/// placed; a further placement may be judged against all that.
/// </summary>
internal sealed class PlanChecker(MonthProblem problem)
{
    private readonly List<(Demand Demand, Placement At)> _placed = [];
    private readonly Dictionary<Guid, Demand> _demands = problem.Demands.ToDictionary(d => d.Id);

    /// <summary>Every rule each placement breaks, with all others where they are.</summary>
    public static List<string> Faults(MonthProblem problem, MonthPlan plan)
    {
        var checker = new PlanChecker(problem);
        var faults = new List<string>();
        foreach (var at in plan.Placed)
        {
            faults.AddRange(checker.Against(at).Select(f => $"{at.DemandId}: {f}"));
            checker.Place(at);
        }
        var told = plan.Placed.Select(p => p.DemandId).Concat(plan.Unplaced.Select(u => u.DemandId)).Order();
        if (!told.SequenceEqual(problem.Demands.Select(d => d.Id).Order())) faults.Add("not every demand is told of once");
        foreach (var not in plan.Unplaced)
        {
            if (not.Code.Length == 0 || not.Detail.Length == 0) faults.Add($"{not.DemandId}: no reason");
            if (not.NearestFreeSlot is { } slot && !checker.FitsSomewhere(not.DemandId, slot)) faults.Add($"{not.DemandId}: the nearest slot is not free");
        }
        return faults;
    }

    public void Place(Placement at) => _placed.Add((_demands[at.DemandId], at));

    /// <summary>Free with some host, room and mandate; the quota is left aside.</summary>
    public bool FitsSomewhere(Guid demandId, Window time)
    {
        var demand = _demands[demandId];
        return Options(demand, 0, time).Any(option => Against(option).All(f => f is "quota" or "not preferred"));
    }

    /// <summary>Every way to have the slot, the first named first.</summary>
    public IEnumerable<Placement> Options(Demand demand, int preference, Window time) =>
        from host in demand.HostIds
        from room in demand.RoomIds
        from mandate in demand.Tier == SessionTier.ResellerBroadcast
            ? problem.Mandates.Where(m => m.ResellerId == demand.UnitId).OrderBy(m => m.Dates.ClosesAt).ThenBy(m => m.Id).Select(m => (Guid?)m.Id)
            : [null]
        select new Placement(demand.Id, preference, time, host, room, mandate);

    public List<string> Against(Placement at)
    {
        var (demand, faults) = (_demands[at.DemandId], new List<string>());
        Check(at.Time.ClosesAt - at.Time.OpensAt == TimeSpan.FromMinutes(demand.Minutes), "length");
        Check(demand.HostIds.Contains(at.HostId) && demand.RoomIds.Contains(at.RoomId) && !demand.CoHostIds.Contains(at.HostId), "not named");
        Check(at.Preference < demand.Preferences.Count && demand.Preferences[at.Preference].Contains(at.Time.OpensAt), "not preferred");
        Check(at.Time.OpensAt > problem.Now, "past");
        Check(problem.Grid.Month.Contains(at.Time.OpensAt), "month");
        Resources(demand, at, Check);
        Blocks(demand, at, Check);
        foreach (var quota in problem.Quotas.Where(q => (q.Tier is null || q.Tier == demand.Tier) && demand.Path.StartsWith(q.Path, StringComparison.Ordinal)))
        {
            var others = _placed.Count(p => (quota.Tier is null || quota.Tier == p.Demand.Tier) && p.Demand.Path.StartsWith(quota.Path, StringComparison.Ordinal));
            Check(quota.Used + others < quota.Most, "quota");
        }
        if (demand.Tier == SessionTier.ResellerBroadcast) Mandate(demand, at, Check);
        else Check(at.MandateId is null, "a mandate nobody needs");
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }
    }

    private void Resources(Demand demand, Placement at, Action<bool, string> check)
    {
        foreach (var resource in Of(demand, at))
        {
            var turnaround = problem.TurnaroundMinutes.GetValueOrDefault(resource);
            var needs = at.Time with { ClosesAt = at.Time.ClosesAt.AddMinutes(turnaround) };
            check(!problem.Taken.Any(t => t.ResourceId == resource && t.Time.Overlaps(needs)), "taken before");
            check(!_placed.Exists(p => Of(p.Demand, p.At).Contains(resource) && (p.At.Time with { ClosesAt = p.At.Time.ClosesAt.AddMinutes(turnaround) }).Overlaps(needs)), "taken twice");
        }
    }

    private void Blocks(Demand demand, Placement at, Action<bool, string> check)
    {
        if (demand.Tier == SessionTier.GroupBroadcast)
        {
            check(!problem.PlannedBelow.Any(p => p.Time.Overlaps(at.Time) && p.BrandIds.Intersect(demand.BrandIds).Any()), "over a planned one");
            check(!_placed.Exists(p => p.Demand.Tier != SessionTier.GroupBroadcast && p.At.Time.Overlaps(at.Time) && p.Demand.BrandIds.Intersect(demand.BrandIds).Any()), "over one below");
            return;
        }
        check(!_placed.Exists(p => p.Demand.Tier == SessionTier.GroupBroadcast && p.At.Time.Overlaps(at.Time) && p.Demand.BrandIds.Intersect(demand.BrandIds).Any()), "under a group broadcast");
        check(
            !problem.Closures.Any(b => demand.Path.StartsWith(b.Path, StringComparison.Ordinal) && b.Time.Overlaps(at.Time) && (b.BrandIds.Count == 0 || b.BrandIds.Intersect(demand.BrandIds).Any())),
            "blocked");
    }

    private void Mandate(Demand demand, Placement at, Action<bool, string> check)
    {
        if (problem.Mandates.SingleOrDefault(m => m.Id == at.MandateId) is not { } mandate)
        {
            check(false, "no mandate");
            return;
        }
        check(mandate.ResellerId == demand.UnitId, "another's mandate");
        check(!demand.BrandIds.Except(mandate.BrandIds).Any() && !demand.Channels.Select(c => c.Kind).Except(mandate.Channels).Any(), "mandate's brands and channels");
        check(at.Time.OpensAt >= mandate.Dates.OpensAt && at.Time.ClosesAt <= mandate.Dates.ClosesAt, "mandate's dates");
        for (var instant = at.Time.OpensAt; instant < at.Time.ClosesAt; instant = instant.AddMinutes(5))
        {
            var minute = TimeZoneInfo.ConvertTime(instant, mandate.Zone).TimeOfDay.TotalMinutes;
            var (from, to) = (mandate.EarliestMinute ?? 0, mandate.LatestMinute ?? 1440);
            check(from < to ? minute >= from && minute < to : minute >= from || minute < to, "mandate's hours");
        }
        if (mandate.SessionsPerWeek is not { } most) return;
        var week = WeekOf(at.Time.OpensAt);
        check(mandate.Planned.Count(p => WeekOf(p) == week) + _placed.Count(p => p.At.MandateId == mandate.Id && WeekOf(p.At.Time.OpensAt) == week) < most, "mandate's week");

        DateTime WeekOf(DateTimeOffset instant)
        {
            var day = TimeZoneInfo.ConvertTime(instant, mandate.Zone).Date;
            while (day.DayOfWeek != DayOfWeek.Monday) day = day.AddDays(-1);
            return day;
        }
    }

    private static HashSet<Guid> Of(Demand demand, Placement at) => [at.HostId, at.RoomId, .. demand.CoHostIds, .. demand.Channels.Select(c => c.Id)];
}

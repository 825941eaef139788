using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>A problem in the board's terms. Everything is put in one order first, so that the order it came in does not matter.</summary>
internal sealed class Setting
{
    private readonly SlotGrid _grid;
    private readonly Dictionary<(string, string, bool, int), Mask> _unblocked = [];
    private readonly Dictionary<(Guid, int), (Mask InDates, Mask Allowed)> _covers = [];
    private readonly Dictionary<int, Mask> _onGrid = [];
    private readonly Dictionary<string, WallClock> _clocks = [];

    public Setting(MonthProblem problem)
    {
        Problem = problem;
        _grid = problem.Grid;
        Mandates = [.. problem.Mandates.OrderBy(m => m.Dates.ClosesAt).ThenBy(m => m.Id)];
        Clocks = [.. Mandates.Select(m => ClockOf(m.Zone))];
        Quotas = [.. problem.Quotas];
        Resources = Places(problem.Demands.SelectMany(d => d.HostIds.Concat(d.CoHostIds).Concat(d.RoomIds).Concat(d.Channels.Select(c => c.Id))));
        Brands = Places(problem.Demands.SelectMany(d => d.BrandIds));
        ResourceIds = [.. Resources.Keys.Order()];
        var ofReseller = Enumerable.Range(0, Mandates.Length).ToLookup(i => Mandates[i].ResellerId);
        var turns = InTurn(problem);
        Wants = [.. turns.Select((t, index) => ToWant(t.Demand, index, t.Weight, ofReseller))];
    }

    public MonthProblem Problem { get; }

    /// <summary>In the order they pick in.</summary>
    public Want[] Wants { get; }

    public Terms[] Mandates { get; }

    /// <summary>By mandate.</summary>
    public WallClock[] Clocks { get; }

    public Quota[] Quotas { get; }

    public Dictionary<Guid, int> Resources { get; }

    public Guid[] ResourceIds { get; }

    public Dictionary<Guid, int> Brands { get; }

    /// <summary>Group broadcasts, then by rank; what a unit itself puts first, then. The ids come last, where nothing else tells two apart.</summary>
    private static List<(Demand Demand, int Weight)> InTurn(MonthProblem problem)
    {
        // Units of one rank, and those without, follow by their path, so that every unit has a place of its own.
        var units = problem.Demands.Where(d => d.Tier != SessionTier.GroupBroadcast).DistinctBy(d => d.UnitId)
            .OrderBy(d => problem.Ranks.GetValueOrDefault(d.UnitId, int.MaxValue)).ThenBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.UnitId)
            .Select((d, at) => (d.UnitId, At: at)).ToDictionary(u => u.UnitId, u => u.At);
        return [.. problem.Demands
            .Select(d => (Demand: d, IsGroup: d.Tier == SessionTier.GroupBroadcast, At: d.Tier == SessionTier.GroupBroadcast ? 0 : units[d.UnitId]))
            .OrderBy(t => t.IsGroup ? 0 : 1).ThenBy(t => t.At).ThenBy(t => t.Demand.Path, StringComparer.Ordinal)
            .ThenBy(t => t.Demand.Priority).ThenBy(t => t.Demand.Tier).ThenBy(t => t.Demand.Id)
            .Select(t => (t.Demand, Math.Max(1, units.Count - t.At)))];
    }

    private Want ToWant(Demand demand, int index, int weight, ILookup<Guid, int> ofReseller)
    {
        var length = (demand.Minutes + SlotGrid.Quarter - 1) / SlotGrid.Quarter;
        var isGroup = demand.Tier == SessionTier.GroupBroadcast;
        var onGrid = OnGrid(length);
        return new Want(demand)
        {
            Index = index,
            Weight = weight,
            Length = length,
            IsGroup = isGroup,
            Fixed = [.. demand.CoHostIds.Concat(demand.Channels.Select(c => c.Id)).Distinct().Select(id => Resources[id])],
            Hosts = [.. demand.HostIds.Except(demand.CoHostIds).Select(id => Resources[id])],
            Rooms = [.. demand.RoomIds.Distinct().Select(id => Resources[id])],
            Brands = [.. demand.BrandIds.Distinct().Select(id => Brands[id])],
            Quotas = [.. Enumerable.Range(0, Quotas.Length).Where(i => Quotas[i].Counts(demand.Tier, demand.Path))],
            OnGrid = onGrid,
            Unblocked = Unblocked(demand, isGroup, length),
            Mandates = demand.Tier != SessionTier.ResellerBroadcast ? null :
            [
                .. ofReseller[demand.UnitId]
                    .Where(i => demand.BrandIds.All(Mandates[i].BrandIds.Contains) && demand.Channels.All(c => Mandates[i].Channels.Contains(c.Kind)))
                    .Select(i => ToCover(i, length)),
            ],
            Preferences = [.. demand.Preferences.Select(p => p.Order().Select(at => _grid.StartOf(at) ?? -1).Where(s => onGrid[s]).Distinct().ToArray())],
        };
    }

    private Mask OnGrid(int length)
    {
        if (_onGrid.TryGetValue(length, out var known)) return known;
        var starts = _grid.Closed.FreeRuns(length).And(_grid.Starts);
        starts.Clear(0, _grid.QuarterOf(Problem.Now) + 1);
        return _onGrid[length] = starts;
    }

    private Mask Unblocked(Demand demand, bool isGroup, int length)
    {
        var brands = demand.BrandIds.ToHashSet();
        var key = (isGroup ? "" : demand.Path, string.Join(',', brands.Order()), isGroup, length);
        if (_unblocked.TryGetValue(key, out var known)) return known;
        var closed = new Mask(_grid.Length);
        var times = isGroup
            ? Problem.PlannedBelow.Where(p => p.BrandIds.Any(brands.Contains)).Select(p => p.Time)
            : Problem.Closures.Where(b => UnitPath.Covers(b.Path, demand.Path) && (b.BrandIds.Count == 0 || b.BrandIds.Any(brands.Contains))).Select(b => b.Time);
        foreach (var time in times)
        {
            var (from, count) = _grid.Span(time);
            closed.Set(from, count);
        }
        return _unblocked[key] = closed.FreeRuns(length);
    }

    private Cover ToCover(int mandate, int length)
    {
        var terms = Mandates[mandate];
        if (!_covers.TryGetValue((terms.Id, length), out var starts))
        {
            var outside = new Mask(_grid.Length);
            for (var at = 0; at < _grid.Length; at++)
                if (_grid.At(at) < terms.Dates.OpensAt || _grid.At(at + 1) > terms.Dates.ClosesAt) outside.Set(at, 1);
            var inDates = outside.FreeRuns(length);
            if (terms.EarliestMinute is not null || terms.LatestMinute is not null)
            {
                var minutes = Clocks[mandate].Minutes;
                for (var at = 0; at < _grid.Length; at++)
                    if (!SlotGrid.IsWithin(minutes[at], terms.EarliestMinute ?? 0, terms.LatestMinute ?? 1440)) outside.Set(at, 1);
            }
            _covers[(terms.Id, length)] = starts = (inDates, outside.FreeRuns(length));
        }
        return new Cover(mandate, starts.InDates, starts.Allowed);
    }

    private WallClock ClockOf(TimeZoneInfo zone) => _clocks.TryGetValue(zone.Id, out var known) ? known : _clocks[zone.Id] = new WallClock(_grid, zone);

    private static Dictionary<Guid, int> Places(IEnumerable<Guid> ids) => ids.Distinct().Order().Select((id, at) => (id, at)).ToDictionary(p => p.id, p => p.at);
}

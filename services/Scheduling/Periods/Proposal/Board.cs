namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>Who stands where. Every step can be taken back.</summary>
internal sealed class Board
{
    private readonly Setting _setting;
    private readonly Mask[] _busy;
    private readonly List<Want>[] _standing;
    private readonly int[] _turnaround;
    private readonly Layers[] _group;
    private readonly Layers[] _below;
    private readonly Dictionary<int, int>[] _weeks;
    private readonly int[] _used;
    private readonly List<(Want Want, Place? Before)> _steps = [];

    public Board(Setting setting)
    {
        _setting = setting;
        var (grid, problem) = (setting.Problem.Grid, setting.Problem);
        _busy = [.. setting.ResourceIds.Select(_ => new Mask(grid.Length))];
        _standing = [.. setting.ResourceIds.Select(_ => new List<Want>())];
        _turnaround = [.. setting.ResourceIds.Select(id => (problem.TurnaroundMinutes.GetValueOrDefault(id) + SlotGrid.Quarter - 1) / SlotGrid.Quarter)];
        foreach (var taken in problem.Taken)
        {
            if (!setting.Resources.TryGetValue(taken.ResourceId, out var resource)) continue;
            var (from, count) = grid.Span(taken.Time);
            _busy[resource].Set(from, count);
        }
        _group = [.. setting.Brands.Select(_ => new Layers(grid.Length))];
        _below = [.. setting.Brands.Select(_ => new Layers(grid.Length))];
        _weeks = [.. setting.Mandates.Select(m => m.Planned.CountBy(at => WallClock.WeekOf(at, m.Zone)).ToDictionary())];
        _used = [.. setting.Quotas.Select(q => q.Used)];
    }

    /// <summary>So many steps were taken since <see cref="Keep"/>.</summary>
    public int Mark => _steps.Count;

    public bool HasQuota(Want want)
    {
        foreach (var quota in want.Quotas)
            if (_used[quota] >= _setting.Quotas[quota].Most) return false;
        return true;
    }

    /// <summary>Nothing but its host, room, channels or co-hosts could keep it from starting there.</summary>
    public bool MayStart(Want want, int start) =>
        want.OnGrid[start] && IsUnblocked(want, start) && (want.Mandates is null || MandateFor(want, start) >= 0);

    public bool IsUnblocked(Want want, int start)
    {
        if (!want.Unblocked[start]) return false;
        foreach (var brand in want.Brands)
            if (!(want.IsGroup ? _below : _group)[brand].Mask.IsFree(start, want.Length)) return false;
        return true;
    }

    /// <summary>The first mandate that allows the start and has a session left in its week; -1 if none does.</summary>
    public int MandateFor(Want want, int start)
    {
        foreach (var cover in want.Mandates ?? [])
            if (cover.Allowed[start] && HasSessionLeft(cover.Mandate, start)) return cover.Mandate;
        return -1;
    }

    public bool HasSessionLeft(int mandate, int start) =>
        _setting.Mandates[mandate].SessionsPerWeek is not { } most || _weeks[mandate].GetValueOrDefault(_setting.Clocks[mandate].Weeks[start]) < most;

    public bool IsFree(int resource, int start, int length) => _busy[resource].IsFree(start, length + _turnaround[resource]);

    public int FirstFree(int[] resources, int start, int length)
    {
        foreach (var resource in resources)
            if (IsFree(resource, start, length)) return resource;
        return -1;
    }

    public bool AllFree(int[] resources, int start, int length)
    {
        foreach (var resource in resources)
            if (!IsFree(resource, start, length)) return false;
        return true;
    }

    /// <summary>Those who would have to go for somebody to have the resource then.</summary>
    /// <returns>False if one of them cannot: it was planned before, or has just been moved.</returns>
    public bool Blockers(int resource, int start, int length, List<Want> blockers)
    {
        var end = start + length + _turnaround[resource];
        // What was planned before sets bits that nobody on the board accounts for.
        var accounted = 0;
        foreach (var other in _standing[resource])
        {
            var (from, to) = (other.Place!.Value.Start, other.Place.Value.Start + other.Length + _turnaround[resource]);
            if (from >= end || to <= start) continue;
            if (other.IsPinned) return false;
            if (!blockers.Contains(other)) blockers.Add(other);
            accounted += Math.Min(to, end) - Math.Max(from, start);
        }
        return _busy[resource].CountSet(start, end) == accounted;
    }

    /// <summary>Starts that are free for it as things stand, whatever it prefers.</summary>
    public Mask FreeStarts(Want want)
    {
        var starts = want.OnGrid.Copy().And(want.Unblocked);
        foreach (var brand in want.Brands) starts.And((want.IsGroup ? _below : _group)[brand].Mask.FreeRuns(want.Length));
        foreach (var resource in want.Fixed) starts.And(FreeRuns(resource));
        starts.And(AnyOf(want.Hosts.Select(FreeRuns))).And(AnyOf(want.Rooms.Select(FreeRuns)));
        return want.Mandates is null ? starts : starts.And(AnyOf(want.Mandates.Select(WithSessionsLeft)));

        Mask FreeRuns(int resource) => _busy[resource].FreeRuns(want.Length + _turnaround[resource]);
        Mask AnyOf(IEnumerable<Mask> masks) => masks.Aggregate(new Mask(starts.Length), (any, mask) => any.Or(mask));
    }

    public void Put(Want want, Place place)
    {
        _steps.Add((want, null));
        Stand(want, place);
        want.IsPinned = true;
    }

    public void Take(Want want)
    {
        _steps.Add((want, want.Place));
        Leave(want);
    }

    public void Undo(int mark)
    {
        for (; _steps.Count > mark; _steps.RemoveAt(_steps.Count - 1))
        {
            var (want, before) = _steps[^1];
            if (before is { } place) Stand(want, place);
            else
            {
                Leave(want);
                want.IsPinned = false;
            }
        }
    }

    /// <summary>The steps taken cannot be taken back any more.</summary>
    public void Keep()
    {
        foreach (var (want, _) in _steps) want.IsPinned = false;
        _steps.Clear();
    }

    private Mask WithSessionsLeft(Cover cover)
    {
        if (_setting.Mandates[cover.Mandate].SessionsPerWeek is null) return cover.Allowed;
        var starts = cover.Allowed.Copy();
        for (var at = 0; at < starts.Length; at++)
            if (starts[at] && !HasSessionLeft(cover.Mandate, at)) starts.Clear(at, 1);
        return starts;
    }

    private void Stand(Want want, Place place)
    {
        want.Place = place;
        foreach (var resource in want.Fixed) Occupy(resource, want, place.Start);
        Occupy(place.Host, want, place.Start);
        Occupy(place.Room, want, place.Start);
        foreach (var brand in want.Brands) (want.IsGroup ? _group : _below)[brand].Add(place.Start, want.Length);
        foreach (var quota in want.Quotas) _used[quota]++;
        if (place.Mandate < 0) return;
        var week = _setting.Clocks[place.Mandate].Weeks[place.Start];
        _weeks[place.Mandate][week] = _weeks[place.Mandate].GetValueOrDefault(week) + 1;
    }

    private void Leave(Want want)
    {
        var place = want.Place!.Value;
        foreach (var resource in want.Fixed) Free(resource, want, place.Start);
        Free(place.Host, want, place.Start);
        Free(place.Room, want, place.Start);
        foreach (var brand in want.Brands) (want.IsGroup ? _group : _below)[brand].Remove(place.Start, want.Length);
        foreach (var quota in want.Quotas) _used[quota]--;
        if (place.Mandate >= 0) _weeks[place.Mandate][_setting.Clocks[place.Mandate].Weeks[place.Start]]--;
        want.Place = null;
    }

    private void Occupy(int resource, Want want, int start)
    {
        _busy[resource].Set(start, want.Length + _turnaround[resource]);
        _standing[resource].Add(want);
    }

    private void Free(int resource, Want want, int start)
    {
        _busy[resource].Clear(start, want.Length + _turnaround[resource]);
        _standing[resource].Remove(want);
    }
}

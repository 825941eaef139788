using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>
/// A whole month's plan from all that was asked for. First each demand takes its best free slot in turn; then those that
/// did not get their first preference may have others make room, who lose nothing by it. So nobody is ever worse off than
/// by plain turns, and the same problem has the same plan, in whatever order it is written down.
/// </summary>
internal static class PlanMonth
{
    /// <summary>Starts, hosts and rooms that are tried to better one demand; keeps the cost in proportion to their number.</summary>
    private const int TriesEach = 64;

    /// <summary>Who makes room may have others make room for it.</summary>
    private const int Deepest = 2;

    private const int MostMoved = 2;
    private const int MostSweeps = 2;

    /// <summary>Hosts, and rooms, that are looked at to make room on.</summary>
    private const int Choices = 4;

    public static MonthPlan Of(MonthProblem problem)
    {
        var setting = new Setting(problem);
        var board = new Board(setting);
        foreach (var want in setting.Wants)
        {
            var tries = int.MaxValue;
            Settle(board, want, want.Preferences.Length, 0, ref tries);
            board.Keep();
        }
        var greedy = Score(setting);
        for (var sweep = 0; sweep < MostSweeps && Sweep(board, setting.Wants); sweep++)
        {
        }
        var unplaced = setting.Wants.Where(w => w.Place is null).Select(w => NotPlacedReason.Of(setting, board, w)).ToList();
        return new MonthPlan(Placed(setting), unplaced, Score(setting), greedy);
    }

    private static bool Sweep(Board board, Want[] wants)
    {
        var isBetter = false;
        foreach (var want in wants)
        {
            if (want.Place is { Preference: 0 }) continue;
            var tries = TriesEach;
            var (mark, limit) = (board.Mark, want.Place?.Preference ?? want.Preferences.Length);
            if (want.Place is not null) board.Take(want);
            if (Settle(board, want, limit, Deepest, ref tries)) isBetter = true;
            else board.Undo(mark);
            board.Keep();
        }
        return isBetter;
    }

    /// <summary>Puts the want at the best preference before <paramref name="limit"/> that is free, or can be made free.</summary>
    private static bool Settle(Board board, Want want, int limit, int depth, ref int tries)
    {
        if (!board.HasQuota(want)) return false;
        for (var preference = 0; preference < limit; preference++)
        {
            foreach (var start in want.Preferences[preference])
            {
                if (!board.MayStart(want, start)) continue;
                if (tries-- <= 0) return false;
                if (board.AllFree(want.Fixed, start, want.Length)
                    && board.FirstFree(want.Hosts, start, want.Length) is >= 0 and var host
                    && board.FirstFree(want.Rooms, start, want.Length) is >= 0 and var room)
                {
                    board.Put(want, new Place(preference, start, host, room, board.MandateFor(want, start)));
                    return true;
                }
                if (depth > 0 && MakeRoom(board, want, preference, start, depth, ref tries)) return true;
            }
        }
        return false;
    }

    /// <summary>Has at most two others go elsewhere, each to a start it likes as much at least.</summary>
    private static bool MakeRoom(Board board, Want want, int preference, int start, int depth, ref int tries)
    {
        var inTheWay = new List<Want>();
        foreach (var resource in want.Fixed)
            if (!board.Blockers(resource, start, want.Length, inTheWay) || inTheWay.Count > MostMoved) return false;
        var rooms = Openings(board, want.Rooms, start, want.Length);
        foreach (var (host, ofHost) in Openings(board, want.Hosts, start, want.Length))
        {
            foreach (var (room, ofRoom) in rooms)
            {
                var movers = inTheWay.Union(ofHost).Union(ofRoom).ToList();
                if (movers.Count > MostMoved) continue;
                if (tries-- <= 0) return false;
                var mark = board.Mark;
                var places = movers.ConvertAll(m => m.Place!.Value);
                foreach (var mover in movers) board.Take(mover);
                // With the others gone its mandate may have a session left, or another may.
                board.Put(want, new Place(preference, start, host, room, board.MandateFor(want, start)));
                var allSettled = true;
                for (var i = 0; i < movers.Count && allSettled; i++)
                    allSettled = Settle(board, movers[i], places[i].Preference + 1, depth - 1, ref tries);
                if (allSettled) return true;
                board.Undo(mark);
            }
        }
        return false;
    }

    /// <summary>The resources that are free then or could be made so, those first that fewest stand on.</summary>
    private static List<(int Resource, List<Want> Movers)> Openings(Board board, int[] resources, int start, int length)
    {
        var openings = new List<(int Resource, List<Want> Movers)>();
        foreach (var resource in resources)
        {
            var movers = new List<Want>();
            if (board.Blockers(resource, start, length, movers) && movers.Count <= MostMoved) openings.Add((resource, movers));
        }
        return [.. openings.OrderBy(o => o.Movers.Count).Take(Choices)];
    }

    private static List<Placement> Placed(Setting setting)
    {
        var grid = setting.Problem.Grid;
        return [.. setting.Wants.Where(w => w.Place is not null).Select(w =>
        {
            var (place, at) = (w.Place!.Value, grid.At(w.Place.Value.Start));
            return new Placement(
                w.Demand.Id, place.Preference, new Window(at, at.AddMinutes(w.Demand.Minutes)), setting.ResourceIds[place.Host], setting.ResourceIds[place.Room],
                place.Mandate < 0 ? null : setting.Mandates[place.Mandate].Id);
        }).OrderBy(p => p.Time.OpensAt).ThenBy(p => p.DemandId)];
    }

    private static Satisfaction Score(Setting setting) =>
        new(setting.Wants.Sum(w => (long)w.Points), setting.Wants.Sum(w => (long)w.Weight * Satisfaction.Worth(0)));
}

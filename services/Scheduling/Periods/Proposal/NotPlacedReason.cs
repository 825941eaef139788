using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Mandates;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>Why a demand has no slot: what kept the preferred start from it that came closest.</summary>
internal static class NotPlacedReason
{
    public static NotPlaced Of(Setting setting, Board board, Want want)
    {
        var (code, detail) = Why(setting, board, want);
        return new NotPlaced(want.Demand.Id, code, detail, Nearest(setting, board, want));
    }

    private static (string Code, string Detail) Why(Setting setting, Board board, Want want)
    {
        if (!board.HasQuota(want)) return (PeriodRejections.QuotaSpent.Code, "The period's quota for such sessions is used up by those before it.");
        if (want.Mandates is { Length: 0 }) return WithoutMandate(setting, want);
        var wished = want.Demand.Preferences.Sum(p => p.Count);
        var stops = want.Preferences.SelectMany(p => p).Select(s => Stop(board, want, s)).OrderByDescending(s => s.Closeness).ToList();
        if (stops.Count == 0) return (PeriodRejections.OffGrid.Code, $"None of its {wished} starts is one of the month's slots, still ahead and within the hours of the day.");
        var counts = string.Join(", ", stops.CountBy(s => s.Code).Select(c => $"{c.Value} {c.Key}"));
        var offGrid = wished > stops.Count ? $", {wished - stops.Count} not on the grid" : "";
        return (stops[0].Code, $"{stops[0].Detail} Of its {wished} starts: {counts}{offGrid}.");
    }

    private static (string Code, string Detail) WithoutMandate(Setting setting, Want want)
    {
        var own = setting.Mandates.Where(m => m.ResellerId == want.Demand.UnitId).ToList();
        if (own.Count == 0) return (MandateRejections.Missing.Code, "The reseller has no mandate in force.");
        return own.Exists(m => want.Demand.BrandIds.All(m.BrandIds.Contains))
            ? (MandateRejections.ChannelNotCovered.Code, "No mandate that names its brands allows its channels.")
            : (MandateRejections.BrandNotCovered.Code, "No mandate names all its brands.");
    }

    private static (int Closeness, string Code, string Detail) Stop(Board board, Want want, int start)
    {
        if (want.Mandates is { } covers)
        {
            if (!covers.Any(c => c.InDates[start])) return (1, MandateRejections.OutsideDates.Code, "No mandate holds then.");
            if (!covers.Any(c => c.Allowed[start])) return (2, PeriodRejections.OutsideHours, "Every mandate's hours leave it out.");
            if (board.MandateFor(want, start) < 0) return (4, MandateRejections.SessionsPerWeek.Code, "The mandate's sessions of that week are used up.");
        }
        if (!board.IsUnblocked(want, start)) return (3, PeriodRejections.Blocked, "A group broadcast or a block of the headquarters has the slot.");
        var missing = board.FirstFree(want.Hosts, start, want.Length) < 0 ? "host it named is free"
            : board.FirstFree(want.Rooms, start, want.Length) < 0 ? "room it named is free"
            : "set of its channels and co-hosts is free";
        return (5, BookingRejections.Conflict.Code, $"No {missing} then.");
    }

    private static Window? Nearest(Setting setting, Board board, Want want)
    {
        var grid = setting.Problem.Grid;
        var wished = want.Demand.Preferences.Where(p => p.Count > 0).Select(p => (DateTimeOffset?)p.Min()).FirstOrDefault() ?? grid.Month.OpensAt;
        var nearest = board.FreeStarts(want).Nearest(grid.QuarterOf(wished));
        return nearest < 0 ? null : new Window(grid.At(nearest), grid.At(nearest).AddMinutes(want.Demand.Minutes));
    }
}

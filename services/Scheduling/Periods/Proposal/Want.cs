namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>A demand as the board sees it: in quarters of an hour and places in its lists.</summary>
internal sealed class Want(Demand demand)
{
    public Demand Demand => demand;

    public required int Index { get; init; }

    /// <summary>How much its wishes count; the best ranked most.</summary>
    public required int Weight { get; init; }

    /// <summary>In quarters, begun ones counted.</summary>
    public required int Length { get; init; }

    public required bool IsGroup { get; init; }

    /// <summary>Resources it needs all of: channels and co-hosts.</summary>
    public required int[] Fixed { get; init; }

    public required int[] Hosts { get; init; }

    public required int[] Rooms { get; init; }

    public required int[] Brands { get; init; }

    public required int[] Quotas { get; init; }

    /// <summary>Starts the grid has for its length.</summary>
    public required Mask OnGrid { get; init; }

    /// <summary>Starts nothing closes that was planned before.</summary>
    public required Mask Unblocked { get; init; }

    /// <summary>Those that name its brands and channels; null if it needs none.</summary>
    public required Cover[]? Mandates { get; init; }

    /// <summary>The starts of each preference that are on the grid.</summary>
    public required int[][] Preferences { get; init; }

    /// <summary>Where it stands.</summary>
    public Place? Place { get; set; }

    /// <summary>Stays where it is until the move under way is made or given up.</summary>
    public bool IsPinned { get; set; }

    public int Points => Place is { } place ? Weight * Satisfaction.Worth(place.Preference) : 0;
}

/// <summary>Where a want stands.</summary>
internal readonly record struct Place(int Preference, int Start, int Host, int Room, int Mandate);

/// <summary>What a mandate lets a want do.</summary>
/// <param name="Mandate">Its place in the board's list.</param>
/// <param name="InDates">Starts within its dates.</param>
/// <param name="Allowed">Starts within its dates and hours.</param>
internal sealed record Cover(int Mandate, Mask InDates, Mask Allowed);

/// <summary>How often the sessions placed cover each quarter; a quarter is set while any does.</summary>
internal sealed class Layers(int length)
{
    private readonly ushort[] _counts = new ushort[length];

    public Mask Mask { get; } = new(length);

    public void Add(int from, int count)
    {
        Mask.Set(from, count);
        for (var at = from; at < from + count; at++) _counts[at]++;
    }

    public void Remove(int from, int count)
    {
        for (var at = from; at < from + count; at++)
            if (--_counts[at] == 0) Mask.Clear(at, 1);
    }
}

/// <summary>What the clock on the wall of a zone shows in each quarter of the month.</summary>
internal sealed class WallClock
{
    public WallClock(SlotGrid grid, TimeZoneInfo zone)
    {
        Minutes = new int[grid.Length];
        Weeks = new int[grid.Length];
        for (var at = 0; at < grid.Length; at++)
        {
            var local = TimeZoneInfo.ConvertTime(grid.At(at), zone);
            Minutes[at] = (int)local.TimeOfDay.TotalMinutes;
            Weeks[at] = WeekOf(local.Date);
        }
    }

    /// <summary>Of the local day.</summary>
    public int[] Minutes { get; }

    public int[] Weeks { get; }

    /// <summary>Weeks since the first day of the calendar, which was a Monday.</summary>
    public static int WeekOf(DateTimeOffset at, TimeZoneInfo zone) => WeekOf(TimeZoneInfo.ConvertTime(at, zone).Date);

    private static int WeekOf(DateTime day) => (int)(day.Ticks / TimeSpan.TicksPerDay / 7);
}

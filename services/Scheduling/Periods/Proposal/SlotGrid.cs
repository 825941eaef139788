using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>A start a unit would like, as entered.</summary>
/// <param name="StartsAt">This instant; or else:</param>
/// <param name="Weekday">any such day of the month, every day unless given,</param>
/// <param name="Minute">at this minute of the unit's local day; 0 to 1,439.</param>
internal sealed record Preference(DateTimeOffset? StartsAt = null, DayOfWeek? Weekday = null, int? Minute = null);

/// <summary>
/// The starts a month offers: on the wall clock of its zone every so many minutes, within the hours of the day. Inside,
/// time is counted in quarters of an hour from the month's first instant, so a day on which the clock is changed is
/// simply shorter or longer.
/// </summary>
internal sealed class SlotGrid
{
    public const int Quarter = 15;

    /// <summary>What is placed on the last evening may reach so far into the next month, turnaround included.</summary>
    private const int TailMinutes = 33 * 60;

    private readonly int _inMonth;

    /// <param name="month">Its first day.</param>
    /// <param name="zone">Whose wall clock counts.</param>
    /// <param name="slotMinutes">15, 30 or 60.</param>
    /// <param name="dayStartMinute">Of the local day; sessions lie wholly within the hours.</param>
    /// <param name="dayEndMinute">After the start, past 1,440 for hours over midnight, at most a day after the start.</param>
    public SlotGrid(DateOnly month, TimeZoneInfo zone, int slotMinutes, int dayStartMinute, int dayEndMinute)
    {
        Zone = zone;
        var first = month.ToDateTime(TimeOnly.MinValue);
        Month = new Window(At(first, zone), At(first.AddMonths(1), zone));
        _inMonth = (int)((Month.ClosesAt - Month.OpensAt).TotalMinutes / Quarter);
        Length = _inMonth + TailMinutes / Quarter;
        Starts = new Mask(Length);
        Closed = new Mask(Length);
        for (var at = 0; at < Length; at++)
        {
            var minute = MinuteOfDay(at, zone);
            if (minute % slotMinutes == 0 && at < _inMonth) Starts.Set(at, 1);
            if (!IsWithin(minute, dayStartMinute, dayEndMinute)) Closed.Set(at, 1);
        }
    }

    public TimeZoneInfo Zone { get; }

    public Window Month { get; }

    /// <summary>In quarters of an hour, with what lies past the month's end.</summary>
    public int Length { get; }

    /// <summary>Where a session may begin.</summary>
    public Mask Starts { get; }

    /// <summary>Outside the hours of the day.</summary>
    public Mask Closed { get; }

    public DateTimeOffset At(int quarter) => Month.OpensAt.AddMinutes((double)quarter * Quarter);

    /// <summary>The quarter the instant falls in; below zero before the month.</summary>
    public int QuarterOf(DateTimeOffset at) => (int)Math.Floor((at - Month.OpensAt).TotalMinutes / Quarter);

    /// <summary>Rounded to whole quarters outwards, so that nothing touches what it must not.</summary>
    public (int From, int Count) Span(Window time)
    {
        var from = Math.Clamp(QuarterOf(time.OpensAt), 0, Length);
        var to = Math.Clamp((int)Math.Ceiling((time.ClosesAt - Month.OpensAt).TotalMinutes / Quarter), 0, Length);
        return (from, Math.Max(0, to - from));
    }

    /// <summary>The start, if the grid has it.</summary>
    public int? StartOf(DateTimeOffset at)
    {
        var quarter = QuarterOf(at);
        return Starts[quarter] && At(quarter) == at ? quarter : null;
    }

    /// <summary>The instants a preference stands for in this month, on the grid or not, in order.</summary>
    /// <param name="preference">As entered.</param>
    /// <param name="zone">The unit's.</param>
    public IReadOnlyList<DateTimeOffset> Instants(Preference preference, TimeZoneInfo zone)
    {
        if (preference.StartsAt is { } at) return [at];
        var instants = new List<DateTimeOffset>();
        for (var day = TimeZoneInfo.ConvertTime(Month.OpensAt, zone).Date; ; day = day.AddDays(1))
        {
            var local = day.AddMinutes(preference.Minute ?? 0);
            var instant = At(local, zone);
            if (instant >= Month.ClosesAt) return instants;
            // A time the clock jumps over is on no wall that day.
            if (instant >= Month.OpensAt && (preference.Weekday ?? day.DayOfWeek) == day.DayOfWeek && !zone.IsInvalidTime(local)) instants.Add(instant);
        }
    }

    public int MinuteOfDay(int quarter, TimeZoneInfo zone) => (int)TimeZoneInfo.ConvertTime(At(quarter), zone).TimeOfDay.TotalMinutes;

    /// <summary>The quarter that begins at the minute is inside the hours.</summary>
    /// <param name="minute">Of the day.</param>
    /// <param name="from">Of the day.</param>
    /// <param name="to">Exclusive; not after <paramref name="from"/>, or past 1,440, it is on the next day.</param>
    public static bool IsWithin(int minute, int from, int to)
    {
        if (to <= from) to += 1440;
        return minute >= from && minute + Quarter <= to || minute + 1440 >= from && minute + 1440 + Quarter <= to;
    }

    /// <summary>A time the clock jumps over counts by the offset before the jump; one it strikes twice is the first.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-12))
            : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

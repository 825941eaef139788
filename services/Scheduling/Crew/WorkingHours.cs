using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Hours somebody works every week, on the clock on the wall of their unit.</summary>
/// <param name="Weekday">On which they begin.</param>
/// <param name="FromMinute">Minute of the day, 0 to 1,439.</param>
/// <param name="ToMinute">Minute of the day, 1 to 1,440, exclusive; not after the first: of the next day.</param>
internal sealed record WorkingHours(DayOfWeek Weekday, int FromMinute, int ToMinute)
{
    public const int Most = 50;

    private const int MinutesADay = 1_440;

    public static void Validate(IReadOnlyList<WorkingHours> hours, Faults faults, string at)
    {
        faults.Size(hours, 1, Most, at).Distinct(hours, at);
        for (var i = 0; i < Math.Min(hours.Count, Most); i++)
        {
            faults.Known(hours[i].Weekday, $"{at}/{i}/weekday")
                .Range(hours[i].FromMinute, 0, MinutesADay - 1, $"{at}/{i}/fromMinute")
                .Range(hours[i].ToMinute, 1, MinutesADay, $"{at}/{i}/toMinute");
        }
    }

    /// <summary>The parts of a time in which nobody with these hours works, in order.</summary>
    public static IEnumerable<Window> Outside(IReadOnlyList<WorkingHours> hours, TimeZoneInfo zone, Window time)
    {
        // Hours that began the day before may reach into the time.
        var (first, last) = (WallClock.At(time.OpensAt, zone).Date.AddDays(-2), WallClock.At(time.ClosesAt, zone).Date);
        var worked = new List<Window>();
        for (var day = first; day <= last; day = day.AddDays(1)) worked.AddRange(hours.Where(h => h.Weekday == day.DayOfWeek).Select(h => h.On(day, zone)));
        var from = time.OpensAt;
        foreach (var shift in worked.OrderBy(w => w.OpensAt))
        {
            if (shift.ClosesAt <= from) continue;
            if (shift.OpensAt >= time.ClosesAt) break;
            if (shift.OpensAt > from) yield return new Window(from, shift.OpensAt);
            from = shift.ClosesAt;
        }
        if (from < time.ClosesAt) yield return new Window(from, time.ClosesAt);
    }

    private Window On(DateTime day, TimeZoneInfo zone) => new(
        WallClock.ToInstant(day.AddMinutes(FromMinute), zone),
        WallClock.ToInstant(day.AddMinutes(ToMinute > FromMinute ? ToMinute : ToMinute + MinutesADay), zone));
}

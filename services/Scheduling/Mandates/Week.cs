using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Mandates;

/// <summary>Weeks as people in a time zone count them: Monday 00:00 to the next Monday 00:00 on the clock on their wall.</summary>
internal static class Week
{
    /// <summary>The week <paramref name="at"/> falls in: 167 or 169 hours long when summer time begins or ends in it.</summary>
    public static Window Of(DateTimeOffset at, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(at, zone).Date;
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        return new Window(StartOf(monday, zone), StartOf(monday.AddDays(7), zone));
    }

    /// <summary>When a day of the calendar on their wall begins.</summary>
    internal static DateTimeOffset StartOf(DateTime day, TimeZoneInfo zone)
    {
        // Where the clock jumps over midnight, the day begins with the jump; where it strikes midnight twice, with the first.
        var offset = zone.IsInvalidTime(day) ? zone.GetUtcOffset(day.AddHours(-12))
            : zone.IsAmbiguousTime(day) ? zone.GetAmbiguousTimeOffsets(day).Max()
            : zone.GetUtcOffset(day);
        return new DateTimeOffset(day, offset).ToUniversalTime();
    }
}

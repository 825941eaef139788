using LiveCommerce.Scheduling.Mandates;

namespace LiveCommerce.Scheduling.Tests.Mandates;

internal sealed class WeekTests
{
    [TestCase("Asia/Shanghai", "2026-11-11T12:00:00Z", "2026-11-08T16:00:00Z", 168)]
    [TestCase("Asia/Shanghai", "2026-11-08T15:59:59Z", "2026-11-01T16:00:00Z", 168, TestName = "SundayNightBelongsToTheWeekThatEnds")]
    [TestCase("Asia/Shanghai", "2026-11-08T16:00:00Z", "2026-11-08T16:00:00Z", 168, TestName = "MondayMidnightBelongsToTheWeekThatBegins")]
    [TestCase("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-18T22:00:00Z", 169, TestName = "TheWeekSummerTimeEndsInIsAnHourLonger")]
    [TestCase("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z", 168, TestName = "TheWeekAfterSummerTimeBeginsAtItsOwnMidnight")]
    [TestCase("Europe/Berlin", "2027-03-28T12:00:00Z", "2027-03-21T23:00:00Z", 167, TestName = "TheWeekSummerTimeBeginsInIsAnHourShorter")]
    [TestCase("America/New_York", "2026-11-02T04:59:59Z", "2026-10-26T04:00:00Z", 169, TestName = "SundayEveningInNewYorkIsMondayElsewhere")]
    public void AWeek_RunsFromMondayToMondayOnTheWallClock(string zone, string at, string from, int hours)
    {
        var week = Week.Of(DateTimeOffset.Parse(at), TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.That(week.OpensAt, Is.EqualTo(DateTimeOffset.Parse(from)));
        Assert.That((week.ClosesAt - week.OpensAt).TotalHours, Is.EqualTo(hours));
    }

    [FsCheck.NUnit.Property]
    public bool EveryInstantIsInItsOwnWeek_AndWeeksFollowEachOther(uint minutes, byte pick)
    {
        string[] zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia", "America/Havana"];
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zones[pick % zones.Length]);
        var at = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes % 30_000_000);
        var week = Week.Of(at, zone);
        return week.Contains(at)
            && Week.Of(week.ClosesAt, zone).OpensAt == week.ClosesAt
            && Week.Of(week.ClosesAt.AddTicks(-1), zone).OpensAt == week.OpensAt;
    }
}

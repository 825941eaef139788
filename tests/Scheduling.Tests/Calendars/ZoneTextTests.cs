using LiveCommerce.Scheduling.Calendars;

namespace LiveCommerce.Scheduling.Tests.Calendars;

internal sealed class ZoneTextTests
{
    [TestCase("Europe/Berlin", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")]
    [TestCase("America/New_York", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU")]
    public void WhereTheClockChangesEveryYear_TheZoneHasTwoRules(string name, string spring, string autumn)
    {
        var text = Write(name);
        Assert.That(text, Does.Contain(spring).And.Contain(autumn));
        Assert.That(text.Split("\r\n").Count(l => l is "BEGIN:STANDARD" or "BEGIN:DAYLIGHT"), Is.EqualTo(2));
    }

    [Test]
    public void WhereTheClockStays_TheZoneHasOneOffset() => Assert.That(Write("Asia/Shanghai"), Is.EqualTo(string.Join("\r\n",
        "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "X-LIC-LOCATION:Asia/Shanghai",
        "BEGIN:STANDARD", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:+0800", "DTSTART:19700101T000000", "END:STANDARD",
        "END:VTIMEZONE", "")));

    [TestCase("Asia/Shanghai")]
    [TestCase("Europe/Berlin")]
    [TestCase("Europe/Dublin")]
    [TestCase("America/New_York")]
    [TestCase("Australia/Lord_Howe")]
    [TestCase("Africa/Casablanca")]
    [TestCase("America/St_Johns")]
    [TestCase("Asia/Tehran")]
    [TestCase("UTC")]
    public async Task EveryThreeHoursOfTwoYears_AreTheSameInstantsForTheOtherParser(string name)
    {
        var zone = WallClock.Zone(name)!;
        var calendar = new IcsWriter().Begin("VCALENDAR").Line("VERSION", "2.0").Line("PRODID", "-//test//EN");
        ZoneText.Write(calendar, zone, 2026, 2028);
        var times = Enumerable.Range(0, 8 * 730).Select(i => new DateTimeOffset(2026, 6, 1, 0, 30, 0, TimeSpan.Zero).AddHours(3 * i)).ToList();
        foreach (var at in times)
            calendar.Begin("VEVENT").Line("UID", $"{at.UtcTicks}").Utc("DTSTAMP", at).Local("DTSTART", at, zone).Local("DTEND", at.AddHours(2), zone).End("VEVENT");
        var read = await OtherParser.Read(calendar.End("VCALENDAR").ToString());
        Assert.That(read["events"]!.AsArray().Select(e => DateTimeOffset.Parse((string)e!["start"]!)), Is.EqualTo(times));
        Assert.That(read["events"]!.AsArray().Select(e => DateTimeOffset.Parse((string)e!["end"]!)), Is.EqualTo(times.Select(t => t.AddHours(2))));
    }

    private static string Write(string name)
    {
        var text = new IcsWriter();
        ZoneText.Write(text, WallClock.Zone(name)!, 2026, 2028);
        return text.ToString();
    }
}

using System.Globalization;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;

namespace LiveCommerce.Scheduling.Tests.Calendars;

internal sealed class WallClockTests
{
    [TestCase("Asia/Shanghai", "2026-11-11T20:00", "2026-11-11T12:00:00Z")]
    [TestCase("Europe/Berlin", "2027-03-28T01:59", "2027-03-28T00:59:00Z")]
    [TestCase("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30:00Z", TestName = "ATimeTheClockJumpsOver_CountsWithTheOffsetBefore")]
    [TestCase("Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00:00Z")]
    [TestCase("Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30:00Z", TestName = "ATimeTheClockStrikesTwice_IsTheFirst")]
    [TestCase("Europe/Berlin", "2027-10-31T03:00", "2027-10-31T02:00:00Z")]
    [TestCase("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30:00Z")]
    [TestCase("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30:00Z")]
    [TestCase("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45:00Z", TestName = "WhereTheClockGoesBackHalfAnHour")]
    [TestCase("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00:00Z", TestName = "WhereADayWasLeftOut")]
    public void ALocalTime_IsOneInstant(string zone, string local, string instant)
    {
        Assert.That(WallClock.TryParse(local, out var at));
        Assert.That(WallClock.ToInstant(at, WallClock.Zone(zone)!), Is.EqualTo(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void AnInstant_ComesBackFromItsLocalTime_UnlessTheClockStrikesThatTwice(ushort hours, byte which)
    {
        string[] names = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Shanghai", "America/Sao_Paulo", "Asia/Kathmandu"];
        var zone = WallClock.Zone(names[which % names.Length])!;
        var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(30L * hours);
        var local = WallClock.At(at, zone);
        var back = WallClock.ToInstant(local, zone);
        Assert.That(WallClock.At(back, zone), Is.EqualTo(local));
        Assert.That(back, Is.LessThanOrEqualTo(at));
    }

    [TestCase("Mars/Olympus")]
    [TestCase("../etc/passwd")]
    [TestCase("China Standard Time")]
    [TestCase("/Asia/Shanghai")]
    [TestCase("")]
    public void WhatIsNoZone_IsAFault(string name)
    {
        var faults = new Faults();
        Assert.That(WallClock.Zone(name, "/timeZone", faults), Is.Null);
        Assert.That(faults.List.Select(f => (f.Pointer, f.Code)), Is.EqualTo(new[] { ("/timeZone", "time_zone.unknown") }));
    }

    [TestCase("2026-11-11")]
    [TestCase("2026-11-11T20:00Z")]
    [TestCase("2026-11-11T20:00+08:00")]
    [TestCase("2026-02-29T20:00")]
    [TestCase("2026-11-11 20:00")]
    [TestCase("2026-11-11T24:00")]
    [TestCase("2026-11-11T20:00:30")]
    [TestCase(null)]
    public void WhatIsNoLocalTime_IsNone(string? text) => Assert.That(WallClock.TryParse(text, out _), Is.False);
}

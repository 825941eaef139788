using LiveCommerce.Contracts.Organization;

namespace LiveCommerce.Scheduling.Tests.Mandates;

internal sealed class HoursTests
{
    // 9:00 to 22:00 in Shanghai, which is eight hours ahead of the clock of the world.
    [TestCase(540, 1320, "2026-11-09T01:00:00Z", 13, true)]
    [TestCase(540, 1320, "2026-11-09T00:59:00Z", 2, false, TestName = "AMinuteTooEarly")]
    [TestCase(540, 1320, "2026-11-09T12:00:00Z", 2.1, false, TestName = "SixMinutesTooLate")]
    [TestCase(540, null, "2026-11-09T15:00:00Z", 1, true, TestName = "WithoutALatestHourUntilMidnight")]
    [TestCase(540, null, "2026-11-09T15:00:00Z", 2, false, TestName = "NotOverMidnight")]
    [TestCase(null, 720, "2026-11-08T16:00:00Z", 12, true, TestName = "WithoutAnEarliestHourFromMidnight")]
    [TestCase(1200, 120, "2026-11-09T12:00:00Z", 6, true, TestName = "HoursOverMidnight")]
    [TestCase(1200, 120, "2026-11-09T17:00:00Z", 1, true, TestName = "AfterMidnightInTheHoursOfTheEveningBefore")]
    [TestCase(1200, 120, "2026-11-09T17:30:00Z", 1, false, TestName = "AfterTheEveningBeforeHasEnded")]
    public async Task ASessionIsWithinTheHours_OnTheResellersClock(int? earliest, int? latest, string startsAt, double hours, bool isAllowed)
    {
        await using var calendar = await Calendar.Open();
        await Mandate(calendar, earliest, latest);
        var answer = await calendar.Schedule((await calendar.NewPlan(Calendar.R7, "ResellerBroadcast")).At(DateTimeOffset.Parse(startsAt), hours));
        Assert.That(answer.Code, Is.EqualTo(isAllowed ? null : "mandate.outside_hours"), answer.Content);
    }

    // In Berlin the clock strikes two twice on 25 October 2026 and skips it on 28 March 2027.
    [TestCase("2026-10-24T22:00:00Z", 4, true, TestName = "ALongNightIsNoLaterOnTheClock")]
    [TestCase("2026-10-25T00:30:00Z", 2, false, TestName = "PastThreeOnTheClockOfWinter")]
    [TestCase("2027-03-27T23:00:00Z", 2, true, TestName = "AShortNight")]
    [TestCase("2027-03-27T23:00:00Z", 2.5, false, TestName = "PastThreeOnTheClockOfSummer")]
    public async Task TheClockOnTheWallDecides_WhenSummerTimeBeginsOrEnds(string startsAt, double hours, bool isAllowed)
    {
        await using var calendar = await Calendar.Open("Europe/Berlin");
        await Mandate(calendar, 0, 180);
        var answer = await calendar.Schedule((await calendar.NewPlan(Calendar.R7, "ResellerBroadcast")).At(DateTimeOffset.Parse(startsAt), hours));
        Assert.That(answer.Code, Is.EqualTo(isAllowed ? null : "mandate.outside_hours"), answer.Content);
    }

    private static Task Mandate(Calendar calendar, int? earliest, int? latest) => calendar.Host.Deliver(new MandateChanged
    {
        MandateId = Calendar.Id(),
        Version = 1,
        ResellerId = calendar.Units[Calendar.R7],
        ResellerPath = Calendar.R7,
        BrandIds = [calendar.Brand],
        Channels = [ChannelKind.MiniProgram],
        OpensAt = calendar.Host.Clock.GetUtcNow().AddDays(-1),
        ClosesAt = calendar.Host.Clock.GetUtcNow().AddDays(350),
        EarliestMinute = earliest,
        LatestMinute = latest,
    });
}

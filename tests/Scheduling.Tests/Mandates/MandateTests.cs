using LiveCommerce.Contracts.Organization;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Mandates;

internal sealed class MandateTests
{
    [Test]
    public async Task AResellerWithoutMandate_StreamsNothing()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        Assert.That((await calendar.Schedule(plan)).Code, Is.EqualTo("mandate.missing"));
        Assert.That((await calendar.Schedule(plan with { MandateId = Calendar.Id() })).Code, Is.EqualTo("mandate.missing"));
    }

    [Test]
    public async Task TheCoveringMandateIsFound_OrTakenAsNamed()
    {
        await using var calendar = await Calendar.Open();
        Guid wide = Calendar.Id(), soonOver = Calendar.Id();
        await calendar.Mandate(wide);
        await calendar.Mandate(soonOver, closesAt: calendar.Soon.AddDays(1));
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        Assert.That((Guid)(await calendar.Schedule(plan)).Json["mandateId"]!, Is.EqualTo(soonOver), "the one that closes first");
        Assert.That((Guid)(await calendar.Schedule(plan.At(plan.EndsAt) with { MandateId = wide })).Json["mandateId"]!, Is.EqualTo(wide));
        Assert.That((Guid)(await calendar.Schedule(plan.At(calendar.Soon.AddDays(2)))).Json["mandateId"]!, Is.EqualTo(wide), "the other no longer covers it");
    }

    [Test]
    public async Task EachRuleOfTheMandate_IsKept([Values] bool named)
    {
        await using var calendar = await Calendar.Open();
        var id = Calendar.Id();
        await calendar.Mandate(id, opensAt: calendar.Soon, closesAt: calendar.Soon.AddDays(10));
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast") with { MandateId = named ? id : null };

        Assert.That((await calendar.Schedule(plan with { BrandIds = [calendar.Brand, calendar.OtherBrand] })).Code, Is.EqualTo("mandate.brand_not_covered"));
        var video = await calendar.AddChannel(Calendar.R7, ChannelKind.VideoAccount);
        Assert.That((await calendar.Schedule(plan with { ChannelIds = [plan.ChannelIds[0], video] })).Code, Is.EqualTo("mandate.channel_not_covered"));
        Assert.That((await calendar.Schedule(plan.At(calendar.Soon.AddMinutes(-1)))).Code, Is.EqualTo("mandate.outside_dates"));
        Assert.That((await calendar.Schedule(plan.At(calendar.Soon.AddDays(10).AddHours(-2)))).Code, Is.EqualTo("mandate.outside_dates"));
        await calendar.Scheduled(plan.At(calendar.Soon.AddDays(10).AddHours(-3)));
        await calendar.Scheduled(plan.At(calendar.Soon));
    }

    [Test]
    public async Task AnotherResellersMandate_IsNone()
    {
        await using var calendar = await Calendar.Open();
        var id = Calendar.Id();
        calendar.Units["/aurora/r8/"] = Calendar.Id();
        await calendar.Host.Deliver(calendar.Unit("/aurora/r8/", UnitKind.Reseller, "Asia/Shanghai"));
        await calendar.Mandate(id, reseller: "/aurora/r8/");
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        Assert.That((await calendar.Schedule(plan with { MandateId = id })).Code, Is.EqualTo("mandate.missing"));
        Assert.That((await calendar.Schedule(plan)).Code, Is.EqualTo("mandate.missing"));
    }

    [Test]
    public async Task ARevokedMandate_StopsWhatHasNotStarted_AndLeavesHistoryAlone()
    {
        await using var calendar = await Calendar.Open();
        var id = Calendar.Id();
        await calendar.Mandate(id);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var live = await calendar.Scheduled(plan);
        await calendar.Do(live, "go-live");
        var waiting = await calendar.Scheduled(plan.At(plan.EndsAt.AddDays(1)));
        await calendar.Mandate(id, version: 2, revoked: true);

        Assert.That((await calendar.Do(waiting, "go-live")).Code, Is.EqualTo("mandate.revoked"));
        Assert.That((await calendar.Move(waiting, plan.EndsAt.AddDays(2))).Code, Is.EqualTo("mandate.revoked"));
        Assert.That((await calendar.Schedule(plan.At(plan.EndsAt.AddDays(3)) with { MandateId = id })).Code, Is.EqualTo("mandate.revoked"));
        Assert.That((await calendar.Schedule(plan.At(plan.EndsAt.AddDays(3)))).Code, Is.EqualTo("mandate.missing"));
        Assert.That((await calendar.Do(live, "end")).Status, Is.EqualTo(200));
        Assert.That((await calendar.Do(waiting, "cancel")).Status, Is.EqualTo(200));
    }

    [TestCase("Asia/Shanghai", "2026-11-08T15:00:00Z", "2026-11-08T16:00:00Z")]
    [TestCase("Europe/Berlin", "2026-11-15T22:00:00Z", "2026-11-15T23:00:00Z")]
    [TestCase("Europe/Berlin", "2026-10-25T22:00:00Z", "2026-10-25T23:00:00Z", TestName = "TheLimitFollowsTheWallClock_WhenSummerTimeEnds")]
    [TestCase("Europe/Berlin", "2027-03-28T21:00:00Z", "2027-03-28T22:00:00Z", TestName = "TheLimitFollowsTheWallClock_WhenSummerTimeBegins")]
    public async Task SessionsAWeek_AreCountedFromMondayInTheUnitsZone(string zone, string sundayNight, string mondayMidnight)
    {
        await using var calendar = await Calendar.Open(zone);
        await calendar.Mandate(Calendar.Id(), sessionsPerWeek: 2);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        DateTimeOffset sunday = DateTimeOffset.Parse(sundayNight), monday = DateTimeOffset.Parse(mondayMidnight);

        await calendar.Scheduled(plan.At(sunday.AddHours(-4), 1));
        var second = await calendar.Scheduled(plan.At(sunday.AddHours(-3), 1));
        var refused = await calendar.Schedule(plan.At(sunday, 0.75));
        Assert.That(refused.Code, Is.EqualTo("mandate.sessions_per_week"), refused.Content);
        await calendar.Scheduled(plan.At(monday, 1));
        var moved = await calendar.Scheduled(plan.At(monday.AddHours(2), 1));
        Assert.That((await calendar.Schedule(plan.At(monday.AddDays(6), 1))).Code, Is.EqualTo("mandate.sessions_per_week"));

        Assert.That((await calendar.Move(moved, sunday, 0.75)).Code, Is.EqualTo("mandate.sessions_per_week"), "moving into a full week");
        Assert.That((await calendar.Move(moved, monday.AddHours(5), 1)).Status, Is.EqualTo(200), "it does not count itself");
        await calendar.Do(second, "cancel");
        Assert.That((await calendar.Move(moved, sunday, 0.75)).Status, Is.EqualTo(200), "cancelled sessions do not count");
    }

    [Test]
    public async Task RacingForTheLastSessionOfTheWeek_OnlyAsManyAsAllowedWin()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id(), sessionsPerWeek: 3);
        // A Monday noon, local time.
        var monday = new DateTimeOffset(2026, 11, 9, 4, 0, 0, TimeSpan.Zero);
        var plans = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => (await calendar.NewPlan(Calendar.R7, "ResellerBroadcast")).At(monday)));
        var answers = await Task.WhenAll(plans.Select(calendar.Schedule));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(3));
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.EqualTo("mandate.sessions_per_week"));
    }
}

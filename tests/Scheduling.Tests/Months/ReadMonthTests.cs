using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Months;

internal sealed class ReadMonthTests
{
    private static readonly DateTimeOffset November = new(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8));

    [Test]
    public async Task AMonthHasItAll_InOneRequest()
    {
        await using var calendar = await Calendar.Open();
        var regional = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(November.AddDays(4).AddHours(20));
        var id = await calendar.Scheduled(regional);
        var group = await calendar.Scheduled((await calendar.NewPlan()).At(November.AddDays(10).AddHours(20)));
        await calendar.Scheduled((await calendar.NewPlan(Calendar.South, "RegionalBroadcast")).At(November.AddDays(4).AddHours(20)));
        await calendar.Scheduled(regional.At(November.AddDays(-1).AddHours(20)));
        await calendar.Planner().Post("/scheduling/key-dates", new { unitId = calendar.Units[Calendar.Aurora], title = "Singles' Day", startsAt = November.AddDays(10), endsAt = November.AddDays(11), kind = "Festival" });
        var period = await calendar.Planner().Post("/scheduling/periods", new
        {
            month = "2026-11",
            dayStartMinute = 480,
            dayEndMinute = 1440,
            blocks = new[] { new { startsAt = November.AddDays(20), endsAt = November.AddDays(21), reason = "Stock-taking", unitIds = new[] { calendar.Units[Calendar.North] } } },
        });

        var month = (await calendar.Host.At(Calendar.North, Role.Analyst).Get("/scheduling/months/2026-11")).Json;
        Assert.That(month["sessions"]!.AsArray().Select(s => (Guid)s!["id"]!), Is.EqualTo(new[] { id, group }), "its own and the broadcasts from above; October's and the sister's are not there");
        Assert.That((string)month["keyDates"]![0]!["title"]!, Is.EqualTo("Singles' Day"));
        Assert.That(month["blocks"]!.AsArray().Select(b => (string)b!["reason"]!), Is.EqualTo(new[] { "Premiere", "Stock-taking" }));
        Assert.That((Guid)month["periodId"]!, Is.EqualTo(period.Id));
        var load = month["load"]!.AsArray().Single(l => (Guid)l!["resourceId"]! == regional.HostId)!;
        Assert.That(((int)load["sessions"]!, (int)load["minutes"]!, (decimal)load["sharePercent"]!), Is.EqualTo((1, 180, 0.62m)), "three of 480 hours");
        var slots = month["freeSlots"]!.AsArray().Single(r => (Guid)r!["roomId"]! == regional.RoomId)!["slots"]!.AsArray()
            .Select(s => ((DateTimeOffset)s!["startsAt"]!, (DateTimeOffset)s["endsAt"]!)).ToList();
        Assert.That(slots[0], Is.EqualTo((November.AddHours(8), November.AddHours(24))));
        Assert.That(slots, Does.Contain((November.AddDays(4).AddHours(8), November.AddDays(4).AddHours(20))).And.Contain((November.AddDays(4).AddHours(23), November.AddDays(5))));
        Assert.That((DateTimeOffset)month["opensAt"]!, Is.EqualTo(November));
    }

    [Test]
    public async Task EveryChangeIsSeenAtOnce()
    {
        await using var calendar = await Calendar.Open();
        var planner = calendar.Planner();
        async Task<(int Sessions, int KeyDates, int Rooms, string First)> Seen()
        {
            var month = (await planner.Get("/scheduling/months/2026-11")).Json;
            var sessions = month["sessions"]!.AsArray();
            return (sessions.Count, month["keyDates"]!.AsArray().Count, month["freeSlots"]!.AsArray().Count, sessions.Count == 0 ? "" : (string)sessions[0]!["title"]!);
        }

        Assert.That(await Seen(), Is.EqualTo((0, 0, 0, "")));
        var plan = (await calendar.NewPlan()).At(November.AddDays(4).AddHours(20));
        var id = await calendar.Scheduled(plan);
        Assert.That(await Seen(), Is.EqualTo((1, 0, 1, "Premiere")));
        var edited = await planner.Put($"/scheduling/sessions/{id}", (plan with { Title = "Gala" }).ForPut(), ("If-Match", (await calendar.Read(id)).ETag!));
        Assert.That(edited.Status, Is.EqualTo(200), edited.Content);
        Assert.That(await Seen(), Is.EqualTo((1, 0, 1, "Gala")));
        var date = await planner.Post("/scheduling/key-dates", new { unitId = calendar.Units[Calendar.Aurora], title = "Fair", startsAt = November.AddDays(10), endsAt = November.AddDays(11) });
        Assert.That(await Seen(), Is.EqualTo((1, 1, 1, "Gala")));
        await planner.Post($"/scheduling/key-dates/{date.Id}/remove");
        await planner.Post("/scheduling/key-dates", new { unitId = calendar.Units[Calendar.Aurora], title = "Ball", startsAt = November.AddDays(10), endsAt = November.AddDays(11) });
        Assert.That((await planner.Get("/scheduling/months/2026-11")).Json["keyDates"]!.AsArray().Select(k => (string)k!["title"]!), Is.EqualTo(new[] { "Ball" }), "another in the place of the last");
        Assert.That((await calendar.Move(id, November.AddDays(40))).Status, Is.EqualTo(200));
        Assert.That(await Seen(), Is.EqualTo((0, 1, 1, "")));
    }

    [Test]
    public async Task AUnitThatMoves_TakesItsSessionsOutOfTheMonthOfWhoeverHadIt()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        await calendar.Scheduled((await calendar.NewPlan(Calendar.R7, "ResellerBroadcast")).At(November.AddDays(4).AddHours(20)));
        async Task<int> Sessions(string path) => (await calendar.Planner(path).Get("/scheduling/months/2026-11")).Json["sessions"]!.AsArray().Count;
        Assert.That((await Sessions(Calendar.North), await Sessions(Calendar.South)), Is.EqualTo((1, 0)));
        await calendar.Host.Deliver(calendar.Unit(Calendar.R7, UnitKind.Reseller, "Asia/Shanghai", version: 2) with { Path = $"{Calendar.South}r7/" });
        Assert.That((await Sessions(Calendar.North), await Sessions(Calendar.South)), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task ASessionThatOverruns_IsAConflict()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()).At(November.AddDays(4).AddHours(20));
        var id = await calendar.Scheduled(plan);
        calendar.Host.Clock.Set(plan.StartsAt);
        Assert.That((await calendar.Do(id, "go-live")).Status, Is.EqualTo(200));
        Assert.That((await calendar.Planner().Get("/scheduling/months/2026-11")).Json["conflicts"]!.AsArray(), Is.Empty);
        calendar.Host.Clock.Set(plan.EndsAt.AddMinutes(5));
        var conflict = (await calendar.Planner().Get("/scheduling/months/2026-11")).Json["conflicts"]![0]!;
        Assert.That(((Guid)conflict["sessionId"]!, (string)conflict["kind"]!), Is.EqualTo((id, "Overrun")));
    }

    [TestCase("Europe/Berlin", 10, "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")]
    [TestCase("Asia/Shanghai", 2, "2028-01-31T16:00:00Z", "2028-02-29T16:00:00Z", 2028)]
    public async Task AMonthIsCountedByTheUnitsWallClock(string zone, int month, string opensAt, string closesAt, int year = 2026)
    {
        await using var calendar = await Calendar.Open();
        await calendar.Host.Deliver(calendar.Unit(Calendar.North, UnitKind.Region, zone, version: 2));
        var seen = (await calendar.Planner().Get($"/scheduling/months/{year}-{month:00}?unitId={calendar.Units[Calendar.North]}")).Json;
        Assert.That(((DateTimeOffset)seen["opensAt"]!, (DateTimeOffset)seen["closesAt"]!), Is.EqualTo((DateTimeOffset.Parse(opensAt), DateTimeOffset.Parse(closesAt))));
    }

    [Test]
    public async Task WhatIsNoMonth_IsAFault_AndASistersMonthIsNotThere()
    {
        await using var calendar = await Calendar.Open();
        Assert.That((await calendar.Planner().Get("/scheduling/months/2026-13?unitId=x")).Faults, Is.EqualTo(new[] { "month", "?unitId" }));
        var north = $"/scheduling/months/2026-11?unitId={calendar.Units[Calendar.North]}";
        Assert.That((await calendar.Planner().Get(north)).Status, Is.EqualTo(200));
        Assert.That((await calendar.Host.At(Calendar.South, Role.Planner).Get(north)).Code, Is.EqualTo("unit.not_found"), "also while it is kept for those who may");
    }
}

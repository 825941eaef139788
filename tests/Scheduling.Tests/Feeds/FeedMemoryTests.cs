using System.Text.Json.Nodes;
using LiveCommerce.Scheduling.Tests.Calendars;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Feeds;

/// <summary>What calendars have to be told of what is over, and of what is no session.</summary>
internal sealed class FeedMemoryTests
{
    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open() => _calendar = await Calendar.Open("Europe/Berlin");

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [Test]
    public async Task ACancelledSession_IsCancelledInTheFeedsOfAllWhoWereInIt()
    {
        var (coHost, model) = (await _calendar.AddHost(), await _calendar.AddPerson("Model"));
        var plan = await _calendar.NewPlan() with { CoHostIds = [coHost] };
        var id = await _calendar.Scheduled(plan);
        Assert.That((await _calendar.Assign(id, (model, "Model"))).Status, Is.EqualTo(200));
        var feeds = new[] { await Link("Unit", null), await Link("Host", plan.HostId), await Link("Host", coHost), await Link("Room", plan.RoomId), await Link("Person", model) };
        var before = new List<JsonNode>();
        foreach (var feed in feeds) before.Add((await Events(feed)).Single());
        Assert.That(before.Select(e => (string?)e["status"]), Is.All.EqualTo("CONFIRMED"));
        Assert.That((string?)before[4]["description"], Does.StartWith("Role: Model\n"));

        await _calendar.Do(id, "cancel", new { reason = "The host is ill." });
        foreach (var (feed, known) in feeds.Zip(before))
        {
            var after = (await Events(feed)).Single();
            Assert.That(((string?)after["uid"], (string?)after["status"]), Is.EqualTo(((string?)known["uid"], "CANCELLED")));
            Assert.That((int)after["sequence"]!, Is.GreaterThan((int)known["sequence"]!));
        }
    }

    [Test]
    public async Task WhoIsTakenOutOfASession_IsToldSo_AndToldAgainWhenBackIn()
    {
        var (coHost, model) = (await _calendar.AddHost(), await _calendar.AddPerson("Model"));
        var plan = await _calendar.NewPlan() with { CoHostIds = [coHost] };
        var id = await _calendar.Scheduled(plan);
        await _calendar.Assign(id, (model, "Model"));
        var other = await _calendar.AddRoom();
        var (ofCoHost, ofRoom, ofOther, ofModel) = (await Link("Host", coHost), await Link("Room", plan.RoomId), await Link("Room", other), await Link("Person", model));
        var sequence = (int)(await Events(ofCoHost)).Single()["sequence"]!;

        Assert.That((await Edit(id, plan with { CoHostIds = [], RoomId = other })).Status, Is.EqualTo(200));
        await _calendar.Assign(id);
        foreach (var feed in new[] { ofCoHost, ofRoom, ofModel })
        {
            var left = (await Events(feed)).Single();
            Assert.That((string?)left["status"], Is.EqualTo("CANCELLED"));
            Assert.That((int)left["sequence"]!, Is.GreaterThan(sequence));
        }
        Assert.That((string?)(await Events(ofOther)).Single()["status"], Is.EqualTo("CONFIRMED"));
        Assert.That((string?)(await Events(await Link("Unit", null))).Single()["status"], Is.EqualTo("CONFIRMED"));

        Assert.That((await Edit(id, plan)).Status, Is.EqualTo(200));
        Assert.That((string?)(await Events(ofCoHost)).Single()["status"], Is.EqualTo("CONFIRMED"));
        Assert.That((string?)(await Events(ofOther)).Single()["status"], Is.EqualTo("CANCELLED"));
    }

    [Test]
    public async Task WhatIsTakenBackBeforeItWasApproved_IsCancelled_AndADraftIsNobodysBusiness()
    {
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var id = await _calendar.Submitted(plan);
        await _calendar.Drafted(plan.At(plan.StartsAt.AddDays(1)));
        var (ofUnit, ofHost, below) = (await Link("Unit", null, Calendar.North), await Link("Host", plan.HostId, Calendar.North), await Link("Unit", null, Calendar.R7));
        foreach (var feed in new[] { ofUnit, ofHost }) Assert.That((string?)(await Events(feed)).Single()["status"], Is.EqualTo("TENTATIVE"));
        Assert.That(await Events(below), Is.Empty, "those below hear of a broadcast when it is approved");
        await _calendar.DoAt(Calendar.North, id, "withdraw");
        foreach (var feed in new[] { ofUnit, ofHost }) Assert.That((string?)(await Events(feed)).Single()["status"], Is.EqualTo("CANCELLED"));
        await _calendar.DoAt(Calendar.North, id, "submit");
        await _calendar.Do(id, "approve");
        foreach (var feed in new[] { ofUnit, ofHost, below }) Assert.That((string?)(await Events(feed)).Single()["status"], Is.EqualTo("CONFIRMED"));
    }

    [Test]
    public async Task AUnitsFeed_HoldsTheKeyDatesOfItAndOfThoseAbove_WholeDaysAsDays()
    {
        // Two days on the clock in Berlin, across the end of summer time.
        var fair = await AddDate(Calendar.Aurora, "Fair; wool, silk", "2026-10-24T00:00:00+02:00", "2026-10-26T00:00:00+01:00");
        var night = await AddDate(Calendar.North, "Night", "2026-11-05T18:00:00Z", "2026-11-05T22:00:00Z");
        await AddDate(Calendar.South, "Elsewhere", "2026-11-05T18:00:00Z", "2026-11-05T22:00:00Z");
        var feed = await Link("Unit", null, Calendar.North);
        var text = await Text(feed);
        Assert.That(text, Does.Contain("DTSTART;VALUE=DATE:20261024\r\nDTEND;VALUE=DATE:20261026\r\n").And.Contain("DTSTART;TZID=Europe/Berlin:20261105T190000\r\n"));
        var events = await Events(feed);
        Assert.That(events.Select(e => ((string?)e["uid"], (string?)e["summary"])), Is.EqualTo(new[] { ($"key-date-{fair}@live-commerce", "Fair; wool, silk"), ($"key-date-{night}@live-commerce", "Night") }));
        Assert.That(events.Select(e => (int)e["sequence"]!), Is.All.Zero);
        Assert.That(DateTimeOffset.Parse((string)events[1]["start"]!), Is.EqualTo(new DateTimeOffset(2026, 11, 5, 18, 0, 0, TimeSpan.Zero)));

        var body = new { title = "Long night", startsAt = "2026-11-05T18:00:00Z", endsAt = "2026-11-06T02:00:00Z", leadTimeDays = 20 };
        await _calendar.Planner().Put($"/scheduling/key-dates/{night}", body, ("If-Match", "\"1\""));
        var changed = (await Events(feed))[1];
        Assert.That(((string?)changed["uid"], (int)changed["sequence"]!, (string?)changed["description"]), Is.EqualTo(($"key-date-{night}@live-commerce", 1, "Plan 20 days ahead")));
        Assert.That(await Events(await Link("Host", await _calendar.AddHost())), Is.Empty, "no person's business");
    }

    [Test]
    public async Task SomebodyOpensTheirOwnFeed_AndWhoManagesFeedsEndsIt()
    {
        Assert.That((await _calendar.Anyone().Post("/scheduling/people/me/feed")).Code, Is.EqualTo("person.not_found"));
        var person = (await _calendar.Add(Calendar.Aurora, "Chen Bo", $"member-at-{Calendar.Aurora}", "FloorControl")).Id;
        var id = await _calendar.Scheduled();
        await _calendar.Assign(id, (person, "FloorControl"));
        var opened = await _calendar.Anyone().Post("/scheduling/people/me/feed");
        Assert.That((opened.Status, (string?)opened.Json["name"]), Is.EqualTo((201, "Chen Bo")), opened.Content);
        Assert.That((await Events((string)opened.Json["url"]!)).Select(e => (string?)e["uid"]), Is.EqualTo(new[] { $"{id}@live-commerce" }));
        Assert.That((await _calendar.Planner().Post($"/scheduling/feeds/{opened.Id}/revoke")).Status, Is.EqualTo(200));
        Assert.That(await Text((string)opened.Json["url"]!), Does.Contain("feed.not_found"));
    }

    private Task<Answer> Edit(Guid id, Plan plan) => EditAt(id, plan.ForPut());

    private async Task<Answer> EditAt(Guid id, JsonObject body) =>
        await _calendar.Planner().Put($"/scheduling/sessions/{id}", body, ("If-Match", (await _calendar.Read(id)).ETag!));

    private async Task<Guid> AddDate(string unit, string title, string startsAt, string endsAt)
    {
        var added = await _calendar.Planner().Post("/scheduling/key-dates", new { unitId = _calendar.Units[unit], title, startsAt, endsAt });
        Assert.That(added.Status, Is.EqualTo(201), added.Content);
        return added.Id;
    }

    private async Task<string> Link(string kind, Guid? resourceId, string unit = Calendar.Aurora)
    {
        var opened = await _calendar.Planner().Post("/scheduling/feeds", new { unitId = _calendar.Units[unit], kind, resourceId });
        Assert.That(opened.Status, Is.EqualTo(201), opened.Content);
        return (string)opened.Json["url"]!;
    }

    private async Task<IReadOnlyList<JsonNode>> Events(string url) => [.. (await OtherParser.Read(await Text(url)))["events"]!.AsArray().Select(e => e!)];

    private async Task<string> Text(string url) => await (await _calendar.Host.Anonymous().GetAsync(url)).Content.ReadAsStringAsync();
}

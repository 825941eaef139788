using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Tests.Calendars;
using LiveCommerce.Scheduling.Tests.Series;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Feeds;

internal sealed class FeedTests
{
    private const string Path = "/scheduling/feeds";

    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open() => _calendar = await Calendar.Open("Europe/Berlin");

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [Test]
    public async Task AUnitsFeed_HoldsItsSessions_AsAnotherParserReadsThem()
    {
        var plan = (await _calendar.NewPlan()) with { Title = "Wool, down; and \"more\" \\ 羊毛 " + new string('x', 90) };
        // From before the end of summer time to after it.
        var id = await _calendar.Scheduled(plan.At(new DateTimeOffset(2026, 10, 24, 20, 30, 0, TimeSpan.Zero), 6));
        var url = await Link(new { unitId = _calendar.Units[Calendar.Aurora], kind = "Unit", name = "Aurora, live" });
        var (response, text) = await Get(url);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), text);
        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/calendar; charset=utf-8; method=PUBLISH"));
        Assert.That(text.Replace("\r\n", "").Contains('\n'), Is.False, "lines end in CR LF");
        Assert.That(text.Split("\r\n").Select(Encoding.UTF8.GetByteCount), Is.All.LessThanOrEqualTo(75));
        Assert.That(text, Does.Contain("DTSTART;TZID=Europe/Berlin:20261024T223000\r\n").And.Contain("DTEND;TZID=Europe/Berlin:20261025T033000\r\n"));

        var read = await OtherParser.Read(text);
        Assert.That(((string?)read["properties"]!["x-wr-calname"], (string?)read["properties"]!["method"]), Is.EqualTo(("Aurora\\, live", "PUBLISH")), "it takes no property it does not know apart");
        Assert.That(read["zones"]!.AsArray().Select(z => (string?)z), Is.EqualTo(new[] { "Europe/Berlin" }));
        var session = read["events"]!.AsArray().Single()!;
        Assert.That((string?)session["uid"], Is.EqualTo($"{id}@live-commerce"));
        Assert.That((string?)session["summary"], Is.EqualTo(plan.Title));
        Assert.That((string?)session["location"], Is.EqualTo("Studio"));
        Assert.That((string?)session["description"], Is.EqualTo("Brands: A\nHosts: Lin Yue\nChannels: Shop\nStatus: Scheduled"));
        Assert.That((DateTimeOffset.Parse((string)session["start"]!), DateTimeOffset.Parse((string)session["end"]!)), Is.EqualTo((plan.At(new DateTimeOffset(2026, 10, 24, 20, 30, 0, TimeSpan.Zero), 6).StartsAt, new DateTimeOffset(2026, 10, 25, 2, 30, 0, TimeSpan.Zero))));
        Assert.That(((string?)session["status"], (int)session["sequence"]!), Is.EqualTo(("CONFIRMED", 0)));
    }

    [Test]
    public async Task ASeriesAcrossBothChangesOfTheClock_IsReadAsTheSameInstants()
    {
        await _calendar.Planned(await _calendar.NewSeries("FREQ=WEEKLY;COUNT=30", "2026-10-04T02:30"));
        var sessions = (await _calendar.Planner().Get("/scheduling/sessions?limit=200")).Json["items"]!.AsArray();
        var read = await OtherParser.Read((await Get(await Link(new { unitId = _calendar.Units[Calendar.Aurora], kind = "Unit" }))).Text);
        Assert.That(read["events"]!.AsArray().ToDictionary(e => (string)e!["uid"]!, e => DateTimeOffset.Parse((string)e!["start"]!)),
            Is.EquivalentTo(sessions.ToDictionary(s => $"{s!["id"]}@live-commerce", s => (DateTimeOffset)s!["startsAt"]!)));
        Assert.That(sessions, Has.Count.EqualTo(30));
    }

    [Test]
    public async Task AChangedSession_KeepsItsName_AndRisesInSequence_AndACancelledOneSaysSo()
    {
        var id = await _calendar.Scheduled();
        var url = await Link(new { unitId = _calendar.Units[Calendar.Aurora], kind = "Unit" });
        var before = (await OtherParser.Read((await Get(url)).Text))["events"]![0]!;
        await _calendar.Move(id, _calendar.Soon.AddDays(1));
        var moved = (await OtherParser.Read((await Get(url)).Text))["events"]!.AsArray().Single()!;
        Assert.That((string?)moved["uid"], Is.EqualTo((string?)before["uid"]));
        Assert.That((int)moved["sequence"]!, Is.GreaterThan((int)before["sequence"]!));
        Assert.That((string?)moved["start"], Is.Not.EqualTo((string?)before["start"]));
        await _calendar.Do(id, "cancel", new { reason = "The host is ill." });
        var cancelled = (await OtherParser.Read((await Get(url)).Text))["events"]!.AsArray().Single()!;
        Assert.That(((string?)cancelled["uid"], (string?)cancelled["status"]), Is.EqualTo(((string?)before["uid"], "CANCELLED")));
        Assert.That((int)cancelled["sequence"]!, Is.GreaterThan((int)moved["sequence"]!));
        Assert.That((string?)cancelled["description"], Does.EndWith("The host is ill."));
    }

    [Test]
    public async Task WhatWaitsForApproval_IsTentative()
    {
        await _calendar.Mandate(Calendar.Id());
        var series = await _calendar.Planned(await _calendar.NewSeries("FREQ=DAILY;COUNT=1", owner: Calendar.R7, tier: "ResellerBroadcast"), Calendar.R7);
        var url = await Link(new { unitId = _calendar.Units[Calendar.R7], kind = "Unit" });
        Assert.That((string?)(await OtherParser.Read((await Get(url)).Text))["events"]!.AsArray().Single()!["status"], Is.EqualTo("TENTATIVE"));
        Assert.That((await _calendar.Do(series, "approve")).Status, Is.EqualTo(200));
        var approved = (await OtherParser.Read((await Get(url)).Text))["events"]!.AsArray().Single()!;
        Assert.That(((string?)approved["status"], (int)approved["sequence"]!), Is.EqualTo(("CONFIRMED", 1)));
    }

    [Test]
    public async Task WithItsETag_OnlyAChangeIsSent()
    {
        var id = await _calendar.Scheduled();
        var url = await Link(new { unitId = _calendar.Units[Calendar.Aurora], kind = "Unit" });
        var (first, _) = await Get(url);
        Assert.That(first.Headers.CacheControl!.ToString(), Is.EqualTo("max-age=300, private"));
        _calendar.Host.Clock.Advance(TimeSpan.FromMinutes(7));
        var (second, nothing) = await Get(url, first.Headers.ETag);
        Assert.That(((int)second.StatusCode, nothing, second.Headers.ETag), Is.EqualTo((304, "", first.Headers.ETag)));
        await _calendar.Move(id, _calendar.Soon.AddDays(1));
        var (third, text) = await Get(url, first.Headers.ETag);
        Assert.That(((int)third.StatusCode, text.Length > 0, third.Headers.ETag!.Equals(first.Headers.ETag)), Is.EqualTo((200, true, false)));
    }

    [Test]
    public async Task AHostsAndARoomsFeed_HoldWhatTheyAreIn()
    {
        var plan = await _calendar.NewPlan();
        var coHost = await _calendar.AddHost();
        var id = await _calendar.Scheduled(plan with { CoHostIds = [coHost] });
        await _calendar.Scheduled();
        var unitId = _calendar.Units[Calendar.Aurora];
        foreach (var (kind, resource) in new[] { ("Host", plan.HostId), ("Host", coHost), ("Room", plan.RoomId) })
            Assert.That(await Uids(await Link(new { unitId, kind, resourceId = resource })), Is.EqualTo(new[] { $"{id}@live-commerce" }), kind);
        Assert.That(await Uids(await Link(new { unitId, kind = "Unit" })), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AUnitsFeed_ReachesDown_AndHoldsWhatIsBroadcastAbove_AndNothingBeside()
    {
        var group = await _calendar.Scheduled();
        var north = await _calendar.Scheduled((await _calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(_calendar.Soon.AddDays(2)));
        var south = await _calendar.Scheduled((await _calendar.NewPlan(Calendar.South, "RegionalBroadcast")).At(_calendar.Soon.AddDays(1)));
        var url = await Link(new { unitId = _calendar.Units[Calendar.North], kind = "Unit" }, Calendar.North);
        Assert.That(await Uids(url), Is.EquivalentTo(new[] { $"{group}@live-commerce", $"{north}@live-commerce" }));
        Assert.That(await Uids(await Link(new { unitId = _calendar.Units[Calendar.Aurora], kind = "Unit" })), Does.Contain($"{south}@live-commerce"));
    }

    [Test]
    public async Task ARevokedLink_LeadsNowhere_AsAnUnknownOneDoes()
    {
        var opened = await _calendar.Planner().Post(Path, new { unitId = _calendar.Units[Calendar.Aurora], kind = "Unit" });
        var url = (string)opened.Json["url"]!;
        Assert.That(url.Split('/')[^1], Has.Length.EqualTo(43 + 4), "256 bits");
        Assert.That((await _calendar.Planner().Get(Path)).Content, Does.Not.Contain(url.Split('/')[^1][..43]), "it is shown once");
        var revoked = await _calendar.Planner().Post($"{Path}/{opened.Id}/revoke");
        Assert.That(revoked.Json["revokedAt"], Is.Not.Null);
        Assert.That((await _calendar.Planner().Post($"{Path}/{opened.Id}/revoke")).Content, Is.EqualTo(revoked.Content), "twice is once");
        foreach (var link in new[] { url, $"{_calendar.Host.Address}scheduling/feeds/{new string('a', 43)}.ics", $"{_calendar.Host.Address}scheduling/feeds/{new string('a', 430)}.ics" })
            Assert.That(((int)(await Get(link)).Response.StatusCode, (string?)JsonNode.Parse((await Get(link)).Text)!["code"]), Is.EqualTo((404, "feed.not_found")));
    }

    [Test]
    public async Task AFeed_IsOfTheCallersReach()
    {
        var host = await _calendar.AddHost(Calendar.South);
        var unitId = _calendar.Units[Calendar.North];
        Assert.That((await _calendar.Planner(Calendar.South).Post(Path, new { unitId, kind = "Unit" })).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await _calendar.Planner().Post(Path, new { unitId, kind = "Host", resourceId = host })).Code, Is.EqualTo("feed.resource_not_of_unit"));
        Assert.That((await _calendar.Planner().Post(Path, new { unitId = _calendar.Units[Calendar.South], kind = "Room", resourceId = host })).Code, Is.EqualTo("feed.resource_not_of_unit"));
        Assert.That((await _calendar.Planner().Post(Path, new { unitId, kind = "Host" })).Faults, Is.EqualTo(new[] { "/resourceId" }));
        Assert.That((await _calendar.Host.At(Calendar.North, Role.Analyst).Post(Path, new { unitId, kind = "Unit" })).Status, Is.EqualTo(403));
        var opened = await _calendar.Planner().Post(Path, new { unitId, kind = "Unit" });
        Assert.That((await _calendar.Planner(Calendar.South).Post($"{Path}/{opened.Id}/revoke")).Code, Is.EqualTo("feed.not_found"));
        Assert.That((await _calendar.Planner(Calendar.South).Get(Path)).Json["items"]!.AsArray(), Is.Empty);
        Assert.That(await BadInput.WrongAnswers(_calendar.Planner(), HttpMethod.Post, Path), Is.Empty);
    }

    private async Task<string> Link(object feed, string at = Calendar.Aurora)
    {
        var opened = await _calendar.Planner(at).Post(Path, feed);
        Assert.That(opened.Status, Is.EqualTo(201), opened.Content);
        return (string)opened.Json["url"]!;
    }

    private async Task<IReadOnlyList<string?>> Uids(string url) => [.. (await OtherParser.Read((await Get(url)).Text))["events"]!.AsArray().Select(e => (string?)e!["uid"])];

    private async Task<(HttpResponseMessage Response, string Text)> Get(string url, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        var response = await _calendar.Host.Anonymous().SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }
}

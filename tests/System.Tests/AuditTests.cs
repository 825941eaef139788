using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Audit;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using LiveCommerce.System.Tests.Access;

namespace LiveCommerce.System.Tests;

/// <summary>What was decided anywhere is read in one place, with what it changed.</summary>
internal sealed class AuditTests
{
    private World _world = null!;

    [OneTimeSetUp]
    public async Task Build()
    {
        _world = await World.Create();
        var session = await _world.At(Place.Own, Role.Planner).Post($"/scheduling/sessions/{_world.SessionId}/reschedule", new { startsAt = _world.Now.AddDays(4), endsAt = _world.Now.AddDays(4).AddHours(2) });
        Assert.That(session.Status, Is.EqualTo(200), session.Content);
        await _world.Settle();
        var campaign = await _world.At(Place.Own, Role.Marketer).Post($"/coupons/campaigns/{_world.CampaignId}/pause");
        Assert.That(campaign.Status, Is.EqualTo(200), campaign.Content);
        var lineup = await _world.At(Place.Own, Role.Merchandiser).Put($"/lineups/sessions/{_world.SessionId}/lineup",
            new { items = new[] { new { productId = _world.ProductId, kind = "Hot", minutes = 7, livePriceMinor = 8500 } } }, ("If-Match", "\"2\""));
        Assert.That(lineup.Status, Is.EqualTo(200), lineup.Content);
        var unit = await _world.At(Place.Above, Role.Admin).Put($"/organization/units/{_world.NorthId}", new { name = "Far North", timeZone = "Asia/Harbin" }, ("If-Match", "\"1\""));
        Assert.That(unit.Status, Is.EqualTo(200), unit.Content);
        await _world.Settle();
    }

    [OneTimeTearDown]
    public async Task Drop() => await _world.DisposeAsync();

    [TestCase("EditUnit", "organization", "name", "North", "Far North")]
    [TestCase("RescheduleSession", "scheduling", "endsAt", null, null)]
    [TestCase("PauseCampaign", "coupons", "status", "Issuing", "Paused")]
    [TestCase("PutLineup", "lineups", "totalMinutes", 5, 7)]
    public async Task HeadquartersReadsOfAnyService_WhatAChangeWas_BeforeAndAfter(string action, string service, string member, object? before, object? after)
    {
        var entry = (await Entries(Place.Above, $"?action={action}"))[^1]!;
        Assert.That((string?)entry["service"], Is.EqualTo(service));
        Assert.That((string?)entry["subjectPath"], Is.EqualTo("/aurora/north/"));
        Assert.That(Guid.TryParse((string?)entry["subjectId"], out _), Is.True);
        Assert.That(entry["before"]![member]?.ToString(), before is null ? Is.Not.Null : Is.EqualTo(before.ToString()));
        Assert.That(entry["after"]![member]?.ToString(), after is null ? Is.Not.Null : Is.EqualTo(after.ToString()));
        Assert.That((long)entry["after"]!["version"]!, Is.EqualTo((long)entry["before"]!["version"]! + 1));
        Assert.That(entry["after"]!["id"] ?? entry["after"]!["sessionId"], Is.Null, "what stayed as it was is left out");
        var own = (await _world.At(Place.Above, Role.Admin).Get($"/{service}/audit?action={action}&limit=200")).Json["items"]!.AsArray()[^1]!;
        Assert.That(own.ToJsonString(), Is.EqualTo(entry.ToJsonString()), "the service itself says the same");
    }

    [Test]
    public async Task WhatWasNotThereBeforeIsWhole()
    {
        var entry = (await Entries(Place.Above, "?action=ScheduleSession"))[0]!;
        Assert.That(entry["before"], Is.Null);
        Assert.That((string?)entry["after"]!["id"], Is.EqualTo(_world.SessionId.ToString()));
        Assert.That((string?)entry["subjectId"], Is.EqualTo(_world.SessionId.ToString()));
    }

    [Test]
    public async Task EachReadsWhatBelongsBelowThem_AndNothingElse()
    {
        foreach (var place in Enum.GetValues<Place>())
        {
            var subjects = (await Entries(place)).Select(e => (string)e!["subjectPath"]!).ToList();
            Assert.That(subjects, Is.All.StartsWith(World.PathOf(place)), place.ToString());
            if (place is Place.Above or Place.Own) Assert.That(subjects, Is.Not.Empty);
        }
        Assert.That((await Entries(Place.Above)).Select(e => (string)e!["service"]!).Distinct(), Is.SupersetOf(new[] { "organization", "scheduling", "lineups", "coupons" }));
        Assert.That((await _world.At(Place.Above, Role.Analyst).Get("/organization/audit/all")).Code, Is.EqualTo("access.forbidden"));
        Assert.That((await _world.Anonymous().Get("/organization/audit/all.csv")).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task TheTrailIsFiltered()
    {
        var all = await Entries(Place.Above);
        var now = Uri.EscapeDataString($"{_world.Now:O}");
        Assert.That((await Entries(Place.Above, $"?subject={_world.SessionId}")).Select(e => (string)e!["action"]!), Does.Contain("ScheduleSession").And.Contain("RescheduleSession").And.Not.Contain("EditUnit"));
        Assert.That((await Entries(Place.Above, $"?subject=/organization/units/{_world.NorthId}")).Select(e => (string)e!["action"]!), Is.EqualTo(new[] { "EditUnit" }));
        Assert.That((await Entries(Place.Above, "?actor=member-at-/aurora/north/")).Select(e => (string)e!["actorPath"]!), Is.All.EqualTo("/aurora/north/").And.Not.Empty);
        Assert.That(await Entries(Place.Above, $"?from={now}"), Has.Count.EqualTo(all.Count), "the clock stood still");
        Assert.That(await Entries(Place.Above, $"?to={now}"), Is.Empty, "the end is exclusive");
        Assert.That(await Entries(Place.Above, "?action=Nothing"), Is.Empty);
        var faults = await _world.At(Place.Above, Role.Admin).Get("/organization/audit/all?from=yesterday&to=2026-10-01T00:00:00&actor=&limit=0");
        Assert.That((faults.Status, faults.Code), Is.EqualTo((400, "request.invalid")), faults.Content);
        faults = await _world.At(Place.Above, Role.Admin).Get("/organization/audit/all.csv?from=yesterday&to=2026-10-01T00:00:00&actor=");
        Assert.That(faults.Faults, Is.EquivalentTo(new[] { "?from", "?to", "?actor" }), faults.Content);
        faults = await _world.At(Place.Above, Role.Admin).Get("/scheduling/audit?from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z");
        Assert.That(faults.Faults, Is.EqualTo(new[] { "?to" }), faults.Content);
    }

    [TestCase("/organization/audit/all")]
    [TestCase("/coupons/audit")]
    public async Task TheFileHoldsWhatThePagesHold(string path)
    {
        var pages = (await _world.At(Place.Above, Role.Admin).Get($"{path}?limit=200")).Json["items"]!.AsArray();
        var lines = (await _world.At(Place.Above, Role.Admin).Get($"{path}.csv")).Content.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Is.EqualTo("at,service,actorId,actorName,actorPath,action,subject,subjectId,subjectPath,origin,before,after"));
        Assert.That(lines, Has.Length.EqualTo(pages.Count + 1));
        for (var i = 0; i < pages.Count; i++) Assert.That(lines[i + 1], Does.Contain($",{(string)pages[i]!["action"]!},{(string)pages[i]!["subject"]!},"));
    }

    [Test]
    public async Task AnEntryToldAgain_EvenInAnotherMessage_IsKeptOnce()
    {
        var entry = new AuditedDecision
        {
            EntryId = Guid.Parse("0199a000-0000-7000-8000-0000000000aa"),
            At = _world.Now,
            ActorId = "somebody",
            ActorName = "Somebody",
            ActorPath = "/aurora/",
            Action = "TellTwice",
            Subject = "/orders/things",
            SubjectPath = "/aurora/",
        };
        for (var i = 0; i < 3; i++) await _world.Deliver(new AuditRecorded { Service = "orders", Entries = [entry] });
        Assert.That(await Entries(Place.Above, "?action=TellTwice"), Has.Count.EqualTo(1));
    }

    private async Task<JsonArray> Entries(Place place, string query = "")
    {
        var answer = await _world.At(place, Role.Admin).Get($"/organization/audit/all{query}{(query.Length == 0 ? "?" : "&")}limit=200");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return answer.Json["items"]!.AsArray();
    }
}

using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Series;

internal sealed class EditSeriesTests
{
    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open() => _calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [Test]
    public async Task AnEditOfAll_ChangesEverySession_AndKeepsThem()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=3");
        var series = await _calendar.Planned(body);
        var edited = await _calendar.Edit(series, body.With("title", "Later").With("startsLocal", "2026-12-01T21:00"));
        Assert.That(edited.Status, Is.EqualTo(200), edited.Content);
        Assert.That(Streams.Times(edited.Json), Is.EqualTo(new[] { "2026-12-01 13:00Z", "2026-12-02 13:00Z", "2026-12-03 13:00Z" }));
        Assert.That(Streams.Sessions(edited.Json), Is.EqualTo(Streams.Sessions(series)));
        foreach (var id in Streams.Sessions(series).Values)
        {
            Assert.That((string?)(await _calendar.Read(id)).Json["title"], Is.EqualTo("Later"));
            Assert.That((await Recorded.Of(_calendar.Host, id)).Select(r => r.Event), Is.EqualTo(new[] { "SessionScheduled", "SessionRescheduled" }));
        }
        var same = await _calendar.Edit(edited.Json, body.With("title", "Later").With("startsLocal", "2026-12-01T21:00"));
        Assert.That(same.Status, Is.EqualTo(200));
        foreach (var id in Streams.Sessions(series).Values) Assert.That((await _calendar.Read(id)).ETag, Is.EqualTo("\"2\""), "nothing to change changes nothing");
    }

    [Test]
    public async Task ANewRule_MovesWhatItCan_PlansWhatIsMissing_AndCancelsWhatIsLeftOver()
    {
        var body = await _calendar.NewSeries("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4");
        var series = await _calendar.Planned(body);
        var ids = Streams.Sessions(series).Values.ToList();
        var moved = await _calendar.Edit(series, body.With("rule", "FREQ=WEEKLY;BYDAY=WE;COUNT=3").With("startsLocal", "2026-12-02T20:00"));
        Assert.That(Streams.Times(moved.Json), Is.EqualTo(new[] { "2026-12-02 12:00Z", "2026-12-09 12:00Z", "2026-12-16 12:00Z" }), moved.Content);
        var kept = Streams.Sessions(moved.Json).Values.ToList();
        Assert.That(kept[0], Is.EqualTo(ids[0]), "Tuesday's session is Wednesday's now");
        foreach (var id in ids.Except(kept)) Assert.That(await _calendar.Status(id), Is.EqualTo("Cancelled"));
        foreach (var id in kept) Assert.That(await _calendar.Status(id), Is.EqualTo("Scheduled"));
        var back = await _calendar.Edit(moved.Json, body);
        Assert.That(Streams.On(back.Json), Is.EqualTo(Streams.On(series)), back.Content);
        Assert.That(Streams.Sessions(back.Json), Has.Count.EqualTo(4));
    }

    [TestCase("2026-12-02T20:00")]
    [TestCase("2026-11-30T20:00")]
    [TestCase("2026-12-01T20:30")]
    [TestCase("2026-12-01T19:30")]
    public async Task SessionsOfOneSeries_AreNotInEachOthersWay(string startsLocal)
    {
        var body = (await _calendar.NewSeries("FREQ=DAILY;COUNT=6")).With("durationMinutes", 1440);
        var series = await _calendar.Planned(body);
        var edited = await _calendar.Edit(series, body.With("startsLocal", startsLocal));
        Assert.That(edited.Json["occurrences"]!.AsArray().Where(o => o!["refusal"] is not null), Is.Empty, edited.Content);
        Assert.That(Streams.Sessions(edited.Json), Has.Count.EqualTo(6));
    }

    [Test]
    public async Task WhatWasEditedOrCancelledByItself_IsLeftAlone()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=4");
        var series = await _calendar.Planned(body);
        var ids = Streams.Sessions(series);
        var one = await _calendar.EditFrom(series, "2026-12-02", "This", Streams.Without(body, "rule", "exceptions").With("title", "Special").With("startsLocal", "2026-12-02T18:00"));
        Assert.That(one.Status, Is.EqualTo(200), one.Content);
        Assert.That((bool)one.Json["occurrences"]![1]!["isDetached"]!, Is.True);
        await _calendar.Do(ids["2026-12-03"], "cancel");
        await _calendar.Move(ids["2026-12-04"], new DateTimeOffset(2026, 12, 4, 3, 0, 0, TimeSpan.Zero), 1);
        var edited = await _calendar.Edit(series, body.With("title", "All").With("startsLocal", "2026-12-01T21:00"));
        Assert.That(Streams.Times(edited.Json), Is.EqualTo(new[] { "2026-12-01 13:00Z", "2026-12-02 10:00Z", "2026-12-03 12:00Z Cancelled", "2026-12-04 03:00Z" }));
        Assert.That((string?)(await _calendar.Read(ids["2026-12-02"])).Json["title"], Is.EqualTo("Special"));
        Assert.That((string?)(await _calendar.Read(ids["2026-12-01"])).Json["title"], Is.EqualTo("All"));
    }

    [Test]
    public async Task WhatIsInConflictAfterAnEdit_StandsAsItWas_AndIsListed()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=3");
        var series = await _calendar.Planned(body);
        var other = (await _calendar.NewPlan()) with { RoomId = (Guid)body["roomId"]! };
        var inTheWay = await _calendar.Scheduled(other.At(new DateTimeOffset(2026, 12, 2, 13, 0, 0, TimeSpan.Zero), 1));
        var edited = await _calendar.Edit(series, body.With("startsLocal", "2026-12-01T21:00"));
        Assert.That(Streams.Times(edited.Json), Is.EqualTo(new[] { "2026-12-01 13:00Z", "2026-12-02 12:00Z", "2026-12-03 13:00Z" }));
        Assert.That((string?)edited.Json["occurrences"]![1]!["refusal"]!["code"], Is.EqualTo("session.conflict"));
        Assert.That(Streams.Sessions(edited.Json), Is.EqualTo(Streams.Sessions(series)));
        await _calendar.Do(inTheWay, "cancel");
        var again = await _calendar.Do(series, "occurrences/2026-12-02/retry");
        Assert.That(Streams.Times(again.Json), Is.EqualTo(new[] { "2026-12-01 13:00Z", "2026-12-02 13:00Z", "2026-12-03 13:00Z" }), again.Content);
    }

    [Test]
    public async Task ThisAndFollowing_BecomeASeriesOfTheirOwn()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=5");
        var series = await _calendar.Planned(body);
        var parted = await _calendar.EditFrom(series, "2026-12-04", "ThisAndFollowing", Streams.Without(body, "rule", "exceptions", "startsLocal", "durationMinutes").With("title", "New").With("startsLocal", "2026-12-04T21:00"));
        Assert.That(parted.Status, Is.EqualTo(200), parted.Content);
        Assert.That(Streams.Times(parted.Json), Is.EqualTo(new[] { "2026-12-04 13:00Z", "2026-12-05 13:00Z" }));
        Assert.That(((string?)parted.Json["followsId"], (string?)parted.Json["rule"]), Is.EqualTo(((string?)series["id"], "FREQ=DAILY;COUNT=2")));
        var before = await _calendar.Series(series);
        Assert.That(Streams.Times(before), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-02 12:00Z", "2026-12-03 12:00Z" }));
        Assert.That((string?)before["rule"], Is.EqualTo("FREQ=DAILY;UNTIL=20261203"));
        Assert.That(Streams.Sessions(before).Values.Concat(Streams.Sessions(parted.Json).Values), Is.EqualTo(Streams.Sessions(series).Values), "no session is lost");

        var whole = await _calendar.EditFrom(parted.Json, "2026-12-04", "ThisAndFollowing", Streams.Without(body, "rule", "startsLocal").With("title", "From the first"));
        Assert.That((string?)whole.Json["id"], Is.EqualTo((string?)parted.Json["id"]), "from the first on is all of it");
    }

    [Test]
    public async Task AnOccurrenceThatCouldNotBePlanned_CanBePutSomewhereElse()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=2");
        var other = (await _calendar.NewPlan()) with { RoomId = (Guid)body["roomId"]! };
        await _calendar.Scheduled(other.At(new DateTimeOffset(2026, 12, 2, 12, 0, 0, TimeSpan.Zero), 1));
        var series = await _calendar.Planned(body);
        Assert.That(Streams.Sessions(series), Has.Count.EqualTo(1));
        var one = Streams.Without(body, "rule", "startsLocal", "durationMinutes");
        var refused = await _calendar.EditFrom(series, "2026-12-02", "This", one);
        Assert.That(refused.Code, Is.EqualTo("session.conflict"));
        var put = await _calendar.EditFrom(series, "2026-12-02", "This", one.With("startsLocal", "2026-12-02T22:00"));
        Assert.That(Streams.Times(put.Json), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-02 14:00Z" }), put.Content);
        Assert.That((put.Json["occurrences"]![1]!["refusal"], (bool)put.Json["occurrences"]![1]!["isDetached"]!), Is.EqualTo(((JsonNode?)null, true)));
    }

    [Test]
    public async Task ADayLeftOut_IsAnException()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=3");
        var series = await _calendar.Planned(body);
        var left = await _calendar.Do(series, "occurrences/2026-12-02/cancel");
        Assert.That(Streams.Times(left.Json), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-03 12:00Z" }), left.Content);
        Assert.That(left.Json["exceptions"]!.AsArray().Select(e => (string?)e), Is.EqualTo(new[] { "2026-12-02" }));
        Assert.That(await _calendar.Status(Streams.Sessions(series)["2026-12-02"]), Is.EqualTo("Cancelled"));
        Assert.That((await _calendar.Do(series, "occurrences/2026-12-02/cancel")).Content, Is.EqualTo(left.Content), "twice is once");
        Assert.That((await _calendar.Do(series, "occurrences/2026-12-09/cancel")).Code, Is.EqualTo("occurrence.not_found"));
        var back = await _calendar.Edit(series, body);
        Assert.That(Streams.Times(back.Json), Has.Count.EqualTo(3), "without the exception it takes place again");
    }

    [Test]
    public async Task ACancelledSeries_TakesNothingWithItThatIsOver()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=4");
        var series = await _calendar.Planned(body);
        var shorter = await _calendar.Do(series, "cancel", new { from = "2026-12-04", reason = "Winter" });
        Assert.That(Streams.Times(shorter.Json), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-02 12:00Z", "2026-12-03 12:00Z", "2026-12-04 12:00Z Cancelled" }), shorter.Content);
        Assert.That(((string?)shorter.Json["rule"], shorter.Json["cancelledAt"]), Is.EqualTo(("FREQ=DAILY;UNTIL=20261203", (JsonNode?)null)));
        _calendar.Host.Clock.Set(new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero));
        await _calendar.Do(Streams.Sessions(series)["2026-12-01"], "go-live");
        var over = await _calendar.Do(series, "cancel", new { });
        Assert.That(Streams.Times(over.Json).Select(t => t[17..]), Is.EqualTo(new[] { " Live", " Cancelled", " Cancelled", " Cancelled" }));
        Assert.That((await _calendar.Do(series, "cancel", new { })).Content, Is.EqualTo(over.Content), "twice is once");
        Assert.That((await _calendar.Edit(series, body)).Code, Is.EqualTo("series.cancelled"));
        Assert.That((await _calendar.Do(series, "occurrences/2026-12-02/retry")).Code, Is.EqualTo("series.cancelled"));
    }

    [Test]
    public async Task OnceBegun_AnEditLeavesThePastAlone()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=3");
        var series = await _calendar.Planned(body);
        _calendar.Host.Clock.Set(new DateTimeOffset(2026, 12, 2, 12, 30, 0, TimeSpan.Zero));
        var edited = await _calendar.Edit(series, body.With("title", "New").With("startsLocal", "2026-12-01T22:00"));
        Assert.That(Streams.Times(edited.Json), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-02 12:00Z", "2026-12-03 14:00Z" }), edited.Content);
        Assert.That((await _calendar.Do(series, "occurrences/2026-12-01/cancel")).Code, Is.EqualTo("occurrence.is_over"));
        Assert.That((await _calendar.EditFrom(series, "2026-12-01", "ThisAndFollowing", Streams.Without(body, "rule", "startsLocal"))).Code, Is.EqualTo("occurrence.is_over"));
    }

    [Test]
    public async Task AnEditOfAnOldVersion_IsRefused()
    {
        var body = Streams.Without(await _calendar.NewSeries("FREQ=DAILY;COUNT=2"), "mandateId");
        var series = await _calendar.Planned(body);
        Assert.That((await _calendar.Edit(series, body.With("title", "B"))).Status, Is.EqualTo(200));
        var put = Streams.Without(body, "ownerUnitId", "tier");
        var path = $"{Streams.Path}/{series["id"]}";
        Assert.That((await _calendar.Planner().Put(path, put, ("If-Match", "\"1\""))).Code, Is.EqualTo("request.version_mismatch"));
        Assert.That((await _calendar.Planner().Put(path, put)).Code, Is.EqualTo("request.if_match_required"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _calendar.Planner().Put(path, put.With("title", $"T{i}"), ("If-Match", "\"2\""))));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1), "of many at once one wins");
        var rule = await _calendar.Planner().Put($"{path}/occurrences/2026-12-01", put.With("apply", "This"), ("If-Match", "\"3\""));
        Assert.That(rule.Faults, Is.EqualTo(new[] { "/rule" }), "one occurrence has no rule");
    }
}

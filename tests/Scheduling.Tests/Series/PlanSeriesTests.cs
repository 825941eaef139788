using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Series;

internal sealed class PlanSeriesTests
{
    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open() => _calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [Test]
    public async Task EveryOccurrence_IsASessionOfItsOwn()
    {
        var series = await _calendar.Planned((await _calendar.NewSeries("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4")).With("exceptions", new[] { "2026-12-08" }));
        Assert.That(Streams.Times(series), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-03 12:00Z", "2026-12-10 12:00Z" }));
        Assert.That((string?)series["timeZone"], Is.EqualTo("Asia/Shanghai"));
        foreach (var (on, id) in Streams.Sessions(series))
        {
            var session = (await _calendar.Read(id)).Json;
            Assert.That(((string?)session["seriesId"], (string?)session["occurrenceOn"], (string?)session["title"]), Is.EqualTo(((string?)series["id"], on, "Premiere")));
            Assert.That((await Recorded.Of(_calendar.Host, id)).Select(r => r.Event), Is.EqualTo(new[] { "SessionScheduled" }));
        }
        Assert.That((await _calendar.Planner().Get(Streams.Path)).Json["items"]!.AsArray().Select(s => (string?)s!["id"]), Is.EqualTo(new[] { (string?)series["id"] }));
        Assert.That((await _calendar.Series(series)).ToJsonString(), Is.EqualTo(series.ToJsonString()));
    }

    [TestCase("Europe/Berlin", "FREQ=WEEKLY;COUNT=3", "2026-10-18T20:00", "2026-10-18 18:00Z 2026-10-25 19:00Z 2026-11-01 19:00Z", TestName = "WhenSummerTimeEnds_ASeriesStaysAtItsHour")]
    [TestCase("Europe/Berlin", "FREQ=WEEKLY;COUNT=3", "2027-03-21T20:00", "2027-03-21 19:00Z 2027-03-28 18:00Z 2027-04-04 18:00Z", TestName = "WhenSummerTimeBegins_ASeriesStaysAtItsHour")]
    [TestCase("Europe/Berlin", "FREQ=DAILY;COUNT=3", "2027-03-27T02:30", "2027-03-27 01:30Z 2027-03-28 01:30Z 2027-03-29 00:30Z", TestName = "AnHourThatIsLeftOut_CountsAsIfTheClockHadNotJumped")]
    [TestCase("Europe/Berlin", "FREQ=DAILY;COUNT=3", "2026-10-24T02:30", "2026-10-24 00:30Z 2026-10-25 00:30Z 2026-10-26 01:30Z", TestName = "AnHourThatComesTwice_IsTheFirst")]
    [TestCase("America/New_York", "FREQ=DAILY;UNTIL=20261101", "2026-10-31T01:30", "2026-10-31 05:30Z 2026-11-01 05:30Z", TestName = "AnHourThatComesTwice_IsTheFirst_InNewYork")]
    [TestCase("Asia/Shanghai", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", "2026-10-31T20:00", "2026-10-31 12:00Z 2026-12-31 12:00Z 2027-01-31 12:00Z 2027-03-31 12:00Z", TestName = "AMonthWithoutTheDay_HasNoSession")]
    [TestCase("Asia/Shanghai", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2027-01-31T20:00", "2027-01-31 12:00Z 2027-02-28 12:00Z 2027-03-31 12:00Z", TestName = "TheEndOfAMonth_IsTheEndOfEveryMonth")]
    public async Task TimesAreTheWallClocks(string zone, string rule, string startsLocal, string times)
    {
        var series = await _calendar.Planned((await _calendar.NewSeries(rule, startsLocal)).With("timeZone", zone));
        Assert.That(string.Join(' ', Streams.Times(series)), Is.EqualTo(times));
    }

    [Test]
    public async Task TheLeapDay_IsInALeapYearOnly()
    {
        _calendar.Host.Clock.Set(new DateTimeOffset(2027, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var monthly = await _calendar.Planned(await _calendar.NewSeries("FREQ=MONTHLY;BYMONTHDAY=29;COUNT=3", "2028-01-29T20:00"));
        Assert.That(Streams.On(monthly), Is.EqualTo(new[] { "2028-01-29", "2028-02-29", "2028-03-29" }));
        _calendar.Host.Clock.Set(new DateTimeOffset(2028, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var next = await _calendar.Planned(await _calendar.NewSeries("FREQ=MONTHLY;BYMONTHDAY=29;COUNT=3", "2029-01-29T20:00"));
        Assert.That(Streams.On(next), Is.EqualTo(new[] { "2029-01-29", "2029-03-29", "2029-04-29" }));
    }

    [Test]
    public async Task AnOccurrenceInConflict_IsListed_AndCanBeTriedAgain()
    {
        var series = await _calendar.NewSeries("FREQ=DAILY;COUNT=3");
        var plan = (await _calendar.NewPlan()) with { HostId = (Guid)series["hostId"]! };
        var inTheWay = await _calendar.Scheduled(plan.At(new DateTimeOffset(2026, 12, 2, 11, 30, 0, TimeSpan.Zero), 1));
        var planned = await _calendar.Planned(series);
        Assert.That(Streams.Times(planned), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-02 session.conflict", "2026-12-03 12:00Z" }));
        var refusal = (await _calendar.Series(planned))["occurrences"]![1]!["refusal"]!;
        Assert.That(refusal["conflicts"]!.AsArray().Select(c => (Guid)c!["sessionId"]!), Is.EqualTo(new[] { inTheWay }));

        var early = await _calendar.Do(planned, "occurrences/2026-12-02/retry");
        Assert.That((early.Status, early.Code), Is.EqualTo((409, "session.conflict")));
        await _calendar.Do(inTheWay, "cancel");
        var again = await _calendar.Do(planned, "occurrences/2026-12-02/retry");
        Assert.That(Streams.Times(again.Json), Is.EqualTo(new[] { "2026-12-01 12:00Z", "2026-12-02 12:00Z", "2026-12-03 12:00Z" }), again.Content);
        Assert.That(again.Json["occurrences"]![1]!["refusal"], Is.Null);
        Assert.That((await _calendar.Do(planned, "occurrences/2026-12-02/retry")).Status, Is.EqualTo(200), "twice is once");
        Assert.That(Streams.Sessions(await _calendar.Series(planned)), Has.Count.EqualTo(3));
        Assert.That((await _calendar.Do(planned, "occurrences/2026-12-09/retry")).Code, Is.EqualTo("occurrence.not_found"));
        Assert.That((await _calendar.Do(planned, "occurrences/some-day/retry")).Code, Is.EqualTo("occurrence.not_found"));
    }

    [Test]
    public async Task WhatItsMandateDoesNotCover_IsListed()
    {
        await _calendar.Mandate(Calendar.Id(), sessionsPerWeek: 2, closesAt: new DateTimeOffset(2026, 12, 9, 0, 0, 0, TimeSpan.Zero));
        // A Monday; days of two weeks, the second cut off by the mandate's end.
        var series = await _calendar.Planned(await _calendar.NewSeries("FREQ=DAILY;COUNT=10", "2026-11-30T20:00", Calendar.R7, "ResellerBroadcast"), Calendar.R7);
        Assert.That(Streams.Times(series).Select(t => t[11..]), Is.EqualTo(new[]
        {
            "12:00Z Submitted", "12:00Z Submitted", "mandate.sessions_per_week", "mandate.sessions_per_week", "mandate.sessions_per_week", "mandate.sessions_per_week", "mandate.sessions_per_week",
            "12:00Z Submitted", "12:00Z Submitted", "mandate.outside_dates",
        }));
        Assert.That((await _calendar.Planner(Calendar.R7).Post($"{Streams.Path}/{series["id"]}/approve")).Code, Is.EqualTo("session.own_approval"));
        Assert.That((await _calendar.Planner(Calendar.South).Post($"{Streams.Path}/{series["id"]}/approve")).Code, Is.EqualTo("series.not_found"));
        var approved = await _calendar.Planner(Calendar.North).Post($"{Streams.Path}/{series["id"]}/approve");
        Assert.That(Streams.Times(approved.Json).Count(t => t.EndsWith("12:00Z", StringComparison.Ordinal)), Is.EqualTo(4), approved.Content);
        Assert.That((await _calendar.Planner(Calendar.North).Post($"{Streams.Path}/{series["id"]}/approve")).Content, Is.EqualTo(approved.Content), "twice is once");
        foreach (var id in Streams.Sessions(series).Values)
            Assert.That((await Recorded.Of(_calendar.Host, id)).Select(r => r.Event), Is.EqualTo(new[] { "SessionScheduled" }), "nobody hears of it before");
    }

    [Test]
    public async Task WhatIsWrongWithTheWhole_PlansNothing()
    {
        var series = await _calendar.NewSeries("FREQ=DAILY;COUNT=3");
        foreach (var (name, value, code) in new (string, object, string)[]
        {
            ("brandIds", new[] { _calendar.ForeignBrand }, "session.brand_unknown"), ("hostId", Calendar.Id(), "session.resource_not_usable"), ("tier", "ResellerBroadcast", "session.tier_not_allowed"),
            ("ownerUnitId", _calendar.Units[Calendar.Borealis], "unit.not_found"), ("startsLocal", "2026-10-01T15:00", "session.starts_in_past"),
        })
        {
            var answer = await _calendar.Planner().Post(Streams.Path, series.With(name, value));
            Assert.That(answer.Code, Is.EqualTo(code), answer.Content);
        }
        Assert.That((await _calendar.Planner().Get(Streams.Path)).Json["items"]!.AsArray(), Is.Empty);
        Assert.That((await _calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray(), Is.Empty);
    }

    [TestCase("rule", "FREQ=DAILY", "/rule series.no_end")]
    [TestCase("rule", "FREQ=DAILY;BYHOUR=9;COUNT=2", "/rule series.rule_unsupported")]
    [TestCase("rule", "every day", "/rule series.rule_invalid")]
    [TestCase("rule", "FREQ=DAILY;COUNT=401", "/rule series.too_long")]
    [TestCase("rule", "FREQ=YEARLY;COUNT=2", "/rule series.too_long")]
    [TestCase("rule", "FREQ=DAILY;UNTIL=20291231", "/rule series.too_long")]
    [TestCase("rule", "FREQ=WEEKLY;BYDAY=MO;COUNT=2", "/startsLocal series.start_not_in_rule")]
    [TestCase("rule", "FREQ=DAILY;UNTIL=20261101", "/startsLocal series.start_not_in_rule")]
    [TestCase("timeZone", "Mars/Olympus", "/timeZone time_zone.unknown")]
    [TestCase("startsLocal", "2026-12-01T20:00:00Z", "/startsLocal time.local_invalid")]
    [TestCase("startsLocal", "2026-02-29T20:00", "/startsLocal time.local_invalid")]
    [TestCase("durationMinutes", 1500, "/durationMinutes session.length")]
    [TestCase("durationMinutes", 29, "/durationMinutes session.length")]
    [TestCase("exceptions", new[] { "2026-12-04" }, "/exceptions/0 series.exception_not_occurrence")]
    [TestCase("exceptions", new[] { "2026-12-02", "tomorrow" }, "/exceptions/1 date.invalid")]
    [TestCase("exceptions", new[] { "2026-12-02", "2026-12-02" }, "/exceptions list.repeats")]
    [TestCase("exceptions", new[] { "2026-12-01", "2026-12-02", "2026-12-03" }, "/exceptions series.empty")]
    [TestCase("title", " ", "/title text.invalid")]
    public async Task WhatIsWrongWithTheBody_IsNamed(string name, object value, string fault)
    {
        var answer = await _calendar.Planner().Post(Streams.Path, (await _calendar.NewSeries("FREQ=DAILY;COUNT=3")).With(name, value));
        Assert.That(answer.Status, Is.EqualTo(400), answer.Content);
        Assert.That(answer.Json["faults"]!.AsArray().Select(f => $"{f!["pointer"]} {f["code"]}"), Does.Contain(fault), answer.Content);
    }

    [Test]
    public async Task ABodyThatDoesNotFit_IsRefused() => Assert.That(await BadInput.WrongAnswers(_calendar.Planner(), HttpMethod.Post, Streams.Path), Is.Empty);

    [Test]
    public async Task TheSameRequestAgain_PlansNothingMore()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=5");
        var first = await _calendar.Planner().Post(Streams.Path, body, ("Idempotency-Key", "once"));
        var second = await _calendar.Planner().Post(Streams.Path, body, ("Idempotency-Key", "once"));
        Assert.That(second.Content, Is.EqualTo(first.Content));
        Assert.That((await _calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray(), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task OfManySeriesWithOneHost_EveryEveningGoesToOne()
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=7");
        List<JsonObject> bodies = [];
        for (var i = 0; i < 6; i++) bodies.Add((await _calendar.NewSeries("FREQ=DAILY;COUNT=7")).With("hostId", (Guid)body["hostId"]!));
        var answers = await Task.WhenAll(bodies.Select(b => _calendar.Planner().Post(Streams.Path, b)));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(201));
        Assert.That(answers.SelectMany(a => Streams.Sessions(a.Json).Keys).Order(), Is.EqualTo(Streams.On(answers[0].Json)), "each day once");
    }

    [Test]
    public async Task ASeries_IsNotForOthers()
    {
        var series = await _calendar.Planned(await _calendar.NewSeries("FREQ=DAILY;COUNT=2", owner: Calendar.North, tier: "RegionalBroadcast"));
        foreach (var path in new[] { Calendar.South, Calendar.R7, Calendar.Borealis })
        {
            Assert.That((await _calendar.Planner(path).Get($"{Streams.Path}/{series["id"]}")).Code, Is.EqualTo("series.not_found"), path);
            Assert.That((await _calendar.Planner(path).Post($"{Streams.Path}/{series["id"]}/cancel", new { })).Code, Is.EqualTo("series.not_found"), path);
        }
        Assert.That((await _calendar.Planner(Calendar.North).Get($"{Streams.Path}/{series["id"]}")).Status, Is.EqualTo(200));
    }
}

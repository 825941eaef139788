using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Periods;

internal sealed class PeriodTests
{
    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open() => _calendar = await Calendar.Open();

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    /// <summary>The month that begins within the next.</summary>
    private DateTimeOffset Month
    {
        get
        {
            var soon = _calendar.Host.Clock.Now().AddDays(40);
            return new DateTimeOffset(soon.Year, soon.Month, 1, 0, 0, 0, TimeSpan.FromHours(8));
        }
    }

    private string Name => Month.ToString("yyyy-MM");

    /// <summary>Eight in the evening of a day of the month.</summary>
    private DateTimeOffset Evening(int day) => Month.AddDays(day - 1).AddHours(20);

    [Test]
    public async Task AProposal_PlacesNobodyWhoIsAway_OrOffWork()
    {
        var period = await OpenMonth();
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        await _calendar.Planner().Post($"/scheduling/people/{plan.HostId}/absences", new { startsAt = Evening(3).AddHours(1), endsAt = Evening(3).AddDays(1), reason = "Fair" });
        var other = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var hours = new[] { new { weekday = Evening(3).AddDays(1).DayOfWeek.ToString(), fromMinute = 0, toMinute = 1440 } };
        Assert.That((await _calendar.Planner().Put($"/scheduling/people/{other.HostId}", new { name = "Lin Yue", roles = new[] { "Host" }, workingHours = hours }, ("If-Match", "\"0\""))).Status, Is.EqualTo(200));
        foreach (var one in new[] { plan, other }) await Ask(period, Calendar.North, "RegionalBroadcast", one, Evening(3));
        var placed = await Ask(period, Calendar.North, "RegionalBroadcast", other, Evening(4));
        var proposal = await Propose(period);
        Assert.That(Placed(proposal), Is.EqualTo(new[] { placed }), proposal.Content);
        Assert.That(proposal.Json["unplaced"]!.AsArray().Select(u => (string)u!["code"]!), Is.All.EqualTo("session.conflict"));
    }

    [Test]
    public async Task AMonth_IsAskedFor_Proposed_Edited_AndPublishedInOneStep()
    {
        var period = await OpenMonth();
        await _calendar.Mandate(Calendar.Id());
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var first = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3));
        var second = await Ask(period, Calendar.R7, "ResellerBroadcast", await _calendar.NewPlan(Calendar.R7, "ResellerBroadcast"), Evening(4));
        var lost = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3).AddHours(1), priority: 2);

        var proposal = await Propose(period);
        Assert.That(Placed(proposal), Is.EqualTo(new[] { first, second }));
        Assert.That((string)proposal.Json["unplaced"]![0]!["code"]!, Is.EqualTo("session.conflict"));
        Assert.That((DateTimeOffset)proposal.Json["unplaced"]![0]!["nearestFreeSlot"]!["startsAt"]!, Is.EqualTo(Evening(3).AddHours(3)));
        Assert.That((string)(await Request(period, first)).Json["status"]!, Is.EqualTo("Open"), "a proposal is the headquarters' own");

        var edited = await Edit(period, lost, Evening(5), proposal.ETag!);
        Assert.That(edited.Status, Is.EqualTo(200), edited.Content);
        Assert.That(Placed(edited), Is.EqualTo(new[] { first, second, lost }));

        Assert.That((await Publish(period, proposal.ETag!)).Code, Is.EqualTo("request.version_mismatch"));
        var published = await Publish(period, edited.ETag!);
        Assert.That(published.Status, Is.EqualTo(200), published.Content);
        Assert.That((string)published.Json["status"]!, Is.EqualTo("Published"));
        var again = await Publish(period, edited.ETag!);
        Assert.That(again.Content, Is.EqualTo(published.Content), "repeated, it answers the same");

        var sessions = (await _calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray();
        Assert.That(sessions.Select(s => (string)s!["status"]!), Is.EqualTo(new[] { "Scheduled", "Scheduled", "Scheduled" }));
        var told = await Request(period, lost);
        Assert.That(((string)told.Json["status"]!, (Guid)told.Json["sessionId"]!),
            Is.EqualTo(("Planned", (Guid)sessions.Single(s => (DateTimeOffset)s!["startsAt"]! == Evening(5))!["id"]!)));
        Assert.That((await Submit(period, Calendar.North, "RegionalBroadcast", plan, Evening(9))).Code, Is.EqualTo("slot_request.closed"));
        Assert.That((await Planner().Post($"/scheduling/periods/{period}/proposal")).Code, Is.EqualTo("period.closed"));
    }

    [Test]
    public async Task IfOneThingDoesNotFitAnyMore_NothingIsPlanned_AndAllOfItIsNamed()
    {
        var period = await OpenMonth();
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var taken = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3));
        var changed = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(4));
        await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(5));
        var proposal = await Propose(period);

        Assert.That((await _calendar.Planner().Post("/scheduling/sessions", plan.At(Evening(3)).ForPost())).Status, Is.EqualTo(201));
        Assert.That((await Planner().Post($"/scheduling/periods/{period}/requests/{changed}/withdraw")).Status, Is.EqualTo(200));
        var refused = await Publish(period, proposal.ETag!);
        Assert.That(refused.Code, Is.EqualTo("period.publish_conflicts"), refused.Content);
        Assert.That(refused.Json["refusals"]!.AsArray().Select(r => ((Guid)r!["requestId"]!, (string)r["code"]!)),
            Is.EquivalentTo(new[] { (taken, "session.conflict"), (changed, "slot_request.changed") }));
        Assert.That((await _calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((string)(await Planner().Get($"/scheduling/periods/{period}")).Json["status"]!, Is.EqualTo("Proposed"));

        var mended = await Propose(period);
        Assert.That((await Publish(period, mended.ETag!)).Status, Is.EqualTo(200));
        Assert.That((await _calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task OfManyWhoPublishAtTheSameInstant_OnePlansTheMonth()
    {
        var period = await OpenMonth();
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        for (var day = 2; day < 8; day++) await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(day));
        var proposal = await Propose(period);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Publish(period, proposal.ETag!)));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(200));
        Assert.That(answers.Select(a => a.Content).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await _calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray(), Has.Count.EqualTo(6));
    }

    [Test]
    public async Task TheRankingDecidesWhoPicksFirst_AndIsCarriedToTheNextMonth()
    {
        var plan = await _calendar.NewPlan();
        foreach (var (month, expected) in new[] { (Name, Calendar.South), (Month.AddDays(40).ToString("yyyy-MM"), Calendar.South) })
        {
            var evening = new DateTimeOffset(DateTime.Parse($"{month}-05T20:00:00"), TimeSpan.FromHours(8));
            var opened = await Planner().Post("/scheduling/periods", new { month });
            Assert.That(opened.Status, Is.EqualTo(201), opened.Content);
            if (month == Name)
            {
                var ranked = await Planner().Put($"/scheduling/periods/{opened.Id}/ranking",
                    new { ranks = new[] { new { unitId = _calendar.Units[Calendar.South], rank = 1 }, new { unitId = _calendar.Units[Calendar.North], rank = 2 } } }, ("If-Match", opened.ETag!));
                Assert.That(ranked.Status, Is.EqualTo(200), ranked.Content);
            }
            await Ask(opened.Id, Calendar.North, "RegionalBroadcast", plan, evening);
            await Ask(opened.Id, Calendar.South, "RegionalBroadcast", plan, evening);
            var proposal = await Propose(opened.Id);
            Assert.That((string)proposal.Json["placed"]!.AsArray().Single()!["ownerPath"]!, Is.EqualTo(expected), month);
        }
    }

    [Test]
    public async Task BlocksAndQuotas_AreKept_ByTheProposalAndByEdits()
    {
        var answer = await Planner().Post("/scheduling/periods", new
        {
            month = Name,
            quotas = new[] { new { most = 2, tier = "RegionalBroadcast", unitId = _calendar.Units[Calendar.North] } },
            blocks = new[] { new { startsAt = Evening(10).AddHours(-5), endsAt = Evening(10).AddHours(5), reason = "Anniversary" } },
        });
        var period = answer.Id;
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var blocked = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(10));
        await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3));
        await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(4));
        var spent = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(5), priority: 2);
        var group = await Ask(period, Calendar.Aurora, "GroupBroadcast", await _calendar.NewPlan(), Evening(10));
        var proposal = await Propose(period);
        Assert.That(proposal.Json["unplaced"]!.AsArray().Select(u => ((Guid)u!["requestId"]!, (string)u["code"]!)),
            Is.EquivalentTo(new[] { (blocked, "period.quota_spent"), (spent, "period.quota_spent") }), "what is nearest to success is told of each once the quota is used up");
        Assert.That(Placed(proposal), Does.Contain(group));

        var refused = await Edit(period, spent, Evening(6), proposal.ETag!);
        Assert.That((refused.Code, (string)refused.Json["reason"]!), Is.EqualTo(("period.item_refused", "period.quota_spent")), refused.Content);
        var terms = await Planner().Get($"/scheduling/periods/{period}");
        var widened = await Planner().Put($"/scheduling/periods/{period}",
            new { slotMinutes = 30, dayStartMinute = 0, dayEndMinute = 1440, blocks = terms.Json["blocks"]!.DeepClone() }, ("If-Match", terms.ETag!));
        Assert.That(widened.Status, Is.EqualTo(200), widened.Content);
        Assert.That((await Planner().Get($"/scheduling/periods/{period}/proposal")).Code, Is.EqualTo("period.no_proposal"), "it kept other rules");
        proposal = await Propose(period);
        Assert.That(proposal.Json["unplaced"]!.AsArray().Select(u => ((Guid)u!["requestId"]!, (string)u["code"]!)), Is.EqualTo(new[] { (blocked, "session.blocked") }));
        var stays = await Edit(period, spent, Evening(10), proposal.ETag!);
        Assert.That((stays.Code, (string)stays.Json["reason"]!), Is.EqualTo(("period.item_refused", "session.blocked")), stays.Content);
        var out1 = await Edit(period, spent, null, proposal.ETag!);
        Assert.That((string)out1.Json["unplaced"]!.AsArray().Single(u => (Guid)u!["requestId"]! == spent)!["code"]!, Is.EqualTo("period.left_out"));
    }

    [Test]
    public async Task APeriodsBlocks_AndARoomsTurnaround_HoldForEverybody()
    {
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var room = (await Planner().Post("/scheduling/rooms", new { unitId = _calendar.Units[Calendar.North], name = "Studio", turnaroundMinutes = 60 })).Id;
        plan = plan with { RoomId = room };
        var period = (await Planner().Post("/scheduling/periods", new
        {
            month = Name,
            blocks = new[] { new { startsAt = Evening(10).AddHours(-5), endsAt = Evening(10).AddHours(5), reason = "Anniversary" } },
        })).Id;
        Assert.That((await Planner().Post("/scheduling/sessions", plan.At(Evening(10)).ForPost())).Code, Is.EqualTo("session.blocked"), "whoever plans");

        Assert.That((await Planner().Post("/scheduling/sessions", plan.At(Evening(3)).ForPost())).Status, Is.EqualTo(201));
        await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3).AddHours(3));
        var late = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3).AddHours(4));
        var proposal = await Propose(period);
        Assert.That(Placed(proposal), Is.EqualTo(new[] { late }));
        Assert.That((await Publish(period, proposal.ETag!)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WhatAUnitOutOfUseAskedFor_IsLeftOut_AndTheOthersArePublished()
    {
        var period = await OpenMonth();
        var gone = await Ask(period, Calendar.North, "RegionalBroadcast", await _calendar.NewPlan(Calendar.North, "RegionalBroadcast"), Evening(3));
        var there = await Ask(period, Calendar.South, "RegionalBroadcast", await _calendar.NewPlan(Calendar.South, "RegionalBroadcast"), Evening(4));
        await _calendar.Host.Deliver(_calendar.Unit(Calendar.North, UnitKind.Region, "Asia/Shanghai", version: 2) with { IsActive = false });
        var proposal = await Propose(period);
        Assert.That(Placed(proposal), Is.EqualTo(new[] { there }));
        Assert.That(((Guid)proposal.Json["unplaced"]![0]!["requestId"]!, (string)proposal.Json["unplaced"]![0]!["code"]!), Is.EqualTo((gone, "unit.inactive")));
        Assert.That((string)(await Edit(period, gone, Evening(5), proposal.ETag!)).Json["reason"]!, Is.EqualTo("unit.inactive"));
        Assert.That((await Publish(period, proposal.ETag!)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task NobodyLooksWhenAnotherHeadquartersHostsAreFree()
    {
        var period = await OpenMonth();
        var other = await _calendar.NewPlan(Calendar.Borealis) with { BrandIds = [_calendar.ForeignBrand] };
        await _calendar.Scheduled(other.At(Evening(3)));
        var request = await Ask(period, Calendar.North, "RegionalBroadcast", await _calendar.NewPlan(Calendar.North, "RegionalBroadcast"), Evening(3));
        var proposal = await Propose(period);
        foreach (var day in new[] { 3, 5 })
        {
            var refused = await Planner().Put($"/scheduling/periods/{period}/proposal/items/{request}", new { startsAt = Evening(day), hostId = other.HostId }, ("If-Match", proposal.ETag!));
            Assert.That(refused.Code, Is.EqualTo("session.resource_not_usable"), "busy or not");
        }
    }

    [Test]
    public async Task EveryFaultOfARequest_IsNamed()
    {
        var period = await OpenMonth();
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var body = Body(Calendar.North, "RegionalBroadcast", plan, Evening(3));
        body["session"]!["minutes"] = 25;
        body["session"]!["roomIds"] = new JsonArray();
        body["priority"] = 0;
        body["preferences"] = new JsonArray(new JsonObject(), new JsonObject { ["minute"] = 1440 }, new JsonObject { ["weekday"] = "Friday", ["startsAt"] = Evening(3).ToString("O") });
        var refused = await Planner().Post($"/scheduling/periods/{period}/requests", body);
        Assert.That(refused.Faults, Is.EquivalentTo(new[] { "/session/minutes", "/session/roomIds", "/priority", "/preferences/0", "/preferences/1/minute", "/preferences/2" }), refused.Content);

        var offGrid = await Submit(period, Calendar.North, "RegionalBroadcast", plan, Evening(3).AddMinutes(7));
        Assert.That((offGrid.Code, offGrid.Faults), Is.EqualTo(("period.off_grid", new[] { "/preferences/0" })), offGrid.Content);
        Assert.That((await Submit(period, Calendar.North, "ResellerBroadcast", plan, Evening(3))).Code, Is.EqualTo("session.tier_not_allowed"));
        Assert.That((await Submit(period, Calendar.North, "RegionalBroadcast", plan with { BrandIds = [_calendar.ForeignBrand] }, Evening(3))).Code, Is.EqualTo("session.brand_unknown"));
        Assert.That((await Submit(period, Calendar.North, "RegionalBroadcast", plan with { HostId = plan.RoomId }, Evening(3))).Code, Is.EqualTo("session.resource_not_usable"));
        var foreign = Body(Calendar.Borealis, "GroupBroadcast", plan, Evening(3));
        Assert.That((await Planner().Post($"/scheduling/periods/{period}/requests", foreign)).Code, Is.EqualTo("unit.not_found"));
        var south = _calendar.Host.At(Calendar.South, Role.Planner);
        var request = await Ask(period, Calendar.North, "RegionalBroadcast", plan, Evening(3));
        Assert.That((await south.Post($"/scheduling/periods/{period}/requests/{request}/withdraw")).Code, Is.EqualTo("slot_request.not_found"));
        Assert.That((await south.Post($"/scheduling/periods/{period}/proposal")).Code, Is.EqualTo("period.headquarters_only"));
        Assert.That((await _calendar.Host.At(Calendar.Borealis, Role.Planner).Post($"/scheduling/periods/{period}/proposal")).Code, Is.EqualTo("period.not_found"));
    }

    [Test]
    public async Task EveryFaultOfAPeriod_IsNamed_AndAMonthIsOpenedOnce()
    {
        var refused = await Planner().Post("/scheduling/periods", new
        {
            month = "2026-13",
            slotMinutes = 20,
            dayStartMinute = 1441,
            dayEndMinute = 10,
            quotas = new[] { new { most = -1 } },
            blocks = new[] { new { startsAt = Evening(2), endsAt = Evening(2), reason = "" } },
        });
        Assert.That(refused.Faults, Is.SupersetOf(new[] { "/month", "/slotMinutes", "/dayStartMinute", "/dayEndMinute", "/quotas/0/most", "/blocks/0/reason", "/blocks/0/endsAt" }), refused.Content);
        Assert.That((await Planner().Post("/scheduling/periods", new { month = "2020-01" })).Code, Is.EqualTo("period.month_over"));
        Assert.That((await Planner().Post("/scheduling/periods", new { month = Name, quotas = new[] { new { most = 1, unitId = _calendar.Units[Calendar.Borealis] } } })).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await _calendar.Host.At(Calendar.North, Role.Planner).Post("/scheduling/periods", new { month = Name })).Code, Is.EqualTo("period.headquarters_only"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Planner().Post("/scheduling/periods", new { month = Name })));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.EqualTo("period.month_taken"));
        var period = answers.Single(a => a.Status == 201).Id;
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/scheduling/periods"), (HttpMethod.Put, $"/scheduling/periods/{period}"), (HttpMethod.Put, $"/scheduling/periods/{period}/ranking"),
            (HttpMethod.Post, $"/scheduling/periods/{period}/requests"), (HttpMethod.Put, $"/scheduling/periods/{period}/requests/{period}"),
            (HttpMethod.Put, $"/scheduling/periods/{period}/proposal/items/{period}"),
        })
        {
            Assert.That(await BadInput.WrongAnswers(Planner(), method, path, method == HttpMethod.Put ? [("If-Match", "\"1\"")] : []), Is.Empty);
        }
    }

    [Test]
    public async Task OfEditsOfOneRequest_OneWins_AndRequestsCloseWhenToldTo()
    {
        var opened = await Planner().Post("/scheduling/periods", new { month = Name, requestsCloseAt = _calendar.Host.Clock.Now().AddHours(1) });
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var request = await Ask(opened.Id, Calendar.North, "RegionalBroadcast", plan, Evening(3));
        var north = _calendar.Host.At(Calendar.North, Role.Planner);
        var body = Body(Calendar.North, "RegionalBroadcast", plan, Evening(4));
        body.Remove("unitId");
        body.Remove("tier");
        var edits = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => north.Put($"/scheduling/periods/{opened.Id}/requests/{request}", body.DeepClone(), ("If-Match", "\"1\""))));
        Assert.That(edits.Count(e => e.Status == 200), Is.EqualTo(1), edits[0].Content);
        Assert.That(edits.Where(e => e.Status != 200).Select(e => e.Code), Is.All.EqualTo("request.version_mismatch"));
        _calendar.Host.Clock.Set(_calendar.Host.Clock.Now().AddHours(2));
        Assert.That((await north.Post($"/scheduling/periods/{opened.Id}/requests", Body(Calendar.North, "RegionalBroadcast", plan, Evening(5)))).Code, Is.EqualTo("slot_request.closed"));
        Assert.That((await north.Post($"/scheduling/periods/{opened.Id}/requests/{request}/withdraw")).Code, Is.EqualTo("slot_request.closed"));
    }

    private HttpClient Planner() => _calendar.Planner();

    private async Task<Guid> OpenMonth()
    {
        var answer = await Planner().Post("/scheduling/periods", new { month = Name });
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Id;
    }

    private JsonObject Body(string unit, string tier, Plan plan, DateTimeOffset startsAt) => new()
    {
        ["unitId"] = _calendar.Units[unit],
        ["tier"] = tier,
        ["session"] = new JsonObject
        {
            ["title"] = plan.Title,
            ["minutes"] = 180,
            ["brandIds"] = new JsonArray([.. plan.BrandIds.Select(b => (JsonNode)b)]),
            ["channelIds"] = new JsonArray([.. plan.ChannelIds.Select(b => (JsonNode)b)]),
            ["hostIds"] = new JsonArray(plan.HostId),
            ["roomIds"] = new JsonArray(plan.RoomId),
        },
        ["preferences"] = new JsonArray(new JsonObject { ["startsAt"] = startsAt.ToString("O") }),
    };

    private Task<Answer> Submit(Guid period, string unit, string tier, Plan plan, DateTimeOffset startsAt) =>
        _calendar.Host.At(unit, Role.Planner).Post($"/scheduling/periods/{period}/requests", Body(unit, tier, plan, startsAt));

    private async Task<Guid> Ask(Guid period, string unit, string tier, Plan plan, DateTimeOffset startsAt, int priority = 1)
    {
        var body = Body(unit, tier, plan, startsAt);
        body["priority"] = priority;
        var answer = await _calendar.Host.At(unit, Role.Planner).Post($"/scheduling/periods/{period}/requests", body);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Id;
    }

    private async Task<Answer> Propose(Guid period)
    {
        var answer = await Planner().Post($"/scheduling/periods/{period}/proposal");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return answer;
    }

    private Task<Answer> Request(Guid period, Guid request) => Planner().Get($"/scheduling/periods/{period}/requests/{request}");

    private Task<Answer> Edit(Guid period, Guid request, DateTimeOffset? startsAt, string etag) =>
        Planner().Put($"/scheduling/periods/{period}/proposal/items/{request}", new { startsAt }, ("If-Match", etag));

    private Task<Answer> Publish(Guid period, string etag) => Planner().Post($"/scheduling/periods/{period}/publish", null, ("If-Match", etag));

    private static IEnumerable<Guid> Placed(Answer proposal) => proposal.Json["placed"]!.AsArray().Select(p => (Guid)p!["requestId"]!);
}

using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Crew;

internal sealed class PersonTests
{
    [Test]
    public async Task APersonWhoMayHost_IsAHost_WithTheSameId()
    {
        await using var calendar = await Calendar.Open();
        var both = await calendar.AddPerson("Host", "Operations");
        var floor = await calendar.AddPerson("FloorControl");
        var plan = await calendar.NewPlan();
        await calendar.Scheduled(plan with { HostId = both });
        Assert.That((await calendar.Schedule(plan.At(calendar.Soon.AddDays(2)) with { HostId = floor })).Code, Is.EqualTo("session.resource_not_usable"));
    }

    [Test]
    public async Task SomebodyAddedAsAHost_IsAPerson_WhoCanBeEdited()
    {
        await using var calendar = await Calendar.Open();
        var host = await calendar.AddHost();
        var read = await calendar.Planner().Get($"/scheduling/people/{host}");
        Assert.That(read.ETag, Is.EqualTo("\"0\""));
        Assert.That(read.Json["roles"]!.AsArray().Select(r => (string)r!), Is.EqualTo(new[] { "Host", "CoHost" }));
        var edited = await calendar.Planner().Put($"/scheduling/people/{host}", new { name = "Lin", roles = new[] { "Host", "Model" } }, 0);
        Assert.That((edited.Status, edited.ETag, (string)edited.Json["name"]!), Is.EqualTo((200, "\"1\"", "Lin")), edited.Content);
        Assert.That((await calendar.Planner().Put($"/scheduling/people/{host}", new { name = "Lin", roles = new[] { "Host" } }, 0)).Status, Is.EqualTo(412));
        Assert.That((await calendar.Planner().Get("/scheduling/hosts")).Content, Does.Contain(host.ToString()));
    }

    [Test]
    public async Task ARename_IsSeenByWhoeverEditsThePersonOrTheHost()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("Host");
        Assert.That((await calendar.Planner().Put($"/scheduling/hosts/{person}", new { name = "Mei" }, 1)).Status, Is.EqualTo(200));
        Assert.That((await calendar.Planner().Put($"/scheduling/people/{person}", new { name = "Bo", roles = new[] { "Host" } }, 1)).Status, Is.EqualTo(412));
        Assert.That((await calendar.Planner().Put($"/scheduling/people/{person}", new { name = "Bo", roles = new[] { "Host" } }, 2)).Status, Is.EqualTo(200));
        Assert.That((await calendar.Planner().Put($"/scheduling/hosts/{person}", new { name = "Mei" }, 2)).Status, Is.EqualTo(412));
    }

    [Test]
    public async Task WhoIsFree_IsAskedForATimeThatCanBeWorkedOut()
    {
        await using var calendar = await Calendar.Open();
        Assert.That((await calendar.Planner().Get("/scheduling/people?freeFrom=2100-01-01T00:00:00Z&freeTo=2999-01-01T00:00:00Z")).Faults, Is.EqualTo(new[] { "?freeTo" }));
    }

    [Test]
    public async Task WhoHostsSessionsAhead_CannotStopBeingAHost_UntilTheyAreGivenToOthers()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("Host", "Model");
        var session = await calendar.Scheduled(await calendar.NewPlan() with { HostId = person });
        var model = new { name = "Chen Bo", roles = new[] { "Model" } };
        Assert.That((await calendar.Planner().Put($"/scheduling/people/{person}", model, 1)).Code, Is.EqualTo("person.still_hosting"));
        await calendar.Do(session, "cancel");
        Assert.That((await calendar.Planner().Put($"/scheduling/people/{person}", model, 1)).Status, Is.EqualTo(200));
        Assert.That((await calendar.Planner().Get("/scheduling/hosts")).Content, Does.Not.Contain(person.ToString()));
    }

    [Test]
    public async Task WhatIsWrongWithAPerson_IsSaidAllAtOnce()
    {
        await using var calendar = await Calendar.Open();
        var answer = await calendar.Planner().Post("/scheduling/people", new { unitId = calendar.Units[Calendar.Aurora], name = " ", roles = new[] { "Model", "Model" }, memberId = "" });
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "request.invalid")), answer.Content);
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/name", "/memberId", "/roles" }));
        Assert.That((await calendar.Planner().Post("/scheduling/people", new { unitId = Calendar.Id(), name = "A", roles = new[] { "Model" } })).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await calendar.Planner().Post("/scheduling/people", """{"unitId":"x","name":"A","roles":["Juggler"]}""")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task OfManyWhoLinkOneMember_ExactlyOneDoes()
    {
        await using var calendar = await Calendar.Open();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => calendar.Add(Calendar.Aurora, $"P{i}", "member-7", "Model")));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.AnyOf("person.member_taken", "request.lost_race"));
    }

    [Test]
    public async Task PeopleAreSeen_AboveAndBelowTheirUnit_AndChangedFromAbove()
    {
        await using var calendar = await Calendar.Open();
        var person = (await calendar.Add(Calendar.North, "Bo", null, "Model")).Id;
        foreach (var (path, sees) in new[] { (Calendar.Aurora, true), (Calendar.North, true), (Calendar.R7, true), (Calendar.South, false), (Calendar.Borealis, false) })
        {
            var planner = calendar.Planner(path);
            Assert.That((await planner.Get("/scheduling/people")).Content.Contains(person.ToString(), StringComparison.Ordinal), Is.EqualTo(sees), path);
            Assert.That((await planner.Get($"/scheduling/people/{person}")).Status, Is.EqualTo(sees ? 200 : 404), path);
        }
        foreach (var path in new[] { Calendar.R7, Calendar.South, Calendar.Borealis })
        {
            var planner = calendar.Planner(path);
            Assert.That((await planner.Put($"/scheduling/people/{person}", new { name = "X", roles = new[] { "Model" } }, 1)).Code, Is.EqualTo("person.not_found"), path);
            Assert.That((await planner.Post($"/scheduling/people/{person}/absences", new { startsAt = calendar.Soon, endsAt = calendar.Soon.AddDays(1) })).Code, Is.EqualTo("person.not_found"), path);
            Assert.That((await planner.Get($"/scheduling/people/{person}/calendar")).Code, Is.EqualTo("person.not_found"), path);
        }
    }

    [Test]
    public async Task AMembersOwnCalendar_HoldsWhatTheyDoWhere_AndWhenTheyAreAway()
    {
        await using var calendar = await Calendar.Open();
        var person = (await calendar.Add(Calendar.Aurora, "Bo", $"member-at-{Calendar.Aurora}", "Host", "CoHost", "Model")).Id;
        var hosts = await calendar.Scheduled(await calendar.NewPlan() with { HostId = person });
        var coHosts = await calendar.Scheduled((await calendar.NewPlan() with { CoHostIds = [person] }).At(calendar.Soon.AddDays(1)));
        var models = await calendar.Scheduled((await calendar.NewPlan()).At(calendar.Soon.AddDays(2)));
        Assert.That((await calendar.Assign(models, (person, "Model"))).Status, Is.EqualTo(200));
        var away = await calendar.Away(person, calendar.Soon.AddDays(4), calendar.Soon.AddDays(5));

        var own = await calendar.Anyone().Get("/scheduling/people/me/calendar");
        Assert.That(own.Status, Is.EqualTo(200), own.Content);
        Assert.That(own.Json["sessions"]!.AsArray().Select(e => ((Guid)e!["sessionId"]!, (string)e["role"]!)), Is.EqualTo(new[] { (hosts, "Host"), (coHosts, "CoHost"), (models, "Model") }));
        Assert.That((Guid)own.Json["absences"]![0]!["id"]!, Is.EqualTo(away.Id));
        Assert.That((await calendar.Anyone().Get($"/scheduling/people/{person}/calendar")).Json["sessions"]!.AsArray(), Has.Count.EqualTo(3));

        await calendar.Do(coHosts, "cancel");
        var between = await calendar.Anyone().Get($"/scheduling/people/me/calendar?from={calendar.Soon.AddHours(4):yyyy-MM-ddTHH:mm:ssZ}&to={calendar.Soon.AddDays(3):yyyy-MM-ddTHH:mm:ssZ}");
        Assert.That(between.Json["sessions"]!.AsArray().Select(e => (Guid)e!["sessionId"]!), Is.EqualTo(new[] { models }), between.Content);
    }

    [Test]
    public async Task WhoIsFreeInATime_AndHoldsARole_CanBeAskedFor()
    {
        await using var calendar = await Calendar.Open();
        var (busy, away, free) = (await calendar.AddPerson("Operations"), await calendar.AddPerson("Operations", "Model"), await calendar.AddPerson("Operations"));
        var assistant = await calendar.AddPerson("OperationsAssistant");
        var session = await calendar.Scheduled();
        await calendar.Assign(session, (busy, "Operations"));
        await calendar.Away(away, calendar.Soon, calendar.Soon.AddDays(1));
        Assert.That(await Found("role=Operations"), Is.EqualTo(new[] { busy, away, free }));
        Assert.That(await Found($"role=Operations&freeFrom={calendar.Soon:yyyy-MM-ddTHH:mm:ssZ}&freeTo={calendar.Soon.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}"), Is.EqualTo(new[] { free }));
        Assert.That(await Found($"role=Operations&freeFrom={calendar.Soon.AddHours(3):yyyy-MM-ddTHH:mm:ssZ}&freeTo={calendar.Soon.AddHours(4):yyyy-MM-ddTHH:mm:ssZ}"), Is.EqualTo(new[] { busy, free }));
        Assert.That(await Found("role=OperationsAssistant"), Is.EqualTo(new[] { assistant }));
        Assert.That(await Found("role=Host"), Has.Count.EqualTo(1), "added as a host");
        Assert.That((await calendar.Anyone().Get("/scheduling/people?role=Juggler&freeFrom=now")).Faults, Is.EqualTo(new[] { "?role", "?freeFrom", "?freeTo" }));

        async Task<List<Guid>> Found(string query) => [.. (await calendar.Anyone().Get($"/scheduling/people?{query}")).Json["items"]!.AsArray().Select(p => (Guid)p!["id"]!)];
    }

    [Test]
    public async Task WhoIsLinkedToNobody_HasNoCalendar_AndWrongTimesAreFaults()
    {
        await using var calendar = await Calendar.Open();
        Assert.That((await calendar.Anyone().Get("/scheduling/people/me/calendar")).Code, Is.EqualTo("person.not_found"));
        await calendar.Add(Calendar.Borealis, "Somebody", $"member-at-{Calendar.Aurora}", "Model");
        Assert.That((await calendar.Anyone().Get("/scheduling/people/me/calendar")).Code, Is.EqualTo("person.not_found"), "linked by another tenant");
        var person = await calendar.AddPerson("Model");
        var reads = calendar.Anyone();
        Assert.That((await reads.Get($"/scheduling/people/{person}/calendar?from=never")).Faults, Is.EqualTo(new[] { "?from" }));
        Assert.That((await reads.Get($"/scheduling/people/{person}/calendar?from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z")).Faults, Does.Contain("?to"));
        Assert.That((await reads.Get($"/scheduling/people/{person}/calendar?from=2027-01-02T00:00:00Z&to=2029-01-01T00:00:00Z")).Faults, Is.EqualTo(new[] { "?to" }));
        Assert.That((await reads.Get($"/scheduling/people/{person}/calendar?to=2020-01-01T00:00:00Z")).Faults, Is.EqualTo(new[] { "?to" }));
        Assert.That((await calendar.Host.At(Calendar.Aurora, Role.Storefront).Get("/scheduling/people/me/calendar")).Status, Is.EqualTo(403));
    }
}

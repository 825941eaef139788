using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Crew;

internal sealed class CrewTests
{
    [Test]
    public async Task ACrew_IsCountedAgainstWhatTheTierNeeds()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan();
        var session = await calendar.Scheduled(plan with { CoHostIds = [await calendar.AddHost(), await calendar.AddHost()] });
        var crew = await calendar.FullCrew(SessionTier.GroupBroadcast);

        var partly = await calendar.Assign(session, crew[1..]);
        Assert.That((partly.Status, partly.ETag, (bool)partly.Json["isComplete"]!), Is.EqualTo((200, "\"2\"", false)), partly.Content);
        Assert.That(partly.Json["roles"]!.AsArray().Where(r => (int)r!["missing"]! > 0).Select(r => (string)r!["role"]!), Is.EqualTo(new[] { crew[0].Role }));
        var whole = await calendar.Assign(session, crew);
        Assert.That((bool)whole.Json["isComplete"]!, whole.Content);
        Assert.That(whole.Json["members"]!.AsArray(), Has.Count.EqualTo(10));
        Assert.That((await calendar.Anyone().Get($"/scheduling/sessions/{session}/crew")).Content, Is.EqualTo(whole.Content));
        Assert.That((await Recorded.Of(calendar.Host, session)).Select(h => h.Event), Is.EqualTo(new[] { "SessionScheduled", "SessionEdited", "SessionEdited" }));
    }

    [Test]
    public async Task SomebodyInACrew_CannotBeInTwoSessionsAtOnce_NorHostOne()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("Host", "Operations");
        var first = await calendar.Scheduled();
        var second = await calendar.Scheduled((await calendar.NewPlan()).At(calendar.Soon.AddHours(2)));
        Assert.That((await calendar.Assign(first, (person, "Operations"))).Status, Is.EqualTo(200));
        var refused = await calendar.Assign(second, (person, "Operations"));
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "session.conflict")), refused.Content);
        Assert.That(refused.Json["conflicts"]!.AsArray().Select(c => ((Guid)c!["resourceId"]!, (Guid)c["sessionId"]!)), Is.EqualTo(new[] { (person, first) }));
        Assert.That((await calendar.Schedule((await calendar.NewPlan() with { HostId = person }).At(calendar.Soon.AddHours(-2)))).Code, Is.EqualTo("session.conflict"));

        await calendar.Do(first, "cancel");
        Assert.That((await calendar.Assign(second, (person, "Operations"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ACrew_MovesWithItsSession_AndStandsInTheWayOfAMove()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("Model");
        var first = await calendar.Scheduled();
        var second = await calendar.Scheduled((await calendar.NewPlan()).At(calendar.Soon.AddDays(1)));
        await calendar.Assign(first, (person, "Model"));
        await calendar.Assign(second, (person, "Model"));
        var refused = await calendar.Move(first, calendar.Soon.AddDays(1));
        Assert.That(refused.Json["conflicts"]!.AsArray().Select(c => (Guid)c!["resourceId"]!), Is.EqualTo(new[] { person }), refused.Content);
        Assert.That((await calendar.Move(first, calendar.Soon.AddDays(2))).Status, Is.EqualTo(200));
        var seen = await calendar.Anyone().Get($"/scheduling/people/{person}/calendar");
        Assert.That(seen.Json["sessions"]!.AsArray().Select(e => (Guid)e!["sessionId"]!), Is.EqualTo(new[] { second, first }));
    }

    [Test]
    public async Task OfManyWhoWantOnePersonAtTheSameInstant_ExactlyOneGetsThem()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("FloorControl");
        var sessions = new List<Guid>();
        for (var i = 0; i < 8; i++) sessions.Add(await calendar.Scheduled());
        var answers = await Task.WhenAll(sessions.Select(s => calendar.Assign(s, (person, "FloorControl"))));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Code), Is.All.EqualTo("session.conflict"));
    }

    [Test]
    public async Task OfManyWhoAssignOneSession_ExactlyOneDoes_AndTheSameRequestTwiceIsOne()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var people = new List<Guid>();
        for (var i = 0; i < 6; i++) people.Add(await calendar.AddPerson("Model"));
        var answers = await Task.WhenAll(people.Select(p => calendar.Planner().Put($"/scheduling/sessions/{session}/crew", Floor.Crew((p, "Model")), 1)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Status), Is.All.AnyOf(412, 409));

        var again = Enumerable.Range(0, 2).Select(_ => calendar.Planner().Put(
            $"/scheduling/sessions/{session}/crew", Floor.Crew((people[0], "Model"), (people[1], "Model")), ("If-Match", "\"2\""), ("Idempotency-Key", "crew-1")));
        var same = await Task.WhenAll(again);
        Assert.That(same.Select(a => a.Status), Is.All.EqualTo(200));
        Assert.That(same[0].Content, Is.EqualTo(same[1].Content));
        Assert.That((await calendar.Read(session)).ETag, Is.EqualTo("\"3\""));
    }

    [Test]
    public async Task WhatIsWrongWithACrew_IsSaid()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var session = await calendar.Scheduled(plan);
        var model = await calendar.AddPerson("Model");
        var foreigner = (await calendar.Add(Calendar.Borealis, "Far", null, "Model")).Id;
        var path = $"/scheduling/sessions/{session}/crew";
        var planner = calendar.Planner();
        Assert.That((await planner.Put(path, Floor.Crew((model, "Host"), (model, "Model")), 1)).Faults, Is.EquivalentTo(new[] { "/crew", "/crew/0/role" }));
        Assert.That((await planner.Put(path, Floor.Crew([.. Enumerable.Range(0, 21).Select(_ => (Calendar.Id(), "Model"))]), 1)).Faults, Is.EqualTo(new[] { "/crew" }));
        Assert.That((await planner.Put(path, """{"crew":[{"personId":"00000000-0000-0000-0000-000000000001","role":"Juggler"}]}""", ("If-Match", "\"1\""))).Status, Is.EqualTo(400));
        Assert.That((await planner.Put(path, """{"crew":null}""", ("If-Match", "\"1\""))).Status, Is.EqualTo(400));
        Assert.That((await planner.Put(path, Floor.Crew((model, "Model")))).Status, Is.EqualTo(428));
        Assert.That((await planner.Put(path, Floor.Crew((model, "Operations")), 1)).Code, Is.EqualTo("crew.role_not_held"));
        Assert.That((await planner.Put(path, Floor.Crew((plan.RoomId, "Model")), 1)).Code, Is.EqualTo("crew.person_not_usable"));
        Assert.That((await planner.Put(path, Floor.Crew((foreigner, "Model")), 1)).Code, Is.EqualTo("crew.person_not_usable"));
        var both = await calendar.AddPerson("Host", "Model");
        var hosted = await calendar.Scheduled((await calendar.NewPlan() with { HostId = both }).At(calendar.Soon.AddDays(1)));
        Assert.That((await calendar.Assign(hosted, (both, "Model"))).Code, Is.EqualTo("crew.hosts_already"));
        await calendar.Do(session, "cancel");
        Assert.That((await calendar.Assign(session, (model, "Model"))).Code, Is.EqualTo("crew.session_over"));
        foreach (var elsewhere in new[] { Calendar.North, Calendar.Borealis })
        {
            Assert.That((await calendar.Planner(elsewhere).Put(path, Floor.Crew((model, "Model")), 1)).Code, Is.EqualTo("session.not_found"));
            Assert.That((await calendar.Planner(elsewhere).Get(path)).Code, Is.EqualTo("session.not_found"));
        }
    }

    [Test]
    public async Task OnTheAir_SomebodyCanStillBeReplaced_ByWhoIsFree()
    {
        await using var calendar = await Calendar.Open();
        // What begins by itself would come between two steps on a slow machine.
        await calendar.Host.HoldDueWork();
        var (first, second, busy) = (await calendar.AddPerson("Model"), await calendar.AddPerson("Model"), await calendar.AddPerson("Model"));
        var session = await calendar.Scheduled();
        var other = await calendar.Scheduled();
        await calendar.Assign(session, (first, "Model"));
        await calendar.Assign(other, (busy, "Model"));
        calendar.Host.Clock.Set(calendar.Soon);
        foreach (var live in new[] { session, other }) Assert.That((await calendar.Do(live, "go-live")).Status, Is.EqualTo(200));
        Assert.That((await calendar.Assign(session, (busy, "Model"))).Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.Assign(session, (second, "Model"))).Status, Is.EqualTo(200));
        await calendar.Do(session, "end");
        Assert.That((await calendar.Assign(session, (first, "Model"))).Code, Is.EqualTo("crew.session_over"));
    }
}

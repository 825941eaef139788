using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Crew;

internal sealed class AbsenceTests
{
    [Test]
    public async Task WhoIsAway_CannotBePlanned_AsHostCoHostOrCrew_UntilItIsTakenBack()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("Host", "CoHost", "Model");
        var away = await calendar.Away(person, calendar.Soon.AddHours(2), calendar.Soon.AddHours(2.5));
        Assert.That((away.Status, away.Json["sessions"]!.AsArray().Count), Is.EqualTo((201, 0)), away.Content);
        var plan = await calendar.NewPlan();
        var session = await calendar.Scheduled(plan);

        var host = await calendar.Schedule(await calendar.NewPlan() with { HostId = person });
        Assert.That((host.Status, host.Code), Is.EqualTo((409, "crew.absent")), host.Content);
        Assert.That((Guid)host.Json["absences"]![0]!["personId"]!, Is.EqualTo(person));
        Assert.That((await calendar.Schedule(await calendar.NewPlan() with { CoHostIds = [person] })).Code, Is.EqualTo("crew.absent"));
        Assert.That((await calendar.Assign(session, (person, "Model"))).Code, Is.EqualTo("crew.absent"));
        Assert.That((await calendar.Planner().Put($"/scheduling/sessions/{session}", (plan with { HostId = person }).ForPut(), 1)).Code, Is.EqualTo("crew.absent"));
        var later = await calendar.Scheduled((await calendar.NewPlan() with { HostId = person }).At(calendar.Soon.AddHours(2.5)));
        Assert.That((await calendar.Move(later, calendar.Soon.AddHours(-1), 4)).Code, Is.EqualTo("crew.absent"));

        foreach (var _ in new[] { 1, 2 })
        {
            var back = await calendar.Planner().Post($"/scheduling/people/{person}/absences/{away.Id}/withdraw");
            Assert.That((back.Status, (DateTimeOffset)back.Json["withdrawnAt"]!), Is.EqualTo((200, calendar.Host.Clock.GetUtcNow())), back.Content);
        }
        Assert.That((await calendar.Assign(session, (person, "Model"))).Code, Is.EqualTo("session.conflict"), "planned otherwise by now");
        Assert.That((await calendar.Move(later, calendar.Soon.AddHours(-1), 1)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AnAbsence_NamesTheSessionsThatNeedAReplacement_AndLeavesThemAlone()
    {
        await using var calendar = await Calendar.Open();
        var (ill, well) = (await calendar.AddPerson("Model"), await calendar.AddPerson("Model"));
        var session = await calendar.Scheduled();
        await calendar.Assign(session, (ill, "Model"));
        var away = await calendar.Away(ill, calendar.Soon.AddDays(-1), calendar.Soon.AddDays(1));
        Assert.That((away.Status, (Guid)away.Json["sessions"]![0]!["sessionId"]!), Is.EqualTo((201, session)), away.Content);
        var crew = await calendar.Anyone().Get($"/scheduling/sessions/{session}/crew");
        Assert.That(crew.Json["members"]!.AsArray().Where(m => (bool)m!["isAway"]!).Select(m => (Guid)m!["personId"]!), Is.EqualTo(new[] { ill }));
        Assert.That((await calendar.Move(session, calendar.Soon.AddHours(1))).Code, Is.EqualTo("crew.absent"), "nobody is planned anew while away");
        Assert.That((await calendar.Assign(session, (well, "Model"))).Status, Is.EqualTo(200));
        Assert.That((await calendar.Move(session, calendar.Soon.AddHours(1))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AnAbsenceAndAPlanAtTheSameInstant_NeverMissEachOther()
    {
        await using var calendar = await Calendar.Open();
        for (var i = 0; i < 6; i++)
        {
            var person = await calendar.AddPerson("Host");
            var plan = (await calendar.NewPlan() with { HostId = person }).At(calendar.Soon.AddDays(i));
            var planned = calendar.Schedule(plan);
            var away = calendar.Away(person, plan.StartsAt, plan.EndsAt);
            await Task.WhenAll(planned, away);
            var told = (await away).Json["sessions"]!.AsArray().Select(s => (Guid)s!["sessionId"]!).ToList();
            if ((await planned).Status == 201) Assert.That(told, Is.EqualTo(new[] { (await planned).Id }));
            else Assert.That(((await planned).Code, told), Is.EqualTo(("crew.absent", new List<Guid>())));
        }
    }

    [Test]
    public async Task WhatIsWrongWithAnAbsence_IsSaid()
    {
        await using var calendar = await Calendar.Open();
        var person = await calendar.AddPerson("Model");
        Assert.That((await calendar.Away(person, calendar.Soon, calendar.Soon)).Faults, Is.EqualTo(new[] { "/endsAt" }));
        Assert.That((await calendar.Away(person, calendar.Soon, calendar.Soon.AddDays(401))).Faults, Is.EqualTo(new[] { "/endsAt" }));
        Assert.That((await calendar.Away(Calendar.Id(), calendar.Soon, calendar.Soon.AddDays(1))).Code, Is.EqualTo("person.not_found"));
        Assert.That((await calendar.Away((await calendar.NewPlan()).RoomId, calendar.Soon, calendar.Soon.AddDays(1))).Code, Is.EqualTo("person.not_found"));
        var other = await calendar.AddPerson("Model");
        var away = await calendar.Away(other, calendar.Soon, calendar.Soon.AddDays(1));
        Assert.That((await calendar.Planner().Post($"/scheduling/people/{person}/absences/{away.Id}/withdraw")).Code, Is.EqualTo("absence.not_found"));
        var session = await calendar.Scheduled();
        Assert.That((await calendar.Assign(session, (other, "Model"))).Code, Is.EqualTo("crew.absent"), "and nothing was taken back");
    }
}

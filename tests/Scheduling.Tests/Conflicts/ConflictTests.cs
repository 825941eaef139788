using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

internal sealed class ConflictTests
{
    [Test]
    public async Task EveryCollisionIsNamed_WithItsResourceAndSession()
    {
        await using var calendar = await Calendar.Open();
        var first = await calendar.NewPlan();
        var firstId = await calendar.Scheduled(first with { Title = "First" });
        var second = (await calendar.NewPlan()).At(calendar.Soon.AddHours(2));
        var secondId = await calendar.Scheduled(second with { Title = "Second" });

        var third = second.At(calendar.Soon.AddHours(1)) with { HostId = second.HostId, CoHostIds = [first.HostId], RoomId = first.RoomId };
        var refused = await calendar.Schedule(third);
        Assert.That(refused.Code, Is.EqualTo("session.conflict"), refused.Content);
        var conflicts = refused.Json["conflicts"]!.AsArray().Select(c => ((string)c!["resourceKind"]!, (Guid)c["resourceId"]!, (Guid)c["sessionId"]!, (string)c["title"]!));
        Assert.That(conflicts, Is.EquivalentTo(new[]
        {
            ("Host", first.HostId, firstId, "First"),
            ("Room", first.RoomId, firstId, "First"),
            ("Host", second.HostId, secondId, "Second"),
            ("Channel", second.ChannelIds[0], secondId, "Second"),
        }));
        Assert.That((DateTimeOffset)refused.Json["conflicts"]![0]!["startsAt"]!, Is.EqualTo(first.StartsAt));
        Assert.That((DateTimeOffset)refused.Json["conflicts"]![0]!["endsAt"]!, Is.EqualTo(first.EndsAt));
    }

    [Test]
    public async Task SessionsThatTouch_DoNotCollide()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        await calendar.Scheduled(plan);
        await calendar.Scheduled(plan.At(plan.EndsAt));
        await calendar.Scheduled(plan.At(plan.StartsAt.AddHours(-3)));
        Assert.That((await calendar.Schedule(plan.At(plan.EndsAt.AddMicroseconds(-1)))).Code, Is.EqualTo("session.conflict"));
    }

    [Test]
    public async Task OfManyWhoBookOneHostAtTheSameInstant_ExactlyOneWins()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var rooms = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => calendar.AddRoom()));
        var channels = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => calendar.AddChannel()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            calendar.Schedule(plan with { RoomId = rooms[i], ChannelIds = [channels[i]], StartsAt = plan.StartsAt.AddMinutes(i) })));

        var winner = answers.Single(a => a.Status == 201).Id;
        foreach (var loser in answers.Where(a => a.Status != 201))
        {
            Assert.That(loser.Code, Is.EqualTo("session.conflict"), loser.Content);
            var conflict = loser.Json["conflicts"]!.AsArray().Single()!;
            Assert.That((Guid)conflict["sessionId"]!, Is.EqualTo(winner));
            Assert.That((Guid)conflict["resourceId"]!, Is.EqualTo(plan.HostId));
        }
    }

    [Test]
    public async Task OfManyWhoMoveTheirSessionsToOneSlot_ExactlyOneWins()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++) ids.Add(await calendar.Scheduled(plan.At(plan.StartsAt.AddDays(i))));
        var slot = plan.StartsAt.AddDays(40);
        var answers = await Task.WhenAll(ids.Select(id => calendar.Move(id, slot)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Code), Is.All.EqualTo("session.conflict"));
    }

    [Test]
    public async Task ACancelledSession_GivesItsResourcesBack()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        await calendar.Do(await calendar.Scheduled(plan), "cancel");
        await calendar.Scheduled(plan);
    }

    [Test]
    public async Task ASessionEndedEarly_GivesItsResourcesBackFromThen()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(1));
        var id = await calendar.Scheduled(plan);
        calendar.Host.Clock.Advance(TimeSpan.FromHours(1));
        await calendar.Do(id, "go-live");
        calendar.Host.Clock.Advance(TimeSpan.FromHours(1));
        var next = plan.At(calendar.Host.Clock.GetUtcNow().AddMinutes(1), 1);
        Assert.That((await calendar.Schedule(next)).Code, Is.EqualTo("session.conflict"));
        await calendar.Do(id, "end");
        await calendar.Scheduled(next);
    }

    [Test]
    public async Task GoingLiveEarly_IsRefusedWhileTheSlotBeforeIsTaken()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(1), 1);
        var before = await calendar.Scheduled(plan);
        var after = await calendar.Scheduled(plan.At(plan.EndsAt, 1));
        var refused = await calendar.Do(after, "go-live");
        Assert.That(refused.Code, Is.EqualTo("session.conflict"));
        Assert.That(refused.Json["conflicts"]!.AsArray().Select(c => (Guid)c!["sessionId"]!).Distinct(), Is.EqualTo(new[] { before }));
        await calendar.Do(before, "cancel");
        Assert.That((await calendar.Do(after, "go-live")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ASessionLiveEarly_HoldsItsResourcesFromThen()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(5), 1);
        await calendar.Do(await calendar.Scheduled(plan), "go-live");
        Assert.That((await calendar.Schedule(plan.At(calendar.Host.Clock.GetUtcNow().AddHours(1), 1))).Code, Is.EqualTo("session.conflict"));
    }

    [Test]
    public async Task ASessionThatOverruns_KeepsOthersOffTheAir_ButNotOutOfThePlan()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(1), 1);
        var first = await calendar.Scheduled(plan);
        var second = await calendar.Scheduled(plan.At(plan.EndsAt, 1));
        calendar.Host.Clock.Set(plan.StartsAt);
        await calendar.Do(first, "go-live");

        calendar.Host.Clock.Set(plan.EndsAt.AddMinutes(10));
        var refused = await calendar.Do(second, "go-live");
        Assert.That(refused.Code, Is.EqualTo("session.conflict"), refused.Content);
        Assert.That((Guid)refused.Json["conflicts"]![0]!["sessionId"]!, Is.EqualTo(first));
        await calendar.Scheduled(plan.At(plan.EndsAt.AddHours(1), 1));

        await calendar.Do(first, "end");
        Assert.That((await calendar.Do(second, "go-live")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task SessionsThatGoLiveAfterTheirPlannedEnd_StillExcludeEachOther()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(1), 1);
        var first = await calendar.Scheduled(plan);
        var second = await calendar.Scheduled(plan.At(plan.EndsAt, 1));
        calendar.Host.Clock.Set(plan.EndsAt.AddHours(5));
        Assert.That((await calendar.Do(first, "go-live")).Status, Is.EqualTo(200));
        Assert.That((await calendar.Do(second, "go-live")).Code, Is.EqualTo("session.conflict"));
    }

    [Test]
    public async Task AnEditThatTakesATakenHost_IsRefusedAndChangesNothing()
    {
        await using var calendar = await Calendar.Open();
        var first = await calendar.NewPlan();
        await calendar.Scheduled(first);
        var second = await calendar.NewPlan();
        var id = await calendar.Scheduled(second);
        var before = (await calendar.Read(id)).Content;
        var refused = await calendar.Planner().Put($"/scheduling/sessions/{id}", (second with { HostId = first.HostId }).ForPut(), ("If-Match", "\"1\""));
        Assert.That(refused.Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.Read(id)).Content, Is.EqualTo(before));
        // What it had before is still its own.
        Assert.That((await calendar.Schedule((await calendar.NewPlan()) with { HostId = second.HostId })).Code, Is.EqualTo("session.conflict"));
    }
}

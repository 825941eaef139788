using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class SessionChangeTests
{
    [Test]
    public async Task AnEdit_ReplacesWhatWasPlanned_AndNeedsTheVersionRead()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan with { Goals = new { views = 10, conversionRate = 0.5, averageOrderValueMinor = 100 } });
        var route = $"/scheduling/sessions/{id}";
        var room = await calendar.AddRoom();
        var edited = await calendar.Planner().Put(route, (plan with { Title = "Renamed", RoomId = room }).ForPut(), ("If-Match", "\"1\""));
        Assert.That(edited.Status, Is.EqualTo(200), edited.Content);
        Assert.That(edited.ETag, Is.EqualTo("\"2\""));
        Assert.That((string?)edited.Json["title"], Is.EqualTo("Renamed"));
        Assert.That((Guid)edited.Json["roomId"]!, Is.EqualTo(room));
        Assert.That(edited.Json["goals"], Is.Null);
        Assert.That((await calendar.Read(id)).Content, Is.EqualTo(edited.Content));

        Assert.That((await calendar.Planner().Put(route, plan.ForPut(), ("If-Match", "\"1\""))).Code, Is.EqualTo("request.version_mismatch"));
        Assert.That((await calendar.Planner().Put(route, plan.ForPut())).Code, Is.EqualTo("request.if_match_required"));
        Assert.That((await calendar.Planner().Put(route, plan.ForPost(), ("If-Match", "\"2\""))).Faults, Does.Contain("/ownerUnitId").And.Contain("/tier"));
        // The room it had is free again.
        await calendar.Scheduled(await calendar.NewPlan() with { RoomId = plan.RoomId });
    }

    [Test]
    public async Task OfRacingEdits_OneWins()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            calendar.Planner().Put($"/scheduling/sessions/{id}", (plan with { Title = $"Title {i}" }).ForPut(), ("If-Match", "\"1\""))));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Status), Is.All.EqualTo(412));
    }

    [Test]
    public async Task TheWarmUp_BeginsByItself_Once_HoweverManyWorkersLook()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("Scheduled"));

        calendar.Host.Clock.Set(plan.StartsAt.AddDays(-2));
        var worker = calendar.Host.Services.GetServices<IHostedService>().OfType<DueWorker>().First();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => worker.CarryOutDue(CancellationToken.None)));
        Assert.That(await calendar.Status(id), Is.EqualTo("WarmUp"));
        var told = await Recorded.Of(calendar.Host, id);
        Assert.That(told.Select(t => t.Event), Is.EqualTo(new[] { nameof(SessionScheduled), nameof(SessionEnteredWarmUp) }));
        Assert.That(told[^1].Session.Status, Is.EqualTo(SessionStatus.WarmUp));
    }

    [Test]
    public async Task ASessionMovedAway_LeavesItsWarmUp_AndEntersItAgainInTime()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddDays(1));
        var id = await calendar.Scheduled(plan);
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("WarmUp"));
        Assert.That((string?)(await calendar.Move(id, plan.StartsAt.AddHours(2))).Json["status"], Is.EqualTo("WarmUp"), "still inside it");
        Assert.That((string?)(await calendar.Move(id, plan.StartsAt.AddDays(10))).Json["status"], Is.EqualTo("Scheduled"));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("Scheduled"));
        calendar.Host.Clock.Set(plan.StartsAt.AddDays(8));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("WarmUp"));
        Assert.That((await Recorded.Of(calendar.Host, id)).Count(t => t.Event == nameof(SessionEnteredWarmUp)), Is.EqualTo(2));
    }

    [Test]
    public async Task ACancelledOrLiveSession_NeverEntersItsWarmUp()
    {
        await using var calendar = await Calendar.Open();
        var cancelled = await calendar.Scheduled();
        await calendar.Do(cancelled, "cancel");
        var live = await calendar.Scheduled();
        await calendar.Do(live, "go-live");
        calendar.Host.Clock.Advance(TimeSpan.FromDays(29));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(cancelled), Is.EqualTo("Cancelled"));
        Assert.That(await calendar.Status(live), Is.EqualTo("Live"));
    }

    [Test]
    public async Task WhatReallyHappened_MovesThePhases()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        var wentLive = plan.StartsAt.AddMinutes(7);
        calendar.Host.Clock.Set(wentLive);
        var live = await calendar.Do(id, "go-live");
        Assert.That((DateTimeOffset)live.Json["wentLiveAt"]!, Is.EqualTo(wentLive));
        Assert.That(ScheduleSessionTests.Phases(live.Json)[3..], Is.EqualTo(new[] { wentLive, plan.EndsAt, plan.EndsAt.AddDays(5) }));

        calendar.Host.Clock.Set(plan.EndsAt.AddHours(1));
        Assert.That(ScheduleSessionTests.Phases((await calendar.Read(id)).Json)[4], Is.EqualTo(plan.EndsAt), "the plan, while nobody knows better");
        var ended = await calendar.Do(id, "end");
        var endedAt = plan.EndsAt.AddHours(1);
        Assert.That((DateTimeOffset)ended.Json["endedAt"]!, Is.EqualTo(endedAt));
        Assert.That(ScheduleSessionTests.Phases(ended.Json)[3..], Is.EqualTo(new[] { wentLive, endedAt, endedAt.AddDays(5) }));
    }

    [FsCheck.NUnit.Property]
    public bool PhasesAreAlwaysInOrder(short wentLiveMinutes, short endedMinutes, byte preparation, byte warmUp, byte reservoir)
    {
        var start = ManualClock.Start.AddDays(30);
        int p = preparation % 91, w = warmUp % (p + 1), r = reservoir % (w + 1);
        var session = new LiveCommerce.Scheduling.Sessions.SessionRow()
            .MovedTo(start, start.AddHours(3), new LiveCommerce.Scheduling.Sessions.PhaseLengths(p, w, r, 5), ManualClock.Start);
        var live = session with { WentLiveAt = start.AddMinutes(wentLiveMinutes) };
        var ended = live with { EndedAt = live.WentLiveAt!.Value.AddMinutes(Math.Abs((int)endedMinutes)) };
        return new[] { session, live, ended }.All(s =>
        {
            var phases = s.Phases;
            DateTimeOffset[] order = [phases.PreparationStartsAt, phases.WarmUpStartsAt, phases.ReservoirStartsAt, phases.LiveStartsAt, phases.LiveEndsAt, phases.ReviewEndsAt];
            return order.SequenceEqual(order.Order());
        });
    }

    [Test]
    public async Task EveryChange_IsToldWithTheNextVersion()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        // What begins by itself would come between two steps on a slow machine.
        await calendar.Host.HoldDueWork();
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        var route = $"/scheduling/sessions/{id}";
        await calendar.Planner().Put(route, (plan with { Title = "Renamed" }).ForPut(), ("If-Match", "\"1\""));
        await calendar.Planner().Put(route, plan.At(plan.StartsAt.AddHours(1)).ForPut(), ("If-Match", "\"2\""));
        await calendar.Planner().Put(route, (plan.At(plan.StartsAt.AddHours(1)) with { Phases = null }).ForPut(), ("If-Match", "\"3\""));
        await calendar.Move(id, plan.StartsAt);
        await calendar.Move(id, plan.StartsAt);
        await calendar.Do(id, "go-live");
        await calendar.Do(id, "go-live");
        await calendar.Do(id, "end");

        var told = await Recorded.Of(calendar.Host, id);
        Assert.That(told.Select(t => t.Event), Is.EqualTo(new[]
        {
            nameof(SessionScheduled), nameof(SessionEdited), nameof(SessionRescheduled), nameof(SessionRescheduled), nameof(SessionRescheduled), nameof(SessionWentLive), nameof(SessionEnded),
        }));
        Assert.That(told.Select(t => t.Session.Version), Is.EqualTo(new long[] { 1, 2, 3, 4, 5, 6, 7 }));
        var last = told[^1].Session;
        Assert.That(last.OwnerPath, Is.EqualTo(Calendar.Aurora));
        Assert.That(last.HostId, Is.EqualTo(plan.HostId));
        Assert.That(last.BrandIds, Is.EqualTo(plan.BrandIds));
        Assert.That(last.Channels.Select(c => c.ChannelId), Is.EqualTo(plan.ChannelIds));
        Assert.That(last.EndedAt, Is.EqualTo(last.Phases.LiveEndsAt));
    }

    [Test]
    public async Task ARefusedChange_TellsNobodyAnything()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        await calendar.Scheduled(plan.At(plan.EndsAt));
        Assert.That((await calendar.Move(id, plan.StartsAt.AddHours(1))).Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.Do(id, "end")).Code, Is.EqualTo("session.illegal_transition"));
        Assert.That((await calendar.Move(id, calendar.Host.Clock.GetUtcNow())).Code, Is.EqualTo("session.starts_in_past"));
        Assert.That((await calendar.Move(id, plan.StartsAt, 0.1)).Faults, Is.EqualTo(new[] { "/endsAt" }));
        Assert.That((await calendar.Do(id, "cancel", new { reason = "" })).Faults, Is.EqualTo(new[] { "/reason" }));
        Assert.That(await Recorded.Of(calendar.Host, id), Has.Count.EqualTo(1));
        Assert.That((await calendar.Read(id)).ETag, Is.EqualTo("\"1\""));
    }

    [Test]
    public async Task AnUnknownSession_IsNotFound()
    {
        await using var calendar = await Calendar.Open();
        foreach (var action in new[] { "go-live", "end", "cancel" })
            Assert.That((await calendar.Do(Calendar.Id(), action)).Code, Is.EqualTo("session.not_found"));
        Assert.That((await calendar.Read(Calendar.Id())).Code, Is.EqualTo("session.not_found"));
        Assert.That((await calendar.Planner().Get("/scheduling/sessions/not-an-id")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task TheOperator_HasEveryStateToldAgain_AtItsVersion()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        // What begins by itself would come between two steps on a slow machine.
        await calendar.Host.HoldDueWork();
        var waiting = await calendar.Scheduled();
        var ended = await calendar.Scheduled();
        await calendar.Do(ended, "go-live");
        await calendar.Do(ended, "end");
        Assert.That((await calendar.Planner().Post("/scheduling/operations/republish")).Status, Is.EqualTo(403));
        var answer = await calendar.Host.At("/", Role.Operator).Post("/scheduling/operations/republish");
        Assert.That(answer.Status, Is.EqualTo(202), answer.Content);
        Assert.That((int)answer.Json["sessions"]!, Is.EqualTo(2));
        Assert.That((await Recorded.Of(calendar.Host, waiting)).Select(t => (t.Event, t.Session.Version)),
            Is.EqualTo(new[] { (nameof(SessionScheduled), 1L), (nameof(SessionScheduled), 1L) }));
        Assert.That((await Recorded.Of(calendar.Host, ended)).Select(t => (t.Event, t.Session.Version)),
            Is.EqualTo(new[] { (nameof(SessionScheduled), 1L), (nameof(SessionWentLive), 2L), (nameof(SessionEnded), 3L), (nameof(SessionEnded), 3L) }));
    }
}

using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Tests.Series;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Sessions;

/// <summary>Nobody gets a harmless plan approved and makes another one of it.</summary>
internal sealed class AskAgainTests
{
    [Test]
    public async Task AnotherHostRoomChannelBrandGoalOrTime_ByWhoCouldNotApproveIt_AsksAgain_AndWordsDoNot()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var (host, room, channel) = (await calendar.AddHost(Calendar.North), await calendar.AddRoom(Calendar.North), await calendar.AddChannel(Calendar.North));
        var goals = new { views = 1000, conversionRate = 0.1, averageOrderValueMinor = 100 };
        foreach (var (other, status) in new (Plan, string)[]
        {
            (plan with { Title = "Premieres" }, "Scheduled"),
            (plan with { Phases = new { preparationDays = 5, warmUpDays = 4, reservoirDays = 1, reviewDays = 5 } }, "Scheduled"),
            (plan with { HostId = host }, "Submitted"),
            (plan with { CoHostIds = [host] }, "Submitted"),
            (plan with { RoomId = room }, "Submitted"),
            (plan with { ChannelIds = [channel] }, "Submitted"),
            (plan with { BrandIds = [calendar.OtherBrand] }, "Submitted"),
            (plan with { Goals = goals }, "Submitted"),
            (plan.At(plan.StartsAt.AddHours(1)), "Submitted"),
        })
        {
            var id = await calendar.Scheduled(plan);
            var edited = await Edit(calendar, Calendar.North, id, other);
            Assert.That((edited.Status, (string?)edited.Json["status"]), Is.EqualTo((200, status)), edited.Content);
            Assert.That(edited.Json["approvedAt"], Is.Not.Null);
            Assert.That((string?)(await Edit(calendar, Calendar.Aurora, await calendar.Scheduled(plan.At(plan.StartsAt.AddDays(3))), other.At(plan.StartsAt.AddDays(4)))).Json["status"], Is.EqualTo("Scheduled"), "who approves is not asked");
            foreach (var made in (await calendar.Planner().Get("/scheduling/sessions")).Json["items"]!.AsArray()) await calendar.Do((Guid)made!["id"]!, "cancel");
        }
    }

    [Test]
    public async Task WhatAsksAgain_HoldsItsNewSlot_DoesNotGoLive_AndIsToldOfWhenItIsDecidedOn()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var id = await calendar.Scheduled(plan);
        var other = await calendar.AddHost(Calendar.North);
        await Edit(calendar, Calendar.North, id, plan with { HostId = other });
        Assert.That((await Recorded.Of(calendar.Host, id)).Select(t => t.Event), Is.EqualTo(new[] { nameof(SessionScheduled) }), "nobody hears of what is not decided on");
        Assert.That((await calendar.Schedule(plan with { RoomId = await calendar.AddRoom(Calendar.North), ChannelIds = [await calendar.AddChannel(Calendar.North)], HostId = other })).Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.DoAt(Calendar.North, id, "go-live")).Code, Is.EqualTo("session.illegal_transition"));
        Assert.That((await calendar.DoAt(Calendar.North, id, "approve")).Code, Is.EqualTo("session.own_approval"));
        var approved = await calendar.Do(id, "approve");
        Assert.That((string?)approved.Json["status"], Is.EqualTo("Scheduled"), approved.Content);
        var told = (await Recorded.Of(calendar.Host, id))[^1];
        Assert.That((told.Event, told.Session.HostId, told.Session.Status), Is.EqualTo((nameof(SessionScheduled), other, SessionStatus.Scheduled)));
    }

    [Test]
    public async Task AMove_AsksAgain_AndWhatHangsOnItsTimeWaits()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var id = await calendar.Scheduled(plan);
        var moved = await calendar.DoAt(Calendar.North, id, "reschedule", new { startsAt = plan.StartsAt.AddDays(2), endsAt = plan.EndsAt.AddDays(2) });
        Assert.That((string?)moved.Json["status"], Is.EqualTo("Submitted"), moved.Content);
        Assert.That((await Recorded.Of(calendar.Host, id)).Select(t => (t.Event, t.Session.Status)), Is.EqualTo(new[]
        {
            (nameof(SessionScheduled), SessionStatus.Scheduled), (nameof(SessionRescheduled), SessionStatus.Displaced),
        }));
        await calendar.Do(id, "reject", new { reason = "Stay where you are." });
        Assert.That(await calendar.Status(id), Is.EqualTo("Rejected"));
        Assert.That((await Recorded.Of(calendar.Host, id))[^1].Session.Status, Is.EqualTo(SessionStatus.Displaced));
        await calendar.DoAt(Calendar.North, id, "reschedule", new { plan.StartsAt, plan.EndsAt });
        Assert.That((string?)(await calendar.DoAt(Calendar.North, id, "submit")).Json["status"], Is.EqualTo("Submitted"), "once approved is not approved for ever");
        await calendar.Do(id, "approve");
        var last = (await Recorded.Of(calendar.Host, id))[^1];
        Assert.That((last.Session.Status, last.Session.Phases.LiveStartsAt), Is.EqualTo((SessionStatus.Scheduled, plan.StartsAt)));
    }

    [Test]
    public async Task InItsWarmUp_ItWaits_AndEntersItAgainWhenApproved()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(calendar.Host.Clock.GetUtcNow().AddDays(1));
        var id = await calendar.Scheduled(plan);
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("WarmUp"));
        await Edit(calendar, Calendar.North, id, plan with { RoomId = await calendar.AddRoom(Calendar.North) });
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("Submitted"));
        await calendar.Do(id, "approve");
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("WarmUp"));
    }

    [Test]
    public async Task ADisplacedSession_TakesAnotherTimeWithoutAsking_ButNotAnotherPlan()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")) with { HostId = await calendar.AddHost() };
        var (first, second) = (await calendar.Scheduled(plan), await calendar.Scheduled(plan.At(plan.StartsAt.AddDays(1))));
        foreach (var day in new[] { 0, 1 })
            await calendar.Scheduled((await calendar.NewPlan()).At(plan.StartsAt.AddDays(day)) with { HostId = plan.HostId, BrandIds = [calendar.OtherBrand], Displace = true });
        var slot = new { startsAt = plan.StartsAt.AddDays(5), endsAt = plan.EndsAt.AddDays(5) };
        Assert.That((string?)(await calendar.DoAt(Calendar.North, first, "accept-slot", slot)).Json["status"], Is.EqualTo("Scheduled"));

        var edited = await Edit(calendar, Calendar.North, second, plan.At(plan.StartsAt.AddDays(1)) with { BrandIds = [calendar.OtherBrand] });
        Assert.That((string?)edited.Json["status"], Is.EqualTo("Draft"), edited.Content);
        Assert.That((await Recorded.Of(calendar.Host, second))[^1].Session.Status, Is.EqualTo(SessionStatus.Displaced), "others see it wait for its time");
        Assert.That((await calendar.DoAt(Calendar.North, second, "accept-slot", slot)).Code, Is.EqualTo("session.illegal_transition"));
        Assert.That((await calendar.DoAt(Calendar.North, second, "reschedule", new { startsAt = plan.StartsAt.AddDays(6), endsAt = plan.EndsAt.AddDays(6) })).Status, Is.EqualTo(200));
        Assert.That((string?)(await calendar.DoAt(Calendar.North, second, "submit")).Json["status"], Is.EqualTo("Submitted"));
        Assert.That((string?)(await calendar.Do(second, "approve")).Json["status"], Is.EqualTo("Scheduled"));
    }

    [Test]
    public async Task AnApproval_IsOfWhatWasRead_IfItSaysSo()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var id = await calendar.Submitted(plan);
        var read = (await calendar.Read(id)).ETag!;
        await calendar.DoAt(Calendar.North, id, "withdraw");
        await Edit(calendar, Calendar.North, id, plan with { HostId = await calendar.AddHost(Calendar.North) });
        await calendar.DoAt(Calendar.North, id, "submit");
        Task<Answer> Approve(string known) => calendar.Planner().Post($"/scheduling/sessions/{id}/approve", null, ("If-Match", known));
        Assert.That((await Approve(read)).Code, Is.EqualTo("request.version_mismatch"));
        read = (await calendar.Read(id)).ETag!;
        foreach (var _ in new[] { 1, 2 }) Assert.That((string?)(await Approve(read)).Json["status"], Is.EqualTo("Scheduled"), "repeated, it answers the same");
    }

    [Test]
    public async Task ASeriesEditedByItsOwner_AsksAgainForEachSessionThatBecomesAnother()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var body = await calendar.NewSeries("FREQ=DAILY;COUNT=3", owner: Calendar.R7, tier: "ResellerBroadcast");
        var series = await calendar.Planned(body);
        Assert.That(Streams.Times(series), Has.All.Not.Contains("Submitted"));
        Task<Answer> EditAs(string path, JsonObject to, long version) =>
            calendar.Planner(path).Put($"{Streams.Path}/{series["id"]}", Streams.Without(to, "ownerUnitId", "tier", "mandateId"), ("If-Match", $"\"{version}\""));
        Assert.That(Streams.Times((await EditAs(Calendar.R7, body.With("title", "Evenings"), 1)).Json), Has.All.Not.Contains("Submitted"));
        Assert.That(Streams.Times((await EditAs(Calendar.R7, body.With("hostId", await calendar.AddHost(Calendar.R7)), 2)).Json), Has.All.Contains("Submitted"));
        Assert.That((await calendar.Do(series, "approve")).Status, Is.EqualTo(200));
        Assert.That(Streams.Times(await calendar.Series(series)), Has.All.Not.Contains("Submitted"));
        Assert.That(Streams.Times((await EditAs(Calendar.North, body.With("startsLocal", "2026-12-01T21:00"), 3)).Json), Has.All.Not.Contains("Submitted"), "the unit above decides itself");
    }

    [Test]
    public async Task AnOwnerWhoEditsAndAnApprover_NeverLeaveInThePlanWhatNobodyApproved()
    {
        await using var calendar = await Calendar.Open();
        for (var i = 0; i < 6; i++)
        {
            var plan = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(calendar.Soon.AddDays(i));
            var (other, room) = (await calendar.AddHost(Calendar.North), await calendar.AddRoom(Calendar.North));
            var id = await calendar.Scheduled(plan);
            await Edit(calendar, Calendar.North, id, plan with { HostId = other });
            var read = (await calendar.Read(id)).ETag!;
            var changed = Change();
            var approved = calendar.Planner().Post($"/scheduling/sessions/{id}/approve", null, ("If-Match", read));
            await Task.WhenAll(changed, approved);
            var now = (await calendar.Read(id)).Json;
            if ((string)now["status"]! == "Scheduled") Assert.That(((Guid)now["hostId"]!, (Guid)now["roomId"]!), Is.EqualTo((other, plan.RoomId)));

            async Task Change()
            {
                await calendar.DoAt(Calendar.North, id, "withdraw");
                await Edit(calendar, Calendar.North, id, plan with { RoomId = room });
                await calendar.DoAt(Calendar.North, id, "submit");
            }
        }
    }

    [Test]
    public async Task ASessionIsPutUnderAnotherMandate_AndThatPutsItRight()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        Guid first = Calendar.Id(), second = Calendar.Id(), narrow = Calendar.Id();
        await calendar.Mandate(first, closesAt: calendar.Soon.AddDays(100));
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var id = await calendar.Scheduled(plan);
        await calendar.Mandate(narrow, closesAt: calendar.Soon.AddDays(-1));
        await calendar.Mandate(first, version: 2, revoked: true);
        Assert.That((string?)(await calendar.Read(id)).Json["flagReason"], Is.EqualTo("mandate.revoked"));
        Assert.That((await Under(calendar, id, plan, narrow)).Code, Is.EqualTo("mandate.outside_dates"));
        Assert.That((await Under(calendar, id, plan, first)).Code, Is.EqualTo("mandate.revoked"));
        Assert.That((await Under(calendar, id, plan, Calendar.Id())).Code, Is.EqualTo("mandate.missing"));

        // One that has room again only after the flag was set.
        await calendar.Mandate(second, brands: [calendar.OtherBrand]);
        Assert.That((await Under(calendar, id, plan, second)).Code, Is.EqualTo("mandate.brand_not_covered"));
        var restored = await Under(calendar, id, plan with { BrandIds = [calendar.OtherBrand] }, second, Calendar.North);
        Assert.That(((Guid?)restored.Json["mandateId"], (string?)restored.Json["flagReason"], (string?)restored.Json["status"]), Is.EqualTo(((Guid?)second, (string?)null, "Scheduled")), restored.Content);
        Assert.That(((await Recorded.Of(calendar.Host, id))[^1].Session.MandateId, (await Recorded.Of(calendar.Host, id))[^1].Session.FlaggedAt), Is.EqualTo(((Guid?)second, (DateTimeOffset?)null)));
        calendar.Host.Clock.Set(plan.StartsAt);
        Assert.That((await calendar.Do(id, "go-live")).Status, Is.EqualTo(200));

        var group = await calendar.NewPlan();
        var groupId = await calendar.Scheduled(group);
        Assert.That((await Under(calendar, groupId, group, second, Calendar.Aurora)).Faults, Is.EqualTo(new[] { "/mandateId" }));
    }

    private static async Task<Answer> Under(Calendar calendar, Guid id, Plan plan, Guid mandate, string path = Calendar.R7)
    {
        var body = plan.ForPut();
        body["mandateId"] = mandate.ToString();
        return await calendar.Planner(path).Put($"/scheduling/sessions/{id}", body, ("If-Match", (await calendar.Read(id)).ETag!));
    }

    private static async Task<Answer> Edit(Calendar calendar, string path, Guid id, Plan plan) =>
        await calendar.Planner(path).Put($"/scheduling/sessions/{id}", plan.ForPut(), ("If-Match", (await calendar.Read(id)).ETag!));
}

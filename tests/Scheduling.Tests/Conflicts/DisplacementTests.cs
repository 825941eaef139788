using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

internal sealed class DisplacementTests
{
    [Test]
    public async Task AHigherTier_TakesTheSlot_AndTheLowerOnesOwnerIsTold()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var (lower, lowerId) = await Lower(calendar);
        var group = (await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand] };
        Assert.That((await calendar.Schedule(group)).Code, Is.EqualTo("session.conflict"), "not unless it is asked for");

        var taken = await calendar.Schedule(group with { Displace = true });
        Assert.That(taken.Status, Is.EqualTo(201), taken.Content);
        var displaced = (await calendar.Read(lowerId)).Json;
        Assert.That(((string)displaced["status"]!, (Guid)displaced["displacedBySessionId"]!), Is.EqualTo(("Displaced", taken.Id)));
        Assert.That((DateTimeOffset)displaced["displacedAt"]!, Is.EqualTo(calendar.Host.Clock.GetUtcNow()));
        Assert.That(((Guid)displaced["hostId"]!, (Guid)displaced["roomId"]!), Is.EqualTo((lower.HostId, lower.RoomId)), "it keeps what it is");

        var told = (await Recorded.Of(calendar.Host, lowerId))[^1];
        Assert.That((told.Event, told.Session.Status, told.Session.Version), Is.EqualTo((nameof(SessionDisplaced), SessionStatus.Displaced, 2L)));
        var offer = await Recorded.DisplacementOf(calendar.Host, lowerId);
        Assert.That(offer.BySessionId, Is.EqualTo(taken.Id));
        Assert.That(offer.Alternatives, Has.Count.EqualTo(3));
        foreach (var slot in offer.Alternatives)
        {
            Assert.That(slot.EndsAt - slot.StartsAt, Is.EqualTo(lower.EndsAt - lower.StartsAt));
            Assert.That(slot.StartsAt >= group.EndsAt || slot.EndsAt <= group.StartsAt);
        }
        // What it had booked and the winner does not need is free.
        await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "RegionalBroadcast")) with { RoomId = lower.RoomId });
    }

    [Test]
    public async Task DisplacedSessions_AreListed_ForTheirOwnersAndThoseAbove()
    {
        await using var calendar = await Calendar.Open();
        var (_, id, _) = await Displaced(calendar);
        foreach (var (path, expected) in new[] { (Calendar.Aurora, 1), (Calendar.North, 1), (Calendar.South, 0), (Calendar.Borealis, 0) })
        {
            var list = (await calendar.Planner(path).Get("/scheduling/sessions?status=Displaced")).Json["items"]!.AsArray();
            Assert.That(list.Select(s => (Guid)s!["id"]!), expected == 1 ? Is.EqualTo(new[] { id }) : Is.Empty, path);
        }
    }

    [Test]
    public async Task AcceptingASlot_ReschedulesInOneStep()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var (lower, id, _) = await Displaced(calendar);
        var slot = (await Recorded.DisplacementOf(calendar.Host, id)).Alternatives[0];
        var accepted = await Accept(calendar, id, slot.StartsAt);
        Assert.That((accepted.Status, (string)accepted.Json["status"]!), Is.EqualTo((200, "Scheduled")), accepted.Content);
        Assert.That((DateTimeOffset)accepted.Json["startsAt"]!, Is.EqualTo(slot.StartsAt));
        Assert.That((Guid?)accepted.Json["displacedBySessionId"], Is.Null);
        Assert.That((await Recorded.Of(calendar.Host, id))[^1].Event, Is.EqualTo(nameof(SessionRescheduled)));
        // It holds its slot again, and the same answer once more.
        Assert.That((await calendar.Schedule((await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(slot.StartsAt) with { HostId = lower.HostId })).Code, Is.EqualTo("session.conflict"));
        Assert.That((await Accept(calendar, id, slot.StartsAt)).Content, Is.EqualTo(accepted.Content));
        Assert.That((await Accept(calendar, id, slot.StartsAt.AddDays(1))).Code, Is.EqualTo("session.illegal_transition"));
        calendar.Host.Clock.Set(slot.StartsAt);
        Assert.That((await calendar.Do(id, "go-live")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ASlotThatHasGone_IsRefusedAndOthersAreOffered()
    {
        await using var calendar = await Calendar.Open();
        var (lower, id, group) = await Displaced(calendar);
        var refused = await Accept(calendar, id, group.StartsAt);
        Assert.That(refused.Code, Is.EqualTo("session.conflict"), refused.Content);
        var free = (DateTimeOffset)refused.Json["freeSlots"]![0]!["startsAt"]!;
        Assert.That((await Accept(calendar, id, free)).Status, Is.EqualTo(200));
        Assert.That(lower.StartsAt, Is.Not.EqualTo(free));
    }

    [Test]
    public async Task ADisplacedSession_DoesNotGoLive_AndMayBeCancelledOrMovedAnywhere()
    {
        await using var calendar = await Calendar.Open();
        var (_, id, group) = await Displaced(calendar);
        Assert.That((await calendar.Do(id, "go-live")).Code, Is.EqualTo("session.illegal_transition"));
        calendar.Host.Clock.Set(group.StartsAt.AddDays(20));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("Displaced"), "it waits, however long");
        Assert.That((await calendar.Move(id, group.StartsAt.AddDays(40))).Status, Is.EqualTo(200));
        Assert.That(await calendar.Status(id), Is.EqualTo("Scheduled"));
        var (_, other, _) = await Displaced(calendar);
        Assert.That((await calendar.Do(other, "cancel")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AGroupBroadcastDisplaces_WhatIsInTheTimeItBlocks()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var regional = await calendar.Scheduled(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        var reseller = await calendar.Scheduled(await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"));
        var other = await calendar.Scheduled((await calendar.NewPlan(Calendar.South, "RegionalBroadcast")) with { BrandIds = [calendar.OtherBrand] });
        await calendar.Scheduled((await calendar.NewPlan()) with { Displace = true });
        Assert.That(await calendar.Status(regional), Is.EqualTo("Displaced"));
        Assert.That(await calendar.Status(reseller), Is.EqualTo("Displaced"));
        Assert.That(await calendar.Status(other), Is.EqualTo("Scheduled"));
    }

    [Test]
    public async Task EqualAndHigherTiers_AreNeverDisplaced()
    {
        await using var calendar = await Calendar.Open();
        var group = await calendar.NewPlan();
        await calendar.Scheduled(group);
        Assert.That((await calendar.Schedule((await calendar.NewPlan()) with { HostId = group.HostId, Displace = true })).Code, Is.EqualTo("session.conflict"));
        var lower = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")) with { HostId = group.HostId, Displace = true };
        Assert.That((await calendar.Schedule(lower)).Code, Is.EqualTo("session.blocked"));
        Assert.That((await calendar.Schedule(lower with { BrandIds = [calendar.OtherBrand] })).Code, Is.EqualTo("session.conflict"));
    }

    [Test]
    public async Task ASessionOnTheAir_IsNeverDisplaced()
    {
        await using var calendar = await Calendar.Open();
        var lower = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(calendar.Host.Clock.GetUtcNow().AddHours(1));
        var id = await calendar.Scheduled(lower);
        calendar.Host.Clock.Set(lower.StartsAt);
        await calendar.Do(id, "go-live");
        var group = (await calendar.NewPlan()).At(lower.StartsAt.AddHours(1)) with { HostId = lower.HostId, Displace = true };
        Assert.That((await calendar.Schedule(group)).Code, Is.EqualTo("session.conflict"));
        Assert.That(await calendar.Status(id), Is.EqualTo("Live"));
    }

    [Test]
    public async Task ASessionOutOfTheCallersReach_IsNeverDisplaced()
    {
        await using var calendar = await Calendar.Open();
        var host = await calendar.AddHost(Calendar.Aurora);
        // A brand broadcast of the south, with a host of headquarters, is lower than a regional broadcast of the north, but not the north's to move.
        var south = (await calendar.NewPlan(Calendar.South, "BrandBroadcast")) with { HostId = host };
        var id = await calendar.Scheduled(south);
        var north = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")) with { HostId = host, Displace = true };
        Assert.That((await calendar.Planner(Calendar.North).Post("/scheduling/sessions", north.ForPost())).Code, Is.EqualTo("session.conflict"));
        Assert.That(await calendar.Status(id), Is.EqualTo("Scheduled"));
        Assert.That((await calendar.Planner(Calendar.Aurora).Post("/scheduling/sessions", north.ForPost())).Status, Is.EqualTo(201));
        Assert.That(await calendar.Status(id), Is.EqualTo("Displaced"));
    }

    [Test]
    public async Task AllAreDisplaced_OrNone()
    {
        await using var calendar = await Calendar.Open();
        var (lower, id) = await Lower(calendar);
        var equal = await calendar.NewPlan();
        await calendar.Scheduled(equal with { BrandIds = [calendar.OtherBrand] });
        var both = (await calendar.NewPlan()) with { HostId = lower.HostId, RoomId = equal.RoomId, BrandIds = [calendar.OtherBrand], Displace = true };
        var refused = await calendar.Schedule(both);
        Assert.That(refused.Code, Is.EqualTo("session.conflict"), refused.Content);
        Assert.That(refused.Json["conflicts"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(await calendar.Status(id), Is.EqualTo("Scheduled"));
    }

    [Test]
    public async Task MovingAndEditing_DisplaceToo()
    {
        await using var calendar = await Calendar.Open();
        var (first, firstId) = await Lower(calendar);
        var group = ((await calendar.NewPlan()) with { HostId = first.HostId, BrandIds = [calendar.OtherBrand] }).At(first.StartsAt.AddDays(1));
        var id = await calendar.Scheduled(group);
        Assert.That((await calendar.Do(id, "reschedule", new { first.StartsAt, first.EndsAt })).Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.Do(id, "reschedule", new { first.StartsAt, first.EndsAt, displace = true })).Status, Is.EqualTo(200));
        Assert.That(await calendar.Status(firstId), Is.EqualTo("Displaced"));

        var (second, secondId) = await Lower(calendar);
        var edited = group.At(first.StartsAt) with { RoomId = second.RoomId };
        Assert.That((await calendar.Planner().Put($"/scheduling/sessions/{id}", edited.ForPut(), ("If-Match", "\"2\""))).Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.Planner().Put($"/scheduling/sessions/{id}", (edited with { Displace = true }).ForPut(), ("If-Match", "\"2\""))).Status, Is.EqualTo(200));
        Assert.That(await calendar.Status(secondId), Is.EqualTo("Displaced"));
    }

    [Test]
    public async Task ADraftThatIsHandedIn_DisplacesToo_IfThatIsAskedFor()
    {
        await using var calendar = await Calendar.Open();
        var (lower, lowerId) = await Lower(calendar);
        var draft = await calendar.Drafted((await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand] });
        Assert.That((await calendar.Do(draft, "submit")).Code, Is.EqualTo("session.conflict"));
        Assert.That((await calendar.Do(draft, "submit", new { displace = "yes" })).Status, Is.EqualTo(400));
        var submitted = await calendar.Do(draft, "submit", new { displace = true });
        Assert.That((string?)submitted.Json["status"], Is.EqualTo("Scheduled"), submitted.Content);
        Assert.That((Guid)(await calendar.Read(lowerId)).Json["displacedBySessionId"]!, Is.EqualTo(draft));
    }

    [Test]
    public async Task ASessionThatWaitsForApproval_IsNotDisplaced()
    {
        await using var calendar = await Calendar.Open();
        var lower = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var waiting = await calendar.Submitted(lower);
        var group = (await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand], Displace = true };
        var refused = await calendar.Schedule(group);
        Assert.That((refused.Code, (string?)refused.Json["conflicts"]![0]!["status"]), Is.EqualTo(("session.conflict", "Submitted")), refused.Content);
        Assert.That((await calendar.Do(waiting, "reject", new { reason = "The group needs the host." })).Status, Is.EqualTo(200));
        await calendar.Scheduled(group);
    }

    [Test]
    public async Task ADisplacedSession_NoLongerCountsAgainstItsMandate()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id(), sessionsPerWeek: 1);
        var reseller = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var first = await calendar.Scheduled(reseller);
        await calendar.Scheduled((await calendar.NewPlan()) with { Displace = true });
        var second = await calendar.Scheduled(reseller.At(reseller.EndsAt));
        // And so the week is used up when the first comes back.
        var refused = await Accept(calendar, first, reseller.EndsAt.AddHours(3));
        Assert.That(refused.Code, Is.EqualTo("mandate.sessions_per_week"), refused.Content);
        await calendar.Do(second, "cancel");
        Assert.That((await Accept(calendar, first, reseller.EndsAt)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ADisplacerAndAnOwnerWhoMovesAway_NeverLoseTheSession_NorShareTheHost()
    {
        await using var calendar = await Calendar.Open();
        for (var i = 0; i < 8; i++)
        {
            var (lower, id) = await Lower(calendar);
            var group = (await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand], Displace = true };
            var away = lower.StartsAt.AddDays(10 + i);
            var move = calendar.Do(id, "reschedule", new { startsAt = away, endsAt = away.AddHours(3) });
            var taken = await calendar.Schedule(group);
            Assert.That(taken.Status, Is.EqualTo(201), taken.Content);
            Assert.That((await move).Status, Is.AnyOf(200, 409), (await move).Content);
            var now = (await calendar.Read(id)).Json;
            // Moved before or after it was displaced, it is where its owner put it; else it waits.
            if ((await move).Status == 200) Assert.That(((string)now["status"]!, (DateTimeOffset)now["startsAt"]!), Is.EqualTo(("Scheduled", away)));
            else Assert.That((string)now["status"]!, Is.EqualTo("Displaced"));
        }
    }

    [Test]
    public async Task ADisplacerAndOneWhoAcceptsTheSlot_NeverBothHaveIt()
    {
        await using var calendar = await Calendar.Open();
        for (var i = 0; i < 8; i++)
        {
            var (lower, id, _) = await Displaced(calendar);
            var slot = lower.StartsAt.AddDays(5);
            var second = ((await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand], Displace = true }).At(slot);
            var answers = await Task.WhenAll(i % 2 == 0 ? [Accept(calendar, id, slot), calendar.Schedule(second)] : new[] { calendar.Schedule(second), Accept(calendar, id, slot) });
            var (accepted, taken) = i % 2 == 0 ? (answers[0], answers[1]) : (answers[1], answers[0]);
            Assert.That(taken.Status, Is.EqualTo(201), taken.Content);
            Assert.That(accepted.Status == 200 || accepted.Code == "session.conflict", accepted.Content);
            var now = (await calendar.Read(id)).Json;
            Assert.That((string)now["status"]!, Is.EqualTo("Displaced"));
            if (accepted.Status == 200) Assert.That((Guid)now["displacedBySessionId"]!, Is.EqualTo(taken.Id));
        }
    }

    [Test]
    public async Task OfManyDisplacers_ExactlyOneGetsTheHost()
    {
        await using var calendar = await Calendar.Open();
        var (lower, id) = await Lower(calendar);
        var plans = new List<Plan>();
        for (var i = 0; i < 10; i++) plans.Add((await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand], Displace = true });
        var answers = await Task.WhenAll(plans.Select(calendar.Schedule));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.EqualTo("session.conflict"));
        Assert.That((Guid)(await calendar.Read(id)).Json["displacedBySessionId"]!, Is.EqualTo(answers.Single(a => a.Status == 201).Id));
    }

    [Test]
    public async Task OnlyWhoCoversTheSession_AcceptsASlotForIt()
    {
        await using var calendar = await Calendar.Open();
        var (lower, id, _) = await Displaced(calendar);
        var body = new { startsAt = lower.StartsAt.AddDays(3), endsAt = lower.EndsAt.AddDays(3) };
        foreach (var path in new[] { Calendar.R7, Calendar.South, Calendar.Borealis })
            Assert.That((await calendar.Planner(path).Post($"/scheduling/sessions/{id}/accept-slot", body)).Code, Is.EqualTo("session.not_found"), path);
        Assert.That((await Accept(calendar, id, lower.StartsAt.AddDays(3), hours: 25)).Faults, Is.EqualTo(new[] { "/endsAt" }));
        Assert.That((await Accept(calendar, id, calendar.Host.Clock.GetUtcNow().AddDays(-1))).Code, Is.EqualTo("session.starts_in_past"));
        Assert.That((await calendar.Planner(Calendar.North).Post($"/scheduling/sessions/{id}/accept-slot", body)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task TwoDisplacedTogether_AreOfferedDifferentSlots_IfTheyNeedTheSame()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var (first, firstId) = await Lower(calendar);
        var second = first.At(first.EndsAt, 2);
        var secondId = await calendar.Scheduled(second);
        await calendar.Scheduled((await calendar.NewPlan()).At(first.StartsAt, 5) with { HostId = first.HostId, BrandIds = [calendar.OtherBrand], Displace = true });
        var offers = new[] { await Recorded.DisplacementOf(calendar.Host, firstId), await Recorded.DisplacementOf(calendar.Host, secondId) }.SelectMany(o => o.Alternatives).ToList();
        Assert.That(offers, Has.Count.EqualTo(6));
        foreach (var (a, b) in offers.SelectMany((a, i) => offers.Skip(i + 1).Select(b => (a, b)))) Assert.That(a.EndsAt <= b.StartsAt || b.EndsAt <= a.StartsAt, $"{a} {b}");
        foreach (var (id, hours) in new[] { (firstId, 3), (secondId, 2) })
        {
            var slot = (await Recorded.DisplacementOf(calendar.Host, id)).Alternatives[0];
            Assert.That((await Accept(calendar, id, slot.StartsAt, hours)).Status, Is.EqualTo(200), "both have what they were offered first");
        }
    }

    [Test]
    public async Task ACrew_StaysWithItsSession_ThroughDisplacementAndBack()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var (lower, id) = await Lower(calendar);
        var (model, floor) = (await calendar.AddPerson("Model"), await calendar.AddPerson("FloorControl"));
        Assert.That((await calendar.Assign(id, (model, "Model"), (floor, "FloorControl"))).Status, Is.EqualTo(200));
        var group = await calendar.Scheduled((await calendar.NewPlan()) with { HostId = lower.HostId, BrandIds = [calendar.OtherBrand], Displace = true });
        Assert.That(await CrewOf(calendar, id), Is.EquivalentTo(new[] { lower.HostId, model, floor }));
        // Displaced, its people may work elsewhere at its old time; a slot in which they do is not offered.
        Assert.That((await calendar.Assign(group, (model, "Model"))).Status, Is.EqualTo(200));
        var elsewhere = await calendar.Scheduled((await calendar.NewPlan()).At(lower.EndsAt) with { BrandIds = [calendar.OtherBrand] });
        Assert.That((await calendar.Assign(elsewhere, (floor, "FloorControl"))).Status, Is.EqualTo(200));
        var refused = await Accept(calendar, id, lower.EndsAt);
        Assert.That((refused.Code, (Guid)refused.Json["conflicts"]![0]!["resourceId"]!), Is.EqualTo(("session.conflict", floor)), refused.Content);
        var slot = (DateTimeOffset)refused.Json["freeSlots"]![0]!["startsAt"]!;

        var accepted = await Accept(calendar, id, slot);
        Assert.That((accepted.Status, (string?)accepted.Json["status"]), Is.EqualTo((200, "Scheduled")), accepted.Content);
        Assert.That(accepted.Json["crewIds"]!.AsArray().Select(p => (Guid)p!), Is.EquivalentTo(new[] { model, floor }));
        Assert.That(await CrewOf(calendar, id), Is.EquivalentTo(new[] { lower.HostId, model, floor }));
        var other = await calendar.Scheduled((await calendar.NewPlan()).At(slot) with { BrandIds = [calendar.OtherBrand] });
        Assert.That((await calendar.Assign(other, (model, "Model"))).Code, Is.EqualTo("session.conflict"), "they are booked for it again");
    }

    private static async Task<IEnumerable<Guid>> CrewOf(Calendar calendar, Guid id) =>
        [.. (await calendar.Anyone().Get($"/scheduling/sessions/{id}/crew")).Json["members"]!.AsArray().Select(m => (Guid)m!["personId"]!)];

    /// <summary>A regional broadcast in the plan.</summary>
    private static async Task<(Plan Plan, Guid Id)> Lower(Calendar calendar)
    {
        var plan = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")) with { HostId = await calendar.AddHost(), RoomId = await calendar.AddRoom() };
        return (plan, await calendar.Scheduled(plan));
    }

    private static async Task<(Plan Plan, Guid Id, Plan By)> Displaced(Calendar calendar)
    {
        var (plan, id) = await Lower(calendar);
        var group = (await calendar.NewPlan()) with { HostId = plan.HostId, BrandIds = [calendar.OtherBrand], Displace = true };
        await calendar.Scheduled(group);
        Assert.That(await calendar.Status(id), Is.EqualTo("Displaced"));
        return (plan, id, group);
    }

    private static Task<Answer> Accept(Calendar calendar, Guid id, DateTimeOffset startsAt, double hours = 3) =>
        calendar.Do(id, "accept-slot", new { startsAt, endsAt = startsAt.AddHours(hours) });
}

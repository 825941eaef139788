using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

internal sealed class TurnaroundTests
{
    [Test]
    public async Task ARoomStaysBusy_ForItsTurnaroundAfterASession()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()) with { RoomId = await calendar.AddRoom(turnaroundMinutes: 45) };
        var first = await calendar.Scheduled(plan);
        var elsewhere = (await calendar.NewPlan()) with { RoomId = plan.RoomId };

        var refused = await calendar.Schedule(elsewhere.At(plan.EndsAt.AddMinutes(44)));
        Assert.That(refused.Code, Is.EqualTo("session.conflict"), refused.Content);
        var conflict = refused.Json["conflicts"]!.AsArray().Single()!;
        Assert.That(((Guid)conflict["resourceId"]!, (Guid)conflict["sessionId"]!), Is.EqualTo((plan.RoomId, first)));
        Assert.That((DateTimeOffset)conflict["endsAt"]!, Is.EqualTo(plan.EndsAt));
        Assert.That((DateTimeOffset)conflict["busyUntil"]!, Is.EqualTo(plan.EndsAt.AddMinutes(45)));
        await calendar.Scheduled(elsewhere.At(plan.EndsAt.AddMinutes(45)));

        // Its own turnaround has to be over before the next begins.
        Assert.That((await calendar.Schedule(elsewhere.At(plan.StartsAt.AddHours(-3).AddMinutes(-44)))).Code, Is.EqualTo("session.conflict"));
        await calendar.Scheduled(elsewhere.At(plan.StartsAt.AddHours(-3).AddMinutes(-45)));
    }

    [Test]
    public async Task OnlyTheRoom_HasATurnaround()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()) with { RoomId = await calendar.AddRoom(turnaroundMinutes: 480) };
        await calendar.Scheduled(plan);
        await calendar.Scheduled((plan with { RoomId = await calendar.AddRoom() }).At(plan.EndsAt));
    }

    [Test]
    public async Task ANewTurnaround_HoldsForWhatIsPlannedAlready()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        await calendar.Scheduled(plan);
        var edited = await EditRoom(calendar, plan.RoomId, 60);
        Assert.That(((int)edited.Json["turnaroundMinutes"]!, (long)edited.Json["version"]!, edited.ETag), Is.EqualTo((60, 2L, "\"2\"")), edited.Content);
        Assert.That((await calendar.Schedule(plan.At(plan.EndsAt.AddMinutes(59)))).Code, Is.EqualTo("session.conflict"));

        await EditRoom(calendar, plan.RoomId, 10, version: 2);
        await calendar.Scheduled(plan.At(plan.EndsAt.AddMinutes(10)));
    }

    [Test]
    public async Task ATurnaroundThatSessionsPlannedLeaveNoTimeFor_IsRefusedAndNamesThemAll()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var ids = new List<Guid>();
        foreach (var hours in new[] { 0.0, 3.5, 7, 24 }) ids.Add(await calendar.Scheduled(plan.At(plan.StartsAt.AddHours(hours))));
        var refused = await EditRoom(calendar, plan.RoomId, 31);
        Assert.That(refused.Code, Is.EqualTo("resource.turnaround_conflicts"), refused.Content);
        Assert.That(refused.Json["conflicts"]!.AsArray().Select(c => (Guid)c!["sessionId"]!), Is.EquivalentTo(ids.Take(3)));
        Assert.That((await EditRoom(calendar, plan.RoomId, 30)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ARenamedResource_KeepsWhatItHad()
    {
        await using var calendar = await Calendar.Open();
        var (host, channel) = (await calendar.AddHost(), await calendar.AddChannel());
        foreach (var (kind, id) in new[] { ("hosts", host), ("channels", channel) })
        {
            var renamed = await calendar.Planner().Put($"/scheduling/{kind}/{id}", new { name = "Another" }, ("If-Match", "\"1\""));
            Assert.That(((string)renamed.Json["name"]!, renamed.ETag), Is.EqualTo(("Another", "\"2\"")), renamed.Content);
            Assert.That((await calendar.Planner().Put($"/scheduling/{kind}/{id}", new { name = "Late" }, ("If-Match", "\"1\""))).Code, Is.EqualTo("request.version_mismatch"));
            Assert.That((await calendar.Planner().Put($"/scheduling/{kind}/{id}", new { name = "Late" })).Code, Is.EqualTo("request.if_match_required"));
            Assert.That((await calendar.Planner().Put($"/scheduling/{kind}/{id}", new { name = " " }, ("If-Match", "\"2\""))).Faults, Is.EqualTo(new[] { "/name" }));
        }
        Assert.That((string?)(await calendar.Planner().Get("/scheduling/channels")).Json["items"]![0]!["kind"], Is.EqualTo("MiniProgram"));
    }

    [Test]
    public async Task OnlyWhoCoversARoom_EditsIt_AndOnlyAsARoom()
    {
        await using var calendar = await Calendar.Open();
        var (room, host) = (await calendar.AddRoom(Calendar.North), await calendar.AddHost(Calendar.North));
        foreach (var path in new[] { Calendar.R7, Calendar.South, Calendar.Borealis })
            Assert.That((await EditRoom(calendar, room, 5, at: path)).Code, Is.EqualTo("resource.not_found"));
        Assert.That((await EditRoom(calendar, host, 5)).Code, Is.EqualTo("resource.not_found"));
        Assert.That((await EditRoom(calendar, room, 481)).Faults, Is.EqualTo(new[] { "/turnaroundMinutes" }));
        Assert.That((await EditRoom(calendar, room, -1)).Faults, Is.EqualTo(new[] { "/turnaroundMinutes" }));
        Assert.That((await EditRoom(calendar, room, 480, at: Calendar.North)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ANewTurnaroundAndASessionThatLeavesItNoTime_AreNeverBothAccepted()
    {
        await using var calendar = await Calendar.Open();
        for (var i = 0; i < 6; i++)
        {
            var plan = await calendar.NewPlan();
            await calendar.Scheduled(plan);
            var late = plan.At(plan.EndsAt.AddMinutes(15));
            var edit = EditRoom(calendar, plan.RoomId, 30);
            var schedule = calendar.Schedule(late);
            Assert.That(((await edit).Status == 200) ^ ((await schedule).Status == 201), Is.True, $"{(await edit).Content} {(await schedule).Content}");
        }
    }

    [Test]
    public async Task ARoomThatIsStillBeingTurnedAround_HoldsNobodyPastItsTime_ButLetsNobodyInEarly()
    {
        await using var calendar = await Calendar.Open();
        var plan = ((await calendar.NewPlan()) with { RoomId = await calendar.AddRoom(turnaroundMinutes: 30) }).At(calendar.Host.Clock.GetUtcNow().AddHours(1), 1);
        var first = await calendar.Scheduled(plan);
        var second = await calendar.Scheduled(plan.At(plan.EndsAt.AddMinutes(30), 1));
        calendar.Host.Clock.Set(plan.StartsAt);
        await calendar.Do(first, "go-live");
        calendar.Host.Clock.Set(plan.EndsAt.AddMinutes(20));
        await calendar.Do(first, "end");

        Assert.That((await calendar.Do(second, "go-live")).Code, Is.EqualTo("session.conflict"), "ten minutes early");
        calendar.Host.Clock.Set(plan.EndsAt.AddMinutes(30));
        Assert.That((await calendar.Do(second, "go-live")).Status, Is.EqualTo(200));
    }

    private static Task<Answer> EditRoom(Calendar calendar, Guid room, int turnaroundMinutes, long version = 1, string at = Calendar.Aurora) =>
        calendar.Planner(at).Put($"/scheduling/rooms/{room}", new { name = "Studio", turnaroundMinutes }, ("If-Match", $"\"{version}\""));
}

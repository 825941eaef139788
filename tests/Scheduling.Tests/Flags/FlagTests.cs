using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Flags;

internal sealed class FlagTests
{
    [Test]
    public async Task RevokingAMandate_FlagsWhatIsPlannedUnderIt_TellsBothSides_AndItDoesNotGoLive()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var mandate = Calendar.Id();
        await calendar.Mandate(mandate);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var ended = await Scheduled(calendar, plan);
        await calendar.Do(ended, "go-live");
        var waiting = await Scheduled(calendar, plan.At(plan.EndsAt.AddDays(1)));
        var group = await calendar.Scheduled((await calendar.NewPlan()).At(plan.EndsAt.AddDays(3)));

        await calendar.Mandate(mandate, version: 2, revoked: true);
        var read = await calendar.Read(waiting);
        Assert.That(((string?)read.Json["flagReason"], (string?)read.Json["status"]), Is.EqualTo(("mandate.revoked", "Scheduled")), read.Content);
        Assert.That((DateTimeOffset)read.Json["flaggedAt"]!, Is.EqualTo(calendar.Host.Clock.GetUtcNow()));
        foreach (var path in new[] { Calendar.Aurora, Calendar.North, Calendar.R7 })
            Assert.That(await Listed(calendar, path, "true"), Is.EqualTo(new[] { waiting }), path);
        Assert.That(await Listed(calendar, Calendar.South, "true"), Is.Empty);
        Assert.That(await Listed(calendar, Calendar.Aurora, "false"), Is.EquivalentTo(new[] { ended, group }));
        Assert.That((await calendar.Planner().Get("/scheduling/sessions?flagged=maybe")).Faults, Is.EqualTo(new[] { "?flagged" }));
        var told = (await Recorded.Of(calendar.Host, waiting)).Single(t => t.Event == nameof(SessionFlagged));
        Assert.That(told.Session.FlaggedAt, Is.EqualTo(calendar.Host.Clock.GetUtcNow()));

        calendar.Host.Clock.Set(plan.EndsAt.AddDays(1));
        Assert.That((await calendar.Do(waiting, "go-live")).Code, Is.EqualTo("mandate.revoked"));
        Assert.That((await calendar.Do(ended, "end")).Status, Is.EqualTo(200), "what was on the air is left alone");
    }

    [Test]
    public async Task AnotherMandateTakesItOver_WithoutAFlag()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        Guid first = Calendar.Id(), second = Calendar.Id();
        await calendar.Mandate(first);
        var session = await Scheduled(calendar, await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"));
        await calendar.Mandate(second, closesAt: calendar.Soon.AddDays(200));
        await calendar.Mandate(first, version: 2, revoked: true);
        var read = (await calendar.Read(session)).Json;
        Assert.That(((Guid?)read["mandateId"], (string?)read["flagReason"]), Is.EqualTo(((Guid?)second, (string?)null)));
        Assert.That((await Recorded.Of(calendar.Host, session)).Single(t => t.Event == nameof(SessionEdited)).Session.MandateId, Is.EqualTo(second));
    }

    [Test]
    public async Task GrantedAgainBeforeItsStart_TheFlagGoes([Values] bool inTime)
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        Guid first = Calendar.Id(), second = Calendar.Id();
        await calendar.Mandate(first);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var session = await Scheduled(calendar, plan);
        await calendar.Mandate(first, version: 2, revoked: true);
        if (!inTime) calendar.Host.Clock.Set(plan.StartsAt);
        await calendar.Mandate(second);

        var told = (await Recorded.Of(calendar.Host, session)).Where(t => t.Event == nameof(SessionUnflagged)).Select(t => t.Session.MandateId).ToList();
        Assert.That(told, Is.EqualTo(inTime ? [second] : Array.Empty<Guid?>()));
        var live = await calendar.Do(session, "go-live");
        Assert.That(live.Code, Is.EqualTo(inTime ? null : "mandate.revoked"), live.Content);
    }

    [Test]
    public async Task ALateOneIsMoved_AndThenUnderTheMandateThereIs()
    {
        await using var calendar = await Calendar.Open();
        Guid first = Calendar.Id(), second = Calendar.Id();
        await calendar.Mandate(first);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var session = await Scheduled(calendar, plan);
        await calendar.Mandate(first, version: 2, revoked: true);
        await calendar.Mandate(second, opensAt: plan.StartsAt.AddDays(3));
        Assert.That((string?)(await calendar.Read(session)).Json["flagReason"], Is.EqualTo("mandate.revoked"));
        Assert.That((await calendar.Move(session, plan.StartsAt.AddDays(1))).Code, Is.EqualTo("mandate.revoked"));
        var moved = await calendar.Move(session, plan.StartsAt.AddDays(4));
        Assert.That(((Guid?)moved.Json["mandateId"], (string?)moved.Json["flagReason"]), Is.EqualTo(((Guid?)second, (string?)null)), moved.Content);
    }

    [Test]
    public async Task FewerSessionsAWeek_FlagTheLatest_AndAFlaggedOneDoesNotCount()
    {
        await using var calendar = await Calendar.Open();
        var mandate = Calendar.Id();
        await calendar.Mandate(mandate);
        // A Monday, local time.
        var monday = new DateTimeOffset(2026, 11, 9, 4, 0, 0, TimeSpan.Zero);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        List<Guid> sessions = [];
        foreach (var day in new[] { 3, 0, 2, 1 }) sessions.Add(await Scheduled(calendar, plan.At(monday.AddDays(day))));
        await calendar.Mandate(mandate, version: 2, sessionsPerWeek: 2);
        Assert.That(await Listed(calendar, Calendar.R7, "true"), Is.EquivalentTo(new[] { sessions[0], sessions[2] }));
        Assert.That((string?)(await calendar.Read(sessions[0])).Json["flagReason"], Is.EqualTo("mandate.sessions_per_week"));
        await calendar.Do(sessions[1], "cancel");
        Assert.That((await calendar.Schedule(plan.At(monday.AddDays(4)))).Status, Is.EqualTo(201), "a flagged one does not hold the week's place");
        await calendar.Mandate(mandate, version: 3, sessionsPerWeek: 7);
        Assert.That(await Listed(calendar, Calendar.R7, "true"), Is.Empty);
    }

    [Test]
    public async Task AnOlderStateChangesNothing()
    {
        await using var calendar = await Calendar.Open();
        var mandate = Calendar.Id();
        await calendar.Mandate(mandate);
        var session = await Scheduled(calendar, await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"));
        await calendar.Mandate(mandate, version: 4);
        await calendar.Mandate(mandate, version: 3, revoked: true);
        Assert.That((string?)(await calendar.Read(session)).Json["flagReason"], Is.Null);
    }

    [Test]
    public async Task AUnitOutOfUse_FlagsWhatItAndAllBelowHavePlanned()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var below = await Scheduled(calendar, await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"));
        var own = await Scheduled(calendar, await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        var beside = await Scheduled(calendar, await calendar.NewPlan(Calendar.South, "RegionalBroadcast"));
        var north = calendar.Unit(Calendar.North, UnitKind.Region, "Asia/Shanghai", version: 2);
        await calendar.Host.Deliver(north with { IsActive = false });
        Assert.That(await Listed(calendar, Calendar.Aurora, "true"), Is.EquivalentTo(new[] { below, own }));
        Assert.That((await calendar.Do(own, "go-live")).Code, Is.EqualTo("unit.inactive"));
        Assert.That((await calendar.Do(beside, "go-live")).Status, Is.EqualTo(200));
        await calendar.Host.Deliver(north with { Version = 3 });
        Assert.That(await Listed(calendar, Calendar.Aurora, "true"), Is.Empty);
        Assert.That((await calendar.Do(own, "go-live")).Status, Is.EqualTo(200));
    }

    /// <summary>However mandates change, what is not flagged is covered, and what is flagged is covered by none.</summary>
    [FsCheck.NUnit.Property(MaxTest = 6)]
    public bool WhatIsNotFlaggedIsCovered(byte[] changes) => Run(changes).GetAwaiter().GetResult();

    private static async Task<bool> Run(byte[] changes)
    {
        await using var calendar = await Calendar.Open();
        Guid[] ids = [Calendar.Id(), Calendar.Id()];
        var known = new Dictionary<Guid, MandateChanged>();
        await Change(ids[0], 255, 1);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var monday = new DateTimeOffset(2026, 11, 9, 2, 0, 0, TimeSpan.Zero);
        List<(Guid Id, DateTimeOffset At)> sessions = [];
        for (var i = 0; i < 6; i++)
        {
            var at = monday.AddDays(i * 2).AddHours(i);
            sessions.Add((await Scheduled(calendar, plan.At(at, 1)), at));
        }
        var version = 1;
        foreach (var change in changes.Take(12))
        {
            await Change(ids[change % 2], change, ++version);
            Dictionary<(Guid, long), int> weeks = [];
            foreach (var (id, at) in sessions)
            {
                var json = (await calendar.Read(id)).Json;
                var mandate = known[(Guid)json["mandateId"]!];
                var isFlagged = json["flagReason"] is not null;
                if (!isFlagged && !Covers(mandate, at)) return false;
                var week = (long)(at.AddHours(8).UtcDateTime.Date - new DateTime(2026, 11, 2)).TotalDays / 7;
                if (!isFlagged) weeks[(mandate.MandateId, week)] = weeks.GetValueOrDefault((mandate.MandateId, week)) + 1;
                else if (known.Values.Any(m => Covers(m, at) && m.SessionsPerWeek is null)) return false;
            }
            if (weeks.Any(w => w.Value > (known[w.Key.Item1].SessionsPerWeek ?? 100))) return false;
        }
        return true;

        Task Change(Guid id, byte bits, int at)
        {
            known[id] = new MandateChanged
            {
                MandateId = id,
                Version = at,
                ResellerId = calendar.Units[Calendar.R7],
                ResellerPath = Calendar.R7,
                BrandIds = (bits & 2) != 0 ? [calendar.Brand] : [calendar.OtherBrand],
                Channels = [ChannelKind.MiniProgram],
                OpensAt = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero),
                ClosesAt = new DateTimeOffset(2026, (bits & 4) != 0 ? 12 : 11, 15, 0, 0, 0, TimeSpan.Zero),
                SessionsPerWeek = (bits & 8) != 0 ? null : 1 + (bits >> 6),
                LatestMinute = (bits & 16) != 0 ? null : 14 * 60,
                RevokedAt = (bits & 32) != 0 ? null : calendar.Host.Clock.GetUtcNow(),
            };
            return calendar.Host.Deliver(known[id]);
        }

        bool Covers(MandateChanged m, DateTimeOffset at) => m.RevokedAt is null && m.BrandIds.Contains(calendar.Brand) && at.AddHours(1) <= m.ClosesAt &&
            (m.LatestMinute is null || at.AddHours(9).UtcDateTime.TimeOfDay.TotalMinutes <= m.LatestMinute);
    }

    /// <summary>Approved by whoever may, whatever the tier.</summary>
    private static async Task<Guid> Scheduled(Calendar calendar, Plan plan)
    {
        var answer = await calendar.Planner().Post("/scheduling/sessions", plan.ForPost());
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Id;
    }

    private static async Task<IEnumerable<Guid>> Listed(Calendar calendar, string path, string flagged) =>
        (await calendar.Planner(path).Get($"/scheduling/sessions?flagged={flagged}&limit=200")).Json["items"]!.AsArray()
            .Where(s => ((string)s!["ownerPath"]!).StartsWith(path, StringComparison.Ordinal)).Select(s => (Guid)s!["id"]!);
}

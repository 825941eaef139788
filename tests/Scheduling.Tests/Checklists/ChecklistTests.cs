using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Checklists;

internal sealed class ChecklistTests
{
    [Test]
    public async Task Deadlines_FollowTheSession_WhereverItMoves()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var start = calendar.Soon;
        Assert.That(await calendar.DueAt(session, "lineup-final"), Is.EqualTo(start.AddDays(-3)));
        Assert.That(await calendar.DueAt(session, "coupons-approved"), Is.EqualTo(start.AddDays(-2)), "two days of warm-up");
        Assert.That(await calendar.DueAt(session, "quantitative-review"), Is.EqualTo(start.AddHours(3).AddDays(5)));
        await calendar.Move(session, start.AddDays(7), 4);
        Assert.That(await calendar.DueAt(session, "lineup-final"), Is.EqualTo(start.AddDays(4)));
        Assert.That(await calendar.DueAt(session, "qualitative-review"), Is.EqualTo(start.AddDays(8).AddHours(4)));

        calendar.Host.Clock.Set(start.AddDays(7).AddMinutes(-30));
        await calendar.Do(session, "go-live");
        Assert.That(await calendar.DueAt(session, "lineup-final"), Is.EqualTo(start.AddDays(4)), "going live early makes nothing late");
        calendar.Host.Clock.Set(start.AddDays(7).AddHours(5));
        await calendar.Do(session, "end");
        Assert.That(await calendar.DueAt(session, "qualitative-review"), Is.EqualTo(start.AddDays(8).AddHours(5)), "an hour late");
    }

    [Test]
    public async Task WhatOtherServicesReport_CompletesTasks_InTimeOrLate_ByTheInstantItHappened()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var start = calendar.Soon;
        calendar.Host.Clock.Set(start.AddHours(-20));
        await calendar.Lineup(session, 1, start.AddDays(-4));
        await calendar.Prices(session, 1, start.AddHours(-23));
        Assert.That(await calendar.State(session, "lineup-final"), Is.EqualTo("Done"), "heard of late, but done in time");
        Assert.That(await calendar.State(session, "price-list-out"), Is.EqualTo("DoneLate"));
        Assert.That(await calendar.State(session, "coupons-approved"), Is.EqualTo("Missed"));
        await calendar.Campaign(Calendar.Id(), session, 2, CampaignStatus.Approved, start.AddHours(-21));
        Assert.That(await calendar.State(session, "coupons-approved"), Is.EqualTo("DoneLate"));
        var lines = (await calendar.Score(session)).Json["lines"]!.AsArray().ToDictionary(l => (string)l!["code"]!, l => (int)l!["deducted"]!);
        Assert.That((lines["lineup-final"], lines["price-list-out"], lines["coupons-approved"]), Is.EqualTo((0, 5, 8)));
    }

    [Test]
    public async Task ReportsThatComeTwice_OutOfOrder_OrBeforeTheSessionIsKnown_CountOnce_FromTheFirstInstant()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var start = calendar.Soon;
        calendar.Host.Clock.Set(start.AddDays(-1));
        var message = Calendar.Id();
        await calendar.Lineup(session, 3, start.AddDays(-2), message);
        Assert.That(await calendar.State(session, "lineup-final"), Is.EqualTo("DoneLate"));
        await calendar.Lineup(session, 1, start.AddDays(-5));
        await calendar.Lineup(session, 3, start.AddDays(-2), message);
        await calendar.Lineup(session, 4, start.AddDays(-1));
        Assert.That((DateTimeOffset)(await calendar.Task(session, "lineup-final"))["doneAt"]!, Is.EqualTo(start.AddDays(-5)));

        var campaign = Calendar.Id();
        await calendar.Campaign(campaign, session, 4, CampaignStatus.Deactivated, start.AddDays(-1));
        await calendar.Campaign(campaign, session, 1, CampaignStatus.Draft, start.AddDays(-9));
        Assert.That(await calendar.State(session, "coupons-approved"), Is.EqualTo("Missed"));
        await calendar.Campaign(campaign, session, 2, CampaignStatus.Approved, start.AddDays(-8));
        await calendar.Campaign(campaign, session, 3, CampaignStatus.Issuing, start.AddDays(-7));
        Assert.That((DateTimeOffset)(await calendar.Task(session, "coupons-approved"))["doneAt"]!, Is.EqualTo(start.AddDays(-8)));

        // Whatever is reported of a session nobody has heard of waits for it.
        await calendar.Lineup(Calendar.Id(), 1, start);
        await calendar.Campaign(Calendar.Id(), null, 1, CampaignStatus.Approved, start);
    }

    [Test]
    public async Task ACompleteCrew_CompletesItsTask_AndAnIncompleteOneUndoesIt()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan() with { CoHostIds = [await calendar.AddHost(), await calendar.AddHost()] };
        var session = await calendar.Scheduled(plan);
        var crew = await calendar.FullCrew(SessionTier.GroupBroadcast);
        await calendar.Assign(session, crew[1..]);
        Assert.That(await calendar.State(session, "crew-complete"), Is.EqualTo("Open"));
        var at = calendar.Host.Clock.GetUtcNow();
        await calendar.Assign(session, crew);
        calendar.Host.Clock.Advance(TimeSpan.FromHours(1));
        await calendar.Assign(session, crew);
        Assert.That((DateTimeOffset)(await calendar.Task(session, "crew-complete"))["doneAt"]!, Is.EqualTo(at), "it has been complete since then");
        var etag = (await calendar.Read(session)).ETag!;
        Assert.That((await calendar.Planner().Put($"/scheduling/sessions/{session}", (plan with { CoHostIds = [] }).ForPut(), ("If-Match", etag))).Status, Is.EqualTo(200));
        Assert.That(await calendar.State(session, "crew-complete"), Is.EqualTo("Open"), "the co-hosts are gone");
        await calendar.Assign(session);
        Assert.That(await calendar.State(session, "crew-complete"), Is.EqualTo("Open"));
    }

    [Test]
    public async Task WhoeverOwnsATask_OrAPlanner_SaysThatItIsDone_Once_WithEvidence()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        Assert.That((await calendar.Complete(session, "material-handed-over", role: Role.Marketer)).Code, Is.EqualTo("task.evidence_missing"));
        Assert.That((await calendar.Complete(session, "material-handed-over", "sent", Role.Merchandiser)).Code, Is.EqualTo("task.other_role"));
        var at = calendar.Host.Clock.GetUtcNow();
        var done = await calendar.Complete(session, "material-handed-over", "https://drive.example/1", Role.Marketer);
        Assert.That(((string)done.Json["state"]!, (string)done.Json["evidence"]!, (DateTimeOffset)done.Json["doneAt"]!), Is.EqualTo(("Done", "https://drive.example/1", at)), done.Content);
        calendar.Host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await calendar.Complete(session, "material-handed-over", "again")).Content, Is.EqualTo(done.Content));
        Assert.That((await calendar.Complete(session, "lineup-final", role: Role.Merchandiser)).Code, Is.EqualTo("task.completes_itself"));
        Assert.That((await calendar.Complete(session, "nothing")).Code, Is.EqualTo("task.not_found"));
        Assert.That((await calendar.Complete(session, "rehearsal", new string('x', 1001))).Faults, Is.EqualTo(new[] { "/evidence" }));
        Assert.That((await calendar.Complete(session, "rehearsal", role: Role.Analyst)).Status, Is.EqualTo(403));
        foreach (var path in new[] { Calendar.North, Calendar.Borealis })
        {
            Assert.That((await calendar.Complete(session, "rehearsal", path: path)).Code, Is.EqualTo("session.not_found"));
            Assert.That((await calendar.Hand(Role.Analyst, path).Get($"/scheduling/sessions/{session}/checklist")).Code, Is.EqualTo("session.not_found"));
            Assert.That((await calendar.Hand(Role.Analyst, path).Get($"/scheduling/sessions/{session}/score")).Code, Is.EqualTo("session.not_found"));
        }
        await calendar.Do(session, "cancel");
        Assert.That((await calendar.Complete(session, "rehearsal")).Code, Is.EqualTo("task.session_over"));
    }

    [Test]
    public async Task OfManyWhoCompleteATaskAtTheSameInstant_AllHearTheSame()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => calendar.Complete(session, "rehearsal", $"by {i}")));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(200));
        Assert.That(answers.Select(a => a.Content).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task TheUnitAbove_PutsRightWhatIsRecorded_AndNobodyElse()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        var start = calendar.Soon;
        calendar.Host.Clock.Set(start.AddHours(-1));
        Assert.That(await calendar.State(session, "rehearsal"), Is.EqualTo("Missed"));
        Assert.That((await calendar.Correct(session, "rehearsal", new { outcome = "Waived", reason = "no" }, Calendar.North)).Code, Is.EqualTo("task.corrected_from_above"));
        Assert.That((await calendar.Correct(session, "rehearsal", new { outcome = "Waived", reason = "no" }, Calendar.South)).Code, Is.EqualTo("session.not_found"));
        var done = await calendar.Correct(session, "rehearsal", new { outcome = "Done", reason = "Held; nobody ticked it off", doneAt = start.AddDays(-2) });
        Assert.That(((string)done.Json["state"]!, (string)done.Json["correctedBecause"]!), Is.EqualTo(("Done", "Held; nobody ticked it off")), done.Content);
        await calendar.Lineup(session, 1, start.AddDays(-9));
        Assert.That((string)(await calendar.Correct(session, "lineup-final", new { outcome = "Open", reason = "It was empty" })).Json["state"]!, Is.EqualTo("Missed"));
        Assert.That((string)(await calendar.Correct(session, "crew-complete", new { outcome = "Waived", reason = "Streamed from a shop" })).Json["state"]!, Is.EqualTo("Waived"));
        Assert.That((int)(await calendar.Score(session)).Json["mostPoints"]!, Is.EqualTo(90));

        Assert.That((await calendar.Correct(session, "rehearsal", new { outcome = "Done", reason = "x", doneAt = start })).Code, Is.EqualTo("task.done_in_future"));
        Assert.That((await calendar.Correct(session, "rehearsal", new { outcome = "Done", reason = " " })).Faults, Is.EquivalentTo(new[] { "/reason", "/doneAt" }));
        Assert.That((await calendar.Correct(session, "rehearsal", new { outcome = "Waived", reason = "x", doneAt = start })).Faults, Is.EqualTo(new[] { "/doneAt" }));
        Assert.That((await calendar.Correct(session, "nothing", new { outcome = "Waived", reason = "x" })).Code, Is.EqualTo("task.not_found"));
        Assert.That((await calendar.Complete(session, "crew-complete")).Code, Is.EqualTo("task.waived"));
    }

    [Test]
    public async Task ARolesList_HoldsWhatIsNotDone_ForTheSessionsOfItsUnitAndBelow()
    {
        await using var calendar = await Calendar.Open();
        var own = await calendar.Scheduled();
        var north = await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(calendar.Soon.AddDays(2)));
        var cancelled = await calendar.Scheduled((await calendar.NewPlan()).At(calendar.Soon.AddDays(1)));
        await calendar.Do(cancelled, "cancel");
        await calendar.Lineup(own, 1, calendar.Host.Clock.GetUtcNow());
        Assert.That(await Codes(Calendar.Aurora, own, "?ownerRole=Merchandiser"), Is.EqualTo(new[] { "price-list-out" }));
        Assert.That(await Codes(Calendar.North, north, "?ownerRole=merchandiser"), Is.EqualTo(new[] { "lineup-final", "price-list-out" }));
        Assert.That(await Codes(Calendar.Aurora, north, ""), Has.Count.EqualTo(8));
        Assert.That(await Codes(Calendar.Aurora, cancelled, ""), Is.Null);
        Assert.That(await Codes(Calendar.North, own, ""), Is.Null);
        Assert.That(await Codes(Calendar.South, north, ""), Is.Null);
        Assert.That((await calendar.Hand(Role.Analyst).Get("/scheduling/tasks?ownerRole=Juggler")).Faults, Is.EqualTo(new[] { "?ownerRole" }));
        Assert.That((await calendar.Hand(Role.Analyst).Get("/scheduling/tasks?limit=1")).Json["next"], Is.Not.Null);

        async Task<List<string>?> Codes(string path, Guid session, string query) =>
            (await calendar.Hand(Role.Analyst, path).Get($"/scheduling/tasks{query}")).Json["items"]!.AsArray()
                .SingleOrDefault(i => (Guid)i!["sessionId"]! == session)?["tasks"]!.AsArray().Select(t => (string)t!["code"]!).ToList();
    }

    [Test]
    public async Task ASessionPlannedAtTheLastMinute_IsNotLateWithWhatNobodyCouldDo()
    {
        await using var calendar = await Calendar.Open();
        var start = calendar.Host.Clock.GetUtcNow().AddHours(30);
        var session = await calendar.Scheduled((await calendar.NewPlan()).At(start) with { Phases = null });
        Assert.That(await calendar.DueAt(session, "lineup-final"), Is.EqualTo(start));
        Assert.That(await calendar.DueAt(session, "rehearsal"), Is.EqualTo(start.AddDays(-1)));
        Assert.That(await calendar.Points(session), Is.EqualTo(100));
    }
}

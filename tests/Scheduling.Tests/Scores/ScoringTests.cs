using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Tests.Checklists;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests.Scores;

internal sealed class ScoringTests
{
    [Test]
    public async Task AtTheClose_TheScoreIsTold_LineByLine_AndCorrectionsAfterIt()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new HeardModule());
        var session = await calendar.Scheduled();
        var start = calendar.Soon;
        await calendar.Lineup(session, 1, start.AddDays(-4));
        await calendar.Complete(session, "rehearsal");
        await calendar.Broadcast(session);
        Assert.That(await Heard.Of(calendar.Host, session), Is.Empty);
        Assert.That((await calendar.Score(session)).Json["isFinal"]!.GetValue<bool>(), Is.False);
        await calendar.LetClose(session);

        var told = (await Heard.Of(calendar.Host, session)).Single();
        Assert.That((told.Version, told.Points, told.MostPoints, told.OwnerPath), Is.EqualTo((1L, 35, 100, Calendar.Aurora)));
        Assert.That(told.Lines.Sum(l => l.Points) - told.Lines.Sum(l => l.Deducted), Is.EqualTo(told.Points));
        var missed = told.Lines.Single(l => l.Code == "coupons-approved");
        Assert.That((missed.Deducted, missed.DoneAt, missed.Reason), Is.EqualTo((15, (DateTimeOffset?)null, $"Not done by {start.AddDays(-2):yyyy-MM-dd HH:mm}Z: all 15 points.")));
        var read = await calendar.Score(session);
        Assert.That(((bool)read.Json["isFinal"]!, read.ETag, (int)read.Json["points"]!, (int)read.Json["share"]!), Is.EqualTo((true, "\"1\"", 35, 3500)), read.Content);

        await calendar.Lineup(session, 2, start);
        await calendar.Correct(session, "rehearsal", new { outcome = "Done", reason = "Right", doneAt = calendar.Host.Clock.GetUtcNow().AddDays(-20) });
        Assert.That((await Heard.Of(calendar.Host, session)).Select(s => (s.Version, s.Points)), Is.EqualTo(new[] { (1L, 35), (2L, 35) }), "another instant, told; another lineup, nothing new");
        await calendar.Correct(session, "material-handed-over", new { outcome = "Waived", reason = "No guides" });
        await calendar.Campaign(Calendar.Id(), session, 2, CampaignStatus.Issuing, start.AddDays(-3));
        Assert.That((await Heard.Of(calendar.Host, session)).Select(s => (s.Version, s.Points, s.MostPoints)).Skip(2), Is.EqualTo(new[] { (3L, 35, 85), (4L, 50, 85) }));
        Assert.That((await calendar.Complete(session, "material-handed-over", "late")).Code, Is.EqualTo("task.waived"));
    }

    [Test]
    public async Task AReviewWrittenAfterTheClose_IsLate_NotMissed()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new HeardModule());
        var session = await calendar.Scheduled();
        await calendar.Broadcast(session);
        await calendar.LetClose(session);
        calendar.Host.Clock.Advance(TimeSpan.FromDays(1));
        var written = await calendar.Planner().Put($"/scheduling/sessions/{session}/reviews/qualitative", new { summary = "Good" }, ("If-Match", "\"0\""));
        Assert.That(written.Status, Is.EqualTo(200), written.Content);
        Assert.That((await Heard.Of(calendar.Host, session)).Select(s => s.Points), Is.EqualTo(new[] { 0, 3 }));
    }

    [Test]
    public async Task ACorrectionAndTheCloseAtTheSameInstant_EndWithOneTruth_ToldLast()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new HeardModule());
        var sessions = new List<Guid>();
        for (var i = 0; i < 6; i++) sessions.Add(await calendar.Scheduled());
        foreach (var session in sessions) await calendar.Broadcast(session);
        calendar.Host.Clock.Set((DateTimeOffset)(await calendar.Read(sessions[0])).Json["phases"]!["reviewEndsAt"]!);
        var corrections = sessions.Select(s => calendar.Correct(s, "rehearsal", new { outcome = "Waived", reason = "x" }));
        var lineups = sessions.Select(s => calendar.Lineup(s, 1, calendar.Host.Clock.GetUtcNow()));
        await Task.WhenAll([.. corrections, .. lineups, calendar.Host.CarryOutDue()]);
        await calendar.Host.CarryOutDue();
        foreach (var session in sessions)
        {
            var told = (await Heard.Of(calendar.Host, session))[^1];
            Assert.That((told.Points, told.MostPoints), Is.EqualTo((10, 85)));
            Assert.That((await calendar.Score(session)).ETag, Is.EqualTo($"\"{told.Version}\""));
        }
    }

    [Test]
    public async Task AScore_IsToldAgain_ToAServiceThatIsNew()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new HeardModule());
        var session = await calendar.Scheduled();
        await calendar.Scheduled();
        await calendar.Broadcast(session);
        await calendar.LetClose(session);
        Assert.That((await calendar.Host.At("/", Role.Operator).Post("/scheduling/operations/republish")).Status, Is.EqualTo(202));
        var told = await Heard.Of(calendar.Host, session);
        Assert.That(told.Select(t => t.Version), Is.EqualTo(new[] { 1L, 1L }));
        Assert.That(told[1].Lines, Is.EqualTo(told[0].Lines));
    }

    [Test]
    public async Task AMonthsScores_AreMeans_BestFirst_OfTheUnitsBelow()
    {
        await using var calendar = await Calendar.Open();
        calendar.Host.Clock.Set(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        await calendar.Template([Desk.Asked("sweep", "LiveStart", 0, 3)]);
        await calendar.Template([Desk.Asked("sweep", "LiveStart", 0, 3)], "RegionalBroadcast");
        var start = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var done = await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(start));
        var undone = await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(start));
        var own = await calendar.Scheduled((await calendar.NewPlan()).At(start.AddHours(6)));
        // In Shanghai it is December by then.
        var next = await calendar.Scheduled((await calendar.NewPlan()).At(new DateTimeOffset(2026, 11, 30, 17, 0, 0, TimeSpan.Zero)));
        foreach (var session in new[] { done, own }) Assert.That((await calendar.Complete(session, "sweep")).Status, Is.EqualTo(200));
        foreach (var session in new[] { done, undone, own, next }) await calendar.Broadcast(session);
        foreach (var session in new[] { done, own }) await Sold(session, session == done ? 500 : 250);
        foreach (var session in new[] { own, next }) await calendar.LetClose(session);

        var scores = await calendar.Hand(Role.Analyst).Get($"/scheduling/scores/2026-11?unitId={calendar.Units[Calendar.Aurora]}");
        Assert.That(scores.Json["units"]!.AsArray().Select(u => ((int)u!["place"]!, (string)u["path"]!, (long)u["sessions"]!, (int)u["meanShare"]!, (long)u["salesMinor"]!, (int)u["total"]!)), Is.EqualTo(new[]
        {
            (1, Calendar.Aurora, 1L, 10_000, 250L, 8_500), (2, Calendar.North, 2L, 5_000, 500L, 6_500),
        }), scores.Content);
        var db = calendar.Host.Services.GetRequiredService<SchedulingDb>();
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        Assert.That(await MonthScores.PlacesFor(db, Calendar.Aurora, new DateTime(2026, 12, 1), zone, CancellationToken.None), Is.EqualTo(new Dictionary<Guid, int>
        {
            [calendar.Units[Calendar.Aurora]] = 1,
            [calendar.Units[Calendar.North]] = 2,
        }));
        Assert.That(await MonthScores.PlacesFor(db, Calendar.Aurora, new DateTime(2027, 3, 1), zone, CancellationToken.None), Has.Count.EqualTo(1), "December's");
        Assert.That(await MonthScores.PlacesFor(db, Calendar.Aurora, new DateTime(2026, 11, 1), zone, CancellationToken.None), Is.Null);
        var december = await calendar.Hand(Role.Analyst).Get($"/scheduling/scores/2026-12?unitId={calendar.Units[Calendar.Aurora]}");
        Assert.That(december.Json["units"]!.AsArray().Select(u => (int)u!["meanShare"]!), Is.EqualTo(new[] { 0 }));
        var below = await calendar.Hand(Role.Analyst, Calendar.North).Get($"/scheduling/scores/2026-11?unitId={calendar.Units[Calendar.North]}");
        Assert.That(below.Json["units"]!.AsArray().Select(u => (string)u!["path"]!), Is.EqualTo(new[] { Calendar.North }));
        Assert.That((await calendar.Hand(Role.Analyst, Calendar.North).Get($"/scheduling/scores/2026-11?unitId={calendar.Units[Calendar.Aurora]}")).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await calendar.Hand(Role.Analyst).Get("/scheduling/scores/November?unitId=me")).Faults, Is.EqualTo(new[] { "month", "?unitId" }));
        Assert.That((await calendar.Hand(Role.Analyst).Get("/scheduling/scores/2026-13")).Faults, Is.EqualTo(new[] { "month", "?unitId" }));

        async Task Sold(Guid session, long salesMinor)
        {
            calendar.Host.Clock.Set(start.AddDays(4).AddHours(12));
            var written = await calendar.Planner().Put(
                $"/scheduling/sessions/{session}/reviews/quantitative", new { summary = "Sold", figures = new { views = 9, buyers = 1, salesMinor } }, ("If-Match", "\"0\""));
            Assert.That(written.Status, Is.EqualTo(200), written.Content);
        }
    }
}

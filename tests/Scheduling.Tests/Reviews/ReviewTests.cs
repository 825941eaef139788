using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Reviews;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Tests.Checklists;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Reviews;

internal sealed class ReviewTests
{
    [Test]
    public async Task AQualitativeReview_IsWrittenRightAfterTheEnd_AndAQuantitativeOneDaysLater()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled(await calendar.NewPlan() with { Goals = new { views = 200_000, conversionRate = 0.03, averageOrderValueMinor = 40_000 } });
        Assert.That((await Words(calendar, session)).Code, Is.EqualTo("review.not_ended"));
        await calendar.Broadcast(session);
        var end = calendar.Host.Clock.GetUtcNow();
        var words = await Words(calendar, session);
        Assert.That((words.Status, words.ETag), Is.EqualTo((200, "\"1\"")), words.Content);
        Assert.That(await calendar.State(session, "qualitative-review"), Is.EqualTo("Done"));

        var early = await Figures(calendar, session);
        Assert.That((early.Code, (DateTimeOffset)early.Json["opensAt"]!), Is.EqualTo(("review.too_early", end.AddDays(3))));
        calendar.Host.Clock.Set(end.AddDays(3));
        var figures = await Figures(calendar, session);
        Assert.That(figures.Status, Is.EqualTo(200), figures.Content);
        var outcome = figures.Json["outcome"]!;
        Assert.That(((decimal)outcome["conversionRate"]!, (long)outcome["averageOrderValueMinor"]!), Is.EqualTo((0.02m, 50_000L)));
        Assert.That(((decimal)outcome["views"]!["percent"]!, (decimal)outcome["conversion"]!["percent"]!, (decimal)outcome["sales"]!["percent"]!), Is.EqualTo((50m, 66.7m, 41.7m)));
        Assert.That(await calendar.State(session, "quantitative-review"), Is.EqualTo("Done"));

        var both = await calendar.Anyone().Get($"/scheduling/sessions/{session}/reviews");
        Assert.That((string)both.Json["qualitative"]!["summary"]!, Is.EqualTo("Full room.\nLong second hour."));
        Assert.That((long)both.Json["quantitative"]!["figures"]!["views"]!, Is.EqualTo(100_000));
    }

    [Test]
    public async Task AReviewRewritten_StaysDoneSinceItWasFirstWritten_AndNobodyOverwritesAnother()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        await calendar.Broadcast(session);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Words(calendar, session)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Status), Is.All.AnyOf(412, 409));
        var at = calendar.Host.Clock.GetUtcNow();
        calendar.Host.Clock.Advance(TimeSpan.FromDays(2));
        var again = await Words(calendar, session, version: 1);
        Assert.That((again.ETag, (DateTimeOffset)again.Json["writtenAt"]!), Is.EqualTo(("\"2\"", at)), again.Content);
        Assert.That(await calendar.State(session, "qualitative-review"), Is.EqualTo("Done"));
    }

    [Test]
    public async Task WhatIsWrongWithAReview_IsSaidAllAtOnce_AndOthersDoNotSeeIt()
    {
        await using var calendar = await Calendar.Open();
        var session = await calendar.Scheduled();
        await calendar.Broadcast(session);
        var path = $"/scheduling/sessions/{session}/reviews";
        var words = await calendar.Planner().Put($"{path}/qualitative", new { summary = " a", strengths = new[] { "", "b" }, improvements = Enumerable.Repeat("c", 21) }, 0);
        Assert.That(words.Faults, Is.EquivalentTo(new[] { "/summary", "/strengths/0", "/improvements" }));
        var figures = await calendar.Planner().Put($"{path}/quantitative", new { summary = "a", figures = new { views = -1, buyers = 5, salesMinor = -1, peakConcurrent = 9 } }, 0);
        Assert.That(figures.Faults, Is.EquivalentTo(new[] { "/figures/views", "/figures/buyers", "/figures/salesMinor", "/figures/peakConcurrent" }));
        Assert.That((await calendar.Planner().Put($"{path}/quantitative", new { summary = "a", figures = new { views = 10, buyers = 0, salesMinor = 1 } }, 0)).Faults, Is.EqualTo(new[] { "/figures/salesMinor" }));
        Assert.That((await calendar.Planner().Put($"{path}/quantitative", new { summary = "a" }, 0)).Status, Is.EqualTo(400));
        Assert.That((await calendar.Planner().Put($"{path}/qualitative", new { summary = "a" })).Status, Is.EqualTo(428));
        Assert.That((await calendar.Hand(Role.Analyst).Put($"{path}/qualitative", new { summary = "a" }, 0)).Status, Is.EqualTo(403));
        foreach (var elsewhere in new[] { Calendar.North, Calendar.Borealis })
        {
            Assert.That((await calendar.Planner(elsewhere).Put($"{path}/qualitative", new { summary = "a" }, 0)).Code, Is.EqualTo("session.not_found"));
            Assert.That((await calendar.Anyone(elsewhere).Get(path)).Code, Is.EqualTo("session.not_found"));
        }
    }

    [FsCheck.NUnit.Property]
    public bool AQuantitativeReview_CanAlwaysBeWritten_BeforeTheReviewEnds(byte days)
    {
        var end = new DateTimeOffset(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var phases = new SessionPhases
        {
            PreparationStartsAt = end,
            WarmUpStartsAt = end,
            ReservoirStartsAt = end,
            LiveStartsAt = end,
            LiveEndsAt = end,
            ReviewEndsAt = end.AddDays(days % 91),
        };
        var opens = ReviewRule.OpensAt(ReviewKind.Quantitative, phases);
        return opens >= end && opens <= end.AddDays(3) && opens <= phases.ReviewEndsAt && (days % 91 < 4 || opens == end.AddDays(3));
    }

    [FsCheck.NUnit.Property]
    public bool WhatWasReachedExactly_IsAHundredPercent(uint views, ushort buyers, uint value)
    {
        if (views == 0 || buyers == 0 || buyers > views) return true;
        var entry = new GoalsEntry(views, decimal.Round((decimal)buyers / views, 6, MidpointRounding.AwayFromZero), value + 1L);
        if (entry.ConversionRate == 0 || entry.Complete(new Kernel.Faults(), "") is not { } goals) return true;
        var reached = FiguresView.Of(new SessionFigures(views, buyers, buyers * (value + 1L)), goals);
        return reached.Views!.Percent == 100 && reached.Conversion!.Percent == 100 && reached.OrderValue!.Percent == 100;
    }

    private static Task<Answer> Words(Calendar calendar, Guid session, long version = 0) => calendar.Planner().Put(
        $"/scheduling/sessions/{session}/reviews/qualitative", new { summary = "Full room.\nLong second hour.", strengths = new[] { "Host" } }, version);

    private static Task<Answer> Figures(Calendar calendar, Guid session) => calendar.Planner().Put(
        $"/scheduling/sessions/{session}/reviews/quantitative", new { summary = "Half the views.", figures = new { views = 100_000, buyers = 2_000, salesMinor = 100_000_000 } }, 0);
}

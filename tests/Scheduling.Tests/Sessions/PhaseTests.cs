using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class PhaseTests
{
    [TestCase("GroupBroadcast", Calendar.Aurora, 21, 21, 7, 5)]
    [TestCase("RegionalBroadcast", Calendar.North, 21, 14, 7, 5)]
    [TestCase("BrandBroadcast", Calendar.North, 14, 14, 7, 3)]
    [TestCase("ResellerBroadcast", Calendar.R7, 14, 14, 7, 3)]
    public async Task PhasesNotGiven_AreAsTheTierHasThem(string tier, string owner, int preparation, int warmUp, int reservoir, int review)
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var plan = await calendar.NewPlan(owner, tier) with { Phases = null };
        var made = await calendar.Schedule(plan);
        Assert.That(ScheduleSessionTests.Phases(made.Json), Is.EqualTo(new[]
        {
            plan.StartsAt.AddDays(-preparation), plan.StartsAt.AddDays(-warmUp), plan.StartsAt.AddDays(-reservoir),
            plan.StartsAt, plan.EndsAt, plan.EndsAt.AddDays(review),
        }));
    }

    [FsCheck.NUnit.Property]
    public bool WhateverIsLeftOut_FitsWhatIsGiven(byte? preparation, byte? warmUp, byte? reservoir, byte? review, byte pick)
    {
        static int? Days(byte? b) => b % 91;
        var days = new PhaseDays(Days(preparation), Days(reservoir), Days(review), Days(warmUp));
        var faults = new Faults();
        days.Validate(faults, "");
        int[] given = [.. new[] { days.PreparationDays, days.WarmUpDays, days.ReservoirDays }.OfType<int>()];
        if (!given.SequenceEqual(given.OrderDescending())) return faults.Count > 0;
        var all = days.Of((SessionTier)(pick % 4));
        return faults.Count == 0
            && all.Preparation >= all.WarmUp && all.WarmUp >= all.Reservoir && all.Preparation <= 90
            && all.Preparation == (days.PreparationDays ?? all.Preparation) && all.WarmUp == (days.WarmUpDays ?? all.WarmUp)
            && all.Reservoir == (days.ReservoirDays ?? all.Reservoir) && all.Review == (days.ReviewDays ?? all.Review);
    }

    [Test]
    public async Task TheReview_BeginsWithTheRealEnd_AndClosesTheSessionWhenItIsOver()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        await calendar.Do(id, "go-live");
        var endedAt = plan.EndsAt.AddHours(2);
        calendar.Host.Clock.Set(endedAt);
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("Live"), "nobody pressed the button");
        await calendar.Do(id, "end");
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("InReview"));
        calendar.Host.Clock.Set(endedAt.AddDays(5).AddMicroseconds(-1));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("InReview"));
        calendar.Host.Clock.Set(endedAt.AddDays(5));
        await calendar.Host.CarryOutDue();
        var closed = await calendar.Read(id);
        Assert.That(((string?)closed.Json["status"], (DateTimeOffset)closed.Json["closedAt"]!), Is.EqualTo(("Closed", endedAt.AddDays(5))));
        Assert.That((await Recorded.Of(calendar.Host, id)).Select(t => (t.Event, t.Session.Version)), Is.EqualTo(new[]
        {
            (nameof(SessionScheduled), 1L), (nameof(SessionWentLive), 2L), (nameof(SessionEnded), 3L), (nameof(SessionEnteredReview), 4L), (nameof(SessionClosed), 5L),
        }));
    }

    [Test]
    public async Task ASessionClosedByHand_IsNotClosedAgainWhenItsReviewWouldEnd()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var id = await calendar.Scheduled();
        await calendar.Do(id, "go-live");
        await calendar.Do(id, "end");
        await calendar.Host.CarryOutDue();
        Assert.That((string?)(await calendar.Do(id, "close")).Json["status"], Is.EqualTo("Closed"));
        calendar.Host.Clock.Advance(TimeSpan.FromDays(40));
        await calendar.Host.CarryOutDue();
        Assert.That((await Recorded.Of(calendar.Host, id)).Count(t => t.Event == nameof(SessionClosed)), Is.EqualTo(1));
    }

    [Test]
    public async Task ASessionWithoutAReview_IsClosedAtOnce()
    {
        await using var calendar = await Calendar.Open();
        var id = await calendar.Scheduled(await calendar.NewPlan() with { Phases = new { reviewDays = 0 } });
        await calendar.Do(id, "go-live");
        await calendar.Do(id, "end");
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(id), Is.EqualTo("Closed"));
    }

    [Test]
    public async Task WhatWasNotOnTheAirADayAfterItsEnd_IsGivenUp()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var scheduled = await calendar.Scheduled(plan);
        var submitted = await calendar.Submitted(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        var draft = await calendar.Drafted(plan);
        var moved = await calendar.Scheduled((await calendar.NewPlan()) with { BrandIds = [calendar.OtherBrand] });
        await calendar.Move(moved, plan.StartsAt.AddDays(1));
        calendar.Host.Clock.Set(plan.EndsAt.AddHours(24).AddMicroseconds(-1));
        await calendar.Host.CarryOutDue();
        Assert.That((await calendar.Status(scheduled), await calendar.Status(submitted)), Is.EqualTo(("WarmUp", "Submitted")));
        calendar.Host.Clock.Set(plan.EndsAt.AddHours(24));
        await calendar.Host.CarryOutDue();
        foreach (var id in new[] { scheduled, submitted })
        {
            var missed = (await calendar.Read(id)).Json;
            Assert.That(((string?)missed["status"], (string?)missed["cancelReason"]), Is.EqualTo(("Cancelled", "missed")));
        }
        Assert.That((await calendar.Status(draft), await calendar.Status(moved)), Is.EqualTo(("Draft", "WarmUp")));
        Assert.That((await Recorded.Of(calendar.Host, scheduled))[^1].Event, Is.EqualTo(nameof(SessionCancelled)));
        Assert.That(await Recorded.Of(calendar.Host, submitted), Is.Empty);
    }

    [Test]
    public async Task AfterALongStandstill_EveryPhaseIsCaughtUpWith_InOrder()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var id = await calendar.Scheduled();
        calendar.Host.Clock.Advance(TimeSpan.FromDays(100));
        await calendar.Host.CarryOutDue();
        Assert.That((await Recorded.Of(calendar.Host, id)).Select(t => t.Event), Is.EqualTo(new[] { nameof(SessionScheduled), nameof(SessionEnteredWarmUp), nameof(SessionCancelled) }));
    }

    [Test]
    public async Task OfManySessionsDueAtOneInstant_EachChangesExactlyOnce_WithTwoWorkersRunning()
    {
        const int sessions = 2000;
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        await calendar.Host.HoldDueWork();
        var db = calendar.Host.Services.GetRequiredService<SchedulingDb>();
        var at = calendar.Host.Clock.Now().AddDays(10);
        var ids = Enumerable.Range(0, sessions).Select(_ => Calendar.Id()).ToList();
        await db.InTransaction<Done>(async work =>
        {
            foreach (var id in ids) await work.Execute(SessionSql.Insert, Sample(id, at.AddDays(7), work.Now).ToParameters());
            await work.ScheduleAll("session-phase", [.. ids.Select(i => i.ToString())], at);
            return new Done();
        });
        calendar.Host.Clock.Set(at);
        var started = TimeProvider.System.GetTimestamp();
        var carried = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using var worker = new DueWorker(db, [new BeginPhase()], calendar.Host.Clock, NullLogger.Instance);
            var seen = 0;
            while (await worker.CarryOutDue(CancellationToken.None) is > 0 and var rows) seen += rows;
            return seen;
        }));
        await TestContext.Out.WriteLineAsync($"{sessions} phases by two workers: {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        Assert.That(carried.Sum(), Is.GreaterThan(0));
        await calendar.Host.CarryOutDue();
        var changed = await db.Scalar<long>("SELECT COUNT(*) FROM Sessions WHERE Status = 'WarmUp' AND Version = 2");
        Assert.That(changed, Is.EqualTo(sessions));
        var due = await db.Scalar<long>("SELECT COUNT(*) FROM DueWork WHERE Kind = 'session-phase'");
        Assert.That(due, Is.EqualTo(sessions), "each waits for what comes next");
        foreach (var id in ids)
            Assert.That((await Recorded.Of(calendar.Host, id)).Select(t => (t.Event, t.Session.Version)), Is.EqualTo(new[] { (nameof(SessionEnteredWarmUp), 2L) }));
    }

    private static SessionRow Sample(Guid id, DateTimeOffset startsAt, DateTimeOffset now) => new SessionRow
    {
        Id = id,
        Version = 1,
        Title = "One of many",
        Tier = SessionTier.GroupBroadcast,
        Status = SessionStatus.Scheduled,
        Path = Calendar.Aurora,
        ApprovedAt = now,
        CreatedAt = now,
    }.MovedTo(startsAt, startsAt.AddHours(2), new PhaseLengths(7, 7, 1, 3), now);
}

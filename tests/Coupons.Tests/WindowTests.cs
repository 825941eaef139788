using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

internal sealed class WindowTests
{
    private static readonly DateTimeOffset Start = ManualClock.Start;

    private static readonly SessionPhases Phases = new()
    {
        PreparationStartsAt = Start.AddHours(1),
        WarmUpStartsAt = Start.AddHours(2),
        ReservoirStartsAt = Start.AddHours(3),
        LiveStartsAt = Start.AddHours(4),
        LiveEndsAt = Start.AddHours(5),
        ReviewEndsAt = Start.AddHours(6),
    };

    [Test]
    public void ABoundaryIsExact_AtEveryPhase_HalfOpen([Values] SessionPhase phase, [Values(0, 7, -7)] int offset)
    {
        var at = Start.AddHours(1 + (int)phase).AddMinutes(offset);
        var session = Session(SessionStatus.Scheduled);
        var opening = new WindowRule(new WindowBoundary(Phase: phase, OffsetMinutes: offset), new WindowBoundary(At: Start.AddDays(9)));
        var closing = new WindowRule(new WindowBoundary(At: Start), new WindowBoundary(Phase: phase, OffsetMinutes: offset));
        Assert.That(opening.Resolve(session, at.AddMicroseconds(-1), Start).State, Is.EqualTo(WindowState.NotStarted));
        Assert.That(opening.Resolve(session, at, Start).State, Is.EqualTo(WindowState.Open));
        Assert.That(closing.Resolve(session, at.AddMicroseconds(-1), Start).State, Is.EqualTo(WindowState.Open));
        Assert.That(closing.Resolve(session, at, Start).State, Is.EqualTo(WindowState.Over));
        Assert.That(closing.Resolve(session, Start, Start).Window.ClosesAt, Is.EqualTo(at));
    }

    [Test]
    public void WhileLive_TheEndHasNotCome_HoweverLate([Values(SessionPhase.LiveEnd, SessionPhase.ReviewEnd)] SessionPhase phase)
    {
        var closing = new WindowRule(new WindowBoundary(At: Start), new WindowBoundary(Phase: phase));
        var opening = new WindowRule(new WindowBoundary(Phase: phase), new WindowBoundary(At: Start.AddDays(9)));
        foreach (var now in new[] { Phases.LiveEndsAt, Phases.ReviewEndsAt, Phases.ReviewEndsAt.AddHours(20) })
        {
            Assert.That(closing.Resolve(Session(SessionStatus.Live), now, Start).State, Is.EqualTo(WindowState.Open));
            Assert.That(opening.Resolve(Session(SessionStatus.Live), now, Start).State, Is.EqualTo(WindowState.NotStarted));
        }
        Assert.That(closing.Resolve(Session(SessionStatus.Ended), Phases.ReviewEndsAt, Start).State, Is.EqualTo(WindowState.Over));
    }

    [Test]
    public void ACancelledSession_ClosesWhatHangsOnIt_AndNothingElse()
    {
        var relative = new WindowRule(new WindowBoundary(Phase: SessionPhase.PreparationStart), new WindowBoundary(At: Start.AddDays(9)));
        var absolute = new WindowRule(new WindowBoundary(At: Start), new WindowBoundary(At: Start.AddDays(9)));
        Assert.That(relative.Resolve(Session(SessionStatus.Cancelled), Start.AddHours(2), Start).State, Is.EqualTo(WindowState.Over));
        Assert.That(relative.Resolve(Session(SessionStatus.Cancelled), Start, Start).State, Is.EqualTo(WindowState.Over));
        Assert.That(absolute.Resolve(Session(SessionStatus.Cancelled), Start, Start).State, Is.EqualTo(WindowState.Open));
    }

    [Test]
    public void ADisplacedSession_HoldsBackWhatHangsOnIt_UntilItHasATimeAgain()
    {
        var displaced = Session(SessionStatus.Displaced);
        var relative = new WindowRule(new WindowBoundary(Phase: SessionPhase.WarmUpStart), new WindowBoundary(Phase: SessionPhase.LiveEnd));
        var opening = new WindowRule(new WindowBoundary(Phase: SessionPhase.WarmUpStart), new WindowBoundary(At: Start.AddDays(9)));
        var absolute = new WindowRule(new WindowBoundary(At: Start), new WindowBoundary(At: Start.AddDays(9)));
        foreach (var now in new[] { Start, Start.AddHours(4), Start.AddHours(20) })
        {
            Assert.That(relative.Resolve(displaced, now, Start).State, Is.EqualTo(WindowState.NotStarted));
            Assert.That(opening.Resolve(displaced, now, Start).State, Is.EqualTo(WindowState.NotStarted));
            Assert.That(absolute.Resolve(displaced, now, Start).State, Is.EqualTo(WindowState.Open));
        }
        Assert.That(opening.Resolve(displaced, Start.AddDays(9), Start).State, Is.EqualTo(WindowState.Over), "that end does not wait for the session");
    }

    [Test]
    public void TheReview_ChangesNoWindow([Values(SessionStatus.InReview, SessionStatus.Closed)] SessionStatus status)
    {
        foreach (var phase in Enum.GetValues<SessionPhase>())
        {
            var closing = new WindowRule(new WindowBoundary(At: Start), new WindowBoundary(Phase: phase));
            for (var now = Start; now < Start.AddHours(8); now = now.AddMinutes(30))
                Assert.That(closing.Resolve(Session(status), now, Start), Is.EqualTo(closing.Resolve(Session(SessionStatus.Ended), now, Start)));
        }
    }

    [Test]
    public async Task WindowsMoveWithTheSession_ForCouponsAlreadyClaimedToo()
    {
        await using var stage = await Stage.Set();
        var session = await stage.Scheduled();
        var campaign = await stage.Campaign(stage.Terms(
            session: session.SessionId, claim: Stage.Phases("PreparationStart", "LiveStart"), redemption: Stage.Phases("LiveStart", "LiveEnd")));
        Assert.That((await stage.Claim(campaign, "ann")).Code, Is.EqualTo("claim.not_started"));
        stage.Clock.Set(session.Phases.PreparationStartsAt);
        var coupon = await stage.Coupon(campaign);
        Assert.That(await stage.Status(coupon), Is.EqualTo("Claimed"));

        session = session with { Version = 2, Phases = session.Phases with { PreparationStartsAt = stage.Now.AddHours(1), LiveStartsAt = stage.Now.AddHours(3), LiveEndsAt = stage.Now.AddHours(4) } };
        await stage.Host.Deliver(new SessionRescheduled(session));
        Assert.That((await stage.Claim(campaign, "bob")).Code, Is.EqualTo("claim.not_started"), "moved back");
        Assert.That((DateTimeOffset)(await stage.Read(coupon))["opensAt"]!, Is.EqualTo(session.Phases.LiveStartsAt));
        stage.Clock.Set(session.Phases.LiveStartsAt);
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await stage.Claim(campaign, "bob")).Code, Is.EqualTo("claim.over"));

        await stage.Host.Deliver(new SessionRescheduled(session with { Version = 3, Phases = session.Phases with { LiveStartsAt = stage.Now.AddHours(1), LiveEndsAt = stage.Now.AddHours(2) } }));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Claimed"));
        Assert.That((await stage.Claim(campaign, "bob")).Status, Is.EqualTo(201), "moved on");
        var early = session with { Version = 4, Status = SessionStatus.Live, WentLiveAt = stage.Now, Phases = session.Phases with { LiveStartsAt = stage.Now, LiveEndsAt = stage.Now.AddHours(2) } };
        await stage.Host.Deliver(new SessionWentLive(early));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"), "an early start");
        await stage.Host.Deliver(new SessionRescheduled(session with { Version = 3 }));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"), "an old version heard late");

        stage.Clock.Set(early.Phases.LiveEndsAt.AddHours(1));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"), "an overrun");
        await stage.Host.Deliver(new SessionEnded(early with { Version = 5, Status = SessionStatus.Ended, EndedAt = stage.Now, Phases = early.Phases with { LiveEndsAt = stage.Now } }));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Expired"), "the end");
    }

    [Test]
    public async Task AnEarlyEnd_ClosesTheWindow_AtThatInstant()
    {
        await using var stage = await Stage.Set();
        var session = await stage.Scheduled();
        var coupon = await stage.Coupon(await stage.Campaign(stage.Terms(session: session.SessionId, redemption: Stage.Phases("LiveStart", "LiveEnd"))));
        stage.Clock.Set(session.Phases.LiveStartsAt.AddMinutes(10));
        await stage.Host.Deliver(new SessionEnded(session with { Version = 3, Status = SessionStatus.Ended, Phases = session.Phases with { LiveEndsAt = stage.Now } }));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Expired"));
        Assert.That((await stage.Lock(stage.NewId(), coupon)).Code, Is.EqualTo("coupon.expired"));
    }

    [Test]
    public async Task ACancelledSession_EndsClaiming_AndExpiresItsCoupons_ButALockHolds()
    {
        await using var stage = await Stage.Set();
        var session = await stage.Scheduled();
        var campaign = await stage.Campaign(stage.Terms(
            session: session.SessionId, claim: Stage.Phases("PreparationStart", "LiveEnd"), redemption: Stage.Phases("PreparationStart", "LiveEnd")));
        stage.Clock.Set(session.Phases.PreparationStartsAt);
        var free = await stage.Coupon(campaign);
        var locked = await stage.Coupon(campaign, "bob");
        var order = stage.NewId();
        Assert.That((await stage.Lock(order, locked, "bob")).Status, Is.EqualTo(200));
        await stage.Host.Deliver(new SessionCancelled(session with { Version = 2, Status = SessionStatus.Cancelled }));
        var late = await stage.Claim(campaign, "cid");
        Assert.That((late.Status, late.Code), Is.EqualTo((410, "claim.over")));
        Assert.That(await stage.Status(free), Is.EqualTo("Expired"));
        var spend = await stage.Lock(stage.NewId(), free);
        Assert.That((spend.Status, spend.Code), Is.EqualTo((410, "coupon.expired")));
        Assert.That((await stage.Use(order, "redeem")).Status, Is.EqualTo(200));
        Assert.That((string?)(await stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["claimWindow"]!["state"], Is.EqualTo("Over"));
    }

    [Test]
    public async Task SevenDaysAfterTheClaim_AreEachCouponsOwn_ToTheMicrosecond()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(
            claim: Stage.Between(stage.Now, stage.Now.AddDays(30)), redemption: new { opens = new { afterClaimMinutes = 60 }, closes = new { afterClaimMinutes = 7 * 24 * 60 } }));
        var start = stage.Now;
        var first = await stage.Coupon(campaign);
        stage.Clock.Set(start.AddDays(3));
        var second = await stage.Coupon(campaign, "bob");
        foreach (var (at, one, other) in new[]
        {
            (start.AddDays(3).AddMinutes(60).AddMicroseconds(-1), "Effective", "Claimed"), (start.AddDays(3).AddMinutes(60), "Effective", "Effective"),
            (start.AddDays(7).AddMicroseconds(-1), "Effective", "Effective"), (start.AddDays(7), "Expired", "Effective"), (start.AddDays(10), "Expired", "Expired"),
        })
        {
            stage.Clock.Set(at);
            Assert.That((await stage.Status(first), await stage.Status(second)), Is.EqualTo((one, other)), $"{at:O}");
        }
        Assert.That((DateTimeOffset)(await stage.Read(second))["closesAt"]!, Is.EqualTo(start.AddDays(10)));
        var view = (await stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["redemptionWindow"]!;
        Assert.That(view["closesAt"], Is.Null, "each coupon has its own");
    }

    [Test]
    public async Task ACouponThatCouldNeverBeSpent_IsNotHandedOut()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(
            claim: Stage.Between(stage.Now, stage.Now.AddDays(3)), redemption: new { opens = new { at = stage.Now.AddDays(1) }, closes = new { afterClaimMinutes = 60 } }));
        var tooEarly = await stage.Claim(campaign, "ann");
        Assert.That((tooEarly.Status, tooEarly.Code), Is.EqualTo((410, "claim.never_effective")), "it would close before it opens");
        stage.Clock.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(1));
        Assert.That((await stage.Claim(campaign, "ann")).Status, Is.EqualTo(201));
    }

    private static BoundSession Session(SessionStatus status) => new(1, status, Stage.Hq, Phases);
}

using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests.Mandates;

/// <summary>A mandate that runs out stops what it carried: by the clock, at the instant, whatever the campaign's own windows say.</summary>
internal sealed class MandateDatesTests
{
    private readonly Guid _brand = TimeProvider.System.NewId();
    private Stage _stage = null!;
    private Guid _mandate;
    private DateTimeOffset _closes;
    private SessionState _session = null!;
    private Guid _campaign;

    /// <summary>A campaign that hands out coupons until its session has ended, in four days; then the session is put off beyond the mandate.</summary>
    [SetUp]
    public async Task SetStage()
    {
        _stage = await Stage.Set();
        await _stage.Host.Deliver(new UnitChanged
        {
            UnitId = _stage.Unit(Stage.R7),
            Version = 2,
            Path = Stage.R7,
            Name = "R7",
            Kind = UnitKind.Reseller,
            TimeZone = "Asia/Shanghai",
            Currency = "CNY",
            IsActive = true,
        });
        (_mandate, _closes) = (_stage.NewId(), _stage.Now.AddDays(10));
        await Mandate(1, _closes);
        _session = await _stage.Scheduled(Stage.R7);
        _campaign = await _stage.Campaign(_stage.Terms(Stage.R7, claim: Stage.Phases("PreparationStart", "LiveEnd"), redemption: Stage.Phases("PreparationStart", "ReviewEnd"), session: _session.SessionId));
        await _stage.Host.Deliver(new SessionRescheduled(_session with
        {
            Version = 2,
            Phases = _session.Phases with { LiveStartsAt = _closes.AddDays(1), LiveEndsAt = _closes.AddDays(1).AddHours(2), ReviewEndsAt = _closes.AddDays(5) },
        }));
    }

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task ClaimsEndAtTheInstantTheMandateDoes_AndWhatWasClaimedStaysGood()
    {
        _stage.Clock.Set(_closes.AddMicroseconds(-1));
        var last = await _stage.Coupon(_campaign);
        Assert.That(await Hold(), Is.Null);
        _stage.Clock.Set(_closes);
        var refused = await _stage.Claim(_campaign, "bob");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "mandate.outside_dates")), refused.Content);
        Assert.That(await Hold(), Is.EqualTo("mandate.outside_dates"));
        Assert.That((await _stage.Lock(_stage.NewId(), last)).Status, Is.EqualTo(200));
        Assert.That((await _stage.Claim(_campaign, "ann", last)).Status, Is.EqualTo(200), "asked again for what it has");
    }

    [Test]
    public async Task AListIsIssuedNoFurther_AndTheFileSaysWhy()
    {
        _stage.Clock.Set(_closes);
        var job = await _stage.Marketer(Stage.R7).Post($"/coupons/campaigns/{_campaign}/issues", new { customers = new[] { new { customerId = "bob" } } });
        Assert.That(job.Status, Is.EqualTo(202), job.Content);
        await _stage.Host.CarryOutDue();
        Assert.That((await _stage.Marketer(Stage.R7).Get($"/coupons/issues/{job.Id}/rows.csv")).Content, Does.Contain("bob,Refused,mandate.outside_dates"));
    }

    [Test]
    public async Task ExtendedTheClaimsGoOn_ShortenedTheyEndEarlier_WithoutAnySweep()
    {
        _stage.Clock.Set(_closes);
        Assert.That((await _stage.Claim(_campaign, "ann")).Code, Is.EqualTo("mandate.outside_dates"));
        await Mandate(2, _closes.AddDays(2));
        Assert.That((await _stage.Claim(_campaign, "ann")).Status, Is.EqualTo(201));
        await Mandate(3, _closes.AddHours(1));
        Assert.That((await _stage.Claim(_campaign, "bob")).Code, Is.EqualTo("mandate.outside_dates"), "its session is no longer within the dates");
        await Mandate(2, _closes.AddDays(2));
        Assert.That((await _stage.Claim(_campaign, "bob")).Code, Is.EqualTo("mandate.outside_dates"), "an older state comes late");
    }

    [Test]
    public async Task NothingStartsUnderOneThatHasRunOut()
    {
        var draft = await _stage.Draft(_stage.Terms(Stage.R7, claim: Stage.Between(_stage.Now, _closes), redemption: Stage.Between(_stage.Now, _closes.AddDays(1)), scope: new { brandIds = new[] { _brand } }));
        Assert.That((await _stage.Admin().Post($"/coupons/campaigns/{draft}/approve")).Status, Is.EqualTo(200));
        _stage.Clock.Set(_closes);
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{draft}/start")).Code, Is.EqualTo("mandate.outside_dates"));
        _stage.Clock.Set(_closes.AddMicroseconds(-1));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{draft}/start")).Status, Is.EqualTo(200));
    }

    private async Task<string?> Hold() => (string?)(await _stage.Marketer().Get($"/coupons/campaigns/{_campaign}")).Json["hold"];

    private Task Mandate(long version, DateTimeOffset closes) => _stage.Host.Deliver(new MandateChanged
    {
        MandateId = _mandate,
        Version = version,
        ResellerId = _stage.Unit(Stage.R7),
        ResellerPath = Stage.R7,
        BrandIds = [_brand],
        Channels = [ChannelKind.MiniProgram],
        OpensAt = ManualClock.Start.AddDays(-1),
        ClosesAt = closes,
    });
}

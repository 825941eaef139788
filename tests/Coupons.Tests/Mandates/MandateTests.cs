using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests.Mandates;

/// <summary>What a reseller's campaigns may do under its mandates.</summary>
internal sealed class MandateTests
{
    private readonly Guid _brand = TimeProvider.System.NewId();
    private readonly Guid _other = TimeProvider.System.NewId();
    private Stage _stage = null!;
    private Guid _last;

    [SetUp]
    public async Task SetStage()
    {
        _stage = await Stage.Set();
        await _stage.Host.Deliver(Unit(Stage.R7, 2));
    }

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task WithoutAMandate_AResellersCampaignIsNotApproved_AndAnothersIs()
    {
        var campaign = await _stage.Draft(Terms());
        Assert.That((await Approve(campaign)).Code, Is.EqualTo("mandate.missing"));
        await Mandate(_stage.NewId(), reseller: Stage.R8);
        Assert.That((await Approve(campaign)).Code, Is.EqualTo("mandate.missing"), "another's mandate is none");
        await _stage.Campaign(_stage.Terms(Stage.R8));
    }

    [Test]
    public async Task EachRuleOfTheMandateIsKept_AtApprovalAndAtTheStart()
    {
        await Mandate(_stage.NewId(), deepest: 20);
        foreach (var (code, terms) in new (string, object)[]
        {
            ("mandate.brand_not_covered", Terms(brands: [_brand, _other])),
            ("mandate.brand_not_covered", _stage.Terms(Stage.R7, Percent(20))),
            ("mandate.brand_not_covered", _stage.Terms(Stage.R7, Percent(20), scope: new { brandIds = new[] { _brand }, categories = new[] { "Apparel" } })),
            ("mandate.outside_dates", Terms(claim: Stage.Between(_stage.Now, _stage.Now.AddDays(31)), redemption: Stage.Between(_stage.Now, _stage.Now.AddDays(40)))),
            ("mandate.discount_too_deep", Terms(Percent(21))),
            ("mandate.discount_too_deep", Terms(new { kind = "AmountOff", amountMinor = 500 })),
            ("mandate.discount_too_deep", Terms(new { kind = "AmountOff", amountMinor = 500, minimumSpendMinor = 2_499 })),
            ("mandate.discount_too_deep", Terms(new { kind = "Threshold", steps = new[] { new { minimumSpendMinor = 3_000, amountMinor = 500 }, new { minimumSpendMinor = 4_000, amountMinor = 801 } } })),
        })
        {
            var refused = await Approve(await _stage.Draft(terms));
            Assert.That((refused.Status, refused.Code), Is.EqualTo((409, code)), refused.Content);
        }
        foreach (var terms in new[]
        {
            Terms(), Terms(new { kind = "AmountOff", amountMinor = 500, minimumSpendMinor = 2_500 }),
            Terms(new { kind = "Gift", gift = new { productCode = "g", quantity = 1, worthMinor = 9_000 } }),
        })
        {
            await _stage.Campaign(terms);
        }

        var approved = await _stage.Draft(Terms());
        Assert.That((await Approve(approved)).Status, Is.EqualTo(200));
        await Mandate(_stage.NewId(), reseller: Stage.R8);
        await Mandate(_last, version: 2, deepest: 10);
        Assert.That((await Start(approved)).Code, Is.EqualTo("mandate.discount_too_deep"));
    }

    [Test]
    public async Task ProductsCountByTheirBrands_AndACampaignOfASessionNeedNameNone()
    {
        await Mandate(_stage.NewId());
        await _stage.Host.Deliver(new ProductsChanged(Stage.Hq, [Product("p1", _brand), Product("p2", _other)]));
        Assert.That((await Approve(await _stage.Draft(Scoped(new { productCodes = new[] { "p1" } })))).Status, Is.EqualTo(200));
        Assert.That((await Approve(await _stage.Draft(Scoped(new { productCodes = new[] { "p1", "p2" } })))).Code, Is.EqualTo("mandate.brand_not_covered"));
        Assert.That((await Approve(await _stage.Draft(Scoped(new { productCodes = new[] { "unheard" } })))).Code, Is.EqualTo("mandate.brand_not_covered"));
        var session = await _stage.Scheduled(Stage.R7);
        Assert.That((await Approve(await _stage.Draft(_stage.Terms(Stage.R7, Percent(20), session: session.SessionId)))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task TheQuotaIsHeldFromTheStart_MovesWithTheStock_AndTheRestGoesBack()
    {
        var mandate = _stage.NewId();
        await Mandate(mandate, quota: 100);
        var first = await _stage.Campaign(Terms(stock: 60));
        Assert.That(await Taken(mandate), Is.EqualTo(60));
        var second = await _stage.Draft(Terms(stock: 60));
        await Approve(second);
        Assert.That((await Start(second)).Code, Is.EqualTo("mandate.quota_spent"));
        Assert.That((await Resize(first, 101)).Code, Is.EqualTo("mandate.quota_spent"));
        Assert.That((await Resize(first, 40)).Status, Is.EqualTo(200));
        Assert.That(await Taken(mandate), Is.EqualTo(40));
        Assert.That((await Start(second)).Status, Is.EqualTo(200));
        Assert.That(await Taken(mandate), Is.EqualTo(100));
        foreach (var customer in new[] { "a", "b", "c" }) await _stage.Coupon(first, customer);
        Assert.That((await Do(first, "stop")).Status, Is.EqualTo(200));
        Assert.That((await Do(first, "stop")).Status, Is.EqualTo(200), "asked twice");
        Assert.That(await Taken(mandate), Is.EqualTo(63), "what was claimed stays taken");
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{first}/deactivate", new { reason = "done" })).Status, Is.EqualTo(200));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{second}/deactivate", new { reason = "done" })).Status, Is.EqualTo(200));
        Assert.That(await Taken(mandate), Is.EqualTo(3));
    }

    [Test]
    public async Task CampaignsThatRaceForTheQuota_NeverTakeMoreThanThereIs()
    {
        var mandate = _stage.NewId();
        await Mandate(mandate, quota: 100);
        var drafts = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            drafts.Add(await _stage.Draft(Terms(stock: 30)));
            await Approve(drafts[^1]);
        }
        var answers = await Task.WhenAll(drafts.Select(Start));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(3));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Code), Is.All.EqualTo("mandate.quota_spent"));
        Assert.That(await Taken(mandate), Is.EqualTo(90));
    }

    [Test]
    public async Task ClaimsAndAStopThatRace_LeaveTheQuotaExact()
    {
        var mandate = _stage.NewId();
        await Mandate(mandate, quota: 100);
        var campaign = await _stage.Campaign(Terms(stock: 80));
        var claims = Task.WhenAll(Enumerable.Range(0, 60).Select(i => _stage.Claim(campaign, $"c{i}")));
        var stop = Do(campaign, "stop");
        var came = (await claims).Count(a => a.Status == 201);
        Assert.That((await stop).Status, Is.EqualTo(200));
        Assert.That(await Taken(mandate), Is.EqualTo(came));
    }

    [Test]
    public async Task Revoked_ItsCampaignsHandOutNothingMore_AndWhatWasClaimedStaysGood()
    {
        var mandate = _stage.NewId();
        await Mandate(mandate);
        await _stage.Host.Deliver(new ProductsChanged(Stage.Hq, [Product("p1", _brand)]));
        var campaign = await _stage.Campaign(Terms());
        var coupon = await _stage.Coupon(campaign);
        await Mandate(mandate, version: 2, revoked: true);
        var refused = await _stage.Claim(campaign, "late");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "mandate.revoked")), refused.Content);
        Assert.That((string?)(await Read(campaign))["hold"], Is.EqualTo("mandate.revoked"));
        Assert.That((await _stage.Lock(_stage.NewId(), coupon)).Status, Is.EqualTo(200).Or.EqualTo(201));
        await Mandate(mandate, version: 1);
        Assert.That((await _stage.Claim(campaign, "late")).Code, Is.EqualTo("mandate.revoked"), "an older state comes late");

        var next = _stage.NewId();
        await Mandate(next, quota: 99);
        Assert.That((await _stage.Claim(campaign, "late")).Status, Is.EqualTo(201), "another takes it over, with what is left of its stock");
        Assert.That((await Taken(mandate), await Taken(next)), Is.EqualTo((1L, 99L)));
        Assert.That(((Guid?)(await Read(campaign))["mandateId"], (string?)(await Read(campaign))["hold"]), Is.EqualTo(((Guid?)next, (string?)null)));
    }

    [Test]
    public async Task WhatTheSystemDoesToACampaign_StandsInTheTrailWithItsReason()
    {
        var (mandate, next) = (_stage.NewId(), _stage.NewId());
        await Mandate(mandate);
        var campaign = await _stage.Campaign(Terms());
        await Mandate(mandate, version: 2, revoked: true);
        await Mandate(mandate, version: 3, revoked: true, deepest: 5);
        await Mandate(next);
        var entries = (await _stage.Admin(Stage.R7).Get("/coupons/audit?actor=system")).Json["items"]!.AsArray();
        Assert.That(entries.Select(e => ((string?)e!["action"], (string?)e["subject"], (Guid?)e["subjectId"], (string?)e["subjectPath"])), Is.EqualTo(new[]
        {
            ("HoldCampaign", $"/coupons/campaigns/{campaign}", (Guid?)campaign, Stage.R7), ("ContinueCampaign", $"/coupons/campaigns/{campaign}", (Guid?)campaign, Stage.R7),
        }), "once, and not again when it stays as it is");
        Assert.That(((string?)entries[0]!["before"]!["hold"], (string?)entries[0]!["after"]!["hold"]), Is.EqualTo(((string?)null, "mandate.revoked")));
        Assert.That(((Guid?)entries[1]!["before"]!["mandateId"], (Guid?)entries[1]!["after"]!["mandateId"]), Is.EqualTo(((Guid?)mandate, (Guid?)next)));
        Assert.That((await _stage.Admin(Stage.R8).Get("/coupons/audit?actor=system")).Json["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task OfAUnitOutOfUse_NothingIsMadeStartedOrClaimed()
    {
        var campaign = await _stage.Campaign(_stage.Terms(Stage.R8));
        var north = Unit(Stage.North, 2) with { Kind = UnitKind.Region };
        await _stage.Host.Deliver(north with { IsActive = false });
        Assert.That((await _stage.Claim(campaign, "ann", from: Stage.Hq)).Code, Is.EqualTo("unit.inactive"));
        Assert.That((await _stage.Marketer().Post("/coupons/campaigns", _stage.Terms(Stage.R8))).Code, Is.EqualTo("unit.inactive"));
        await Do(campaign, "pause");
        Assert.That((await Do(campaign, "resume")).Code, Is.EqualTo("unit.inactive"));
        await _stage.Host.Deliver(north with { Version = 3 });
        Assert.That((await Do(campaign, "resume")).Status, Is.EqualTo(200));
        Assert.That((await _stage.Claim(campaign, "ann", from: Stage.Hq)).Status, Is.EqualTo(201));
    }

    private static object Percent(int percent) => new { kind = "PercentOff", percent, capMinor = 5_000 };

    private object Terms(object? benefit = null, Guid[]? brands = null, long stock = 100, object? claim = null, object? redemption = null) =>
        _stage.Terms(Stage.R7, benefit ?? Percent(20), stock, claim: claim, redemption: redemption, scope: new { brandIds = brands ?? [_brand] });

    private object Scoped(object scope) => _stage.Terms(Stage.R7, Percent(20), scope: scope);

    private static ProductState Product(string code, Guid brand) => new() { ProductId = TimeProvider.System.NewId(), Code = code, Version = 1, BrandId = brand, Category = null, FloorPriceMinor = null };

    private Task<Answer> Approve(Guid campaign) => _stage.Admin().Post($"/coupons/campaigns/{campaign}/approve");

    private Task<Answer> Start(Guid campaign) => Do(campaign, "start");

    private Task<Answer> Do(Guid campaign, string action) => _stage.Marketer().Post($"/coupons/campaigns/{campaign}/{action}");

    private async Task<JsonNode> Read(Guid campaign) => (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json;

    private async Task<Answer> Resize(Guid campaign, long stock)
    {
        var terms = global::System.Text.Json.JsonSerializer.SerializeToNode(Terms(stock: stock))!.AsObject();
        terms.Remove("ownerUnitId");
        return await _stage.Marketer().Put($"/coupons/campaigns/{campaign}", terms, ("If-Match", $"\"{(long)(await Read(campaign))["version"]!}\""));
    }

    private async Task<long> Taken(Guid mandate) =>
        await _stage.Host.Services.GetRequiredService<CouponsDb>().Scalar<long>("SELECT QuotaTaken FROM Mandates WHERE Id = @Id", new { Id = mandate });

    private UnitChanged Unit(string path, long version) => new()
    {
        UnitId = _stage.Unit(path),
        Version = version,
        Path = path,
        Name = path,
        Kind = UnitKind.Reseller,
        TimeZone = "Asia/Shanghai",
        Currency = "CNY",
        IsActive = true,
    };

    private Task Mandate(Guid id, long version = 1, int? deepest = null, long? quota = null, bool revoked = false, string reseller = Stage.R7)
    {
        if (reseller == Stage.R7) _last = id;
        return _stage.Host.Deliver(new MandateChanged
        {
            MandateId = id,
            Version = version,
            ResellerId = _stage.Unit(reseller),
            ResellerPath = reseller,
            BrandIds = [_brand],
            Channels = [ChannelKind.MiniProgram],
            OpensAt = _stage.Now.AddDays(-1),
            ClosesAt = _stage.Now.AddDays(30),
            DeepestDiscountPercent = deepest,
            CouponQuota = quota,
            RevokedAt = revoked ? _stage.Now : null,
        });
    }
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>What a campaign may cost, and how much of it one customer may have.</summary>
internal sealed class BudgetAndLimitTests
{
    [Test]
    public async Task ASpentBudget_EndsClaimsAndLocks_UntilSomethingComesBack()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(budget: 1_000, limit: 9));
        Guid[] coupons = [await stage.Coupon(campaign), await stage.Coupon(campaign), await stage.Coupon(campaign)];
        Guid[] orders = [stage.NewId(), stage.NewId(), stage.NewId()];
        for (var i = 0; i < 2; i++) Assert.That((await stage.Lock(orders[i], coupons[i])).Status, Is.EqualTo(200));
        Assert.That((await stage.Lock(orders[2], coupons[2])).Code, Is.EqualTo("coupon.budget_spent"));
        Assert.That((await stage.Claim(campaign, "bob")).Code, Is.EqualTo("claim.budget_spent"));
        await stage.Use(orders[0], "redeem");
        await stage.Use(orders[1], "release");
        Assert.That(await Used(), Is.EqualTo(500), "given back");
        Assert.That((await stage.Claim(campaign, "bob")).Status, Is.EqualTo(201));
        Assert.That((await stage.Lock(orders[2], coupons[2])).Status, Is.EqualTo(200));
        Assert.That((await stage.Use(orders[1], "redeem")).Code, Is.EqualTo("coupon.budget_spent"), "a payment after the release, too late");
        await stage.Use(orders[0], "roll-back");
        Assert.That(await Used(), Is.EqualTo(500));
        Assert.That((await stage.Use(orders[1], "redeem")).Status, Is.EqualTo(200));
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        await stage.Host.CarryOutDue();
        Assert.That(await Used(), Is.EqualTo(500), "a lapsed lock");

        async Task<long> Used() => (long)(await stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["budgetUsedMinor"]!;
    }

    [Test]
    public async Task AGift_CostsTheBudgetItsWorth()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(benefit: new { kind = "Gift", gift = new { productCode = "mug", quantity = 2, worthMinor = 700 } }, budget: 1_000, limit: 9));
        var (first, second) = (await stage.Coupon(campaign), await stage.Coupon(campaign));
        var order = stage.NewId();
        var locked = await stage.Lock(order, first);
        Assert.That(((long)locked.Json["discountMinor"]!, (string?)locked.Json["coupons"]![0]!["gift"]!["productCode"]), Is.EqualTo((0L, "mug")));
        Assert.That((await stage.Lock(stage.NewId(), second)).Code, Is.EqualTo("coupon.budget_spent"));
        await stage.Use(order, "roll-back");
        Assert.That((await stage.Lock(stage.NewId(), second)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ADay_IsTheOwnersDay()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 9, daily: 1));
        await stage.Coupon(campaign);
        Assert.That((await stage.Claim(campaign, "ann")).Code, Is.EqualTo("claim.per_customer_day_limit"));
        Assert.That((await stage.Claim(campaign, "bob")).Status, Is.EqualTo(201));
        var midnight = new DateTimeOffset(2026, 10, 2, 0, 0, 0, TimeSpan.FromHours(8));
        stage.Clock.Set(midnight.AddMicroseconds(-1));
        Assert.That((await stage.Claim(campaign, "ann")).Code, Is.EqualTo("claim.per_customer_day_limit"));
        stage.Clock.Set(midnight);
        Assert.That((await stage.Claim(campaign, "ann")).Status, Is.EqualTo(201));
        Assert.That((await stage.Claim(campaign, "ann")).Code, Is.EqualTo("claim.per_customer_day_limit"));
    }

    [TestCase("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25)]
    [TestCase("2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00", 23)]
    public async Task ADayOnWhichTheClocksChange_IsLongerOrShorter(string begins, string ends, int hours)
    {
        await using var stage = await Stage.Set();
        await stage.Host.Deliver(new UnitChanged
        {
            UnitId = stage.Unit(Stage.Foreign),
            Version = 2,
            Path = Stage.Foreign,
            Name = "Boreas",
            Kind = UnitKind.Headquarters,
            TimeZone = "Europe/Berlin",
            Currency = "EUR",
            IsActive = true,
        });
        var window = Stage.Between(stage.Now, stage.Now.AddDays(300));
        var staff = stage.Host.At(Stage.Foreign, Role.Marketer, Role.Admin);
        var campaign = (await staff.Post("/coupons/campaigns", stage.Terms(Stage.Foreign, limit: 9, daily: 1, claim: window, redemption: window))).Id;
        foreach (var verb in new[] { "approve", "start" }) await staff.Post($"/coupons/campaigns/{campaign}/{verb}");
        var (from, to) = (DateTimeOffset.Parse(begins), DateTimeOffset.Parse(ends));
        Assert.That((to - from).TotalHours, Is.EqualTo(hours));
        foreach (var (at, code) in new[] { (from.AddMicroseconds(-1), null), (from, null), (to.AddMicroseconds(-1), "claim.per_customer_day_limit"), (to, null) })
        {
            stage.Clock.Set(at);
            Assert.That((await stage.Claim(campaign, "ann", from: Stage.Foreign)).Code, Is.EqualTo(code), $"{at:O}");
        }
    }

    [Test]
    public async Task ACampaignForSegments_IsForCustomersInOne()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 9, scope: new { segments = new[] { "gold", "black" } }));
        foreach (var (segments, code) in new (string[]?, string?)[] { (null, "claim.not_in_segment"), ([], "claim.not_in_segment"), (["silver"], "claim.not_in_segment"), (["silver", "gold"], null) })
            Assert.That((await stage.Claim(campaign, "ann", segments: segments)).Code, Is.EqualTo(code));
        var coupon = (await stage.Claim(campaign, "ann", segments: ["black"])).Id;
        var lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = 10_000 } };
        var other = await stage.Shop().Put($"/coupons/redemptions/{stage.NewId()}", new { couponIds = new[] { coupon }, customerId = "ann", lines, segments = new[] { "silver" } });
        Assert.That(other.Code, Is.EqualTo("coupon.not_in_scope"));
        Assert.That((await stage.Lock(stage.NewId(), coupon)).Status, Is.EqualTo(200), "a shop that does not say is not asked");
    }

    [Test]
    public async Task EveryRefusal_IsCounted_ByItsCode()
    {
        await using var stage = await Stage.Set();
        var session = await stage.Scheduled(Stage.R7);
        var campaign = await stage.Campaign(stage.Terms(stock: 4, limit: 2, daily: 1, budget: 600, scope: new { segments = new[] { "gold" } }, claim: Stage.Between(stage.Now.AddHours(1), stage.Now.AddHours(30))));
        var expected = new Dictionary<string, long>();
        await Claim("ann", "claim.not_started");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        var coupon = await Claim("ann", null);
        await Claim("ann", "claim.per_customer_day_limit");
        await Claim("ann", "claim.per_customer_day_limit");
        stage.Clock.Advance(TimeSpan.FromHours(24));
        var second = await Claim("ann", null);
        await Claim("ann", "claim.per_customer_limit");
        Count((await stage.Claim(campaign, "bob")).Code!, "claim.not_in_segment");
        await stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", new { sessionId = session.SessionId, stock = 1, budgetMinor = 50 });
        await Claim("bob", null, session.SessionId);
        await Claim("cid", "claim.quota_spent", session.SessionId);
        var order = stage.NewId();
        Count((await stage.Lock(order, coupon, "bob")).Code!, "coupon.wrong_customer");
        Assert.That((await stage.Lock(order, coupon)).Status, Is.EqualTo(200));
        Count((await stage.Lock(stage.NewId(), coupon)).Code!, "coupon.already_locked");
        Count((await stage.Lock(stage.NewId(), second)).Code!, "coupon.budget_spent");
        await stage.Use(order, "redeem");
        Count((await stage.Lock(stage.NewId(), coupon)).Code!, "coupon.already_redeemed");
        await stage.Marketer().Post($"/coupons/claims/{second}/void", new { reason = "A test." });
        Count((await stage.Lock(stage.NewId(), second)).Code!, "coupon.voided");
        await Claim("dee", null);
        await Claim("eva", "claim.out_of_stock");
        await stage.Marketer().Post($"/coupons/campaigns/{campaign}/pause");
        await Claim("eva", "campaign.not_issuing");
        await stage.Marketer().Post($"/coupons/campaigns/{campaign}/resume");
        stage.Clock.Advance(TimeSpan.FromHours(5));
        await Claim("eva", "claim.over");
        stage.Clock.Advance(TimeSpan.FromHours(48));
        Count((await stage.Lock(stage.NewId(), (await Claims("dee")).Single(), "dee")).Code!, "coupon.expired");

        var refusals = (await stage.Marketer().Get($"/coupons/campaigns/{campaign}/refusals")).Json["refusals"]!.AsArray();
        Assert.That(refusals.ToDictionary(r => (string)r!["code"]!, r => (long)r!["refused"]!), Is.EquivalentTo(expected));
        Assert.That((await stage.Marketer(Stage.North).Get($"/coupons/campaigns/{campaign}/refusals")).Code, Is.EqualTo("campaign.not_found"));

        async Task<Guid> Claim(string customer, string? code, Guid? through = null)
        {
            var answer = await stage.Claim(campaign, customer, session: through, segments: ["gold"]);
            if (code is null) Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
            else Count(answer.Code!, code);
            return code is null ? answer.Id : default;
        }

        void Count(string code, string wanted)
        {
            Assert.That(code, Is.EqualTo(wanted));
            expected[code] = expected.GetValueOrDefault(code) + 1;
        }

        async Task<IEnumerable<Guid>> Claims(string customer) =>
            (await stage.Shop().Get($"/coupons/customers/{customer}/coupons")).Json["items"]!.AsArray().Select(c => (Guid)c!["id"]!);
    }
}

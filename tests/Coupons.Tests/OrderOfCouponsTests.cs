using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>One order: its lines, one or several coupons, refunds, and coupons that are taken back on purpose.</summary>
internal sealed class OrderOfCouponsTests
{
    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task AnOrderGetsAllItsCoupons_OrNone()
    {
        var (mine, also) = (await Grouped("a"), await Grouped("b"));
        var theirs = (await _stage.Claim(await Campaign("c"), "bob")).Id;
        var refused = await _stage.LockAll(_stage.NewId(), [mine, theirs, also]);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "coupon.wrong_customer")));
        Assert.That(refused.Json["coupons"]!.AsArray().Select(c => ((Guid)c!["couponId"]!, (string?)c["code"])), Is.EqualTo(new[] { (theirs, "coupon.wrong_customer") }));
        foreach (var coupon in new[] { mine, also }) Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));

        var order = _stage.NewId();
        var locked = await _stage.LockAll(order, [mine, also]);
        Assert.That(((long)locked.Json["discountMinor"]!, locked.Json["coupons"]!.AsArray().Sum(c => (long)c!["discountMinor"]!), (long)locked.Json["lines"]![0]!["discountMinor"]!), Is.EqualTo((1_000L, 1_000L, 1_000L)));
        foreach (var verb in new[] { "redeem", "roll-back" })
        {
            Assert.That((await _stage.Use(order, verb)).Status, Is.EqualTo(200));
            foreach (var coupon in new[] { mine, also }) Assert.That(await _stage.Status(coupon), Is.EqualTo(verb == "redeem" ? "Redeemed" : "Effective"));
        }
        var told = (await _stage.Heard<CouponsRedeemed>()).Single(e => e.Uses.Any(u => u.OrderId == order));
        Assert.That(told.Uses.Select(u => u.CouponId), Is.EquivalentTo(new[] { mine, also }), "one event for what was committed together");
        Assert.That((await _stage.LockAll(order, [also, mine])).Code, Is.EqualTo("redemption.id_reused"));
    }

    [Test]
    public async Task CouponsOfOneGroup_OrOfNone_DoNotCombine()
    {
        var campaign = await Campaign("g");
        var (first, second) = (await _stage.Coupon(campaign), await _stage.Coupon(campaign));
        var alone = await _stage.Coupon(await _stage.Campaign());
        foreach (var pair in new Guid[][] { [first, second], [first, await Grouped("g")], [first, alone], [alone, first] })
            Assert.That((await _stage.LockAll(_stage.NewId(), pair)).Code, Is.EqualTo("coupon.does_not_stack"));
        Assert.That((await _stage.LockAll(_stage.NewId(), [first, await Grouped("h")])).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AFloorPrice_IsNeverGoneBelow_AndTheNewestVersionCounts()
    {
        await Tell(2, "floored", floor: 9_800);
        await Tell(1, "floored", floor: 1);
        var coupon = await _stage.Coupon(await _stage.Campaign());
        var order = _stage.NewId();
        var locked = await LockLines(order, coupon, ("floored", 1, 10_000), ("unheard-of", 1, 100));
        Assert.That(locked.Status, Is.EqualTo(200), locked.Content);
        Assert.That((long)locked.Json["discountMinor"]!, Is.EqualTo(300));
        Assert.That(locked.Json["lines"]!.AsArray().Select(l => (long)l!["discountMinor"]!), Is.EqualTo(new[] { 200L, 100L }));
        await _stage.Use(order, "release");
        Assert.That((await LockLines(_stage.NewId(), coupon, ("floored", 2, 9_800))).Code, Is.EqualTo("coupon.nothing_to_take_off"));
        await Tell(3, "floored", floor: null);
        Assert.That((long)(await LockLines(_stage.NewId(), coupon, ("floored", 2, 9_800))).Json["discountMinor"]!, Is.EqualTo(500));
    }

    [Test]
    public async Task OnlyLinesInScope_AreTakenOff()
    {
        var brand = _stage.NewId();
        await Tell(1, "shirt", category: "Apparel/Topwear/Shirts");
        await Tell(1, "branded", brand: brand);
        await Tell(1, "shoe", category: "Footwear");
        var campaign = await _stage.Campaign(_stage.Terms(limit: 9, scope: new { categories = new[] { "Apparel/Topwear" }, brandIds = new[] { brand }, productCodes = new[] { "named" } }));
        var coupon = await _stage.Coupon(campaign);
        Assert.That((await LockLines(_stage.NewId(), coupon, ("shoe", 1, 10_000), ("unheard-of", 1, 10_000))).Code, Is.EqualTo("coupon.not_in_scope"));
        var locked = await LockLines(_stage.NewId(), coupon, ("shoe", 1, 10_000), ("shirt", 1, 100), ("branded", 1, 100), ("named", 2, 50));
        Assert.That(locked.Json["lines"]!.AsArray().Select(l => (long)l!["discountMinor"]!), Is.EqualTo(new[] { 0L, 100, 100, 100 }));
        var foreign = _stage.Campaign(_stage.Terms(limit: 9, scope: new { sessionIds = new[] { _stage.NewId() } }));
        Assert.That((await _stage.Lock(_stage.NewId(), await _stage.Coupon(await foreign))).Code, Is.EqualTo("coupon.not_in_scope"), "the order is of no session");
    }

    [TestCase("ReturnOnFullRefund", "Redeemed", "Effective")]
    [TestCase("ReturnOnAnyRefund", "Effective", "Effective")]
    [TestCase("NeverReturn", "Redeemed", "Redeemed")]
    public async Task ARefund_UndoesItsShare_AndGivesTheCouponBackByThePolicy(string policy, string afterPart, string afterAll)
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 5_000, refundPolicy: policy));
        var (coupon, order) = (await _stage.Coupon(campaign), _stage.NewId());
        await _stage.Lock(order, coupon);
        await _stage.Use(order, "redeem");
        foreach (var (refunded, undone) in new[] { (4_000L, 210L), (4_000L, 210L), (2_000L, 210L), (9_499L, 499L), (4_000L, 499L) })
        {
            var answer = await _stage.Refund(order, refunded);
            Assert.That((answer.Status, (long)answer.Json["rolledBackMinor"]!), Is.EqualTo((200, undone)), $"{refunded} of 9,500");
            Assert.That(await _stage.Status(coupon), Is.EqualTo(afterPart));
            Assert.That(await Used(), Is.EqualTo(500 - undone), "the budget has it back");
        }
        foreach (var refunded in new long?[] { 9_500, 12_000, 100, null })
        {
            var answer = refunded is { } some ? await _stage.Refund(order, some) : await _stage.Use(order, "roll-back");
            Assert.That(((string?)answer.Json["status"], (long)answer.Json["rolledBackMinor"]!), Is.EqualTo(("RolledBack", 500L)), answer.Content);
            Assert.That((await _stage.Status(coupon), await Used()), Is.EqualTo((afterAll, 0L)));
        }
        var inPart = (await _stage.Used<CouponsRefundedInPart>()).Where(u => u.OrderId == order).Select(u => u.RolledBackMinor);
        Assert.That(inPart, Is.EqualTo(policy switch { "ReturnOnAnyRefund" => [], "NeverReturn" => new[] { 210L, 499, 500 }, _ => [210, 499] }));
        Assert.That((await _stage.Used<CouponsRolledBack>()).Count(u => u.OrderId == order), Is.EqualTo(policy == "NeverReturn" ? 0 : 1));
        Assert.That((await _stage.Lock(_stage.NewId(), coupon)).Code, Is.EqualTo(policy == "NeverReturn" ? "coupon.already_redeemed" : null));

        async Task<long> Used() => (long)(await _stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["budgetUsedMinor"]!;
    }

    [Test]
    public async Task AFurtherRefund_DisturbsNoOrderThatHasTheCouponSince()
    {
        var campaign = await _stage.Campaign(_stage.Terms(refundPolicy: "ReturnOnAnyRefund"));
        var (coupon, first, second) = (await _stage.Coupon(campaign), _stage.NewId(), _stage.NewId());
        await _stage.Lock(first, coupon);
        await _stage.Use(first, "redeem");
        await _stage.Refund(first, 1);
        await _stage.Lock(second, coupon);
        await _stage.Use(second, "redeem");
        var version = (long)(await _stage.Read(coupon))["version"]!;
        Assert.That((long)(await _stage.Use(first, "roll-back")).Json["rolledBackMinor"]!, Is.EqualTo(500));
        var now = await _stage.Read(coupon);
        Assert.That(((string?)now["status"], (Guid)now["orderId"]!, (long)now["version"]!), Is.EqualTo(("Redeemed", second, version)));
    }

    [Test]
    public async Task WhatAFullRefundUndid_OfAnOrderThatCostNothing_StaysUndone()
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 600));
        var (coupon, order) = (await _stage.Coupon(campaign), _stage.NewId());
        await _stage.Lock(order, coupon, lines: 500);
        await _stage.Use(order, "redeem");
        Assert.That((long)(await _stage.Refund(order, 5)).Json["rolledBackMinor"]!, Is.Zero, "nothing was paid");
        await _stage.Use(order, "roll-back");
        Assert.That((long)(await _stage.Refund(order, 5)).Json["rolledBackMinor"]!, Is.EqualTo(500), "a part refund heard of late");
        Assert.That((long)(await _stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["budgetUsedMinor"]!, Is.Zero);
    }

    [Test]
    public async Task AVoidedCoupon_IsVoidForGood()
    {
        var campaign = await _stage.Campaign(_stage.Terms(Stage.North, limit: 9));
        Guid[] coupons = [await _stage.Coupon(campaign), await _stage.Coupon(campaign), await _stage.Coupon(campaign)];
        var (held, spent) = (_stage.NewId(), _stage.NewId());
        await _stage.Lock(held, coupons[1]);
        await _stage.Lock(spent, coupons[2]);
        await _stage.Use(spent, "redeem");
        Assert.That((await Void(coupons[0], Stage.South)).Code, Is.EqualTo("coupon.not_found"));
        Assert.That((await Void(coupons[0], Stage.R7)).Code, Is.EqualTo("coupon.not_found"), "the campaign is the region's");
        Assert.That((await Void(_stage.NewId())).Code, Is.EqualTo("coupon.not_found"));
        Assert.That((await _stage.Shop().Post($"/coupons/claims/{coupons[0]}/void", new { reason = "x" })).Status, Is.EqualTo(403));
        Assert.That((await _stage.Marketer().Post($"/coupons/claims/{coupons[0]}/void", new { reason = "" })).Faults, Is.EqualTo(new[] { "/reason" }));
        for (var i = 0; i < 2; i++) Assert.That(((string?)(await Void(coupons[0])).Json["status"], (string?)(await _stage.Read(coupons[0]))["reason"]), Is.EqualTo(("Voided", "A test.")));
        Assert.That((await Void(coupons[1])).Code, Is.EqualTo("coupon.already_locked"));
        Assert.That((await Void(coupons[2])).Code, Is.EqualTo("coupon.already_redeemed"));
        await _stage.Use(held, "release");
        Assert.That((await Void(coupons[1])).Status, Is.EqualTo(200));
        Assert.That((await _stage.Use(held, "redeem")).Code, Is.EqualTo("coupon.voided"));
        var told = (await _stage.Heard<CouponVoided>()).Where(e => coupons.Contains(e.CouponId)).Select(e => (e.CouponId, e.Version, e.Reason));
        Assert.That(told, Is.EqualTo(new[] { (coupons[0], 2L, "A test."), (coupons[1], 4L, "A test.") }));
        var view = (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json;
        Assert.That((long)view["claimed"]!, Is.EqualTo(3), "a voided coupon is not there to be taken again");
    }

    private Task<Answer> Void(Guid coupon, string at = Stage.North) => _stage.Marketer(at).Post($"/coupons/claims/{coupon}/void", new { reason = "A test." });

    private Task<Guid> Campaign(string group) => _stage.Campaign(_stage.Terms(limit: 9, stacking: new { group }));

    private async Task<Guid> Grouped(string group) => await _stage.Coupon(await Campaign(group));

    private Task<Answer> LockLines(Guid order, Guid coupon, params (string Code, int Quantity, long Price)[] lines) => _stage.Shop().Put(
        $"/coupons/redemptions/{order}",
        new { couponIds = new[] { coupon }, customerId = "ann", lines = lines.Select(l => new { productCode = l.Code, quantity = l.Quantity, unitPriceMinor = l.Price }) });

    private Task Tell(long version, string code, long? floor = null, Guid? brand = null, string? category = null) => _stage.Host.Deliver(new ProductsChanged(
        Stage.Hq, [new ProductState { ProductId = _stage.NewId(), Version = version, Code = code, FloorPriceMinor = floor, BrandId = brand, Category = category }]));
}

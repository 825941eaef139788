using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

internal sealed class RedemptionTests
{
    [Test]
    public async Task ACouponIsLocked_Redeemed_AndRolledBack_EachRepeatedlyWithOneEffect()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        var locked = await stage.Lock(order, coupon);
        Assert.That(locked.Status, Is.EqualTo(200), locked.Content);
        Assert.That((long)locked.Json["discountMinor"]!, Is.EqualTo(500));
        Assert.That((DateTimeOffset)locked.Json["lockedUntil"]!, Is.EqualTo(stage.Now.AddMinutes(30)));
        Assert.That((await stage.Lock(order, coupon)).Content, Is.EqualTo(locked.Content));
        var held = await stage.Read(coupon);
        Assert.That(((string?)held["status"], (Guid?)held["orderId"], (long?)held["discountMinor"]), Is.EqualTo(("Locked", (Guid?)order, (long?)500)));

        for (var i = 0; i < 2; i++) Assert.That((string?)(await stage.Use(order, "redeem")).Json["status"], Is.EqualTo("Redeemed"));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Redeemed"));
        Assert.That((string?)(await stage.Lock(order, coupon)).Json["status"], Is.EqualTo("Redeemed"), "a late repeat of the lock");
        Assert.That((await stage.Use(order, "release")).Code, Is.EqualTo("redemption.illegal_transition"));
        for (var i = 0; i < 2; i++) Assert.That((string?)(await stage.Use(order, "roll-back")).Json["status"], Is.EqualTo("RolledBack"));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await stage.Use(order, "release")).Code, Is.EqualTo("redemption.illegal_transition"));
        Assert.That((string?)(await stage.Use(order, "redeem")).Json["status"], Is.EqualTo("RolledBack"), "a late repeat of the payment");
        Assert.That((await stage.Used<CouponsLocked>()).Single().Version, Is.EqualTo(2));
        Assert.That((await stage.Used<CouponsRedeemed>()).Single().Version, Is.EqualTo(3));
        Assert.That((await stage.Used<CouponsRolledBack>()).Single().Version, Is.EqualTo(4));
    }

    [Test]
    public async Task AReleasedCoupon_IsFreeForAnotherOrder()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var (first, second) = (stage.NewId(), stage.NewId());
        await stage.Lock(first, coupon);
        Assert.That((await stage.Lock(second, coupon)).Code, Is.EqualTo("coupon.already_locked"));
        for (var i = 0; i < 2; i++) Assert.That((string?)(await stage.Use(first, "release")).Json["status"], Is.EqualTo("Released"));
        Assert.That((await stage.Use(first, "roll-back")).Code, Is.EqualTo("redemption.illegal_transition"), "nothing was spent");
        Assert.That((await stage.Lock(second, coupon)).Status, Is.EqualTo(200));
        Assert.That((await stage.Use(first, "redeem")).Code, Is.EqualTo("coupon.already_locked"), "payment wins only what is free");
        Assert.That((await stage.Use(first, "release")).Status, Is.EqualTo(200), "a repeat touches nobody else's lock");
        Assert.That(await stage.Status(coupon), Is.EqualTo("Locked"));
        await stage.Use(second, "redeem");
        Assert.That((await stage.Lock(stage.NewId(), coupon)).Code, Is.EqualTo("coupon.already_redeemed"));
        Assert.That((await stage.Used<CouponsReleased>()).Single().OrderId, Is.EqualTo(first));
    }

    [Test]
    public async Task EveryRefusalSaysWhy()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(
            benefit: new { kind = "Threshold", steps = new[] { new { minimumSpendMinor = 2000, amountMinor = 300 } } }, limit: 9, claim: Stage.Between(stage.Now, stage.Now.AddHours(9)),
            redemption: Stage.Between(stage.Now.AddHours(1), stage.Now.AddHours(2))));
        var coupon = await stage.Coupon(campaign);
        var voided = await stage.Coupon(campaign);
        Assert.That((await stage.Marketer().Post($"/coupons/claims/{voided}/void", new { reason = "A stolen account." })).Status, Is.EqualTo(200));
        async Task Refused(Guid id, int status, string code, string customer = "ann", long lines = 2000, string from = Stage.R7)
        {
            var answer = await stage.Lock(stage.NewId(), id, customer, lines, from);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((status, code)), answer.Content);
        }
        await Refused(stage.NewId(), 404, "coupon.not_found");
        await Refused(coupon, 404, "coupon.not_found", from: Stage.Foreign);
        await Refused(coupon, 409, "coupon.wrong_customer", customer: "bob");
        await Refused(coupon, 409, "coupon.not_effective_yet");
        stage.Clock.Set(stage.Now.AddHours(1));
        await Refused(coupon, 409, "coupon.below_minimum_spend", lines: 1999);
        await Refused(voided, 409, "coupon.voided");
        Assert.That(await stage.Status(voided), Is.EqualTo("Voided"));
        stage.Clock.Set(stage.Now.AddHours(1));
        await Refused(coupon, 410, "coupon.expired");
        foreach (var verb in new[] { "redeem", "roll-back" })
            Assert.That((await stage.Use(stage.NewId(), verb)).Code, Is.EqualTo("redemption.not_found"));
        var bad = await stage.Shop().Put($"/coupons/redemptions/{stage.NewId()}", new { couponIds = new[] { coupon, coupon }, customerId = "", lines = new[] { new { productCode = "", quantity = 0, unitPriceMinor = -1 } } });
        Assert.That(bad.Faults, Is.EquivalentTo(new[] { "/couponIds", "/customerId", "/lines/0/productCode", "/lines/0/quantity", "/lines/0/unitPriceMinor" }), bad.Content);
    }

    [Test]
    public async Task AnOrderIdUsedWithOtherContent_IsRefused()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 2));
        var (coupon, other) = (await stage.Coupon(campaign), await stage.Coupon(campaign));
        var order = stage.NewId();
        await stage.Lock(order, coupon);
        Assert.That((await stage.Lock(order, other)).Code, Is.EqualTo("redemption.id_reused"));
        Assert.That((await stage.Lock(order, stage.NewId())).Code, Is.EqualTo("redemption.id_reused"));
        Assert.That((await stage.Lock(order, coupon, lines: 1)).Code, Is.EqualTo("redemption.id_reused"));
        Assert.That((await stage.Lock(order, coupon, customer: "bob")).Code, Is.EqualTo("redemption.id_reused"));
    }

    [Test]
    public async Task ARedemptionIsItsOwnShops()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        await stage.Lock(order, coupon);
        foreach (var outsider in new[] { Stage.R8, Stage.South, Stage.Foreign })
            Assert.That((await stage.Use(order, "release", outsider)).Code, Is.EqualTo("redemption.not_found"), outsider);
        Assert.That((await stage.Use(order, "release", Stage.North)).Status, Is.EqualTo(200));
        Assert.That((await stage.Marketer().Post($"/coupons/redemptions/{order}/release")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task OfTwoOrdersRacingForACoupon_ExactlyOneWins()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 20));
        for (var round = 0; round < 10; round++)
        {
            var coupon = await stage.Coupon(campaign);
            var answers = await Task.WhenAll(stage.Lock(stage.NewId(), coupon), stage.Lock(stage.NewId(), coupon));
            Assert.That(answers.Select(a => a.Code).Order(), Is.EqualTo(new[] { null, "coupon.already_locked" }));
        }
    }

    [Test]
    public async Task ALockLapses_AtItsDeadline_AndTellsSo()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        await stage.Lock(order, coupon);
        stage.Clock.Set(stage.Now.AddMinutes(30).AddMicroseconds(-1));
        await stage.Host.CarryOutDue();
        Assert.That(await stage.Status(coupon), Is.EqualTo("Locked"));
        stage.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"), "by the clock alone");
        await stage.Host.CarryOutDue();
        var released = (await stage.Used<CouponsReleased>()).Single();
        Assert.That((released.OrderId, released.Version), Is.EqualTo((order, 3L)));
        Assert.That((string?)(await stage.Lock(order, coupon)).Json["status"], Is.EqualTo("Released"));
    }

    [Test]
    public async Task ALapsedLock_IsAnothersToTake_BeforeTheWorkerHasBeenThere()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var (first, second) = (stage.NewId(), stage.NewId());
        await stage.Lock(first, coupon);
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.That((await stage.Lock(second, coupon)).Status, Is.EqualTo(200));
        Assert.That((await stage.Use(first, "redeem")).Code, Is.EqualTo("coupon.already_locked"));
        await stage.Host.CarryOutDue();
        Assert.That((string?)(await stage.Use(second, "redeem")).Json["status"], Is.EqualTo("Redeemed"));
        Assert.That((await stage.Used<CouponsReleased>()).Single().OrderId, Is.EqualTo(first));
    }

    [Test]
    public async Task ALatePayment_StillGetsAFreeCoupon_ButNotAnExpiredOne()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 2, redemption: Stage.Between(stage.Now, stage.Now.AddHours(1))));
        var (early, late) = (await stage.Coupon(campaign), await stage.Coupon(campaign));
        var (first, second) = (stage.NewId(), stage.NewId());
        await stage.Lock(first, early);
        stage.Clock.Advance(TimeSpan.FromMinutes(40));
        await stage.Lock(second, late);
        Assert.That((string?)(await stage.Use(first, "redeem")).Json["status"], Is.EqualTo("Redeemed"));
        stage.Clock.Advance(TimeSpan.FromMinutes(25));
        Assert.That(await stage.Status(late), Is.EqualTo("Locked"), "the window has closed, the deadline has not come");
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await stage.Use(second, "redeem")).Code, Is.EqualTo("coupon.expired"));
        Assert.That(await stage.Status(late), Is.EqualTo("Expired"));
        Assert.That((string?)(await stage.Use(first, "roll-back")).Json["status"], Is.EqualTo("RolledBack"));
        Assert.That(await stage.Status(early), Is.EqualTo("Expired"), "rolled back after the window");
    }

    [Test]
    public async Task AStoppedCampaignsCoupons_StayGood()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign();
        var coupon = await stage.Coupon(campaign);
        await stage.Marketer().Post($"/coupons/campaigns/{campaign}/stop");
        var order = stage.NewId();
        Assert.That((await stage.Lock(order, coupon)).Status, Is.EqualTo(200));
        Assert.That((await stage.Use(order, "redeem")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task APayment_LocksAgain_WhatWasReleased_IfItIsFree()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        await stage.Lock(order, coupon);
        await stage.Use(order, "release");
        for (var i = 0; i < 2; i++) Assert.That((string?)(await stage.Use(order, "redeem")).Json["status"], Is.EqualTo("Redeemed"));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Redeemed"));
        Assert.That((await stage.Used<CouponsLocked>()).Select(u => u.Version), Is.EqualTo(new[] { 2L, 4L }));
        Assert.That((await stage.Used<CouponsRedeemed>()).Single().Version, Is.EqualTo(5));
    }

    [Test]
    public async Task AReleaseThatOvertakesItsLock_IsRemembered()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        for (var i = 0; i < 2; i++) Assert.That((string?)(await stage.Use(order, "release")).Json["status"], Is.EqualTo("Released"));
        var late = await stage.Lock(order, coupon);
        Assert.That((late.Status, late.Code), Is.EqualTo((409, "redemption.already_released")));
        foreach (var verb in new[] { "redeem", "roll-back" })
            Assert.That((await stage.Use(order, verb)).Code, Is.EqualTo("redemption.illegal_transition"), verb);
        Assert.That((await stage.Use(order, "release", Stage.R8)).Code, Is.EqualTo("redemption.not_found"));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await stage.Lock(stage.NewId(), coupon)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ARefundOfAnOrderThatWasOnlyLocked_SpendsAndRollsBack()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        await stage.Lock(order, coupon);
        for (var i = 0; i < 2; i++) Assert.That((string?)(await stage.Use(order, "roll-back")).Json["status"], Is.EqualTo("RolledBack"));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await stage.Used<CouponsRedeemed>()).Single().Version, Is.EqualTo(3));
        Assert.That((await stage.Used<CouponsRolledBack>()).Single().Version, Is.EqualTo(4));
    }
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Support;
using static LiveCommerce.Orders.Tests.Market;

namespace LiveCommerce.Orders.Tests.Attribution;

internal sealed class AttributionTests
{
    private const string R7 = "/aurora/north/r7/";

    [Test]
    public async Task TheSessionAnOrderNames_IsCredited_BeforeTheClaims()
    {
        await using var market = await Open();
        var (named, claimed, coupon) = (await market.Session("/aurora/north/"), await market.Session("/aurora/"), NewId());
        await market.Host.Deliver(new CouponsClaimed([Claim(coupon, "/aurora/", claimed, guideId: "g-claim")]));
        var order = await market.Shop(R7).Put(OrderAt(NewId()), Order(named, couponId: coupon));
        AssertCredit(order, "Explicit", "/aurora/north/", named, "g-claim");
        AssertCredit(await market.Shop(R7).Put(OrderAt(NewId()), Order(named, couponId: coupon, guideId: "g-own")), "Explicit", "/aurora/north/", named, "g-own");
    }

    [Test]
    public async Task WithoutOne_TheClaimsSessionIsCredited_ElseTheShop()
    {
        await using var market = await Open();
        var (session, coupon, loose, channel) = (await market.Session("/aurora/"), NewId(), NewId(), NewId());
        await market.Host.Deliver(new CouponsClaimed([Claim(coupon, "/aurora/", session, guideId: "g1", channelId: channel), Claim(loose, "/aurora/", guideId: "g2")]));
        var order = await market.Shop(R7).Put(OrderAt(NewId()), Order(couponId: coupon));
        AssertCredit(order, "Claim", "/aurora/", session, "g1");
        Assert.That((Guid?)order.Json["channelId"], Is.EqualTo(channel));
        Assert.That((string?)order.Json["couponStatus"], Is.EqualTo("Requested"));
        AssertCredit(await market.Shop(R7).Put(OrderAt(NewId()), Order(couponId: loose)), "Shop", R7, null, "g2");
        AssertCredit(await market.Shop(R7).Put(OrderAt(NewId()), Order(guideId: "g3")), "Shop", R7, null, "g3");
    }

    [Test]
    public async Task AClaimThatComesAfterTheOrder_CreditsItAnew_UnderANewVersion()
    {
        await using var market = await Open();
        var (session, coupon, id, paid) = (await market.Session("/aurora/"), NewId(), NewId(), NewId());
        var shop = market.Shop(R7);
        AssertCredit(await shop.Put(OrderAt(id), Order(couponId: coupon)), "Shop", R7, null, null);
        await shop.Put(OrderAt(paid), Order(couponId: coupon));
        await Report(shop, paid, "Paid");
        var claimed = new CouponsClaimed([Claim(coupon, "/aurora/", session, guideId: "g1")]);
        await market.Host.Deliver(claimed);
        await market.Host.Deliver(claimed);
        var order = await shop.Get(OrderAt(id));
        AssertCredit(order, "Claim", "/aurora/", session, "g1");
        Assert.That((long)order.Json["version"]!, Is.EqualTo(2));
        Assert.That((await shop.Put(OrderAt(id), Order(couponId: coupon))).Status, Is.EqualTo(200), "a repeat still is one");
        await market.Host.Settle();
        Assert.That(market.Heard.Of(id).Select(e => (e.Event, e.Order.UnitPath)), Is.EqualTo(new[] { ("OrderPlaced", R7), ("OrderPlaced", "/aurora/") }));
        Assert.That(market.Heard.Of(paid).Select(e => (e.Event, e.Order.UnitPath)), Is.EqualTo(new[] { ("OrderPlaced", R7), ("OrderPaid", R7), ("OrderPaid", "/aurora/") }));
        Assert.That(market.Heard.Of(paid).Select(e => e.Order.ShopPath), Is.All.EqualTo(R7), "credit moves, the shop stays");
    }

    [Test]
    public async Task SomebodyElsesClaim_CreditsNobody()
    {
        await using var market = await Open();
        var (session, foreign, others) = (await market.Session("/borealis/"), NewId(), NewId());
        var own = await market.Session("/aurora/");
        await market.Host.Deliver(new CouponsClaimed([Claim(foreign, "/borealis/", session), Claim(others, "/aurora/", own, customerId: "c2")]));
        AssertCredit(await market.Shop(R7).Put(OrderAt(NewId()), Order(couponId: foreign)), "Shop", R7, null, null);
        AssertCredit(await market.Shop(R7).Put(OrderAt(NewId()), Order(couponId: others)), "Shop", R7, null, null);
    }

    [TestCase("/aurora/", true)]
    [TestCase("/aurora/north/", true)]
    [TestCase("/aurora/north/r7/", true)]
    [TestCase("/aurora/north/r8/", false)]
    [TestCase("/aurora/south/", false)]
    [TestCase("/borealis/", false)]
    public async Task AnOrderNamesASessionOfItsOwnChainOnly(string owner, bool taken)
    {
        await using var market = await Open();
        var answer = await market.Shop(R7).Put(OrderAt(NewId()), Order(await market.Session(owner)));
        Assert.That(taken ? answer.Status == 201 : answer.Code == "order.session_unknown", answer.Content);
        Assert.That((await market.Shop(R7).Put(OrderAt(NewId()), Order(NewId()))).Code, Is.EqualTo("order.session_unknown"));
    }

    [Test]
    public async Task TheCouponsFate_ShowsOnTheOrder_WhateverComesFirst()
    {
        await using var market = await Open();
        var (shop, id, claim) = (market.Shop(R7), NewId(), Claim(NewId(), "/aurora/"));
        await market.Host.Deliver(new CouponRedeemed(Use(claim, 3, id)));
        var placed = await shop.Put(OrderAt(id), Order(couponId: claim.CouponId));
        Assert.That((string?)placed.Json["couponStatus"], Is.EqualTo("Redeemed"));
        await market.Host.Deliver(new CouponLocked(Use(claim, 2, id), Noon));
        Assert.That((string?)(await shop.Get(OrderAt(id))).Json["couponStatus"], Is.EqualTo("Redeemed"), "older news is no news");
        await market.Host.Deliver(new CouponRolledBack(Use(claim, 4, id)));
        Assert.That((string?)(await shop.Get(OrderAt(id))).Json["couponStatus"], Is.EqualTo("RolledBack"));

        var second = NewId();
        await market.Host.Deliver(new CouponRefused(second, 1, claim.CouponId, "coupon.already_locked"));
        var refused = await shop.Put(OrderAt(second), Order(couponId: claim.CouponId));
        Assert.That(((string?)refused.Json["couponStatus"], (string?)refused.Json["couponRefusal"]), Is.EqualTo(("Refused", "coupon.already_locked")));
        await market.Host.Deliver(new CouponLocked(Use(claim, 5, second), Noon));
        Assert.That((string?)(await shop.Get(OrderAt(second))).Json["couponStatus"], Is.EqualTo("Locked"));
        await market.Host.Deliver(new CouponReleased(Use(claim, 6, second)));
        Assert.That((string?)(await shop.Get(OrderAt(second))).Json["couponStatus"], Is.EqualTo("Refused"));
        Assert.That((string?)(await shop.Get(OrderAt(id))).Json["couponStatus"], Is.EqualTo("RolledBack"), "the first order's use is its own");
    }

    private static void AssertCredit(Answer order, string by, string path, Guid? session, string? guide)
    {
        Assert.That((string?)order.Json["attribution"]?["by"], Is.EqualTo(by), order.Content);
        Assert.That((string?)order.Json["attribution"]!["explanation"], Is.Not.Empty);
        Assert.That(((string?)order.Json["unitPath"], (Guid?)order.Json["sessionId"], (string?)order.Json["guideId"]), Is.EqualTo((path, session, guide)));
    }
}

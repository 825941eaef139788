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
        Assert.That(Coupons(order), Is.EqualTo(new[] { "Requested" }));
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
    public async Task OfSeveralCoupons_TheFirstWhoseClaimNamesASession_Speaks_ElseTheFirstKnown()
    {
        await using var market = await Open();
        var (north, top) = (await market.Session("/aurora/north/"), await market.Session("/aurora/"));
        var (loose, a, b, others) = (NewId(), NewId(), NewId(), NewId());
        await market.Host.Deliver(new CouponsClaimed([
            Claim(b, "/aurora/", top, guideId: "g-b"), Claim(a, "/aurora/north/", north, guideId: "g-a"), Claim(loose, "/aurora/", guideId: "g-loose"),
            Claim(others, "/aurora/", top, customerId: "c2"),
        ]));
        AssertCredit(await Put(loose, a, b), "Claim", "/aurora/north/", north, "g-a");
        AssertCredit(await Put(b, a), "Claim", "/aurora/", top, "g-b");
        AssertCredit(await Put(NewId(), loose), "Shop", R7, null, "g-loose");
        AssertCredit(await Put(others, a), "Claim", "/aurora/north/", north, "g-a");

        Task<Answer> Put(params Guid[] coupons) => market.Shop(R7).Put(OrderAt(NewId()), Order(couponIds: coupons));
    }

    [Test]
    public async Task ClaimsOfSeveralCoupons_CreditAlike_WhateverComesFirst()
    {
        await using var market = await Open();
        var (north, top) = (await market.Session("/aurora/north/"), await market.Session("/aurora/"));
        for (var round = 0; round < 6; round++)
        {
            var (order, coupons) = (NewId(), new[] { NewId(), NewId(), NewId() });
            var steps = new List<Func<Task>>
            {
                () => market.Host.Deliver(new CouponsClaimed([Claim(coupons[0], "/aurora/", guideId: "g0")])),
                () => market.Host.Deliver(new CouponsClaimed([Claim(coupons[1], "/aurora/north/", north, guideId: "g1"), Claim(NewId(), "/aurora/")])),
                () => market.Host.Deliver(new CouponsClaimed([Claim(coupons[2], "/aurora/", top, guideId: "g2")])),
                () => market.Host.Deliver(new CouponsLocked([Use(Claim(coupons[2], "/aurora/", top), 2, order)])),
                () => market.Shop(R7).Put(OrderAt(order), Order(couponIds: coupons)),
            };
            var random = new Random(round);
            foreach (var step in steps.OrderBy(_ => random.Next())) await step();
            AssertCredit(await market.Shop(R7).Get(OrderAt(order)), "Claim", "/aurora/north/", north, "g1");
        }
    }

    [Test]
    public async Task TheCouponsFate_ShowsOnTheOrder_WhateverComesFirst()
    {
        await using var market = await Open();
        var (shop, id, claim) = (market.Shop(R7), NewId(), Claim(NewId(), "/aurora/"));
        await market.Host.Deliver(new CouponsRedeemed([Use(claim, 3, id)]));
        var placed = await shop.Put(OrderAt(id), Order(couponId: claim.CouponId));
        Assert.That(Coupons(placed), Is.EqualTo(new[] { "Redeemed" }));
        Assert.That((await shop.Put(OrderAt(id), Order(couponId: claim.CouponId))).Content, Is.EqualTo(placed.Content), "a repeat says the same");
        await market.Host.Deliver(new CouponsLocked([Use(claim, 2, id)]));
        Assert.That(Coupons(await shop.Get(OrderAt(id))), Is.EqualTo(new[] { "Redeemed" }), "older news is no news");
        await market.Host.Deliver(new CouponsRefundedInPart([Use(claim, 4, id)]));
        Assert.That(Coupons(await shop.Get(OrderAt(id))), Is.EqualTo(new[] { "Redeemed" }), "refunded in part it stays spent");
        await market.Host.Deliver(new CouponsRolledBack([Use(claim, 5, id)]));
        Assert.That(Coupons(await Report(shop, id, "Paid")), Is.EqualTo(new[] { "RolledBack" }));

        var second = NewId();
        await market.Host.Deliver(new CouponsRefused(second, 1, [new RefusedCoupon(claim.CouponId, "coupon.already_locked")]));
        Assert.That(Coupons(await shop.Put(OrderAt(second), Order(couponId: claim.CouponId))), Is.EqualTo(new[] { "Refused coupon.already_locked" }));
        await market.Host.Deliver(new CouponsLocked([Use(claim, 6, second)]));
        Assert.That(Coupons(await shop.Get(OrderAt(second))), Is.EqualTo(new[] { "Locked" }));
        await market.Host.Deliver(new CouponsReleased([Use(claim, 7, second)]));
        Assert.That(Coupons(await shop.Get(OrderAt(second))), Is.EqualTo(new[] { "Refused coupon.already_locked" }));
        var list = (await shop.Get("/orders/orders")).Json["items"]!.AsArray().Select(o => (string)o!["coupons"]![0]!["status"]!);
        Assert.That(list, Is.EqualTo(new[] { "RolledBack", "Refused" }), "the first order's use is its own");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task IfOneCouponIsRefused_AllOfTheOrderAre_ByTheNewestRefusal(bool refusalsFirst)
    {
        await using var market = await Open();
        var (shop, id, a, b, c) = (market.Shop(R7), NewId(), Claim(NewId(), "/aurora/"), Claim(NewId(), "/aurora/"), NewId());
        var refusals = new[]
        {
            new CouponsRefused(id, 3, [new RefusedCoupon(b.CouponId, "coupon.expired"), new RefusedCoupon(c, "coupon.not_found")]),
            new CouponsRefused(id, 1, [new RefusedCoupon(a.CouponId, "coupon.already_locked")]),
        };
        if (refusalsFirst) await Deliver();
        await shop.Put(OrderAt(id), Order(couponIds: [a.CouponId, b.CouponId, c]));
        if (!refusalsFirst) await Deliver();
        Assert.That(Coupons(await shop.Get(OrderAt(id))), Is.EqualTo(new[] { "Refused coupon.refused_together", "Refused coupon.expired", "Refused coupon.not_found" }));
        await market.Host.Deliver(new CouponsLocked([Use(a, 2, id), Use(b, 2, id)]));
        Assert.That(Coupons(await shop.Get(OrderAt(id))).Take(2), Is.EqualTo(new[] { "Locked", "Locked" }));

        async Task Deliver()
        {
            foreach (var refusal in refusals) await market.Host.Deliver(refusal);
        }
    }

    private static void AssertCredit(Answer order, string by, string path, Guid? session, string? guide)
    {
        Assert.That((string?)order.Json["attribution"]?["by"], Is.EqualTo(by), order.Content);
        Assert.That((string?)order.Json["attribution"]!["explanation"], Is.Not.Empty);
        Assert.That(((string?)order.Json["unitPath"], (Guid?)order.Json["sessionId"], (string?)order.Json["guideId"]), Is.EqualTo((path, session, guide)));
    }
}

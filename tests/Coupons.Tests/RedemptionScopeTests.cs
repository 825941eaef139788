using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>Whose shop may do what with an order's coupon. Credit for the order plays no part in it.</summary>
internal sealed class RedemptionScopeTests
{
    private static readonly string[] Verbs = ["redeem", "release", "roll-back"];

    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public async Task ARedemption_IsOnlyWithinReachOfItsShop_AndOfThoseAbove(bool byOrder)
    {
        var coupon = await Coupon(Stage.Hq);
        var order = _stage.Order(coupon, path: Stage.North) with { UnitPath = Stage.Hq };
        if (byOrder) await Tell(order);
        else Assert.That((await _stage.Lock(order.OrderId, coupon, from: Stage.North)).Status, Is.EqualTo(200));
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Locked"));
        foreach (var outsider in new[] { Stage.South, Stage.R7, Stage.R8, Stage.Foreign })
        {
            foreach (var verb in Verbs)
            {
                var answer = await _stage.Use(order.OrderId, verb, outsider);
                Assert.That((answer.Status, answer.Code), Is.EqualTo((404, "redemption.not_found")), $"{verb} from {outsider}");
            }
            Assert.That((await _stage.Lock(order.OrderId, coupon, from: outsider)).Code, Is.EqualTo("redemption.id_reused"), outsider);
        }
        Assert.That((await _stage.Lock(order.OrderId, coupon, from: Stage.Hq)).Status, Is.EqualTo(200), "a repeat from above");
        Assert.That((await _stage.Use(order.OrderId, "redeem", Stage.North)).Status, Is.EqualTo(200));
        Assert.That((await _stage.Use(order.OrderId, "roll-back", Stage.Hq)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ASessionOfHeadquarters_LendsAShopNoReachIntoAnotherRegion()
    {
        var coupon = await Coupon(Stage.South, from: Stage.South);
        var order = _stage.Order(coupon, path: Stage.North) with { UnitPath = Stage.Hq };
        await Tell(order);
        Assert.That((await _stage.Heard<CouponsRefused>()).Single(r => r.OrderId == order.OrderId).Coupons.Single().Code, Is.EqualTo("coupon.not_found"));
        Assert.That((await _stage.Lock(_stage.NewId(), coupon, from: Stage.North)).Code, Is.EqualTo("coupon.not_found"), "as with the direct lock");
    }

    [Test]
    public async Task ARegionsShop_SellingInOneResellersSession_SpendsAnothersCoupon()
    {
        var (ordered, direct) = (await Coupon(Stage.R8, from: Stage.R8), await Coupon(Stage.R8, from: Stage.R8));
        var order = _stage.Order(ordered, path: Stage.North) with { UnitPath = Stage.R7 };
        await Tell(order);
        Assert.That((await _stage.Used<CouponsLocked>()).Any(u => u.OrderId == order.OrderId));
        Assert.That((await _stage.Lock(_stage.NewId(), direct, from: Stage.North)).Status, Is.EqualTo(200), "as with the direct lock");
    }

    [Test]
    public async Task WhicheverVersionComesFirst_TheShopsPathDecides()
    {
        foreach (var newestFirst in new[] { false, true })
        {
            var coupon = await Coupon(Stage.Hq);
            var placed = _stage.Order(coupon, path: Stage.R7);
            OrderState[] versions = [placed, placed with { Version = 2, UnitPath = Stage.Hq }];
            foreach (var version in newestFirst ? versions.Reverse() : versions) await Tell(version);
            Assert.That((await _stage.Use(placed.OrderId, "release", Stage.R8)).Code, Is.EqualTo("redemption.not_found"));
            Assert.That((await _stage.Use(placed.OrderId, "release", Stage.R7)).Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task AnotherShopsOrderOfTheSameId_DoesNotMoveACouponLockedAbove()
    {
        var coupon = await Coupon(Stage.Hq);
        var order = _stage.Order(coupon, OrderStatus.Paid, path: Stage.R7);
        await _stage.Lock(order.OrderId, coupon, from: Stage.North);
        await Tell(order);
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Locked"));
        Assert.That((await _stage.Heard<CouponsRefused>()).Single(r => r.OrderId == order.OrderId).Coupons.Single().Code, Is.EqualTo("redemption.id_reused"));
    }

    private async Task<Guid> Coupon(string owner, string from = Stage.R7)
    {
        var claim = await _stage.Claim(await _stage.Campaign(_stage.Terms(owner)), "ann", from: from);
        Assert.That(claim.Status, Is.EqualTo(201), claim.Content);
        return claim.Id;
    }

    private Task Tell(OrderState order) => _stage.Host.Deliver(Stage.Event(order));
}

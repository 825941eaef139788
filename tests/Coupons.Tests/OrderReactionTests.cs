using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

internal sealed class OrderReactionTests
{
    private static readonly OrderStatus[][] Histories =
    [
        [OrderStatus.Placed],
        [OrderStatus.Placed, OrderStatus.Paid],
        [OrderStatus.Placed, OrderStatus.Cancelled],
        [OrderStatus.Placed, OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Delivered, OrderStatus.Completed],
        [OrderStatus.Placed, OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Refunded],
        [OrderStatus.Placed, OrderStatus.Paid, OrderStatus.Refunded, OrderStatus.Refunded],
        [OrderStatus.Placed, OrderStatus.Cancelled, OrderStatus.Paid, OrderStatus.Shipped],
        [OrderStatus.Placed, OrderStatus.Cancelled, OrderStatus.Paid, OrderStatus.Refunded],
    ];

    private Stage _stage = null!;
    private Guid _campaign;

    [OneTimeSetUp]
    public async Task SetStage()
    {
        _stage = await Stage.Set();
        _campaign = await _stage.Campaign(_stage.Terms(stock: 100_000, limit: 1000));
    }

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task AnOrderLocks_Redeems_AndRollsBackItsCoupon()
    {
        var coupon = await _stage.Coupon(_campaign);
        var order = _stage.Order(coupon);
        await Tell(order);
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Locked"));
        await Tell(order with { Version = 2, Status = OrderStatus.Paid });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Redeemed"));
        await Tell(order with { Version = 3, Status = OrderStatus.Paid, RefundedMinor = 5 });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Redeemed"), "refunded in part");
        await Tell(order with { Version = 4, Status = OrderStatus.Refunded });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await Trail(order.OrderId)).Select(e => e.Name), Is.EqualTo(new[] { "CouponsLocked", "CouponsRedeemed", "CouponsRolledBack" }));
    }

    [Test]
    public async Task AnOrderThatTheShopHasLockedFor_KeepsThatLock()
    {
        var coupon = await _stage.Coupon(_campaign);
        var order = _stage.Order(coupon);
        await _stage.Lock(order.OrderId, coupon);
        await Tell(order);
        await Tell(order with { Version = 2, Status = OrderStatus.Cancelled });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await Trail(order.OrderId)).Select(e => e.Name), Is.EqualTo(new[] { "CouponsLocked", "CouponsReleased" }));
    }

    [Test]
    public async Task WhatTheShopUndid_IsNotRedoneByAShipment()
    {
        var coupon = await _stage.Coupon(_campaign);
        var order = _stage.Order(coupon);
        await Tell(order with { Status = OrderStatus.Paid });
        await _stage.Use(order.OrderId, "roll-back");
        await Tell(order with { Version = 2, Status = OrderStatus.Shipped });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));
    }

    [Test]
    public async Task ACancelledOrder_WhoseCouponTheShopHadSpent_GivesItBack()
    {
        var coupon = await _stage.Coupon(_campaign);
        var order = _stage.Order(coupon);
        await _stage.Lock(order.OrderId, coupon);
        await _stage.Use(order.OrderId, "redeem");
        await Tell(order with { Version = 2, Status = OrderStatus.Cancelled });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));
    }

    [Test]
    public async Task ALatePayment_RedeemsALapsedCoupon_IfItIsStillFree()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 2));
        var (mine, taken) = (await stage.Coupon(campaign), await stage.Coupon(campaign));
        var (first, second) = (stage.Order(mine), stage.Order(taken));
        await stage.Host.Deliver(new OrderPlaced(first));
        await stage.Host.Deliver(new OrderPlaced(second));
        stage.Clock.Advance(TimeSpan.FromMinutes(31));
        await stage.Host.CarryOutDue();
        Assert.That(await stage.Status(mine), Is.EqualTo("Effective"));
        Assert.That((await stage.Lock(stage.NewId(), taken)).Status, Is.EqualTo(200));
        await stage.Host.Deliver(new OrderPaid(first with { Version = 2, Status = OrderStatus.Paid }));
        await stage.Host.Deliver(new OrderPaid(second with { Version = 2, Status = OrderStatus.Paid }));
        Assert.That(await stage.Status(mine), Is.EqualTo("Redeemed"));
        var refused = (await stage.Heard<CouponsRefused>()).Single();
        Assert.That((refused.OrderId, refused.OrderVersion, refused.Coupons.Single()), Is.EqualTo((second.OrderId, 2L, new RefusedCoupon(taken, "coupon.already_locked"))));
    }

    [Test]
    public async Task AnOrderHeardOfAfterItsLockLapsed_HasItsCouponAgain_WhetherOrNotTheWorkerWasThere([Values] bool worker)
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.Order(coupon);
        Assert.That((await stage.Lock(order.OrderId, coupon)).Status, Is.EqualTo(200));
        stage.Clock.Advance(TimeSpan.FromMinutes(31));
        if (worker) await stage.Host.CarryOutDue();
        await stage.Host.Deliver(new OrderPlaced(order));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Locked"));
    }

    [Test]
    public async Task ALapsedLock_EndsTheSame_WhicheverOfPaymentAndRefundIsHeardOfFirst([Values] bool paymentFirst)
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.NewId();
        Assert.That((await stage.Lock(order, coupon)).Status, Is.EqualTo(200));
        stage.Clock.Advance(TimeSpan.FromMinutes(31));
        foreach (var verb in paymentFirst ? new[] { "redeem", "roll-back" } : ["roll-back", "redeem"])
        {
            var answer = await stage.Use(order, verb);
            Assert.That((answer.Status, (string?)answer.Json["status"]), Is.EqualTo((200, paymentFirst && verb == "redeem" ? "Redeemed" : "RolledBack")), answer.Content);
        }
        Assert.That(await stage.Status(coupon), Is.EqualTo("Effective"));
    }

    [Test]
    public async Task ARefundAfterTheWindow_LeavesTheCouponExpired()
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var order = stage.Order(coupon, OrderStatus.Paid);
        await stage.Host.Deliver(new OrderPaid(order));
        stage.Clock.Advance(TimeSpan.FromDays(3));
        await stage.Host.Deliver(new OrderRefunded(order with { Version = 2, Status = OrderStatus.Refunded }));
        Assert.That(await stage.Status(coupon), Is.EqualTo("Expired"));
    }

    [TestCase(OrderStatus.Refunded)]
    [TestCase(OrderStatus.Cancelled)]
    public async Task AnOrderThatWasRefusedItsCoupon_NeverTouchesIt_WhenItIsUndone(OrderStatus undone)
    {
        await using var stage = await Stage.Set();
        var coupon = await stage.Coupon(await stage.Campaign());
        var holder = stage.NewId();
        await stage.Lock(holder, coupon);
        var order = stage.Order(coupon);
        await stage.Host.Deliver(Stage.Event(order));
        await stage.Use(holder, "release");
        var before = (long)(await stage.Read(coupon))["version"]!;
        await stage.Host.Deliver(Stage.Event(order with { Version = 2, Status = undone }));
        Assert.That((long)(await stage.Read(coupon))["version"]!, Is.EqualTo(before));
        Assert.That((await stage.Heard<CouponsRefused>()).Select(r => r.OrderVersion), Is.EqualTo(new[] { 1L }));
        Assert.That((await stage.Used<CouponsLocked>()).Select(u => u.OrderId), Is.EqualTo(new[] { holder }));
    }

    [Test]
    public async Task ACouponAnOrderCannotUse_IsRefusedByCode()
    {
        var coupon = await _stage.Coupon(_campaign);
        var winner = _stage.Order(coupon);
        await Tell(winner);
        foreach (var (order, code) in new[]
        {
            (_stage.Order(_stage.NewId()), "coupon.not_found"),
            (_stage.Order(coupon, path: Stage.Foreign), "coupon.not_found"),
            (_stage.Order(coupon, customer: "bob"), "coupon.wrong_customer"),
            (_stage.Order(coupon, version: 3), "coupon.already_locked"),
            (_stage.Order(await _stage.Coupon(_campaign), id: winner.OrderId, status: OrderStatus.Paid, version: 9), "redemption.id_reused"),
        })
        {
            await Tell(order);
            var refusal = (await _stage.Heard<CouponsRefused>()).Single(r => r.OrderId == order.OrderId);
            Assert.That((refusal.OrderVersion, refusal.Coupons.Single()), Is.EqualTo((order.Version, new RefusedCoupon(order.CouponIds.Single(), code))));
        }
        await Tell(_stage.Order(coupon) with { CouponIds = [] });
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Locked"));
    }

    [Test]
    public async Task OfTwentyOrdersNamingOneCoupon_OneGetsIt_AndTheOthersAreTold()
    {
        var coupon = await _stage.Coupon(_campaign);
        var orders = Enumerable.Range(0, 20).Select(_ => _stage.Order(coupon)).ToList();
        await Task.WhenAll(orders.Select(o => Tell(o)));
        var ids = orders.Select(o => o.OrderId).ToHashSet();
        Assert.That((await _stage.Used<CouponsLocked>()).Count(u => ids.Contains(u.OrderId)), Is.EqualTo(1));
        Assert.That((await _stage.Heard<CouponsRefused>()).Count(e => ids.Contains(e.OrderId)), Is.EqualTo(19));
    }

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public bool InWhateverOrderItsEventsCome_AnOrdersCouponEndsTheSame(int seed)
    {
        var random = new Random(seed);
        var history = Histories[random.Next(Histories.Length)];
        var isTaken = random.Next(4) == 0;
        return Ends(history, order => order, isTaken).GetAwaiter().GetResult() ==
            Ends(history, events => Shuffled(events, random), isTaken).GetAwaiter().GetResult();
    }

    /// <summary>How the coupon stands, and what was last told of it for this order, once all events have come.</summary>
    private async Task<string> Ends(OrderStatus[] history, Func<List<(OrderState, Guid)>, List<(OrderState, Guid)>> arrange, bool isTaken)
    {
        var coupon = await _stage.Coupon(_campaign, $"customer-{_stage.NewId()}");
        var customer = (string)(await _stage.Read(coupon))["customerId"]!;
        var holder = _stage.NewId();
        if (isTaken) await _stage.Lock(holder, coupon, customer);
        var order = _stage.Order(coupon, customer: customer);
        var events = history.Select((status, i) => (order with { Version = i + 1, Status = status }, _stage.NewId())).ToList();
        foreach (var (state, messageId) in arrange(events)) await _stage.Host.Deliver(Stage.Event(state), messageId);
        var view = await _stage.Read(coupon);
        var trail = await Trail(order.OrderId);
        var holds = (Guid?)view["orderId"] == order.OrderId ? "this order" : (Guid?)view["orderId"] == holder ? "holder" : "nobody";
        return $"{view["status"]} {holds} {view["discountMinor"]} {trail[^1].Name} {trail[^1].Discount}";
    }

    private static List<(OrderState State, Guid MessageId)> Shuffled(List<(OrderState State, Guid MessageId)> events, Random random)
    {
        // Each once, and some again: redelivered, or told anew under another message id.
        var many = events.Concat(events.Where(_ => random.Next(2) == 0))
            .Concat(events.Where(_ => random.Next(3) == 0).Select(e => (e.State, MessageId: TimeProvider.System.NewId()))).ToArray();
        random.Shuffle(many);
        return [.. many];
    }

    private Task Tell(OrderState order) => _stage.Host.Deliver(Stage.Event(order));

    private async Task<IReadOnlyList<(string Name, long Version, long? Discount)>> Trail(Guid orderId)
    {
        var all = await _stage.Heard<object>();
        return [.. all.SelectMany(e => Stage.UsesOf(e).Select(u => (Use: u, e.GetType().Name)))
            .Where(e => e.Use.OrderId == orderId)
            .Select(e => (e.Name, e.Use.Version, (long?)e.Use.DiscountMinor))
            .Concat(all.OfType<CouponsRefused>().Where(r => r.OrderId == orderId)
                .Select(r => ($"{nameof(CouponsRefused)} {string.Join(' ', r.Coupons.Select(c => c.Code))}", r.OrderVersion, (long?)null)))
            .OrderBy(e => e.Item2)];
    }
}

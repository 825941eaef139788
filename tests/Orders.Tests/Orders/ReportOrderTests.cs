using LiveCommerce.Contracts.Orders;
using LiveCommerce.Support;
using static LiveCommerce.Orders.Tests.Market;

namespace LiveCommerce.Orders.Tests.Orders;

internal sealed class ReportOrderTests
{
    private const string R7 = "/aurora/north/r7/";

    [Test]
    public async Task AnOrderGoesItsWay_WithAVersionAndAnEventEachStep()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop(R7), NewId());
        await shop.Put(OrderAt(id), Order());
        foreach (var kind in new[] { "Paid", "Shipped", "Delivered", "Completed" })
        {
            var answer = await Report(shop, id, kind);
            Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
            Assert.That((string?)answer.Json["status"], Is.EqualTo(kind));
        }
        Assert.That((string?)(await Report(shop, id, "Refunded", 4_000)).Json["status"], Is.EqualTo("Completed"));
        var last = await Report(shop, id, "Refunded", 6_000);
        Assert.That((string?)last.Json["status"], Is.EqualTo("Refunded"));
        Assert.That((long)last.Json["refundedMinor"]!, Is.EqualTo(9_000));
        Assert.That((string?)last.Json["warnings"]![0]!["code"], Is.EqualTo("order.refunded_above_payable"));
        await market.Host.Settle();
        Assert.That(market.Heard.Of(id).Select(e => e.Event), Is.EqualTo(new[]
        {
            "OrderPlaced", "OrderPaid", "OrderProgressed", "OrderProgressed", "OrderProgressed", "OrderRefunded", "OrderRefunded",
        }));
        Assert.That(market.Heard.Of(id).Select(e => e.Order.Version), Is.EqualTo(Enumerable.Range(1, 7)));
    }

    [Test]
    public async Task ReportsBeforeTheOrder_WaitForIt_AndAreToldAfterIt()
    {
        await using var market = await Open();
        var (shop, id, refund) = (market.Shop(R7), NewId(), NewId());
        for (var i = 0; i < 2; i++)
        {
            var early = await Report(shop, id, "Refunded", 500, refund);
            Assert.That(early.Status, Is.EqualTo(202), early.Content);
            Assert.That((bool)early.Json["waiting"]!);
            Assert.That((Guid)early.Json["orderId"]!, Is.EqualTo(id));
        }
        Assert.That((await Report(shop, id, "Refunded", 600, refund)).Code, Is.EqualTo("report.id_reused"));
        Assert.That((await Report(shop, id, "Shipped", minute: 3)).Status, Is.EqualTo(202));
        Assert.That((await shop.Get(OrderAt(id))).Code, Is.EqualTo("order.not_found"));

        var placed = await shop.Put(OrderAt(id), Order());
        Assert.That(placed.Status, Is.EqualTo(201));
        Assert.That((string?)placed.Json["status"], Is.EqualTo("Shipped"));
        Assert.That((long)placed.Json["refundedMinor"]!, Is.EqualTo(500));
        Assert.That((await shop.Get(OrderAt(id))).Content, Is.EqualTo(placed.Content), "what was answered is what is kept");
        await market.Host.Settle();
        var heard = market.Heard.Of(id);
        Assert.That(heard.Select(e => e.Event), Is.EqualTo(new[] { "OrderPlaced", "OrderPaid", "OrderRefunded" }));
        Assert.That(heard[0].Order.WasPaid, Is.False);
        Assert.That((heard[2].Order.Status, heard[2].Order.RefundedMinor), Is.EqualTo((OrderStatus.Shipped, 500L)));
    }

    [Test]
    public async Task AReportSentTwice_CountsOnce_AndItsIdTakesNoOtherContent()
    {
        await using var market = await Open();
        var (shop, id, report) = (market.Shop(R7), NewId(), NewId());
        await shop.Put(OrderAt(id), Order());
        await Report(shop, id, "Paid");
        var first = await Report(shop, id, "Refunded", 1_000, report);
        var again = await Report(shop, id, "Refunded", 1_000, report);
        Assert.That((first.Status, again.Status), Is.EqualTo((201, 200)));
        Assert.That(again.Content, Is.EqualTo(first.Content));
        Assert.That((await Report(shop, id, "Refunded", 1_001, report)).Code, Is.EqualTo("report.id_reused"));
        Assert.That((await Report(shop, id, "Refunded", 1_000, report, minute: 1)).Code, Is.EqualTo("report.id_reused"));
        Assert.That((await Report(shop, id, "Paid", null, report)).Code, Is.EqualTo("report.id_reused"));
        var raced = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Report(shop, id, "Refunded", 100, new Guid(i % 4, 0, 0, new byte[8]))));
        Assert.That(raced.Count(a => a.Status == 201), Is.EqualTo(4));
        Assert.That((long)(await shop.Get(OrderAt(id))).Json["refundedMinor"]!, Is.EqualTo(1_400));
    }

    [Test]
    public async Task ACancelAfterPayment_IsKeptAndFlagged_ButChangesNothing()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop(R7), NewId());
        await shop.Put(OrderAt(id), Order());
        await Report(shop, id, "Paid");
        var late = await Report(shop, id, "Cancelled", minute: 5);
        Assert.That((string?)late.Json["status"], Is.EqualTo("Paid"));
        Assert.That((string?)late.Json["warnings"]![0]!["code"], Is.EqualTo("order.cancelled_after_payment"));
        Assert.That(late.Json["cancelledAt"], Is.Not.Null);
        await market.Host.Settle();
        Assert.That(market.Heard.Of(id).Select(e => e.Event), Is.EqualTo(new[] { "OrderPlaced", "OrderPaid" }));
    }

    [Test]
    public async Task APaymentReportedAfterTheCancel_StillIsAPayment()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop(R7), NewId());
        await shop.Put(OrderAt(id), Order());
        Assert.That((string?)(await Report(shop, id, "Cancelled")).Json["status"], Is.EqualTo("Cancelled"));
        Assert.That((string?)(await Report(shop, id, "Paid")).Json["status"], Is.EqualTo("Paid"));
        await market.Host.Settle();
        Assert.That(market.Heard.Of(id).Select(e => e.Event), Is.EqualTo(new[] { "OrderPlaced", "OrderCancelled", "OrderPaid" }));
    }

    [Test]
    public async Task OnlyTheShopAndThoseAboveIt_Report()
    {
        await using var market = await Open();
        var (id, early) = (NewId(), NewId());
        await market.Shop(R7).Put(OrderAt(id), Order());
        foreach (var path in new[] { "/aurora/north/r8/", "/aurora/south/", "/borealis/r1/" })
        {
            Assert.That((await Report(market.Shop(path), id, "Paid")).Code, Is.EqualTo("order.not_found"), path);
            Assert.That((await Report(market.Shop(path), early, "Paid")).Status, Is.EqualTo(202), path);
        }
        Assert.That((string?)(await market.Shop(R7).Put(OrderAt(early), Order())).Json["status"], Is.EqualTo("Placed"), "strangers' reports do not count");
        Assert.That((string?)(await Report(market.Shop("/aurora/north/"), id, "Paid")).Json["status"], Is.EqualTo("Paid"));
    }

    [Test]
    public async Task EveryFaultOfAReport_IsNamed()
    {
        await using var market = await Open();
        var shop = market.Shop(R7);
        var address = $"/orders/orders/{NewId()}/reports/{NewId()}";
        Assert.That((await shop.Put(address, new { kind = "Refunded", at = Noon })).Faults, Is.EqualTo(new[] { "/refundMinor" }));
        Assert.That((await shop.Put(address, new { kind = "Paid", at = Noon, refundMinor = 5 })).Faults, Is.EqualTo(new[] { "/refundMinor" }));
        Assert.That((await shop.Put(address, new { kind = "Refunded", at = Noon, refundMinor = 0 })).Faults, Is.EqualTo(new[] { "/refundMinor" }));
        Assert.That((await shop.Put(address, new { kind = "Lost", at = "noon" })).Faults, Is.EquivalentTo(new[] { "/kind", "/at" }));
        Assert.That((await shop.Put(address, new { kind = 1 })).Faults, Is.EquivalentTo(new[] { "/kind", "/at" }));
    }

    [Test]
    public async Task AnOrderTakesNoEndlessReports()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop(R7), NewId());
        var answers = await Task.WhenAll(Enumerable.Range(0, 203).Select(i => Report(shop, id, "Shipped", minute: i)));
        Assert.That(answers.Count(a => a.Status == 202), Is.EqualTo(200));
        Assert.That(answers.Count(a => a.Code == "order.too_many_reports"), Is.EqualTo(3));
    }

    [Test]
    public async Task WhatStrangersLeftWaiting_TakesNoRoom()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop(R7), NewId());
        foreach (var stranger in new[] { "/aurora/north/r8/", "/borealis/r1/" })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 201).Select(i => Report(market.Shop(stranger), id, "Shipped", minute: i)));
            Assert.That(answers.Count(a => a.Status == 202), Is.EqualTo(200), stranger);
        }
        Assert.That((await Report(shop, id, "Paid")).Status, Is.EqualTo(202), "before the order");
        Assert.That((string?)(await shop.Put(OrderAt(id), Order())).Json["status"], Is.EqualTo("Paid"));
        Assert.That((await Report(shop, id, "Shipped")).Status, Is.EqualTo(201), "after it");
    }
}

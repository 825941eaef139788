using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Orders.Reactions;
using LiveCommerce.Support;

namespace LiveCommerce.Orders.Tests.Orders;

internal sealed class MoveTests
{
    private const string Before = "/aurora/north/r7/";
    private const string Moved = "/aurora/south/r7/";

    [Test]
    public async Task PastOrdersAndClaimsOfAMovedUnitFollowIt()
    {
        await using var market = await Market.Open();
        var id = Market.NewId();
        Assert.That((await market.Shop(Before).Put(Market.OrderAt(id), Market.Order())).Status, Is.EqualTo(201));
        Assert.That((await Market.Report(market.Shop("/aurora/north/"), id, "Paid")).Status, Is.EqualTo(201));
        await Move(market, 2, Moved, Before);
        foreach (var (path, sees) in new[] { ("/aurora/", true), ("/aurora/south/", true), (Moved, true), ("/aurora/north/", false), (Before, false), ("/borealis/", false) })
        {
            Assert.That((await market.Analyst(path).Get(Market.OrderAt(id))).Status, Is.EqualTo(sees ? 200 : 404), path);
            Assert.That((await market.Analyst(path).Get("/orders/orders")).Json["items"]!.AsArray(), Has.Count.EqualTo(sees ? 1 : 0), path);
        }
        var figures = await market.Analyst("/aurora/south/").Get($"/orders/figures/units/{market.Unit("/aurora/south/")}?from=2026-09-30T00:00:00Z&to=2026-10-02T00:00:00Z");
        Assert.That(figures.Status, Is.EqualTo(200), figures.Content);
        Assert.That((await market.Analyst("/aurora/south/").Get($"/orders/figures/units/{market.Unit(Before)}")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WhatTheRegionItLeftHadReported_GoesOnCounting()
    {
        await using var market = await Market.Open();
        Guid id = Market.NewId(), waiting = Market.NewId(), same = Market.NewId();
        await market.Shop(Before).Put(Market.OrderAt(id), Market.Order());
        await Market.Report(market.Shop("/aurora/north/"), id, "Paid", minute: 1);
        await Market.Report(market.Shop("/aurora/"), id, "Shipped", minute: 2);
        // Two that wait for their order under one id, the region's and the shop's.
        await Market.Report(market.Shop("/aurora/north/"), waiting, "Paid", reportId: same, minute: 1);
        await Market.Report(market.Shop(Before), waiting, "Paid", reportId: same, minute: 1);
        await Move(market, 2, Moved, Before);
        var delivered = await Market.Report(market.Shop(Moved), id, "Delivered", minute: 3);
        Assert.That((delivered.Status, (string?)delivered.Json["status"]), Is.EqualTo((201, "Delivered")), delivered.Content);
        Assert.That(delivered.Json["paidAt"], Is.Not.Null);
        var placed = await market.Shop(Moved).Put(Market.OrderAt(waiting), Market.Order());
        Assert.That((string?)placed.Json["status"], Is.EqualTo("Paid"), placed.Content);
        Assert.That((await market.Shop(Moved).Put(Market.OrderAt(id), Market.Order())).Status, Is.EqualTo(200), "the same order sent again");
    }

    [Test]
    public async Task ClaimsToldUnderTheOldPath_AreTheMovedUnits()
    {
        await using var market = await Market.Open();
        await Move(market, 2, Moved, Before);
        var claim = Market.Claim(Market.NewId(), Before);
        await market.Host.Deliver(new CouponsClaimed([claim]));
        Assert.That(await market.Db.Scalar<string>("SELECT Path FROM Coupons"), Is.EqualTo(Moved));
        var session = await market.Session(Before);
        Assert.That((await market.Analyst("/aurora/south/").Get($"/orders/figures/sessions/{session}")).Status, Is.EqualTo(200));
        Assert.That((await market.Analyst("/aurora/north/").Get($"/orders/figures/sessions/{session}")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task ThousandsAreRewrittenPartByPart()
    {
        await using var market = await Market.Open();
        for (var i = 0; i < 12; i++)
            await market.Host.Deliver(new CouponsClaimed([.. Enumerable.Range(0, 1_000).Select(_ => Market.Claim(Market.NewId(), Before))]));
        await Move(market, 2, Moved, Before);
        Assert.That(await market.Db.Scalar<long>("SELECT COUNT(*) FROM Coupons WHERE Path = @Moved", new { Moved }), Is.EqualTo(12_000));
    }

    [Test]
    public async Task NoColumnThatHoldsAPathIsForgotten()
    {
        await using var market = await Market.Open();
        Assert.That(await Paths.Astray(market.Db, MovedRows.All.Columns), Is.Empty);
    }

    private static async Task Move(Market market, long version, string path, params string[] former)
    {
        await market.Host.Deliver(new UnitChanged
        {
            UnitId = market.Unit(Before),
            Version = version,
            ParentId = market.Unit("/aurora/south/"),
            Path = path,
            FormerPaths = former,
            Name = "R7",
            Kind = UnitKind.Reseller,
            TimeZone = "Asia/Shanghai",
            Currency = "CNY",
            IsActive = true,
        });
        await market.Host.CarryOutDue();
    }
}

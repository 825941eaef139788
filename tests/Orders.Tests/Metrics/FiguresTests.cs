using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Orders.Metrics;
using LiveCommerce.Support;
using static LiveCommerce.Orders.Tests.Market;

namespace LiveCommerce.Orders.Tests.Metrics;

internal sealed class FiguresTests
{
    private const string R7 = "/aurora/north/r7/";

    private static readonly string[] Additive =
    [
        "claims", "couponsLocked", "couponsRedeemed", "orders", "ordersPlaced", "ordersCancelled", "grossMinor", "refundedMinor", "netMinor",
        "couponDiscountMinor", "guideOrders", "guideGrossMinor", "paidOrdersWithCoupon",
    ];

    private static readonly string[] Paths = ["/aurora/", "/aurora/north/", R7, "/aurora/north/r8/", "/aurora/south/"];

    [FsCheck.NUnit.Property(MaxTest = 5)]
    public void FiguresAreThoseOfANaiveRecount_WhateverTheOrderOfArrival(int seed) => Recount(seed).GetAwaiter().GetResult();

    [Test]
    public async Task AnAnswer_HasRatesAndAverages()
    {
        await using var market = await Open();
        var (shop, session) = (market.Shop(R7), await market.Session(R7));
        var claims = Enumerable.Range(0, 4).Select(i => Claim(NewId(), R7, session, customerId: $"c{i}", guideId: i < 2 ? "g" : null)).ToList();
        await market.Host.Deliver(new CouponsClaimed(claims));
        for (var i = 0; i < 3; i++)
        {
            var id = NewId();
            await shop.Put(OrderAt(id), Order(customerId: $"c{i}", couponId: claims[i].CouponId, unitPriceMinor: 1_000 * (i + 1), discountMinor: 0));
            if (i == 2) continue;
            await Report(shop, id, "Paid");
            await market.Host.Deliver(new CouponsRedeemed([Use(claims[i], 2, id)]));
        }
        var third = NewId();
        await shop.Put(OrderAt(third), Order(session, customerId: "c1", unitPriceMinor: 501, quantity: 1, discountMinor: 0));
        await Report(shop, third, "Paid");
        await Report(shop, third, "Refunded", 1);
        foreach (var address in new[] { $"sessions/{session}", $"units/{market.Unit(R7)}", $"units/{market.Unit("/aurora/")}" })
        {
            var f = (await market.Analyst("/aurora/").Get($"/orders/figures/{address}")).Json;
            Assert.That(Numbers(f, "claims", "couponsRedeemed", "orders", "ordersPlaced", "buyers", "grossMinor", "refundedMinor", "netMinor"),
                Is.EqualTo(new[] { 4, 2, 3, 4, 2, 6_501, 1, 6_500 }), address);
            Assert.That(Numbers(f, "averageOrderValueMinor", "averageCustomerValueMinor", "guideOrders", "guideGrossMinor", "paidOrdersWithCoupon"),
                Is.EqualTo(new[] { 2_167, 3_251, 2, 6_000, 2 }), address);
            Assert.That(((decimal)f["redemptionRate"]!, (decimal)f["guideShare"]!), Is.EqualTo((0.5m, 0.922935m)));
            Assert.That((string?)f["currency"], Is.EqualTo("CNY"));
        }
        var none = (await market.Analyst("/aurora/").Get($"/orders/figures/units/{market.Unit(R7)}?from=2026-10-01T12:00:00.000001Z")).Json;
        Assert.That(Numbers(none, [.. Additive, "buyers", "averageOrderValueMinor"]), Is.All.Zero);
    }

    [Test]
    public async Task AnOrderWithTwoCoupons_IsOneOrder_AndTwoCoupons()
    {
        await using var market = await Open();
        var (shop, session, id) = (market.Shop(R7), await market.Session(R7), NewId());
        var claims = Enumerable.Range(0, 3).Select(_ => Claim(NewId(), R7, session)).ToList();
        await market.Host.Deliver(new CouponsClaimed(claims));
        await shop.Put(OrderAt(id), Order(couponIds: [claims[0].CouponId, claims[1].CouponId]));
        await Report(shop, id, "Paid");
        // In one message with an older use, with another order's and with one of a coupon the order does not name.
        await market.Host.Deliver(new CouponsRedeemed([Use(claims[0], 2, id), Use(claims[0], 3, id), Use(claims[1], 3, id), Use(claims[2], 3, NewId())]));
        await AssertFigures(3, 1, 1_000);
        await market.Host.Deliver(new CouponsRefundedInPart([Use(claims[0], 4, id), Use(claims[1], 4, id)]));
        await AssertFigures(3, 1, 1_000);
        await market.Host.Deliver(new CouponsRolledBack([Use(claims[0], 5, id), Use(claims[1], 5, id)]));
        await AssertFigures(1, 1, 1_000);
        await market.Host.Deliver(new CouponVoided { CouponId = claims[2].CouponId, Version = 4, CampaignId = NewId(), CustomerId = "c1", Reason = "wrong", At = Noon });
        await AssertFigures(0, 1, 1_000);

        async Task AssertFigures(long redeemed, long orders, long discount)
        {
            foreach (var address in new[] { $"sessions/{session}", $"units/{market.Unit(R7)}" })
            {
                var f = (await market.Analyst("/aurora/").Get($"/orders/figures/{address}")).Json;
                Assert.That(Numbers(f, "claims", "couponsRedeemed", "paidOrdersWithCoupon", "couponDiscountMinor"), Is.EqualTo(new[] { 3, redeemed, orders, discount }), address);
            }
        }
    }

    [Test]
    public async Task AHundredAndTwentyEightUsesInOneMessage_AreAllTaken_KnownBeforeOrNot()
    {
        await using var market = await Open();
        var (shop, session) = (market.Shop(R7), await market.Session(R7));
        var claims = Enumerable.Range(0, 128).Select(i => Claim(NewId(), R7, session, customerId: $"c{i}")).ToList();
        var orders = claims.Select(_ => NewId()).ToList();
        foreach (var i in Enumerable.Range(0, 128).Where(i => i % 4 == 0)) await Place(i);
        await market.Host.Deliver(new CouponsClaimed([.. claims.Take(64)]));
        await market.Host.Deliver(new CouponsLocked([.. claims.Select((c, i) => Use(c, 1, orders[i]))]));
        await market.Host.Deliver(new CouponsClaimed([.. claims.Skip(32)]));
        foreach (var i in Enumerable.Range(0, 128).Where(i => i % 4 > 0)) await Place(i);
        Assert.That(await Figures(), Is.EqualTo(new[] { 128, 128, 0, 0, 128 }));
        await market.Host.Deliver(new CouponsRedeemed([.. claims.Select((c, i) => Use(c, 2, orders[i]))]));
        foreach (var order in orders) await Report(shop, order, "Paid");
        Assert.That(await Figures(), Is.EqualTo(new[] { 128, 0, 128, 128, 128 }));

        Task<Answer> Place(int i) => shop.Put(OrderAt(orders[i]), Order(customerId: $"c{i}", couponId: claims[i].CouponId));

        async Task<long[]> Figures() => Numbers(
            (await market.Analyst("/aurora/").Get($"/orders/figures/sessions/{session}")).Json,
            "claims", "couponsLocked", "couponsRedeemed", "paidOrdersWithCoupon", "ordersPlaced");
    }

    [Test]
    public async Task FiguresAreSeen_AtTheUnitAndAboveIt()
    {
        await using var market = await Open();
        var (session, unit) = (await market.Session("/aurora/north/"), market.Unit("/aurora/north/"));
        foreach (var (path, sees) in new[] { ("/aurora/", true), ("/aurora/north/", true), (R7, false), ("/aurora/south/", false), ("/borealis/", false) })
        {
            var analyst = market.Analyst(path);
            var (of, at) = (await analyst.Get($"/orders/figures/sessions/{session}"), await analyst.Get($"/orders/figures/units/{unit}"));
            Assert.That(sees ? of.Status == 200 && at.Status == 200 : of.Code == "session.not_found" && at.Code == "unit.not_found", $"{path} {of.Content} {at.Content}");
            Assert.That((await analyst.Get("/orders/figures/sessions")).Json["items"]!.AsArray(), Has.Count.EqualTo(sees ? 1 : 0));
        }
        var bad = await market.Analyst("/aurora/").Get($"/orders/figures/units/{unit}?from=yesterday&to=2026-10-01T12:00:00");
        Assert.That(bad.Faults, Is.EqualTo(new[] { "?from", "?to" }));
        Assert.That((await market.Analyst("/aurora/").Get($"/orders/figures/sessions?from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z")).Faults, Is.EqualTo(new[] { "?to" }));
    }

    [Test]
    public async Task SessionsAreRanked_ByNetSales_APageAtATime()
    {
        await using var market = await Open();
        var shop = market.Shop(R7);
        var sessions = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            sessions.Add(await market.Session(R7));
            if (i == 0) continue;
            var id = NewId();
            await shop.Put(OrderAt(id), Order(sessions[i], unitPriceMinor: 1_000 * i));
            await Report(shop, id, "Paid");
        }
        var first = (await market.Analyst("/aurora/").Get("/orders/figures/sessions?limit=3")).Json;
        var rest = (await market.Analyst("/aurora/").Get($"/orders/figures/sessions?limit=3&after={first["next"]}")).Json;
        var ranked = first["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(s => (Guid)s!["sessionId"]!);
        Assert.That(ranked, Is.EqualTo(sessions.AsEnumerable().Reverse()));
        Assert.That(rest["next"], Is.Null);
        var alone = (await market.Analyst("/aurora/").Get($"/orders/figures/sessions/{sessions[4]}")).Json;
        Assert.That(first["items"]![0]!.ToJsonString(), Is.EqualTo(alone.ToJsonString()), "the list and the session say the same");
        Assert.That((await market.Analyst("/aurora/").Get("/orders/figures/sessions?from=2026-10-02T00:00:00Z")).Json["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task ASessionsNewestState_Wins()
    {
        await using var market = await Open();
        var id = NewId();
        await market.Host.Deliver(new SessionEnded(State(id, R7, 3, "Ended", SessionStatus.Ended)));
        await market.Host.Deliver(new SessionScheduled(State(id, R7, 1, "Planned")));
        await market.Host.Deliver(new SessionWentLive(State(id, R7, 2, "Live", SessionStatus.Live)));
        var f = (await market.Analyst("/aurora/").Get($"/orders/figures/sessions/{id}")).Json;
        Assert.That(((string?)f["title"], (string?)f["status"]), Is.EqualTo(("Ended", "Ended")));
    }

    [Test]
    public async Task TwentyThousandClaims_AndAHundredThousandOrders_AreRolledUpWhole()
    {
        await using var market = await Open();
        var session = await market.Session(R7);
        var claims = Enumerable.Range(0, 20_000).Select(i => Claim(NewId(), R7, session, customerId: $"c{i}")).ToList();
        foreach (var group in claims.Chunk(500)) await market.Host.Deliver(new CouponsClaimed(group));

        var rows = Enumerable.Range(0, 100_000).Select(i => new { Id = NewId(), Path = Paths[i % Paths.Length], CustomerId = $"c{i % 30_000}", No = $"{i}" });
        await market.Db.InTransaction<Done>(async work =>
        {
            await work.Execute(
                "INSERT INTO Orders (Id, Version, Status, Tenant, Path, ShopPath, ShopOrderNo, CustomerId, AttributedBy, SessionId, Currency, Lines, LinesMinor, " +
                "DiscountMinor, PayableMinor, RefundedMinor, WasPaid, IsCancelledAfterPayment, IsRefundedAbovePayable, PlacedAt) " +
                $"SELECT {Sql.Field}(value, '$.Id'), 2, 'Paid', '/aurora/', {Sql.Field}(value, '$.Path'), '{R7}', {Sql.Field}(value, '$.No'), {Sql.Field}(value, '$.CustomerId'), " +
                $"'Shop', '{session}', 'CNY', '[]', 100, 0, 100, 0, 1, 0, 0, {Noon.ToMicros()} FROM {Sql.Rows}", new { Rows = Sql.Json(rows) });
            return new Done();
        });
        var analyst = market.Analyst("/aurora/");
        foreach (var address in new[] { $"units/{market.Unit("/aurora/")}", "sessions", $"sessions/{session}", $"units/{market.Unit("/aurora/")}" })
        {
            var answer = await analyst.Get($"/orders/figures/{address}");
            Assert.That(answer.Status, Is.EqualTo(200));
            if (address.StartsWith("units", StringComparison.Ordinal)) Assert.That(Numbers(answer.Json, "orders", "claims", "buyers"), Is.EqualTo(new[] { 100_000, 20_000, 30_000 }));
        }
    }

    private static async Task Recount(int seed)
    {
        await using var tidy = await Open();
        await using var mixed = await Open();
        var sessions = new List<(Guid Id, string Path)>();
        foreach (var path in Paths)
        {
            var id = NewId();
            sessions.Add((id, path));
            foreach (var market in new[] { tidy, mixed }) await market.Host.Deliver(new SessionScheduled(State(id, path)));
        }
        var history = new History(new Random(seed), sessions);
        foreach (var step in history.Steps) await step(tidy);
        // Neighbours first, then all at once: what has no order at all.
        var random = new Random(seed + 1);
        await Task.WhenAll(history.Steps.OrderBy(_ => random.Next()).Select(step => step(mixed)));
        await tidy.Host.Settle();
        await mixed.Host.Settle();

        var (from, to) = (Noon.AddMinutes(20), Noon.AddMinutes(70));
        foreach (var (query, within) in new[] { ("", (Func<DateTimeOffset, bool>)(_ => true)), ($"?from={from:yyyy-MM-ddTHH:mm:ssZ}&to={to:yyyy-MM-ddTHH:mm:ssZ}", at => from <= at && at < to) })
        {
            foreach (var path in Paths)
            {
                var unit = await Same($"/orders/figures/units/{{0}}{query}", path);
                AssertRecount(unit, history, within, o => o.Path.StartsWith(path, StringComparison.Ordinal), c => c.UnitPath.StartsWith(path, StringComparison.Ordinal), path);
                AssertRecount(unit["own"]!, history, within, o => o.Path == path, c => c.UnitPath == path, path);
                foreach (var name in Additive)
                    Assert.That((long)unit[name]!, Is.EqualTo((long)unit["own"]![name]! + unit["children"]!.AsArray().Sum(c => (long)c![name]!)), name);
                foreach (var child in unit["children"]!.AsArray())
                {
                    var at = (string)child!["path"]!;
                    AssertRecount(child, history, within, o => o.Path.StartsWith(at, StringComparison.Ordinal), c => c.UnitPath.StartsWith(at, StringComparison.Ordinal), at);
                }
            }
            foreach (var (id, _) in sessions)
                AssertRecount(await Same($"/orders/figures/sessions/{id}{query}", "/aurora/"), history, within, o => o.Session == id, c => c.SessionId == id, $"{id}");
        }

        async Task<JsonNode> Same(string address, string unit)
        {
            var a = await tidy.Analyst("/aurora/").Get(address.Replace("{0}", tidy.Unit(unit).ToString()));
            var b = await mixed.Analyst("/aurora/").Get(address.Replace("{0}", mixed.Unit(unit).ToString()));
            Assert.That(a.Status, Is.EqualTo(200), a.Content);
            foreach (var name in Additive.Append("buyers")) Assert.That((long)b.Json[name]!, Is.EqualTo((long)a.Json[name]!), $"{name} of {address}, seed {seed}");
            return b.Json;
        }
    }

    private static void AssertRecount(
        JsonNode answer, History history, Func<DateTimeOffset, bool> within, Func<History.Sale, bool> sold, Func<ClaimedCoupon, bool> credited, string of)
    {
        var orders = history.Sales.Where(o => sold(o) && within(o.PlacedAt)).ToList();
        var paid = orders.Where(o => o.Paid).ToList();
        var claims = history.Claims.Where(c => credited(c.Claim) && within(c.Claim.ClaimedAt)).ToList();
        var spent = paid.Where(o => o.CouponState is "Redeemed" or "RolledBack").ToList();
        var guided = paid.Where(o => o.Guide is not null).ToList();
        Assert.That(Numbers(answer, [.. Additive, "buyers"]), Is.EqualTo(new[]
        {
            claims.Count, claims.Count(c => c.State == "Locked"), claims.Count(c => c.State == "Redeemed"), paid.Count, orders.Count, orders.Count(o => o.Cancelled),
            paid.Sum(o => o.Payable), paid.Sum(o => o.Refunded), paid.Sum(o => o.Payable - o.Refunded), spent.Sum(o => o.Discount),
            guided.Count, guided.Sum(o => o.Payable), spent.Count, paid.Select(o => o.Customer).Distinct().Count(),
        }), of);
    }

    private static long[] Numbers(JsonNode answer, params string[] names) => [.. names.Select(n => (long)answer[n]!)];

    /// <summary>What happened, as steps that can be taken in any order, and what it must come to.</summary>
    private sealed class History
    {
        public History(Random random, List<(Guid Id, string Path)> sessions)
        {
            for (var i = 0; i < 60; i++)
            {
                var shop = Paths[random.Next(Paths.Length)];
                var near = sessions.Where(s => UnitPath.SameChain(s.Path, shop)).ToList();
                var customer = $"c{random.Next(15)}";
                var order = NewId();
                var placedAt = Noon.AddMinutes(random.Next(90));
                (Guid Id, string Path)? named = random.Next(3) == 0 ? near[random.Next(near.Count)] : null;
                ClaimedCoupon? claim = null;
                if (random.Next(2) == 0)
                {
                    (Guid Id, string Path)? through = random.Next(3) > 0 ? near[random.Next(near.Count)] : null;
                    claim = Claim(NewId(), through?.Path ?? "/aurora/", through?.Id, customer, random.Next(2) == 0 ? "g1" : null, at: Noon.AddMinutes(random.Next(90)));
                    Steps.Add(m => m.Host.Deliver(new CouponsClaimed([claim])));
                }
                var guide = random.Next(3) == 0 ? "g2" : null;
                var (price, discount) = (random.Next(1, 900), random.Next(2));
                Steps.Add(m => Sent(m.Shop(shop).Put(OrderAt(order), Order(named?.Id, customer, claim?.CouponId, guide, price, 3, discount, placedAt: placedAt))));
                var state = claim is null ? null : Use(claim, order, random);
                var (paid, cancelled, refunded) = Reports(shop, order, 3 * price - discount, random);
                var credit = named ?? (claim?.SessionId is { } id ? (id, claim.UnitPath) : ((Guid?)null, shop));
                Sales.Add(new Sale(credit.Item2, credit.Item1, customer, guide ?? claim?.GuideId, placedAt, paid, cancelled && !paid, 3 * price - discount, refunded, discount, state));
            }
        }

        public List<Func<Market, Task>> Steps { get; } = [];

        public List<Sale> Sales { get; } = [];

        public List<(ClaimedCoupon Claim, string State)> Claims { get; } = [];

        private string? Use(ClaimedCoupon claim, Guid order, Random random)
        {
            var fates = new[] { "Claimed", "Locked", "Redeemed", "RolledBack" };
            var fate = random.Next(fates.Length);
            if (fate >= 1) Steps.Add(m => m.Host.Deliver(new CouponsLocked([Market.Use(claim, 2, order)])));
            if (fate >= 2) Steps.Add(m => m.Host.Deliver(new CouponsRedeemed([Market.Use(claim, 3, order)])));
            if (fate >= 3) Steps.Add(m => m.Host.Deliver(new CouponsRolledBack([Market.Use(claim, 4, order)])));
            Claims.Add((claim, fates[fate]));
            return fate == 0 ? null : fates[fate];
        }

        private (bool Paid, bool Cancelled, long Refunded) Reports(string shop, Guid order, long payable, Random random)
        {
            var (paid, cancelled, refunded) = (false, false, 0L);
            foreach (var kind in new[] { "Paid", "Shipped", "Cancelled", "Refunded", "Refunded" })
            {
                if (random.Next(3) > 0) continue;
                long? refund = kind == "Refunded" ? random.Next(1, 1_500) : null;
                var report = NewId();
                Steps.Add(m => Sent(Report(m.Shop(shop), order, kind, refund, report)));
                paid |= kind != "Cancelled";
                cancelled |= kind == "Cancelled";
                refunded += refund ?? 0;
            }
            return (paid, cancelled, Math.Min(refunded, payable));
        }

        private static async Task Sent(Task<Answer> answer) => Assert.That((await answer).Status, Is.AnyOf(200, 201, 202), (await answer).Content);

        internal sealed record Sale(
            string Path, Guid? Session, string Customer, string? Guide, DateTimeOffset PlacedAt, bool Paid, bool Cancelled, long Payable, long Refunded, long Discount, string? CouponState);
    }
}

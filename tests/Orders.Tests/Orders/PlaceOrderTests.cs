using System.Text.Json.Nodes;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using static LiveCommerce.Orders.Tests.Market;

namespace LiveCommerce.Orders.Tests.Orders;

internal sealed class PlaceOrderTests
{
    [Test]
    public async Task AnOrder_IsTakenOnce_AndARepeatIsAnsweredLikeTheFirst()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop("/aurora/north/r7/"), NewId());
        var first = await shop.Put(OrderAt(id), Order(guideId: "g1"));
        Assert.That(first.Status, Is.EqualTo(201), first.Content);
        Assert.That((string?)first.Json["status"], Is.EqualTo("Placed"));
        Assert.That((long)first.Json["linesMinor"]!, Is.EqualTo(10_000));
        Assert.That((long)first.Json["payableMinor"]!, Is.EqualTo(9_000));
        Assert.That(Coupons(first), Is.Empty);
        Assert.That((string?)first.Json["attribution"]!["by"], Is.EqualTo("Shop"));
        Assert.That((string?)first.Json["unitPath"], Is.EqualTo("/aurora/north/r7/"));

        var again = await shop.Put(OrderAt(id), Order(guideId: "g1"));
        Assert.That(again.Status, Is.EqualTo(200));
        Assert.That(again.Content, Is.EqualTo(first.Content));
        Assert.That((await shop.Get(OrderAt(id))).Content, Is.EqualTo(first.Content));
        Assert.That((await shop.Put(OrderAt(id), Order(guideId: "g2"))).Code, Is.EqualTo("order.id_reused"));
        Assert.That((await shop.Put(OrderAt(id), Order(guideId: "g1", quantity: 3))).Code, Is.EqualTo("order.id_reused"));
        Assert.That((await market.Shop("/aurora/north/r8/").Put(OrderAt(id), Order(guideId: "g1"))).Code, Is.EqualTo("order.id_reused"));
        await market.Host.Settle();
        Assert.That(market.Heard.Of(id).Select(e => e.Event), Is.EqualTo(new[] { "OrderPlaced" }));
    }

    [Test]
    public async Task TheSameOrderSentByManyAtOnce_IsOneOrderAndOneEvent()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop("/aurora/north/r7/"), NewId());
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => shop.Put(OrderAt(id), Order())));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(31));
        await market.Host.Settle();
        Assert.That(await market.Db.Scalar<long>("SELECT COUNT(*) FROM Orders"), Is.EqualTo(1));
        Assert.That(market.Heard.Of(id).Select(e => e.Event), Is.EqualTo(new[] { "OrderPlaced" }));
    }

    [Test]
    public async Task OfTwoOrdersUnderOneId_ExactlyOneIsTaken()
    {
        await using var market = await Open();
        var (shop, id) = (market.Shop("/aurora/north/r7/"), NewId());
        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => shop.Put(OrderAt(id), Order(quantity: i))));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Code == "order.id_reused"), Is.EqualTo(15));
    }

    [Test]
    public async Task EveryFaultOfAnOrder_IsNamed()
    {
        await using var market = await Open();
        var shop = market.Shop("/aurora/north/r7/");
        var bad = await shop.Put(OrderAt(NewId()), new
        {
            shopOrderNo = "",
            customerId = new string('c', 65),
            guideId = " ",
            currency = "yuan",
            lines = new[] { new { productCode = "", quantity = 0, unitPriceMinor = -1L }, new { productCode = "x", quantity = 1001, unitPriceMinor = long.MaxValue } },
            discountMinor = -1,
            placedAt = Noon,
        });
        Assert.That(bad.Status, Is.EqualTo(400));
        Assert.That(bad.Faults, Is.EquivalentTo(new[]
        {
            "/shopOrderNo", "/customerId", "/guideId", "/currency", "/lines/0/productCode", "/lines/0/quantity", "/lines/0/unitPriceMinor",
            "/lines/1/quantity", "/lines/1/unitPriceMinor",
        }));
        var coupon = NewId();
        Assert.That((await shop.Put(OrderAt(NewId()), Order(couponIds: [coupon, NewId(), coupon]))).Faults, Is.EqualTo(new[] { "/couponIds" }));
        Assert.That((await shop.Put(OrderAt(NewId()), Order(couponIds: [.. Enumerable.Range(0, 6).Select(_ => NewId())]))).Faults, Is.EqualTo(new[] { "/couponIds" }));
        Assert.That((await shop.Put(OrderAt(NewId()), Order(discountMinor: 10_001))).Faults, Is.EqualTo(new[] { "/discountMinor" }));
        Assert.That((await shop.Put(OrderAt(NewId()), Order(discountMinor: -1))).Faults, Is.EqualTo(new[] { "/discountMinor" }));
        Assert.That((await shop.Put(OrderAt(NewId()), Order(unitPriceMinor: 100_000_000_000, quantity: 1000))).Faults, Is.EqualTo(new[] { "/lines" }));
        Assert.That((await shop.Put(OrderAt(NewId()), """{"lines":[],"placedAt":"2026-10-01T12:00:00","surprise":1}""")).Faults, Is.EquivalentTo(new[]
        {
            "/placedAt", "/surprise", "/shopOrderNo", "/customerId", "/currency", "/discountMinor",
        }));
        var many = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(Order()))!;
        many["lines"] = new JsonArray([.. Enumerable.Range(0, 101).Select(_ => new JsonObject { ["productCode"] = "x", ["quantity"] = 1, ["unitPriceMinor"] = 1 })]);
        Assert.That((await shop.Put(OrderAt(NewId()), many)).Faults, Is.EqualTo(new[] { "/lines" }));
        many["lines"] = null;
        Assert.That((await shop.Put(OrderAt(NewId()), many)).Status, Is.EqualTo(400));
        Assert.That((await shop.Put(OrderAt(NewId()), """{"lines":[null]}""")).Status, Is.EqualTo(400));
        Assert.That((await shop.Put(OrderAt(NewId()), "[")).Code, Is.EqualTo("request.malformed"));
        Assert.That((await shop.Put(OrderAt(NewId()), Order(currency: "USD"))).Code, Is.EqualTo("order.wrong_currency"));
        Assert.That((await shop.Put("/orders/orders/seven", Order())).Status, Is.EqualTo(404));
        Assert.That(await market.Db.Scalar<long>("SELECT COUNT(*) FROM Orders"), Is.Zero);
    }

    [Test]
    public async Task AnOrderIsSeen_ByItsShopAndByTheUnitCredited_AndBySomebodyAboveEither()
    {
        await using var market = await Open();
        var (plain, credited) = (NewId(), NewId());
        var session = await market.Session("/aurora/");
        await market.Shop("/aurora/north/r7/").Put(OrderAt(plain), Order());
        var answer = await market.Shop("/aurora/north/r7/").Put(OrderAt(credited), Order(sessionId: session));
        Assert.That((string?)answer.Json["unitPath"], Is.EqualTo("/aurora/"));
        foreach (var (path, sees) in new[]
        {
            ("/aurora/", true), ("/aurora/north/", true), ("/aurora/north/r7/", true), ("/aurora/north/r8/", false), ("/aurora/south/", false), ("/borealis/", false),
        })
        {
            foreach (var id in new[] { plain, credited })
            {
                var read = await market.Analyst(path).Get(OrderAt(id));
                Assert.That(sees ? read.Status == 200 : read.Code == "order.not_found", $"{path} {read.Content}");
            }
            var list = (await market.Analyst(path).Get("/orders/orders")).Json["items"]!.AsArray();
            Assert.That(list, Has.Count.EqualTo(sees ? 2 : 0), path);
        }
        Assert.That((await market.Shop("/aurora/north/r7/").Get(OrderAt(credited))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Lists_PageInOrderOfArrival_AndTakeFilters()
    {
        await using var market = await Open();
        var shop = market.Shop("/aurora/north/r7/");
        var session = await market.Session("/aurora/north/");
        var ids = Enumerable.Range(0, 7).Select(_ => NewId()).ToList();
        foreach (var (id, i) in ids.Select((id, i) => (id, i))) await shop.Put(OrderAt(id), Order(sessionId: i % 2 == 0 ? session : null));
        await Report(shop, ids[0], "Paid");
        var seen = new List<Guid>();
        for (var next = ""; ;)
        {
            var page = await shop.Get($"/orders/orders?limit=3{next}");
            seen.AddRange(page.Json["items"]!.AsArray().Select(o => (Guid)o!["id"]!));
            if ((string?)page.Json["next"] is not { } after) break;
            next = $"&after={after}";
        }
        Assert.That(seen, Is.EqualTo(ids));
        Assert.That((await shop.Get($"/orders/orders?sessionId={session}")).Json["items"]!.AsArray(), Has.Count.EqualTo(4));
        Assert.That((await shop.Get($"/orders/orders?sessionId={session}&status=Paid")).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await shop.Get("/orders/orders?sessionId=7&status=1")).Faults, Is.EqualTo(new[] { "?sessionId", "?status" }));
    }

    [Test]
    public async Task OnlyShops_Report_AndOnlyThoseWithTheRoleRead()
    {
        await using var market = await Open();
        Assert.That((await market.Analyst("/aurora/").Put(OrderAt(NewId()), Order())).Status, Is.EqualTo(403));
        Assert.That((await market.Host.At("/aurora/", Role.Planner).Get("/orders/orders")).Status, Is.EqualTo(403));
        Assert.That((await market.Shop("/aurora/").Get($"/orders/figures/units/{market.Unit("/aurora/")}")).Status, Is.EqualTo(403));
        Assert.That((await market.Host.Anonymous().Get("/orders/orders")).Status, Is.EqualTo(401));
    }
}

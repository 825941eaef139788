using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests.Carts;

/// <summary>What coupons would do for a cart, and that asking does nothing.</summary>
internal sealed class EvaluateCartTests
{
    private static readonly Line Plain = new("p1", 1, 10_000);

    private Stage _stage = null!;

    [SetUp]
    public async Task Set() => _stage = await Stage.Set();

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task ACoupon_IsForTheBrandsCategoriesProductsSessionsChannelsAndSegments_ItNames()
    {
        var (brand, session, channel) = (_stage.NewId(), _stage.NewId(), _stage.NewId());
        await Tell("branded", brand: brand);
        await Tell("shirt", category: "Apparel/Topwear/Shirts");
        await Tell("coat", category: "Apparel/Outerwear");
        object[] scopes =
        [
            new { brandIds = new[] { brand } }, new { categories = new[] { "Apparel/Topwear" } }, new { productCodes = new[] { "named" } },
            new { sessionIds = new[] { session } }, new { channelIds = new[] { channel } }, new { segments = new[] { "gold" } },
        ];
        var coupons = new List<Guid>();
        foreach (var scope in scopes) coupons.Add((await _stage.Claim(await _stage.Campaign(_stage.Terms(scope: scope)), "ann", segments: ["gold"])).Id);

        var outside = await Evaluate(new { customerId = "ann", lines = new[] { Plain, new("coat", 1, 10_000) }, couponIds = coupons, sessionId = _stage.NewId(), channelId = _stage.NewId(), segments = new[] { "silver" } });
        foreach (var coupon in coupons) Assert.That(Why(outside, coupon), Is.EqualTo("coupon.not_in_scope"));
        Assert.That((Off(outside), (long)outside["best"]!["payableMinor"]!, outside["best"]!["couponIds"]!.AsArray().Count), Is.EqualTo((0L, 20_000L, 0)));
        Assert.That(Judged(outside, coupons[3]).ToJsonString(), Is.Not.EqualTo(Judged(outside, coupons[4]).ToJsonString()), "it says what of");

        Line[] lines = [new("branded", 1, 600), new("shirt", 1, 700), new("named", 1, 800), Plain];
        var inside = await Evaluate(new { customerId = "ann", lines, couponIds = coupons, sessionId = session, channelId = channel, segments = new[] { "silver", "gold" } });
        for (var i = 0; i < 3; i++)
            Assert.That(Taken(Judged(inside, coupons[i])), Is.EqualTo(Enumerable.Range(0, 4).Select(l => l == i ? 500L : 0)), "its own line alone");
        for (var i = 3; i < 6; i++) Assert.That(((bool)Judged(inside, coupons[i])["applies"]!, Taken(Judged(inside, coupons[i])).Sum()), Is.EqualTo((true, 500L)));
        var unsaid = await Evaluate(new { customerId = "ann", lines, couponIds = coupons });
        Assert.That((Why(unsaid, coupons[3]), Why(unsaid, coupons[4]), Why(unsaid, coupons[5])), Is.EqualTo(("coupon.not_in_scope", "coupon.not_in_scope", (string?)null)), "segments are not asked of who does not say");
    }

    [Test]
    public async Task ACouponThatDoesNotApply_SaysWhy()
    {
        await Tell("floored", floor: 10_000);
        var percent = new { kind = "PercentOff", percent = 1, capMinor = 100_000 };
        var expected = new Dictionary<Guid, string?>
        {
            [await Coupon(_stage.Terms())] = null,
            [await Coupon(_stage.Terms(benefit: new { kind = "AmountOff", amountMinor = 500, minimumSpendMinor = 20_001 }))] = "coupon.below_minimum_spend",
            [await Coupon(_stage.Terms(benefit: new { kind = "Threshold", steps = new[] { new { minimumSpendMinor = 20_001, amountMinor = 9 } } }))] = "coupon.below_minimum_spend",
            [await Coupon(_stage.Terms(scope: new { productCodes = new[] { "floored" } }))] = "coupon.nothing_to_take_off",
            [await Coupon(_stage.Terms(benefit: percent, scope: new { productCodes = new[] { "penny" } }))] = "coupon.nothing_to_take_off",
            [await Coupon(_stage.Terms(redemption: Stage.Between(_stage.Now.AddHours(3), _stage.Now.AddHours(4))))] = "coupon.not_effective_yet",
            [await Coupon(_stage.Terms(redemption: Stage.Between(_stage.Now, _stage.Now.AddHours(1))))] = "coupon.expired",
            [await Coupon(_stage.Terms(), "bob")] = "coupon.wrong_customer",
            [_stage.NewId()] = "coupon.not_found",
            [await OfForeigners()] = "coupon.not_found",
            [(await _stage.Claim(await _stage.Campaign(_stage.Terms(Stage.South)), "ann", from: Stage.South)).Id] = "coupon.not_found",
        };
        _stage.Clock.Advance(TimeSpan.FromHours(2));
        var (locked, redeemed, voided, spent, ended) = (await Coupon(_stage.Terms()), await Coupon(_stage.Terms()), await Coupon(_stage.Terms()), await Spent(), await _stage.Campaign());
        await _stage.Lock(_stage.NewId(), locked);
        var order = _stage.NewId();
        await _stage.Lock(order, redeemed);
        await _stage.Use(order, "redeem");
        await _stage.Marketer().Post($"/coupons/claims/{voided}/void", new { reason = "A test." });
        (expected[locked], expected[redeemed], expected[voided], expected[spent]) = ("coupon.already_locked", "coupon.already_redeemed", "coupon.voided", "coupon.budget_spent");
        expected[await _stage.Coupon(ended)] = "coupon.voided";
        await _stage.Marketer().Post($"/coupons/campaigns/{ended}/deactivate", new { reason = "A test." });

        var answer = await Evaluate(new { customerId = "ann", lines = new[] { new("floored", 1, 10_000), new("penny", 1, 99), new Line("p1", 1, 9_901) }, couponIds = expected.Keys });
        Assert.That(answer["coupons"]!.AsArray().ToDictionary(c => (Guid)c!["couponId"]!, c => (string?)c!["code"]), Is.EquivalentTo(expected));
        foreach (var judged in answer["coupons"]!.AsArray().Select(c => c!))
        {
            var applies = (string?)judged["code"] is null;
            Assert.That(((bool)judged["applies"]!, judged["detail"] is null, judged["discountMinor"] is not null, judged["lines"] is not null), Is.EqualTo((applies, applies, applies, applies)), judged.ToJsonString());
            Assert.That((judged["campaignId"] is null, judged["name"] is null), Is.EqualTo(((string?)judged["code"] == "coupon.not_found", (string?)judged["code"] == "coupon.not_found")), "nothing is told of what is not the caller's");
        }
        Assert.That(Chosen(answer), Is.EqualTo(expected.Where(e => e.Value is null).Select(e => e.Key)));
        var all = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That(all["coupons"]!.AsArray().Select(c => (Guid)c!["couponId"]!), Is.SubsetOf(expected.Keys).And.Contains(expected.First().Key).And.Not.Contains(redeemed).And.Not.Contains(voided));
    }

    [Test]
    public async Task AnotherTime_IsJudgedAsIfItWereThen([Values] bool isNamed)
    {
        var (opens, closes) = (_stage.Now.AddHours(2), _stage.Now.AddHours(5));
        var coupon = await Coupon(_stage.Terms(redemption: Stage.Between(opens, closes)));
        var ids = isNamed ? new[] { coupon } : null;
        foreach (var (at, why) in new (DateTimeOffset?, string?)[]
        {
            (null, "coupon.not_effective_yet"), (_stage.Now.AddYears(-1), "coupon.not_effective_yet"), (opens.AddMicroseconds(-1), "coupon.not_effective_yet"), (opens, null),
            (closes.AddMicroseconds(-1), null), (closes, "coupon.expired"), (_stage.Now.AddYears(900), "coupon.expired"),
        })
        {
            var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain }, couponIds = ids, at });
            Assert.That((Why(answer, coupon), Off(answer), (DateTimeOffset)answer["at"]!), Is.EqualTo((why, why is null ? 500L : 0, at ?? _stage.Now)), $"{at:O}");
        }
        _stage.Clock.Set(opens);
        await _stage.Lock(_stage.NewId(), coupon);
        var deadline = opens.AddMinutes(30);
        foreach (var (at, applies) in new[] { (deadline.AddMicroseconds(-1), false), (deadline, true) })
            Assert.That(Off(await Evaluate(new { customerId = "ann", lines = new[] { Plain }, couponIds = ids, at })), Is.EqualTo(applies ? 500 : 0), "the order's hold ends");
    }

    [Test]
    public async Task TheBest_IsOfDifferentGroups_OrOneAlone_AndInOrderOfPriority()
    {
        var (small, large) = (await Coupon(Amount(100, "a")), await Coupon(Amount(300, "a")));
        var other = await Coupon(Amount(50, "b"));
        var alone = await Coupon(Amount(349));
        var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That((Chosen(answer).ToHashSet().SetEquals([large, other]), Off(answer), (bool)answer["isExact"]!), Is.EqualTo((true, 350L, true)));
        Assert.That(new[] { small, large, other, alone }.Select(c => (long)Judged(answer, c)["discountMinor"]!), Is.EqualTo(new[] { 100L, 300, 50, 349 }), "each by itself");
        var better = await Coupon(Amount(351));
        Assert.That(Chosen(await Evaluate(new { customerId = "ann", lines = new[] { Plain } })), Is.EqualTo(new[] { better }));

        var percent = await Coupon(_stage.Terms(benefit: new { kind = "PercentOff", percent = 10, capMinor = 100_000 }, stacking: new { group = "c", priority = 5 }));
        var first = await Coupon(_stage.Terms(benefit: new { kind = "AmountOff", amountMinor = 5_000 }, stacking: new { group = "d", priority = -5 }));
        answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain }, couponIds = new[] { percent, first } });
        Assert.That(Chosen(answer), Is.EqualTo(new[] { first, percent }));
        Assert.That((Off(answer), (long)Judged(answer, percent)["discountMinor"]!), Is.EqualTo((5_500L, 1_000L)), "a tenth of what the first left");

        object Amount(long amount, string? group = null) => _stage.Terms(benefit: new { kind = "AmountOff", amountMinor = amount }, stacking: group is null ? null : new { group });
    }

    [Test]
    public async Task NoMoreThanFiveCombine()
    {
        for (var i = 1; i <= 7; i++) await Coupon(_stage.Terms(benefit: new { kind = "AmountOff", amountMinor = i }, stacking: new { group = $"g{i}" }));
        var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That((Chosen(answer).Count, Off(answer)), Is.EqualTo((5, 3L + 4 + 5 + 6 + 7)));
    }

    [Test]
    public async Task AGift_ComesWithTheBest_ByItsWorth()
    {
        var gift = await Coupon(_stage.Terms(benefit: new { kind = "Gift", gift = new { productCode = "mug", quantity = 2, worthMinor = 700 } }, stacking: new { group = "gifts" }));
        var less = await Coupon(_stage.Terms());
        var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That((Chosen(answer).Single(), Off(answer), (long)answer["best"]!["payableMinor"]!), Is.EqualTo((gift, 0L, 10_000L)), "500 off is less");
        var brought = answer["best"]!["gifts"]!.AsArray().Single()!;
        Assert.That(((string?)brought["productCode"], (int)brought["quantity"]!, (long)brought["worthMinor"]!), Is.EqualTo(("mug", 2, 700L)));
        Assert.That(((string?)Judged(answer, gift)["gift"]!["productCode"], (long)Judged(answer, gift)["discountMinor"]!, Judged(answer, less)["gift"]), Is.EqualTo(("mug", 0L, (JsonNode?)null)));
        var together = await Coupon(_stage.Terms(stacking: new { group = "money" }));
        answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That((Chosen(answer).ToHashSet().SetEquals([gift, together]), Off(answer), answer["best"]!["gifts"]!.AsArray().Count), Is.EqualTo((true, 500L, 1)));
    }

    [Test]
    public async Task WhatIsPromised_IsWhatALockGives_ToTheLine_AndNeverBelowAFloor()
    {
        var floors = new Dictionary<string, long> { ["f0"] = 0, ["f1"] = 500, ["f2"] = 999 };
        foreach (var (code, floor) in floors) await Tell(code, floor: floor);
        await Coupon(_stage.Terms(benefit: new { kind = "AmountOff", amountMinor = 777 }, stacking: new { group = "a" }));
        await Coupon(_stage.Terms(benefit: new { kind = "PercentOff", percent = 33, capMinor = 100_000 }, stacking: new { group = "b", priority = -1 }, scope: new { productCodes = new[] { "f1", "x" } }));
        await Coupon(_stage.Terms(benefit: new { kind = "Threshold", steps = new[] { new { minimumSpendMinor = 900, amountMinor = 100 }, new { minimumSpendMinor = 4_000, amountMinor = 1_001 } } }, stacking: new { group = "c" }));
        await Coupon(_stage.Terms(benefit: new { kind = "AmountOff", amountMinor = 1_500 }));
        var random = new Random(20_261_122);
        for (var round = 0; round < 40; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 8)).Select(_ => new Line(new[] { "f0", "f1", "f2", "x" }[random.Next(4)], random.Next(1, 4), random.Next(0, 1_500))).ToArray();
            var answer = await Evaluate(new { customerId = "ann", lines });
            var total = lines.Sum(l => l.Quantity * l.UnitPriceMinor);
            var best = answer["best"]!["lines"]!.AsArray().Select(l => (Off: (long)l!["discountMinor"]!, Payable: (long)l["payableMinor"]!)).ToList();
            Assert.That(((long)answer["linesMinor"]!, best.Sum(b => b.Off), best.Sum(b => b.Payable)), Is.EqualTo((total, Off(answer), total - Off(answer))));
            Assert.That((long)answer["best"]!["payableMinor"]!, Is.EqualTo(total - Off(answer)));
            for (var i = 0; i < lines.Length; i++)
            {
                var amount = lines[i].Quantity * lines[i].UnitPriceMinor;
                Assert.That(best[i].Off + best[i].Payable, Is.EqualTo(amount));
                Assert.That(best[i].Payable, Is.GreaterThanOrEqualTo(Math.Min(amount, lines[i].Quantity * floors.GetValueOrDefault(lines[i].ProductCode))));
            }
            foreach (var judged in answer["coupons"]!.AsArray().Where(c => (bool)c!["applies"]!)) await AsLocked(lines, [(Guid)judged!["couponId"]!], (long)judged["discountMinor"]!, Taken(judged));
            if (Chosen(answer).Count > 0) await AsLocked(lines, Chosen(answer), Off(answer), best.Select(b => b.Off));
        }
    }

    [Test]
    public async Task Asking_ChangesNothing()
    {
        var (fine, late) = (await _stage.Campaign(_stage.Terms(budget: 600)), await _stage.Campaign(_stage.Terms(redemption: Stage.Between(_stage.Now.AddHours(1), _stage.Now.AddHours(2)))));
        Guid[] coupons = [await _stage.Coupon(fine), await _stage.Coupon(late), (await _stage.Claim(fine, "bob")).Id];
        await _stage.Lock(_stage.NewId(), coupons[0], "nobody");
        var before = await Everything();
        await _stage.Heard<CampaignChanged>();
        _stage.Forget();
        for (var i = 0; i < 3; i++)
        {
            var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain }, couponIds = coupons });
            Assert.That(coupons.Select(c => Why(answer, c)), Is.EqualTo(new[] { null, "coupon.not_effective_yet", "coupon.wrong_customer" }));
        }
        Assert.That(await Everything(), Is.EqualTo(before));
        Assert.That((await _stage.Heard<CouponsLocked>(), await _stage.Heard<CouponsRefused>(), await _stage.Heard<CampaignChanged>()), Is.EqualTo((Array.Empty<CouponsLocked>(), Array.Empty<CouponsRefused>(), Array.Empty<CampaignChanged>())));
        Assert.That((await _stage.Lock(_stage.NewId(), coupons[0])).Status, Is.EqualTo(200), "nobody holds it");

        async Task<IReadOnlyList<string>> Everything()
        {
            var told = new List<string> { (await _stage.Marketer().Get("/coupons/figures?by=Unit")).Content };
            foreach (var coupon in coupons) told.Add((await _stage.Read(coupon)).ToJsonString());
            foreach (var campaign in new[] { fine, late })
                foreach (var of in new[] { "", "/refusals", "/allocations" }) told.Add((await _stage.Marketer().Get($"/coupons/campaigns/{campaign}{of}")).Content);
            return told;
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ManyOthers_DoNotHideTheOneThatApplies(bool areExpired)
    {
        var many = await _stage.Campaign(_stage.Terms(
            stock: 300, limit: 300, redemption: Stage.Between(_stage.Now, _stage.Now.AddHours(1)), benefit: new { kind = "AmountOff", amountMinor = areExpired ? 900 : 100 }));
        await Issue250(many);
        _stage.Clock.Advance(TimeSpan.FromMinutes(areExpired ? 90 : 30));
        var newest = await Coupon(_stage.Terms());
        var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That((Off(answer), Chosen(answer).SingleOrDefault()), Is.EqualTo((500L, newest)));
        Assert.That(answer["coupons"]!.AsArray(), Has.Count.LessThanOrEqualTo(200));
    }

    [Test]
    public async Task NewerOnesThatHaveExpired_DoNotHideAnOlderOneThatApplies()
    {
        var older = await Coupon(_stage.Terms());
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await Issue250(await _stage.Campaign(_stage.Terms(stock: 300, limit: 300, redemption: Stage.Between(_stage.Now, _stage.Now.AddHours(1)))));
        _stage.Clock.Advance(TimeSpan.FromMinutes(90));
        var answer = await Evaluate(new { customerId = "ann", lines = new[] { Plain } });
        Assert.That((Off(answer), Chosen(answer).SingleOrDefault()), Is.EqualTo((500L, older)));
    }

    [Test]
    public async Task EveryFaultOfAQuestion_IsListed()
    {
        var id = _stage.NewId();
        Assert.That(await Faults(new { customerId = "", lines = Array.Empty<Line>(), couponIds = new[] { id, id }, segments = Enumerable.Repeat("x", 51) }),
            Is.EqualTo(new[] { "/customerId text.invalid", "/lines list.length", "/couponIds list.repeats", "/segments list.length" }));
        Assert.That(await Faults(new { customerId = "ann", lines = Enumerable.Repeat(Plain, 101), couponIds = Enumerable.Range(0, 201).Select(_ => _stage.NewId()) }),
            Is.EqualTo(new[] { "/lines list.length", "/couponIds list.length" }));
        Assert.That((await Ask(new { customerId = "ann", lines = new[] { new Line("", 0, -1), new("p", 1_001, 1) } })).Faults,
            Is.EqualTo(new[] { "/lines/0/productCode", "/lines/0/quantity", "/lines/0/unitPriceMinor", "/lines/1/quantity" }));
        foreach (var (member, wrong) in new (string, string)[] { ("at", "\"2026-11-11T20:00:00\""), ("at", "\"0001-01-01T00:00:00Z\""), ("at", "7"), ("couponIds", "[null]"), ("segments", "[null]"), ("lines", "[null]"), ("lines", "null"), ("sessionId", "\"x\"") })
        {
            var body = JsonNode.Parse("""{ "customerId": "ann", "lines": [{ "productCode": "p", "quantity": 1, "unitPriceMinor": 1 }] }""")!;
            body[member] = JsonNode.Parse(wrong);
            var answer = await Ask(body.ToJsonString());
            Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "request.invalid")), $"{member}: {wrong}: {answer.Content}");
        }
        Assert.That((await Ask(new { customerId = "ann", lines = Enumerable.Repeat(Plain, 100), couponIds = Enumerable.Range(0, 200).Select(_ => _stage.NewId()) })).Status, Is.EqualTo(200), "as much as may be asked");
        var none = await Evaluate(new { customerId = "ann", lines = new[] { Plain }, couponIds = Array.Empty<Guid>() });
        Assert.That((none["coupons"]!.AsArray().Count, Off(none), none["currency"]), Is.EqualTo((0, 0L, (JsonNode?)null)));

        async Task<IReadOnlyList<string>> Faults(object body) => BadInput.FaultsOf(await Ask(body));
    }

    [Test]
    public async Task OthersSeeNothing_OfACustomersCoupons()
    {
        var everywhere = await Coupon(_stage.Terms());
        var ofNorth = await Coupon(_stage.Terms(Stage.North));
        Guid[] ids = [everywhere, ofNorth];
        foreach (var (client, seen) in new (HttpClient, Guid[])[]
        {
            (_stage.Shop(), ids), (_stage.Shop(Stage.R8), ids), (_stage.Marketer(), ids), (_stage.Host.At(Stage.North, Role.Analyst), ids), (_stage.Shop(Stage.South), [everywhere]),
            (_stage.Marketer(Stage.South), [everywhere]), (_stage.Shop(Stage.Foreign), []), (_stage.Marketer(Stage.Foreign), []),
        })
        {
            foreach (var named in new[] { ids, null })
            {
                var answer = (await client.Post("/coupons/evaluations", new { customerId = "ann", lines = new[] { Plain }, couponIds = named })).Json;
                var known = answer["coupons"]!.AsArray().Where(c => (string?)c!["code"] != "coupon.not_found").Select(c => (Guid)c!["couponId"]!);
                Assert.That((known.ToHashSet().SetEquals(seen), Off(answer), (string?)answer["currency"]), Is.EqualTo((true, seen.Length > 0 ? 500L : 0, seen.Length > 0 ? "CNY" : null)), answer.ToJsonString());
            }
        }
        var body = new { customerId = "ann", lines = new[] { Plain } };
        Assert.That((await _stage.Host.At(Stage.Hq, Role.Planner).Post("/coupons/evaluations", body)).Status, Is.EqualTo(403));
        Assert.That((await _stage.Host.Anonymous().Post("/coupons/evaluations", body)).Status, Is.EqualTo(401));
    }

    private async Task Issue250(Guid campaign)
    {
        var job = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/issues", new { customers = Enumerable.Repeat(new { customerId = "ann" }, 250) });
        var limit = Stopwatch.StartNew();
        while ((string?)(await _stage.Marketer().Get($"/coupons/issues/{job.Id}")).Json["status"] == "Running")
        {
            Assert.That(limit.Elapsed, Is.LessThan(TimeSpan.FromMinutes(2)));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    /// <summary>Locks, compares, and gives back.</summary>
    private async Task AsLocked(Line[] lines, IReadOnlyList<Guid> coupons, long discountMinor, IEnumerable<long> taken)
    {
        var order = _stage.NewId();
        var locked = await _stage.Shop().Put($"/coupons/redemptions/{order}", new { couponIds = coupons, customerId = "ann", lines });
        Assert.That(locked.Status, Is.EqualTo(200), locked.Content);
        Assert.That((long)locked.Json["discountMinor"]!, Is.EqualTo(discountMinor));
        Assert.That(locked.Json["coupons"]!.AsArray().Select(c => (Guid)c!["couponId"]!), Is.EqualTo(coupons), "in the order of application");
        Assert.That(locked.Json["lines"]!.AsArray().Select(l => (long)l!["discountMinor"]!), Is.EqualTo(taken));
        await _stage.Use(order, "release");
    }

    /// <summary>A coupon of a campaign whose budget another order has used up.</summary>
    private async Task<Guid> Spent()
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 900, limit: 2));
        var (mine, other) = (await _stage.Coupon(campaign), await _stage.Coupon(campaign));
        Assert.That((await _stage.Lock(_stage.NewId(), other)).Status, Is.EqualTo(200));
        return mine;
    }

    private async Task<Guid> OfForeigners()
    {
        var staff = _stage.Host.At(Stage.Foreign, Role.Marketer, Role.Admin);
        var campaign = (await staff.Post("/coupons/campaigns", _stage.Terms(Stage.Foreign))).Id;
        foreach (var verb in new[] { "approve", "start" }) await staff.Post($"/coupons/campaigns/{campaign}/{verb}");
        return (await _stage.Claim(campaign, "ann", from: Stage.Foreign)).Id;
    }

    private async Task<Guid> Coupon(object terms, string customer = "ann") => await _stage.Coupon(await _stage.Campaign(terms), customer);

    private Task<Answer> Ask(object body) => _stage.Shop().Post("/coupons/evaluations", body);

    private async Task<JsonNode> Evaluate(object body)
    {
        var answer = await Ask(body);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return answer.Json;
    }

    private static JsonNode Judged(JsonNode evaluation, Guid coupon) => evaluation["coupons"]!.AsArray().Single(c => (Guid)c!["couponId"]! == coupon)!;

    private static string? Why(JsonNode evaluation, Guid coupon) => (string?)Judged(evaluation, coupon)["code"];

    private static long Off(JsonNode evaluation) => (long)evaluation["best"]!["discountMinor"]!;

    private static IReadOnlyList<Guid> Chosen(JsonNode evaluation) => [.. evaluation["best"]!["couponIds"]!.AsArray().Select(c => (Guid)c!)];

    private static IEnumerable<long> Taken(JsonNode judged) => judged["lines"]!.AsArray().Select(l => (long)l!);

    private Task Tell(string code, long? floor = null, Guid? brand = null, string? category = null) => _stage.Host.Deliver(new ProductsChanged(
        Stage.Hq, [new ProductState { ProductId = _stage.NewId(), Version = 1, Code = code, FloorPriceMinor = floor, BrandId = brand, Category = category }]));

    private sealed record Line(string ProductCode, int Quantity, long UnitPriceMinor);
}

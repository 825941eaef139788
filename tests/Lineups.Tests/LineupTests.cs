using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Lineups;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Lineups.Tests;

internal sealed class LineupTests
{
    private World _world = null!;
    private Dictionary<string, Guid> _products = null!;
    private SessionState _session = null!;

    [SetUp]
    public async Task Start()
    {
        _world = await World.Start();
        _products = await _world.Products();
        _session = await _world.Session(World.North);
    }

    [TearDown]
    public ValueTask Stop() => _world.DisposeAsync();

    [Test]
    public async Task ALineupIsWrittenWholeAndReadBack()
    {
        object[] items =
        [
            new { productId = _products["B"], kind = "Hot", minutes = 10, livePriceMinor = 4500, liveStock = 300, perCustomerLimit = 2 },
            World.Item(_products["A"], 6000, "Benefit"),
        ];
        var put = await _world.Put(_session.SessionId, "\"0\"", items);
        Assert.That(put.Status, Is.EqualTo(200), put.Content);
        Assert.That(put.ETag, Is.EqualTo("\"1\""));
        var read = await _world.At(World.North).Get(World.Lineup(_session.SessionId));
        Assert.Multiple(() =>
        {
            Assert.That(JsonNode.DeepEquals(read.Json, put.Json), read.Content);
            Assert.That(read.ETag, Is.EqualTo("\"1\""));
            Assert.That((string)read.Json["status"]!, Is.EqualTo("Draft"));
            Assert.That((string)read.Json["ownerPath"]!, Is.EqualTo(World.North));
            Assert.That((int)read.Json["totalMinutes"]!, Is.EqualTo(15));
        });
        var first = read.Json["items"]![0]!;
        Assert.Multiple(() =>
        {
            Assert.That((int)first["position"]!, Is.EqualTo(1));
            Assert.That((string)first["code"]!, Is.EqualTo("B"));
            Assert.That((string)first["name"]!, Is.EqualTo("Scarf"));
            Assert.That((string)first["kind"]!, Is.EqualTo("Hot"));
            Assert.That((long)first["listPriceMinor"]!, Is.EqualTo(5000));
            Assert.That((long)first["livePriceMinor"]!, Is.EqualTo(4500));
            Assert.That((long)first["liveStock"]!, Is.EqualTo(300));
            Assert.That((int)first["perCustomerLimit"]!, Is.EqualTo(2));
            Assert.That((string)read.Json["items"]![1]!["kind"]!, Is.EqualTo("Benefit"));
        });
    }

    [Test]
    public async Task AnEditNeedsTheVersionThatWasRead()
    {
        var item = World.Item(_products["A"], 7000);
        Assert.That((await _world.At(World.Hq).Put(World.Lineup(_session.SessionId), new { items = new[] { item } })).Code, Is.EqualTo("request.if_match_required"));
        Assert.That((await _world.Put(_session.SessionId, "\"1\"", item)).Code, Is.EqualTo("request.version_mismatch"));
        Assert.That((await _world.Put(_session.SessionId, "\"0\"", item)).Status, Is.EqualTo(200));
        Assert.That((await _world.Put(_session.SessionId, "\"0\"", item)).Code, Is.EqualTo("request.version_mismatch"));
        Assert.That((await _world.Put(_session.SessionId, "\"1\"", World.Item(_products["A"], 8000))).ETag, Is.EqualTo("\"2\""));
        Assert.That((await _world.Finalize(_session.SessionId, "\"1\"")).Code, Is.EqualTo("request.version_mismatch"));
    }

    [Test]
    public async Task ABadBody_IsToldEveryFault()
    {
        var bad = await _world.Put(_session.SessionId, "\"0\"",
            new { productId = _products["A"], kind = "Regular", minutes = 0, livePriceMinor = 0 },
            new { productId = _products["A"], kind = "Regular", minutes = 61, livePriceMinor = 7000, liveStock = -1, perCustomerLimit = 0 });
        Assert.That(bad.Status, Is.EqualTo(400), bad.Content);
        Assert.That(bad.Faults, Is.EqualTo(new[]
        {
            "/items/0/minutes", "/items/0/livePriceMinor", "/items/1/minutes", "/items/1/liveStock", "/items/1/perCustomerLimit", "/items/1/productId",
        }));
        Assert.That((await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 7000), null!)).Faults, Is.EqualTo(new[] { "/items/1" }), "a null has no members to judge");
        Assert.That((string)bad.Json["faults"]![5]!["code"]!, Is.EqualTo("lineup.product_repeated"));
        Assert.That((await _world.Put(_session.SessionId, "\"0\"")).Faults, Is.EqualTo(new[] { "/items" }));
        var many = Enumerable.Range(0, 201).Select(_ => World.Item(_world.NewId(), 1)).ToArray();
        Assert.That((await _world.Put(_session.SessionId, "\"0\"", many)).Faults, Is.EqualTo(new[] { "/items" }));
        Assert.That((await _world.At(World.Hq).Put(World.Lineup(_session.SessionId), "{\"items\":null}", ("If-Match", "\"0\""))).Status, Is.EqualTo(400));
        Assert.That((await _world.At(World.Hq).Put(World.Lineup(_session.SessionId), "{\"items\":[{\"kind\":3}]}", ("If-Match", "\"0\""))).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task EachRuleListsEveryItemThatBreaksIt()
    {
        var (x, y) = (_world.NewId(), _world.NewId());
        await Refused("lineup.product_unknown", ["/items/0/productId", "/items/2/productId"], World.Item(x, 1), World.Item(_products["A"], 7000), World.Item(y, 1));
        await Refused("lineup.product_unpriced", ["/items/0/productId"], World.Item(_products["C"], 1));
        await Refused("lineup.price_below_floor", ["/items/0/livePriceMinor", "/items/2/livePriceMinor"],
            World.Item(_products["A"], 5999), World.Item(_products["B"], 1), World.Item(_products["D"], 999));
        await Refused("lineup.price_above_list", ["/items/0/livePriceMinor", "/items/1/livePriceMinor"], World.Item(_products["A"], 10001), World.Item(_products["B"], 5001));
        var all = await Refused("lineup.product_unknown", ["/items/0/livePriceMinor", "/items/1/livePriceMinor", "/items/2/productId", "/items/3/productId"],
            World.Item(_products["A"], 10001), World.Item(_products["D"], 999), World.Item(_products["C"], 1), World.Item(x, 1));
        Assert.That(all.Json["faults"]!.AsArray().Select(f => (string)f!["code"]!),
            Is.EqualTo(new[] { "lineup.price_above_list", "lineup.price_below_floor", "lineup.product_unpriced", "lineup.product_unknown" }));
        Assert.That((await _world.At(World.Hq).Get(World.Lineup(_session.SessionId))).Code, Is.EqualTo("lineup.not_found"), "nothing was stored");

        async Task<Answer> Refused(string code, string[] pointers, params object[] items)
        {
            var refused = await _world.Put(_session.SessionId, "\"0\"", items);
            Assert.That((refused.Status, refused.Code), Is.EqualTo((409, code)), refused.Content);
            Assert.That(refused.Faults, Is.EqualTo(pointers));
            return refused;
        }
    }

    [Test]
    public async Task FloorAndListPrice_AreThemselvesAllowed() =>
        Assert.That((await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 6000), World.Item(_products["B"], 5000))).Status, Is.EqualTo(200));

    [Test]
    public async Task AProductOfAnotherTenant_IsUnknown()
    {
        var theirs = await _world.Products(at: World.Foreign);
        Assert.That((await _world.Put(_session.SessionId, "\"0\"", World.Item(theirs["A"], 7000))).Code, Is.EqualTo("lineup.product_unknown"));
    }

    [Test]
    public async Task AMandateLimitsTheDiscount()
    {
        var limited = await _world.Session(World.Reseller, await _world.Mandate(30));
        var refused = await _world.Put(World.Reseller, limited.SessionId, "\"0\"", World.Item(_products["A"], 6999), World.Item(_products["B"], 3500), World.Item(_products["D"], 1399));
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "mandate.discount_too_deep")));
        Assert.That(refused.Faults, Is.EqualTo(new[] { "/items/0/livePriceMinor", "/items/2/livePriceMinor" }));
        Assert.That((await _world.Put(World.Reseller, limited.SessionId, "\"0\"", World.Item(_products["A"], 7000))).Status, Is.EqualTo(200));

        var free = await _world.Session(World.Reseller, await _world.Mandate(null));
        Assert.That((await _world.Put(World.Reseller, free.SessionId, "\"0\"", World.Item(_products["B"], 1))).Status, Is.EqualTo(200));
        var unheard = await _world.Session(World.Reseller, _world.NewId());
        Assert.That((await _world.Put(World.Reseller, unheard.SessionId, "\"0\"", World.Item(_products["B"], 1))).Code, Is.EqualTo("mandate.not_known_yet"));
    }

    [FsCheck.NUnit.Property]
    public bool ADiscountIsDeeper_ExactlyIfTheExactFractionIs(byte percent, uint list, uint live)
    {
        var (p, l, v) = (percent % 101, list + 1L, live % (list + 2L));
        return Composition.IsDeeperThan(p, l, v) == (1m - (decimal)v / l > p / 100m);
    }

    [Test]
    public async Task AuthorityCoversTheOwnerAndWhatLiesBelow()
    {
        await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 7000));
        foreach (var (path, reads, writes) in new[]
        {
            (World.Hq, true, true), (World.North, true, true), (World.Reseller, true, false), (World.South, false, false), (World.Foreign, false, false),
        })
        {
            Assert.That((await _world.At(path, Role.Analyst).Get(World.Lineup(_session.SessionId))).Status, Is.EqualTo(reads ? 200 : 404), path);
            var put = await _world.Put(path, _session.SessionId, "\"99\"", World.Item(_products["A"], 7000));
            Assert.That(put.Code, Is.EqualTo(writes ? "request.version_mismatch" : "session.not_found"), path);
            var final = await _world.Finalize(_session.SessionId, "\"99\"", path);
            Assert.That(final.Code, Is.EqualTo(writes ? "request.version_mismatch" : "session.not_found"), path);
            Assert.That((await _world.Publish(_session.SessionId, path)).Code, Is.EqualTo(writes ? "price_list.lineup_not_final" : "session.not_found"), path);
        }
        Assert.That((await _world.Put(_world.NewId(), "\"0\"", World.Item(_products["A"], 7000))).Code, Is.EqualTo("session.not_found"));
        Assert.That((await _world.At(World.Hq, Role.Planner).Put(World.Lineup(_session.SessionId), new { items = Array.Empty<object>() }, ("If-Match", "\"0\""))).Status, Is.EqualTo(403));
        Assert.That((await _world.At(World.Reseller, Role.Storefront).Get(World.Lineup(_session.SessionId))).Status, Is.EqualTo(200));
        Assert.That((await _world.Host.Anonymous().Get(World.Lineup(_session.SessionId))).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task OfManyEditorsOfOneVersion_OneWins()
    {
        for (var version = 0; version < 4; version++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _world.Put(_session.SessionId, $"\"{version}\"", World.Item(_products["A"], 7000 + i))));
            Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
            Assert.That(answers.Count(a => a.Code == "request.version_mismatch"), Is.EqualTo(7));
            var read = await _world.At(World.Hq).Get(World.Lineup(_session.SessionId));
            Assert.That(JsonNode.DeepEquals(read.Json, answers.Single(a => a.Status == 200).Json), "what is stored is the winner's");
        }
    }

    [Test]
    public async Task TheSameKeyGivesTheFirstAnswer()
    {
        var path = World.Lineup(_session.SessionId);
        var body = new { items = new[] { World.Item(_products["A"], 7000) } };
        var first = await _world.At(World.Hq).Put(path, body, ("If-Match", "\"0\""), ("Idempotency-Key", "k"));
        var second = await _world.At(World.Hq).Put(path, body, ("If-Match", "\"0\""), ("Idempotency-Key", "k"));
        Assert.That((second.Status, second.Content, second.ETag), Is.EqualTo((200, first.Content, first.ETag)));
        var other = await _world.At(World.Hq).Put(path, new { items = new[] { World.Item(_products["A"], 7001) } }, ("If-Match", "\"0\""), ("Idempotency-Key", "k"));
        Assert.That(other.Code, Is.EqualTo("request.idempotency_key_reused"));
    }

    [Test]
    public async Task AReaderThatHasTheVersion_IsAnsweredNotModified()
    {
        await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 7000));
        foreach (var known in new[] { "\"1\"", "W/\"1\"", "\"7\", \"1\"", "*" })
        {
            var same = await Read(known);
            Assert.That((same.Status, same.Content, same.ETag), Is.EqualTo((304, "", "\"1\"")), known);
        }
        await _world.Put(_session.SessionId, "\"1\"", World.Item(_products["A"], 8000));
        var changed = await Read("\"1\"");
        Assert.That((changed.Status, changed.ETag), Is.EqualTo((200, "\"2\"")));
        Assert.That((long)changed.Json["items"]![0]!["livePriceMinor"]!, Is.EqualTo(8000));

        Task<Answer> Read(string known) => _world.At(World.Hq).Send(HttpMethod.Get, World.Lineup(_session.SessionId), null, ("If-None-Match", known));
    }

    [Test]
    public async Task WhatAnotherInstanceReplaced_IsNeverAnswered()
    {
        await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 7000));
        await _world.At(World.Hq).Get(World.Lineup(_session.SessionId));
        var db = _world.Host.Services.GetRequiredService<LineupsDb>();
        await db.InTransaction<Done>(async work =>
        {
            await work.Execute("UPDATE Lineups SET Version = 2, Items = '[]' WHERE SessionId = @SessionId", new { _session.SessionId });
            return new Done();
        });
        var read = await _world.At(World.Hq).Get(World.Lineup(_session.SessionId));
        Assert.That(read.ETag, Is.EqualTo("\"2\""));
        Assert.That(read.Json["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task FinalizingTellsEverybody_AndAnEditMakesItADraftAgain()
    {
        var heard = _world.Listen<LineupFinalized>();
        Assert.That((await _world.Finalize(_session.SessionId, "\"0\"")).Code, Is.EqualTo("lineup.empty"));
        await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["B"], 4500, "Hot", 7), World.Item(_products["A"], 7000));
        var final = await _world.Finalize(_session.SessionId, "\"1\"");
        Assert.That((final.Status, final.ETag, (string)final.Json["status"]!), Is.EqualTo((200, "\"2\"", "Final")));
        Assert.That((DateTimeOffset)final.Json["finalizedAt"]!, Is.EqualTo(_world.Now));
        Assert.That((await _world.Finalize(_session.SessionId, "\"2\"")).ETag, Is.EqualTo("\"2\""), "final already");
        await _world.Host.Settle();
        var told = heard.Single();
        Assert.Multiple(() =>
        {
            Assert.That((told.SessionId, told.Version, told.OwnerPath, told.FinalizedAt), Is.EqualTo((_session.SessionId, 2L, World.North, _world.Now)));
            Assert.That(told.Items.Select(i => (i.ProductId, i.ProductCode, i.Name, i.Kind, i.Minutes)), Is.EqualTo(new[]
            {
                (_products["B"], "B", "Scarf", ItemKind.Hot, 7), (_products["A"], "A", "Coat", ItemKind.Regular, 5),
            }));
        });

        var edited = await _world.Put(_session.SessionId, "\"2\"", World.Item(_products["A"], 7000));
        Assert.That(((string)edited.Json["status"]!, edited.Json["finalizedAt"]), Is.EqualTo(("Draft", (JsonNode?)null)));
        await _world.Finalize(_session.SessionId, "\"3\"");
        await _world.Host.Settle();
        Assert.That(heard.Select(e => e.Version), Is.EqualTo(new[] { 2L, 4L }));
    }

    [Test]
    public async Task FinalizingJudgesThePricesOfToday()
    {
        await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 6000));
        await _world.Import("code,name,floorPriceMinor\nA,Coat,6001\n");
        var refused = await _world.Finalize(_session.SessionId, "\"1\"");
        Assert.That((refused.Code, refused.Faults[0]), Is.EqualTo(("lineup.price_below_floor", "/items/0/livePriceMinor")));
        await _world.Import("code,name,floorPriceMinor,listPriceMinor\nA,Warm coat,6000,9000\n");
        var final = await _world.Finalize(_session.SessionId, "\"1\"");
        Assert.That(((string)final.Json["items"]![0]!["name"]!, (long)final.Json["items"]![0]!["listPriceMinor"]!), Is.EqualTo(("Warm coat", 9000L)));
    }

    [Test]
    public async Task WhatIsUnwise_IsWarnedAboutAndNotRefused()
    {
        await _world.Import("code,name,brand,listPriceMinor,stock\nE,Foreign brand,nordic,100,5\n");
        var other = _world.State(World.North) with { BrandIds = [_world.NewId()] };
        await _world.Host.Deliver(new SessionScheduled(other));
        var products = await _world.Products();
        var put = await _world.Put(other.SessionId, "\"0\"",
            new { productId = products["E"], kind = "Hot", minutes = 60, livePriceMinor = 100, liveStock = 6 },
            World.Item(products["A"], 7000, "Hot", 60), World.Item(products["B"], 4000, "Regular", 60), World.Item(products["D"], 1500, "Benefit", 1));
        Assert.That(Warnings(put), Is.EqualTo("lineup.minutes_over lineup.hot_share lineup.live_stock_over lineup.brand_outside_session"));
        put = await _world.Put(_session.SessionId, "\"0\"", World.Item(products["A"], 7000));
        Assert.That(Warnings(put), Is.EqualTo("lineup.no_hot_item"));
        var final = await _world.Finalize(_session.SessionId, "\"1\"");
        Assert.That((final.Status, Warnings(final)), Is.EqualTo((200, "lineup.no_hot_item")));
        put = await _world.Put(_session.SessionId, "\"2\"", World.Item(products["A"], 7000, "Hot"), World.Item(products["B"], 4000), World.Item(products["D"], 1500));
        Assert.That(Warnings(put), Is.Empty);

        static string Warnings(Answer lineup) => string.Join(' ', lineup.Json["warnings"]!.AsArray().Select(w => (string)w!["code"]!));
    }

    [Test]
    public async Task ASessionThatIsOver_TakesNoChange()
    {
        await _world.Put(_session.SessionId, "\"0\"", World.Item(_products["A"], 7000));
        await _world.Finalize(_session.SessionId, "\"1\"");
        await _world.Host.Deliver(new SessionCancelled(_session with { Version = 2, Status = SessionStatus.Cancelled }));
        Assert.That((await _world.Put(_session.SessionId, "\"2\"", World.Item(_products["A"], 7000))).Code, Is.EqualTo("lineup.session_over"));
        Assert.That((await _world.Finalize(_session.SessionId, "\"2\"")).Code, Is.EqualTo("lineup.session_over"));
        Assert.That((await _world.Publish(_session.SessionId)).Code, Is.EqualTo("lineup.session_over"));
        Assert.That((await _world.At(World.Hq).Get(World.Lineup(_session.SessionId))).Status, Is.EqualTo(200), "history stays readable");
    }

    [Test]
    public async Task OlderNewsOfMandatesUnitsAndBrands_IsIgnored()
    {
        var id = _world.NewId();
        foreach (var (version, percent) in new[] { (2L, 10), (1L, 90), (2L, 10) })
        {
            await _world.Host.Deliver(new MandateChanged
            {
                MandateId = id,
                Version = version,
                ResellerId = id,
                ResellerPath = World.Reseller,
                BrandIds = [],
                Channels = [],
                OpensAt = _world.Now,
                ClosesAt = _world.Now.AddDays(1),
                DeepestDiscountPercent = percent,
            });
        }
        var session = await _world.Session(World.Reseller, id);
        Assert.That((await _world.Put(session.SessionId, "\"0\"", World.Item(_products["B"], 4000))).Code, Is.EqualTo("mandate.discount_too_deep"));

        foreach (var (version, code) in new[] { (3L, "new"), (2L, "old") })
            await _world.Host.Deliver(new BrandChanged { BrandId = id, Version = version, HeadquartersPath = World.Hq, Code = code, Name = code, Grade = "A" });
        Assert.That((await _world.Import("code,name,brand\nX,x,old\n")).Code, Is.EqualTo("csv.has_faults"));
        Assert.That((await _world.Import("code,name,brand\nX,x,new\n")).Status, Is.EqualTo(200));
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Codes;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests.Codes;

internal sealed class CodeBatchTests
{
    private Stage _stage = null!;

    [SetUp]
    public async Task Set() => _stage = await Stage.Set();

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task ABatch_SetsStockAside_AndItsCodesClaimIt()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 10, limit: 10));
        var batch = await Batch(campaign, new { count = 4, prefix = "XMAS", name = "Leaflets" });
        Assert.That((string?)batch.Json["prefix"], Is.EqualTo("XMAS"));
        Assert.That((string?)batch.Json["unitPath"], Is.EqualTo(Stage.Hq));
        Assert.That((int)batch.Json["count"]!, Is.EqualTo(4));
        var codes = await Codes(batch.Id);
        Assert.That(codes, Has.Count.EqualTo(4).And.All.StartWith("XMAS-"));

        var claimed = await Claim(codes[2], "ann");
        Assert.That(claimed.Status, Is.EqualTo(201), claimed.Content);
        Assert.That((Guid)claimed.Json["campaignId"]!, Is.EqualTo(campaign));
        Assert.That((string?)claimed.Json["origin"], Is.EqualTo("Code"));
        Assert.That((int)(await _stage.Marketer().Get($"/coupons/code-batches/{batch.Id}")).Json["claimed"]!, Is.EqualTo(1));
        Assert.That((await _stage.Heard<CouponsClaimed>()).SelectMany(e => e.Claims).Single().Origin, Is.EqualTo(CouponOrigin.Code));

        var outcomes = new List<int>();
        for (var i = 0; i < 7; i++) outcomes.Add((await _stage.Claim(campaign, $"c{i}")).Status);
        Assert.That(outcomes.Count(s => s == 201), Is.EqualTo(6), "what is set aside for codes is not for others");
    }

    [Test]
    public async Task ACodeCountsOnce_WhoeverComes()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 5));
        var code = (await Codes((await Batch(campaign, new { count = 3 })).Id))[1];
        var id = _stage.NewId();
        Assert.That((await Claim(code, "ann", id)).Status, Is.EqualTo(201));
        Assert.That((await Claim(code, "ann", id)).Status, Is.EqualTo(200), "the same claim again");
        Assert.That((await Claim(code, "bob", id)).Code, Is.EqualTo("claim.id_reused"));
        Assert.That((await Claim(code, "ann")).Code, Is.EqualTo("code.already_claimed"));
        Assert.That((await Claim(code.ToLowerInvariant().Replace("-", " "), "bob")).Code, Is.EqualTo("code.already_claimed"));
        Assert.That((await _stage.Shop().Put($"/coupons/claims/{id}", new { customerId = "ann", campaignId = campaign })).Code, Is.EqualTo("claim.id_reused"), "without the code");
    }

    [Test]
    public async Task SixtyFourCallersOfOneCode_AreOneClaim()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 100));
        var batch = await Batch(campaign, new { count = 2 });
        var code = (await Codes(batch.Id))[0];
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Claim(code, $"c{i}")));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.EqualTo("code.already_claimed"));
        Assert.That((int)(await _stage.Marketer().Get($"/coupons/code-batches/{batch.Id}")).Json["claimed"]!, Is.EqualTo(1));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM Coupons WHERE CodeSerial = 0"), Is.EqualTo(1));
    }

    [Test]
    public async Task ManyCodesAtOnce_ByManyCustomers_AreEachClaimedOnce()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 300, limit: 100));
        var batch = await Batch(campaign, new { count = 100 });
        var codes = await Codes(batch.Id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Claim(codes[i % 100], $"c{i % 7}")));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(100));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(DISTINCT CodeSerial) FROM Coupons"), Is.EqualTo(100));
        var node = await Node(campaign);
        Assert.That(((long)node["allocated"]!, (long)node["claimedHere"]!, (long)node["remaining"]!), Is.EqualTo((100L, 100L, 0L)));
    }

    [Test]
    public async Task ClaimsWithACode_KeepToLimitsWindowsAndStatus_AndAreCountedWhenRefused()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 1, claim: Stage.Between(_stage.Now.AddHours(1), _stage.Now.AddHours(2))));
        var codes = await Codes((await Batch(campaign, new { count = 5 })).Id);
        Assert.That((await Claim(codes[0], "ann")).Code, Is.EqualTo("claim.not_started"));
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await Claim(codes[0], "ann")).Status, Is.EqualTo(201));
        Assert.That((await Claim(codes[1], "ann")).Code, Is.EqualTo("claim.per_customer_limit"));
        Assert.That((await Claim(codes[0], "bob")).Code, Is.EqualTo("code.already_claimed"));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/stop")).Status, Is.EqualTo(200));
        Assert.That((await Claim(codes[1], "bob")).Code, Is.EqualTo("campaign.not_issuing"));
        var refused = await Db.Query<string>("SELECT Code FROM Refusals ORDER BY Code");
        Assert.That(refused, Is.EqualTo(new[] { "campaign.not_issuing", "claim.not_started", "claim.per_customer_limit", "code.already_claimed" }));
    }

    [Test]
    public async Task AMistypedCode_IsToldFromOneThatDoesNotExist()
    {
        var campaign = await _stage.Campaign();
        var batch = await Batch(campaign, new { count = 5, prefix = "XMAS" });
        var code = (await Codes(batch.Id))[0];
        var wrong = $"{code[..^1]}{(code[^1] == 'A' ? 'B' : 'A')}";
        var answer = await Claim(wrong, "ann");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "code.check_failed")));
        foreach (var text in new[] { "", "XMAS", new string('A', 5000), "XMAS-00000-00000-000000", "💥" })
            Assert.That((await Claim(text, "ann")).Code, Is.EqualTo("code.check_failed"), text);
        // Well formed, but of another secret, of a serial beyond the batch, or of a prefix nobody has.
        var secret = Convert.FromHexString((await Db.Scalar<string>("SELECT Secret FROM CodeBatches"))!);
        foreach (var forged in new[] { new CodePress("XMAS", new byte[32]).Print(0), new CodePress("XMAS", secret).Print(5), new CodePress("NNNN", secret).Print(0) })
        {
            var none = await Claim(forged, "ann");
            Assert.That((none.Status, none.Code), Is.EqualTo((404, "code.not_found")), forged);
        }
        Assert.That((await Claim(new CodePress("XMAS", secret).Print(4), "ann")).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task AClaim_NamesEitherACampaignOrACode()
    {
        var (shop, campaign) = (_stage.Shop(), await _stage.Campaign());
        Assert.That(BadInput.FaultsOf(await shop.Put($"/coupons/claims/{_stage.NewId()}", new { customerId = "ann" })), Is.EqualTo(new[] { " claim.target_unclear" }));
        Assert.That(BadInput.FaultsOf(await shop.Put($"/coupons/claims/{_stage.NewId()}", new { customerId = "ann", campaignId = campaign, code = "X" })), Is.EqualTo(new[] { " claim.target_unclear" }));
    }

    [Test]
    public async Task ClosingABatch_GivesBackWhatIsLeft_AndItsCodesAreWorthless_ButClaimedCouponsStay()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 10, limit: 10));
        var batch = await Batch(campaign, new { count = 10 });
        var codes = await Codes(batch.Id);
        var coupon = (await Claim(codes[0], "ann")).Id;
        Assert.That((await _stage.Claim(campaign, "bob")).Code, Is.EqualTo("claim.out_of_stock"));
        var closed = await _stage.Marketer().Post($"/coupons/code-batches/{batch.Id}/close");
        Assert.That((closed.Status, closed.ETag), Is.EqualTo((200, "\"2\"")));
        Assert.That((await _stage.Marketer().Post($"/coupons/code-batches/{batch.Id}/close")).Content, Is.EqualTo(closed.Content), "closing again changes nothing");
        var late = await Claim(codes[1], "ann");
        Assert.That((late.Status, late.Code), Is.EqualTo((410, "code.closed")));
        Assert.That((await Claim(codes[0], "ann")).Code, Is.EqualTo("code.already_claimed"));
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));
        for (var i = 0; i < 9; i++) Assert.That((await _stage.Claim(campaign, $"c{i}")).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "late")).Code, Is.EqualTo("claim.out_of_stock"));
    }

    [Test]
    public async Task ClosingWhileCodesAreClaimed_LosesNoStock()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 60, limit: 100));
        var batch = await Batch(campaign, new { count = 50 });
        var codes = await Codes(batch.Id);
        var claims = codes.Select((c, i) => Claim(c, $"c{i}")).ToList();
        var closed = _stage.Marketer().Post($"/coupons/code-batches/{batch.Id}/close");
        var answers = await Task.WhenAll(claims);
        Assert.That((await closed).Status, Is.EqualTo(200));
        var claimed = answers.Count(a => a.Status == 201);
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.EqualTo("code.closed"));
        var node = await Node(campaign);
        Assert.That(((long)node["allocated"]!, (long)node["claimedHere"]!, (long)node["remaining"]!), Is.EqualTo(((long)claimed, (long)claimed, 0L)));
        var root = (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}/allocations")).Json["nodes"]![0]!;
        Assert.That((long)root["remaining"]!, Is.EqualTo(60 - claimed));
    }

    [Test]
    public async Task ABatchOfAUnit_ComesOutOfThatUnitsAllocation_AndIsGoodInItsShops()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 100, limit: 10));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.North), stock = 20 })).Status, Is.EqualTo(200));
        var north = _stage.Marketer(Stage.North);
        var tooMany = await north.Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 21, unitId = _stage.Unit(Stage.North) });
        Assert.That((tooMany.Status, tooMany.Code), Is.EqualTo((409, "quota.exceeds_remaining")));
        Assert.That((long)tooMany.Json["remaining"]!, Is.EqualTo(20));
        var batch = await north.Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 20, unitId = _stage.Unit(Stage.North) });
        Assert.That(batch.Status, Is.EqualTo(201), batch.Content);
        var codes = await Codes(batch.Id, Stage.North);
        Assert.That((await Claim(codes[0], "ann", from: Stage.R7)).Status, Is.EqualTo(201));
        Assert.That((await Claim(codes[1], "ann", from: Stage.Hq)).Status, Is.EqualTo(201));
        Assert.That((await Claim(codes[2], "ann", from: Stage.South)).Code, Is.EqualTo("code.not_found"));
        Assert.That((await Claim(codes[2], "ann", from: Stage.Foreign)).Code, Is.EqualTo("code.not_found"));
        var above = await north.Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 1 });
        Assert.That(above.Code, Is.EqualTo("quota.no_allocation"), "the headquarters' own stock is not the region's");
        var south = await _stage.Marketer(Stage.South).Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 1, unitId = _stage.Unit(Stage.South) });
        Assert.That(south.Code, Is.EqualTo("quota.no_allocation"));
    }

    [Test]
    public async Task ABatchWithABudget_SetsThatAsideToo()
    {
        var terms = JsonSerializer.SerializeToNode(_stage.Terms(stock: 100))!;
        terms["budgetMinor"] = 50_000;
        var campaign = await _stage.Campaign(terms);
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 10 })).Code, Is.EqualTo("quota.budget_mismatch"));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 10, budgetMinor = 50_001 })).Code, Is.EqualTo("quota.exceeds_remaining"));
        var batch = await Batch(campaign, new { count = 10, budgetMinor = 5_000 });
        Assert.That((long)(await Node(campaign))["budgetMinor"]!, Is.EqualTo(5_000));
        Assert.That((await Claim((await Codes(batch.Id))[0], "ann")).Status, Is.EqualTo(201));
        await _stage.Marketer().Post($"/coupons/code-batches/{batch.Id}/close");
        Assert.That((long)(await Node(campaign))["budgetMinor"]!, Is.EqualTo(500), "the share of the code that was claimed stays");
    }

    [Test]
    public async Task APrefix_BelongsToOneBatchOfATenant_AlsoInARace()
    {
        var campaigns = new[] { await _stage.Campaign(), await _stage.Campaign() };
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            _stage.Marketer().Post($"/coupons/campaigns/{campaigns[i % 2]}/code-batches", new { count = 1, prefix = "XMAS" })));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 201).Select(a => a.Code), Is.All.EqualTo("code_batch.prefix_taken"));
        Assert.That((await Batch(campaigns[0], new { count = 1 })).Json["prefix"]!.ToString(), Does.Match("^[2-9A-HJ-NP-Z]{5}$"));
    }

    [Test]
    public async Task ABadBatch_IsRefusedWithEveryFault()
    {
        var campaign = await _stage.Campaign();
        var answer = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 5_000_001, prefix = "sale10", name = "", budgetMinor = -1 });
        Assert.That(BadInput.FaultsOf(answer), Is.EquivalentTo(new[]
        {
            "/count number.out_of_range", "/prefix code_batch.prefix_invalid", "/name text.invalid", "/budgetMinor money.out_of_range",
        }));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{_stage.NewId()}/code-batches", new { count = 1 })).Code, Is.EqualTo("campaign.not_found"));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 1, unitId = _stage.NewId() })).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 101 })).Code, Is.EqualTo("quota.exceeds_remaining"));
    }

    [Test]
    public async Task ARepeatedRequest_MakesOneBatch()
    {
        var campaign = await _stage.Campaign();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 30 }, ("Idempotency-Key", "k1"))));
        Assert.That(answers.Select(a => a.Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await _stage.Marketer().Get($"/coupons/campaigns/{campaign}/code-batches")).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Batches_AreSeenByTheirUnitAndThoseAbove_AndCodesByMarketersOnly()
    {
        var campaign = await _stage.Campaign();
        var batch = await Batch(campaign, new { count = 5, unitId = _stage.Unit(Stage.North) });
        foreach (var (path, seen) in new[] { (Stage.Hq, true), (Stage.North, true), (Stage.South, false), (Stage.R7, false), (Stage.Foreign, false) })
        {
            var marketer = _stage.Marketer(path);
            Assert.That((await marketer.Get($"/coupons/code-batches/{batch.Id}")).Status, Is.EqualTo(seen ? 200 : 404), path);
            Assert.That((await marketer.Get($"/coupons/code-batches/{batch.Id}/codes.csv")).Status, Is.EqualTo(seen ? 200 : 404), path);
            var list = await marketer.Get($"/coupons/campaigns/{campaign}/code-batches");
            Assert.That(list.Content.Contains(batch.Id.ToString(), StringComparison.Ordinal), Is.EqualTo(seen), path);
            Assert.That(list.Status, Is.EqualTo(path == Stage.Foreign ? 404 : 200), path);
        }
        Assert.That((await _stage.Marketer(Stage.South).Post($"/coupons/code-batches/{batch.Id}/close")).Code, Is.EqualTo("code_batch.not_found"));
        Assert.That((await _stage.Host.At(Stage.Hq, Role.Analyst).Get($"/coupons/code-batches/{batch.Id}/codes.csv")).Status, Is.EqualTo(403));
        Assert.That((await _stage.Host.At(Stage.Hq, Role.Analyst).Get($"/coupons/code-batches/{batch.Id}")).Status, Is.EqualTo(200));
        Assert.That((await _stage.Marketer().Get($"/coupons/code-batches/{batch.Id}")).Content, Does.Not.Contain("ecret"));
        var audit = await _stage.Host.At(Stage.Hq, Role.Admin).Get("/coupons/audit?limit=200");
        Assert.That(audit.Json["items"]!.AsArray().Count(e => (string?)e!["action"] == "DownloadCodes"), Is.EqualTo(2), "who fetched the codes is on record");
    }

    [Test]
    public async Task AMillionCodes_AreStreamed_WithoutBeingHeld()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 1_000_000));
        var batch = await Batch(campaign, new { count = 1_000_000 });
        var elapsed = Stopwatch.StartNew();
        using var answer = await _stage.Marketer().GetAsync($"/coupons/code-batches/{batch.Id}/codes.csv", HttpCompletionOption.ResponseHeadersRead);
        Assert.That(answer.Content.Headers.ContentDisposition!.FileName, Does.Match("^codes-[2-9A-HJ-NP-Z]{5}.csv$"));
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.That(await lines.ReadLineAsync(), Is.EqualTo("serial,code"));
        var count = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (count++ % 100_000 == 77) Assert.That(CodeText.Parse(line.Split(',')[1])!.Serial, Is.EqualTo(count - 1));
        }
        Assert.That(count, Is.EqualTo(1_000_000));
        await TestContext.Out.WriteLineAsync($"{count / elapsed.Elapsed.TotalSeconds:N0} codes/s");
    }

    private CouponsDb Db => (CouponsDb)_stage.Host.Services.GetServices<ServiceDb>().Single(d => d is CouponsDb);

    private Task<Answer> Claim(string code, string customer, Guid? id = null, string from = Stage.R7) =>
        _stage.Shop(from).Put($"/coupons/claims/{id ?? _stage.NewId()}", new { code, customerId = customer });

    private async Task<Answer> Batch(Guid campaign, object body)
    {
        var answer = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", body);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer;
    }

    private async Task<IReadOnlyList<string>> Codes(Guid batch, string from = Stage.Hq) =>
        [.. (await _stage.Marketer(from).Get($"/coupons/code-batches/{batch}/codes.csv")).Content.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[1])];

    /// <summary>The campaign's only allocation to codes.</summary>
    private async Task<JsonNode> Node(Guid campaign) =>
        (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}/allocations")).Json["nodes"]![0]!["children"]!.AsArray().Single(n => (string?)n!["kind"] == "Codes")!;
}

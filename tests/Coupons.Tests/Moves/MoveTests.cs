using LiveCommerce.Contracts.Organization;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests.Moves;

/// <summary>A reseller goes from one region to another, with all it has here.</summary>
internal sealed class MoveTests
{
    private const string Moved = "/aurora/south/r7/";

    private Stage _stage = null!;

    [SetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task ItsCampaignsCouponsAndRedemptionsFollow_AndScopeWithThem()
    {
        var campaign = await _stage.Campaign(_stage.Terms(Stage.R7));
        var coupon = await _stage.Coupon(campaign);
        var order = _stage.NewId();
        await _stage.Lock(order, coupon);
        await Move(2, Moved, Stage.R7);
        foreach (var (path, sees) in new[] { (Stage.Hq, true), (Stage.South, true), (Moved, true), (Stage.North, false), (Stage.R7, false), (Stage.Foreign, false) })
        {
            Assert.That((await _stage.Marketer(path).Get($"/coupons/campaigns/{campaign}")).Status, Is.EqualTo(sees ? 200 : 404), path);
            Assert.That((await _stage.Marketer(path).Get($"/coupons/claims/{coupon}")).Status, Is.EqualTo(sees ? 200 : 404), path);
        }
        Assert.That((await _stage.Use(order, "redeem", from: Moved)).Status, Is.EqualTo(200));
        Assert.That((await _stage.Claim(campaign, "bob", from: Moved)).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "cid", from: Stage.South)).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "dan", from: Stage.North)).Code, Is.EqualTo("campaign.not_found"));
        Assert.That(await Differences(), Is.Zero);
    }

    [Test]
    public async Task ItTakesItsQuotaAlong_AndEverySumIsExactBeforeAndAfter()
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 50_000));
        await Allocate(campaign, Stage.North, 40, 20_000);
        await Allocate(campaign, Stage.South, 10, 5_000);
        await Allocate(campaign, Stage.R7, 15, 7_000, at: Stage.North);
        var session = await _stage.Scheduled(Stage.R7);
        Assert.That((await _stage.Marketer(Stage.R7).Post($"/coupons/campaigns/{campaign}/allocate", new { sessionId = session.SessionId, stock = 4, budgetMinor = 100 })).Status, Is.EqualTo(200));
        await _stage.Coupon(campaign);
        Assert.That((await _stage.Claim(campaign, "bob", session: session.SessionId)).Status, Is.EqualTo(201));
        var before = await Left(campaign);
        await Move(2, Moved, Stage.R7);

        Assert.That(await Left(campaign), Is.EqualTo(before), "what each has left");
        var root = (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}/allocations")).Json["nodes"]![0]!;
        var lines = root["children"]!.AsArray().Select(n => ((string?)n!["path"], (long)n["allocated"]!, (long)n["given"]!));
        Assert.That(lines, Is.EquivalentTo(new[] { (Stage.North, 25L, 0L), (Stage.South, 25L, 15L) }));
        Assert.That(await Differences(), Is.Zero);
        Assert.That((await _stage.Claim(campaign, "cid", from: Moved)).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "dan", from: Moved, session: session.SessionId)).Status, Is.EqualTo(201));
        await Allocate(campaign, Moved, 5, 0, at: Stage.South);
        Assert.That((await _stage.Marketer(Stage.North).Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.R7), stock = 1, budgetMinor = 0 })).Code, Is.EqualTo("quota.no_allocation"));
        Assert.That(await Differences(), Is.Zero);
    }

    [Test]
    public async Task WhatTheRegionItLeftGaveOfItsOwn_CanBeTakenBack()
    {
        var campaign = await _stage.Campaign(_stage.Terms(Stage.North));
        await Allocate(campaign, Stage.R7, 15, null, at: Stage.North);
        await _stage.Coupon(campaign);
        await Move(2, Moved, Stage.R7);
        Assert.That((await _stage.Claim(campaign, "bob", from: Moved)).Code, Is.EqualTo("campaign.not_found"));
        var back = await _stage.Marketer(Stage.North).Post($"/coupons/campaigns/{campaign}/take-back", new { unitId = _stage.Unit(Stage.R7) });
        Assert.That(back.Status, Is.EqualTo(200), back.Content);
        Assert.That((long)(await _stage.Marketer(Stage.North).Get($"/coupons/campaigns/{campaign}")).Json["remaining"]!, Is.EqualTo(99));
        Assert.That(await Differences(), Is.Zero);
    }

    [Test]
    public async Task PrintedCodesGoOn()
    {
        var campaign = await _stage.Campaign(_stage.Terms(Stage.R7));
        var batch = await _stage.Marketer(Stage.R7).Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 3 });
        var codes = (await _stage.Marketer(Stage.R7).Get($"/coupons/code-batches/{batch.Id}/codes.csv")).Content.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.That((await ByCode(Stage.R7, codes[^1], "ann")).Status, Is.EqualTo(201));
        await Move(2, Moved, Stage.R7);
        Assert.That((await ByCode(Moved, codes[^2], "bob")).Status, Is.EqualTo(201));
        Assert.That((await ByCode(Stage.North, codes[^3], "cid")).Status, Is.EqualTo(404));

        Task<Answer> ByCode(string at, string line, string customer) =>
            _stage.Shop(at).Put($"/coupons/claims/{_stage.NewId()}", new { customerId = customer, code = line.Split(',')[1] });
    }

    [Test]
    public async Task WhatComesLateUnderTheOldPath_IsPutRight()
    {
        await Move(2, Moved, Stage.R7);
        var session = await _stage.Scheduled(Stage.R7);
        var campaign = await _stage.Campaign(_stage.Terms(session: session.SessionId));
        var through = await _stage.Claim(campaign, "ann", from: Moved, session: session.SessionId);
        Assert.That(through.Status, Is.EqualTo(201), through.Content);
        // Somebody whose token still says the old place, in the seconds until that is known everywhere.
        var stray = await _stage.Claim(campaign, "bob", from: Stage.R7);
        Assert.That((await _stage.Marketer(Moved).Get($"/coupons/claims/{stray.Id}")).Status, Is.EqualTo(404));
        _stage.Clock.Advance(TimeSpan.FromMinutes(3));
        await _stage.Host.CarryOutDue();
        Assert.That((await _stage.Marketer(Moved).Get($"/coupons/claims/{stray.Id}")).Status, Is.EqualTo(200));
        Assert.That(await Differences(), Is.Zero);
    }

    [Test]
    public async Task FiguresAreARecount_AlsoWhileItsCouponsAreStillToFollow()
    {
        var campaign = await _stage.Campaign();
        var (coupon, other) = (await _stage.Coupon(campaign), await _stage.Coupon(campaign, "bob"));
        await Tell(2, Moved, Stage.R7);
        // Nothing that is due has been carried out: both coupons bear the path of before.
        var order = _stage.NewId();
        Assert.That((await _stage.Lock(order, coupon, from: Moved)).Status, Is.EqualTo(200));
        Assert.That((await _stage.Use(order, "redeem", from: Moved)).Status, Is.EqualTo(200));
        Assert.That((await _stage.Claim(campaign, "cid", from: Moved)).Status, Is.EqualTo(201));
        Assert.That(await Differences(), Is.Zero);
        var db = _stage.Host.Services.GetRequiredService<CouponsDb>();
        Assert.That(await db.Query<string>("SELECT CONCAT(Path, ' ', Claimed, ' ', Free, ' ', Redeemed) FROM Figures"), Is.EqualTo(new[] { $"{Moved} 3 2 1" }));
        await _stage.Host.CarryOutDue();
        Assert.That(await _stage.Status(other), Is.EqualTo("Effective"));
        Assert.That(await Differences(), Is.Zero);
    }

    [Test]
    public async Task FiguresOfBothPlacesAreOneAfterwards()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 5));
        await _stage.Coupon(campaign);
        await Move(2, Moved, Stage.R7);
        Assert.That((await _stage.Claim(campaign, "bob", from: Moved)).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "cid", from: Stage.R7)).Status, Is.EqualTo(201));
        await Move(3, "/aurora/r7/", Stage.R7, Moved);
        Assert.That(await Differences(), Is.Zero);
        var db = _stage.Host.Services.GetRequiredService<CouponsDb>();
        Assert.That(await db.Query<string>("SELECT Path FROM Figures"), Is.EqualTo(new[] { "/aurora/r7/" }));
        Assert.That(await db.Scalar<long>("SELECT SUM(Claimed) FROM Figures"), Is.EqualTo(3));
    }

    [Test]
    public async Task NoColumnThatHoldsAPathIsForgotten()
    {
        string[] ofHeadquarters = ["Products.HeadquartersPath", "CodeBatches.HeadquartersPath"];
        var rewritten = MovedRows.All.Columns.Concat(MovedRows.Others);
        Assert.That(await Paths.Astray(_stage.Host.Services.GetRequiredService<CouponsDb>(), rewritten, ofHeadquarters), Is.Empty);
    }

    private async Task Move(long version, string path, params string[] former)
    {
        await Tell(version, path, former);
        await _stage.Host.CarryOutDue();
    }

    private async Task Tell(long version, string path, params string[] former) =>
        await _stage.Host.Deliver(new UnitChanged
        {
            UnitId = _stage.Unit(Stage.R7),
            Version = version,
            Path = path,
            FormerPaths = former,
            Name = "R7",
            Kind = UnitKind.Headquarters,
            TimeZone = "Asia/Shanghai",
            Currency = "CNY",
            IsActive = true,
        });

    private async Task Allocate(Guid campaign, string unit, long stock, long? budgetMinor, string at = Stage.Hq)
    {
        var id = _stage.Unit(unit == Moved ? Stage.R7 : unit);
        var answer = await _stage.Marketer(at).Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = id, stock, budgetMinor });
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
    }

    /// <summary>What each allocation has left, by its number.</summary>
    private async Task<IEnumerable<string>> Left(Guid campaign) => await _stage.Host.Services.GetRequiredService<CouponsDb>().Query<string>(
        "SELECT CONCAT(Seq, ' ', Stock - StockGiven - Taken, ' ', BudgetMinor - BudgetGivenMinor - BudgetUsedMinor) FROM QuotaNodes WHERE CampaignId = @Campaign ORDER BY Seq", new { Campaign = campaign });

    private async Task<int> Differences()
    {
        var answer = await _stage.Host.At("/", Role.Operator).Post("/coupons/operations/verify-figures");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return answer.Json["differences"]!.AsArray().Count;
    }
}

using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>Many at the same instant, over HTTP: one test a rule that only one, or so many, may win.</summary>
internal abstract class RaceTests
{
    private const int Crowd = 64;

    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set(Storage());

    [OneTimeTearDown]
    public async Task Clear()
    {
        if (_stage is not null) await _stage.DisposeAsync();
    }

    [Test]
    public async Task OfSixtyFourCallers_OneGetsTheOnlyCoupon()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 1));
        var answers = await AtOnce(i => _stage.Claim(campaign, $"c{i}"));
        Expect(answers, (1, "201"), (Crowd - 1, "claim.out_of_stock"));
    }

    [Test]
    public async Task OfSixtyFourCallers_OneGetsASessionsOnlyCoupon_WhileTheCampaignHasPlenty()
    {
        var session = await _stage.Scheduled(Stage.R7);
        var campaign = await _stage.Campaign();
        await Give(campaign, new { sessionId = session.SessionId, stock = 1 });
        var answers = await AtOnce(i => _stage.Claim(campaign, $"c{i}", session: session.SessionId));
        Expect(answers, (1, "201"), (Crowd - 1, "claim.quota_spent"));
    }

    [Test]
    public async Task TheLastHundred_TakenThroughThreeUnitsAtOnce_AreAHundred()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 100));
        var units = new[] { Stage.R7, Stage.R8, Stage.South };
        var answers = await AtOnce(i => _stage.Claim(campaign, $"c{i}", from: units[i % 3]), 150);
        Expect(answers, (100, "201"), (50, "claim.out_of_stock"));
        Assert.That((long)(await Tree(campaign))["claimed"]!, Is.EqualTo(100));
    }

    [Test]
    public async Task ACustomerSixtyFourTimes_GetsTheTwoOneMayHave()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 2));
        Expect(await AtOnce(_ => _stage.Claim(campaign, "racer")), (2, "201"), (Crowd - 2, "claim.per_customer_limit"));
    }

    [Test]
    public async Task ACustomerSixtyFourTimes_GetsTheOneOfADay()
    {
        var campaign = await _stage.Campaign(_stage.Terms(limit: 9, daily: 1));
        Expect(await AtOnce(_ => _stage.Claim(campaign, "daily")), (1, "201"), (Crowd - 1, "claim.per_customer_day_limit"));
    }

    [Test]
    public async Task OfSixtyFourOrders_OneGetsTheCoupon()
    {
        var coupon = await _stage.Coupon(await _stage.Campaign());
        Expect(await AtOnce(_ => _stage.Lock(_stage.NewId(), coupon)), (1, "200"), (Crowd - 1, "coupon.already_locked"));
    }

    [Test]
    public async Task OrdersForTwoCouponsEach_CrossedOver_NeverShareOne()
    {
        var (one, other) = (await _stage.Campaign(_stage.Terms(stacking: new { group = "a" })), await _stage.Campaign(_stage.Terms(stacking: new { group = "b" })));
        var (a, b) = (await _stage.Coupon(one), await _stage.Coupon(other));
        var answers = await AtOnce(i => _stage.LockAll(_stage.NewId(), i % 2 == 0 ? [a, b] : [b, a]));
        Expect(answers, (1, "200"), (Crowd - 1, "coupon.already_locked"));
        Assert.That((string?)(await _stage.Read(a))["orderId"], Is.EqualTo((string?)(await _stage.Read(b))["orderId"]));
    }

    [Test]
    public async Task AllocationsAndClaims_NeverGiveAUnitTwice()
    {
        var campaign = await _stage.Campaign(_stage.Terms(stock: 20));
        var answers = await AtOnce(i => i % 2 == 0
            ? _stage.Claim(campaign, $"c{i}", from: Stage.South)
            : _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.North), stock = 1 }));
        var (claimed, given) = (answers.Count(a => a.Status == 201), answers.Count(a => a.Status == 200));
        Assert.That(claimed + given, Is.EqualTo(20));
        Expect(answers, (claimed, "201"), (given, "200"), (32 - claimed, "claim.out_of_stock"), (32 - given, "quota.exceeds_remaining"));
        var root = await Tree(campaign);
        Assert.That(((long)root["claimedHere"]!, (long)root["given"]!, (long)root["remaining"]!), Is.EqualTo(((long)claimed, (long)given, 0L)));
    }

    [Test]
    public async Task WhatIsTakenBack_IsNotClaimedToo()
    {
        var campaign = await _stage.Campaign();
        await Give(campaign, new { unitId = _stage.Unit(Stage.R7), stock = 20 });
        var answers = await AtOnce(i => i % 2 == 0
            ? _stage.Claim(campaign, $"c{i}")
            : _stage.Marketer().Post($"/coupons/campaigns/{campaign}/take-back", new { unitId = _stage.Unit(Stage.R7), stock = 1 }));
        var (claimed, back) = (answers.Count(a => a.Status == 201), answers.Count(a => a.Status == 200));
        Assert.That(claimed + back, Is.EqualTo(20));
        Expect(answers, (claimed, "201"), (back, "200"), (32 - claimed, "claim.quota_spent"), (32 - back, "quota.exceeds_remaining"));
        var root = await Tree(campaign);
        var node = root["children"]![0]!;
        Assert.That(((long)root["remaining"]!, (long)node["allocated"]!, (long)node["claimedHere"]!, (long)node["remaining"]!), Is.EqualTo((80L + back, (long)claimed, (long)claimed, 0L)));
    }

    [Test]
    public async Task SixtyFourLocks_SpendNoMoreThanTheBudget()
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 2_700));
        var coupons = await AtOnce(i => _stage.Claim(campaign, $"c{i}"));
        Expect(coupons, (Crowd, "201"));
        var answers = await AtOnce(i => _stage.Lock(_stage.NewId(), coupons[i].Id, $"c{i}"));
        Expect(answers, (5, "200"), (Crowd - 5, "coupon.budget_spent"));
        Assert.That((long)(await _stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["budgetUsedMinor"]!, Is.EqualTo(2_500));
    }

    [Test]
    public async Task PaymentWins_HoweverManyReleasesRunAgainstIt()
    {
        var coupon = await _stage.Coupon(await _stage.Campaign());
        var order = _stage.NewId();
        await _stage.Lock(order, coupon);
        var answers = await AtOnce(i => _stage.Use(order, i % 2 == 0 ? "redeem" : "release"));
        Assert.That(answers.Where((_, i) => i % 2 == 0).Select(a => a.Status), Is.All.EqualTo(200));
        Assert.That(answers.Select(a => a.Code), Is.All.AnyOf(null, "redemption.illegal_transition"));
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Redeemed"));
        var versions = (await _stage.Heard<object>()).SelectMany(Stage.UsesOf).Where(u => u.CouponId == coupon).Select(u => u.Version).ToList();
        Assert.That(versions.Order(), Is.EqualTo(Enumerable.Range(2, versions.Count)));
    }

    [Test]
    public async Task StockLoweredAndRaisedWhileClaimsRun_NeverFallsBelowWhatIsTaken()
    {
        var terms = System.Text.Json.JsonSerializer.SerializeToNode(_stage.Terms(stock: 40))!.AsObject();
        var campaign = await _stage.Campaign(terms);
        terms.Remove("ownerUnitId");
        var path = $"/coupons/campaigns/{campaign}";
        var answers = await AtOnce(async i =>
        {
            if (i % 4 > 0) return await _stage.Claim(campaign, $"c{i}");
            var changed = terms.DeepClone();
            changed["stock"] = 5 + i % 50;
            return await _stage.Marketer().Put(path, changed, ("If-Match", (await _stage.Marketer().Get(path)).ETag!));
        });
        Assert.That(answers.Select(a => a.Code), Is.All.AnyOf(null, "claim.out_of_stock", "campaign.below_taken", "request.version_mismatch", "request.lost_race"));
        var view = (await _stage.Marketer().Get(path)).Json;
        Assert.That((long)view["claimed"]!, Is.EqualTo(answers.Count(a => a.Status == 201)));
        Assert.That((long)view["remaining"]!, Is.GreaterThanOrEqualTo(0));
        Assert.That((long)(await Tree(campaign))["allocated"]!, Is.EqualTo((long)view["stock"]!));
    }

    protected abstract StageStorage Storage();

    private static async Task<Answer[]> AtOnce(Func<int, Task<Answer>> send, int crowd = Crowd)
    {
        using var gate = new SemaphoreSlim(0);
        var calls = Enumerable.Range(0, crowd).Select(async i =>
        {
            await gate.WaitAsync();
            return await send(i);
        }).ToList();
        gate.Release(crowd);
        return await Task.WhenAll(calls);
    }

    private static void Expect(Answer[] answers, params (int Count, string What)[] expected) =>
        Assert.That(answers.GroupBy(a => a.Code ?? $"{a.Status}").Select(g => (g.Count(), g.Key)), Is.EquivalentTo(expected.Where(e => e.Count > 0)));

    private async Task Give(Guid campaign, object body)
    {
        var given = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", body);
        Assert.That(given.Status, Is.EqualTo(200), given.Content);
    }

    private async Task<JsonNode> Tree(Guid campaign) => (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}/allocations")).Json["nodes"]![0]!;
}

internal sealed class RacesOnSqlite : RaceTests
{
    protected override StageStorage Storage() => StageStorage.Sqlite;
}

internal sealed class RacesOnSqlServer : RaceTests
{
    protected override StageStorage Storage() => StageStorage.SqlServer();
}

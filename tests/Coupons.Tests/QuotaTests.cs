using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>Who may hand out how much of a campaign.</summary>
internal sealed class QuotaTests
{
    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task EachNode_IsTheSumOfWhatItGave_HandedOut_AndHasLeft()
    {
        var campaign = await _stage.Campaign();
        await Ok(Allocate(campaign, Stage.North, 40));
        await Ok(Allocate(campaign, Stage.R7, 15, at: Stage.North));
        await Ok(Allocate(campaign, Stage.South, 10));
        foreach (var (customer, from) in new[] { ("a", Stage.R7), ("b", Stage.R7), ("c", Stage.R8), ("d", Stage.South), ("e", Stage.Hq) })
            Assert.That((await _stage.Claim(campaign, customer, from: from)).Status, Is.EqualTo(201), from);
        var root = await Tree(campaign);
        Assert.That(Node(root), Is.EqualTo((Stage.Hq, 100L, 50L, 1L, 49L, 5L)));
        var (north, south) = (root["children"]![0]!, root["children"]![1]!);
        Assert.That(Node(north), Is.EqualTo((Stage.North, 40L, 15L, 1L, 24L, 3L)), "r8 draws on the nearest above it");
        Assert.That(Node(north["children"]![0]!), Is.EqualTo((Stage.R7, 15L, 0L, 2L, 13L, 2L)));
        Assert.That(Node(south), Is.EqualTo((Stage.South, 10L, 0L, 1L, 9L, 1L)));
        Assert.That(Node(await Tree(campaign, Stage.North)), Is.EqualTo(Node(north)), "a region sees its own part");
        Assert.That((await _stage.Marketer(Stage.R8).Get($"/coupons/campaigns/{campaign}/allocations")).Json["nodes"]!.AsArray(), Is.Empty);
        Assert.That((await _stage.Marketer(Stage.Foreign).Get($"/coupons/campaigns/{campaign}/allocations")).Code, Is.EqualTo("campaign.not_found"));
    }

    [Test]
    public async Task ASpentAllocation_IsTheEnd_WhateverIsLeftAboveIt()
    {
        var campaign = await _stage.Campaign();
        await Ok(Allocate(campaign, Stage.R7, 1));
        Assert.That((await _stage.Claim(campaign, "a")).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "b")).Code, Is.EqualTo("claim.quota_spent"));
        Assert.That((await _stage.Claim(campaign, "b", from: Stage.R8)).Status, Is.EqualTo(201), "of what is nobody's own");
        await Ok(Allocate(campaign, Stage.R7, 1));
        Assert.That((await _stage.Claim(campaign, "c")).Status, Is.EqualTo(201), "given more");
    }

    [Test]
    public async Task ASessionsAllocation_IsDrawnOnByItsClaims_AndByNoOthers()
    {
        var session = await _stage.Scheduled(Stage.North);
        var campaign = await _stage.Campaign();
        await Ok(Allocate(campaign, Stage.North, 10));
        await Ok(Post(campaign, "allocate", new { sessionId = session.SessionId, stock = 1 }, Stage.North));
        Assert.That((await _stage.Claim(campaign, "a", session: session.SessionId)).Status, Is.EqualTo(201));
        Assert.That((await _stage.Claim(campaign, "b", session: session.SessionId)).Code, Is.EqualTo("claim.quota_spent"));
        Assert.That((await _stage.Claim(campaign, "b")).Status, Is.EqualTo(201));
        var north = (await Tree(campaign))["children"]![0]!;
        Assert.That(Node(north), Is.EqualTo((Stage.North, 10L, 1L, 1L, 8L, 2L)));
        Assert.That(((string?)north["children"]![0]!["kind"], (Guid)north["children"]![0]!["sessionId"]!), Is.EqualTo(("Session", session.SessionId)));
    }

    [Test]
    public async Task ARegionGivesOfItsOwn_NeverOfWhatIsAboveOrBesideIt()
    {
        var campaign = await _stage.Campaign();
        foreach (var (at, to) in new[] { (Stage.North, Stage.North), (Stage.North, Stage.R7), (Stage.North, Stage.South), (Stage.R7, Stage.R7) })
            Assert.That((await Allocate(campaign, to, 1, at: at)).Code, Is.EqualTo("quota.no_allocation"), $"{at} to {to}");
        await Ok(Allocate(campaign, Stage.North, 5));
        await Ok(Allocate(campaign, Stage.R7, 2, at: Stage.North));
        Assert.That((await Allocate(campaign, Stage.R7, 1, at: Stage.R7)).Code, Is.EqualTo("quota.no_allocation"));
        Assert.That((await TakeBack(campaign, Stage.North, 1, at: Stage.North)).Code, Is.EqualTo("quota.no_allocation"), "given by headquarters");
        await Ok(TakeBack(campaign, Stage.R7, 1, at: Stage.North));
        Assert.That((await Allocate(campaign, Stage.R7, 1, at: Stage.Foreign)).Code, Is.EqualTo("campaign.not_found"));
        Assert.That((await TakeBack(campaign, Stage.R7, 1, at: Stage.Foreign)).Code, Is.EqualTo("campaign.not_found"));
        Assert.That((await _stage.Shop().Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.R7), stock = 1 })).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task NobodyGivesMoreThanIsLeft()
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 5_000));
        var tooMany = await Allocate(campaign, Stage.North, 101, budget: 0);
        Assert.That((tooMany.Status, tooMany.Code, (long)tooMany.Json["remaining"]!), Is.EqualTo((409, "quota.exceeds_remaining", 100L)));
        Assert.That((await Allocate(campaign, Stage.North, 1, budget: 5_001)).Code, Is.EqualTo("quota.exceeds_remaining"));
        await Ok(Allocate(campaign, Stage.North, 100, budget: 5_000));
        Assert.That((await Allocate(campaign, Stage.South, 1, budget: 0)).Code, Is.EqualTo("quota.exceeds_remaining"));
        Assert.That((await Allocate(campaign, Stage.R7, 101, at: Stage.North, budget: 0)).Code, Is.EqualTo("quota.exceeds_remaining"));
        Assert.That((await TakeBack(campaign, Stage.North, 101)).Code, Is.EqualTo("quota.exceeds_remaining"));
        Assert.That((await _stage.Claim(campaign, "a", from: Stage.South)).Code, Is.EqualTo("claim.out_of_stock"));
        await Ok(Post(campaign, "take-back", new { unitId = _stage.Unit(Stage.North) }));
        var root = await Tree(campaign);
        Assert.That(Node(root), Is.EqualTo((Stage.Hq, 100L, 0L, 0L, 100L, 0L)));
        Assert.That(((long)root["budgetRemainingMinor"]!, (long)root["children"]![0]!["budgetMinor"]!), Is.EqualTo((5_000L, 0L)), "all of it");
    }

    [Test]
    public async Task WhatWasClaimedOrGivenFurtherDown_StaysWhenTheRestIsTakenBack()
    {
        var campaign = await _stage.Campaign();
        await Ok(Allocate(campaign, Stage.North, 10));
        await Ok(Allocate(campaign, Stage.R7, 4));
        await _stage.Claim(campaign, "a", from: Stage.R8);
        await Ok(Post(campaign, "take-back", new { unitId = _stage.Unit(Stage.North) }));
        var root = await Tree(campaign);
        Assert.That(Node(root), Is.EqualTo((Stage.Hq, 100L, 5L, 0L, 95L, 1L)));
        Assert.That(Node(root["children"]![0]!), Is.EqualTo((Stage.North, 5L, 4L, 1L, 0L, 1L)));
    }

    [Test]
    public async Task ARepeatedAllocation_WithItsKey_GivesOnce()
    {
        var campaign = await _stage.Campaign();
        var body = new { unitId = _stage.Unit(Stage.North), stock = 10 };
        foreach (var verb in new[] { "allocate", "take-back" })
        {
            var answers = new List<Answer>();
            for (var i = 0; i < 2; i++) answers.Add(await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/{verb}", body, ("Idempotency-Key", verb)));
            Assert.That((answers[1].Status, answers[1].Content), Is.EqualTo((200, answers[0].Content)));
        }
        await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", body, ("Idempotency-Key", "again"));
        Assert.That(Node(await Tree(campaign)), Is.EqualTo((Stage.Hq, 100L, 10L, 0L, 90L, 0L)));
    }

    [Test]
    public async Task ACampaignThatIsOver_IsNotAllocated_ButItsRestIsTakenBack()
    {
        foreach (var (verb, body) in new[] { ("stop", (object?)null), ("deactivate", new { reason = "A test." }) })
        {
            var campaign = await _stage.Campaign();
            await Ok(Allocate(campaign, Stage.North, 10));
            await Ok(_stage.Marketer().Post($"/coupons/campaigns/{campaign}/{verb}", body));
            Assert.That((await Allocate(campaign, Stage.North, 1)).Code, Is.EqualTo("quota.campaign_over"));
            await Ok(TakeBack(campaign, Stage.North, 10));
        }
    }

    [Test]
    public async Task EachFaultOfAnAllocation_HasItsCode()
    {
        var (plain, budgeted) = (await _stage.Campaign(), await _stage.Campaign(_stage.Terms(budget: 500)));
        var (north, session) = (_stage.Unit(Stage.North), (await _stage.Scheduled(Stage.South)).SessionId);
        foreach (var (campaign, body, status, code) in new (Guid, object, int, string)[]
        {
            (plain, new { unitId = north, sessionId = session, stock = 1 }, 400, " quota.target_unclear"),
            (plain, new { stock = 1 }, 400, " quota.target_unclear"),
            (plain, new { unitId = north, stock = 0 }, 400, " quota.nothing_given"),
            (plain, new { unitId = north, stock = -1 }, 400, "/stock number.out_of_range"),
            (budgeted, new { unitId = north, stock = 1, budgetMinor = -1 }, 400, "/budgetMinor money.out_of_range"),
            (plain, new { unitId = north, stock = 1, budgetMinor = 5 }, 409, "quota.budget_mismatch"),
            (budgeted, new { unitId = north, stock = 1 }, 409, "quota.budget_mismatch"),
            (plain, new { unitId = _stage.NewId(), stock = 1 }, 404, "unit.not_found"),
            (plain, new { unitId = _stage.Unit(Stage.Foreign), stock = 1 }, 404, "unit.not_found"),
            (plain, new { unitId = _stage.Unit(Stage.Hq), stock = 1 }, 409, "quota.not_below_owner"),
            (plain, new { sessionId = _stage.NewId(), stock = 1 }, 409, "quota.session_unknown"),
            (await _stage.Campaign(_stage.Terms(Stage.North)), new { sessionId = session, stock = 1 }, 409, "quota.not_below_owner"),
            (await _stage.Campaign(_stage.Terms(Stage.North)), new { unitId = _stage.Unit(Stage.South), stock = 1 }, 409, "quota.not_below_owner"),
            (_stage.NewId(), new { unitId = north, stock = 1 }, 404, "campaign.not_found"),
        })
        {
            var answer = await Post(campaign, "allocate", body);
            Assert.That((answer.Status, answer.Status == 400 ? BadInput.FaultsOf(answer).First(f => f.EndsWith(code, StringComparison.Ordinal)) : answer.Code), Is.EqualTo((status, code)), answer.Content);
        }
        Assert.That((await TakeBack(plain, Stage.South, 1)).Code, Is.EqualTo("quota.no_allocation"));
    }

    [Test]
    public async Task AUnitsBudget_IsSpentByItself()
    {
        var campaign = await _stage.Campaign(_stage.Terms(budget: 5_000, limit: 9));
        await Ok(Allocate(campaign, Stage.R7, 10, budget: 600));
        var (first, second) = (await _stage.Coupon(campaign), await _stage.Coupon(campaign));
        var order = _stage.NewId();
        Assert.That((await _stage.Lock(order, first)).Status, Is.EqualTo(200));
        Assert.That((await _stage.Lock(_stage.NewId(), second)).Code, Is.EqualTo("coupon.budget_spent"), "100 of 600 are left");
        var elsewhere = await _stage.Claim(campaign, "bob", from: Stage.South);
        Assert.That((await _stage.Lock(_stage.NewId(), elsewhere.Id, "bob", from: Stage.South)).Status, Is.EqualTo(200));
        var root = await Tree(campaign);
        Assert.That(((long)root["budgetGivenMinor"]!, (long)root["budgetUsedMinor"]!, (long)root["budgetRemainingMinor"]!), Is.EqualTo((600L, 500L, 3_900L)));
        Assert.That((await Post(campaign, "take-back", new { unitId = _stage.Unit(Stage.R7), budgetMinor = 101 })).Code, Is.EqualTo("quota.exceeds_remaining"));
        await Ok(Post(campaign, "take-back", new { unitId = _stage.Unit(Stage.R7), budgetMinor = 100 }));
        Assert.That((await _stage.Claim(campaign, "cid")).Code, Is.EqualTo("claim.budget_spent"));
        await _stage.Use(order, "release");
        Assert.That((await _stage.Claim(campaign, "cid")).Status, Is.EqualTo(201));
    }

    private Task<Answer> Allocate(Guid campaign, string unit, long stock, string at = Stage.Hq, long? budget = null) =>
        Post(campaign, "allocate", new { unitId = _stage.Unit(unit), stock, budgetMinor = budget }, at);

    private Task<Answer> TakeBack(Guid campaign, string unit, long stock, string at = Stage.Hq) =>
        Post(campaign, "take-back", new { unitId = _stage.Unit(unit), stock }, at);

    private Task<Answer> Post(Guid campaign, string verb, object body, string at = Stage.Hq) => _stage.Marketer(at).Post($"/coupons/campaigns/{campaign}/{verb}", body);

    private async Task<JsonNode> Tree(Guid campaign, string at = Stage.Hq) =>
        (await _stage.Marketer(at).Get($"/coupons/campaigns/{campaign}/allocations")).Json["nodes"]!.AsArray().Single()!;

    private static (string? Path, long Allocated, long Given, long ClaimedHere, long Remaining, long Claimed) Node(JsonNode node) => (
        (string?)node["path"], (long)node["allocated"]!, (long)node["given"]!, (long)node["claimedHere"]!, (long)node["remaining"]!, (long)node["claimed"]!);

    private static async Task Ok(Task<Answer> answer) => Assert.That((await answer).Status, Is.EqualTo(200), (await answer).Content);
}

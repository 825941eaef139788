using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>What may be done to a campaign, and be changed of it, in each of its statuses; and what that means for its coupons.</summary>
internal sealed class CampaignLifeTests
{
    private static readonly string[] Statuses = ["Draft", "Approved", "Issuing", "Paused", "Stopped", "Deactivated"];
    private static readonly string[] Verbs = ["approve", "start", "pause", "resume", "stop", "deactivate"];

    /// <summary>By status and verb: the status after it; nothing: refused.</summary>
    private static readonly string[][] Moves =
    [
        ["Approved", "", "", "", "", "Deactivated"],
        ["Approved", "Issuing", "", "", "Stopped", "Deactivated"],
        ["", "Issuing", "Paused", "Issuing", "Stopped", "Deactivated"],
        ["", "", "Paused", "Issuing", "Stopped", "Deactivated"],
        ["", "", "", "", "Stopped", "Deactivated"],
        ["", "", "", "", "", "Deactivated"],
    ];

    private static readonly string[] Members =
    [
        "name", "stock", "budgetMinor", "perCustomerLimit", "perCustomerDayLimit", "claimWindow", "lockMinutes",
        "benefit", "scope", "stacking", "redemptionWindow", "sessionId", "refundPolicy",
    ];

    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task EveryPairOfStatusAndMove_IsAsTheTableSays([Range(0, 5)] int from, [Range(0, 5)] int verb)
    {
        var campaign = await InStatus(Statuses[from], _stage.Terms());
        var before = await Read(campaign);
        var answer = await Move(campaign, Verbs[verb]);
        var after = await Read(campaign);
        var expected = Moves[from][verb];
        if (expected.Length == 0) Assert.That((answer.Status, answer.Code), Is.EqualTo((409, "campaign.illegal_transition")));
        else Assert.That((answer.Status, (string?)answer.Json["status"]), Is.EqualTo((200, expected)));
        Assert.That((string?)after.Json["status"], Is.EqualTo(expected.Length == 0 ? Statuses[from] : expected));
        Assert.That(after.ETag == before.ETag, Is.EqualTo(expected.Length == 0 || expected == Statuses[from]), "a version for each move, and for nothing else");
    }

    [TestCase("Draft", 13)]
    [TestCase("Approved", 7)]
    [TestCase("Issuing", 7)]
    [TestCase("Paused", 7)]
    [TestCase("Stopped", 1)]
    [TestCase("Deactivated", 0)]
    public async Task TheFirstSoManyMembers_MayBeChanged_AndNoOthers(string status, int many)
    {
        var session = await _stage.Scheduled();
        var terms = JsonNode.Parse(JsonSerializer.Serialize(_stage.Terms(
            budget: 9_000, daily: 1, limit: 2, scope: new { segments = new[] { "gold" } }, stacking: new { group = "g" })))!.AsObject();
        var campaign = await InStatus(status, terms);
        terms.Remove("ownerUnitId");
        var others = JsonNode.Parse(JsonSerializer.Serialize(new
        {
            name = "Second night",
            stock = 99,
            budgetMinor = 8_000,
            perCustomerLimit = 3,
            perCustomerDayLimit = 2,
            claimWindow = Stage.Between(_stage.Now, _stage.Now.AddHours(5)),
            lockMinutes = 5,
            benefit = new { kind = "AmountOff", amountMinor = 501 },
            scope = new { segments = new[] { "gold", "silver" } },
            stacking = new { group = "g", priority = 1 },
            redemptionWindow = Stage.Between(_stage.Now, _stage.Now.AddHours(9)),
            sessionId = session.SessionId,
            refundPolicy = "NeverReturn",
        }))!.AsObject();
        for (var i = 0; i < Members.Length; i++)
        {
            var changed = terms.DeepClone().AsObject();
            changed[Members[i]] = others[Members[i]]!.DeepClone();
            var answer = await Edit(campaign, changed);
            if (i < many) Assert.That(answer.Status, Is.EqualTo(200), $"{Members[i]}: {answer.Content}");
            else Assert.That((answer.Code, answer.Faults.Single()), Is.EqualTo(("campaign.not_editable", $"/{Members[i]}")), Members[i]);
            if (i < many) Assert.That((await Edit(campaign, terms)).Status, Is.EqualTo(200), "and back");
        }
        var withoutBudget = terms.DeepClone().AsObject();
        withoutBudget.Remove("budgetMinor");
        Assert.That((await Edit(campaign, withoutBudget)).Code, Is.EqualTo(status == "Draft" ? null : "campaign.not_editable"), "a budget does not come or go");
    }

    [Test]
    public async Task AnEdit_NeverTouchesWhatIsTaken()
    {
        var terms = JsonNode.Parse(JsonSerializer.Serialize(_stage.Terms(stock: 10, budget: 2_000)))!.AsObject();
        var campaign = await InStatus("Issuing", terms);
        terms.Remove("ownerUnitId");
        var coupons = new List<Guid>();
        for (var i = 0; i < 3; i++) coupons.Add(await _stage.Coupon(campaign, $"c{i}"));
        await _stage.Lock(_stage.NewId(), coupons[0], "c0");
        Assert.That((await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/allocate", new { unitId = _stage.Unit(Stage.South), stock = 2, budgetMinor = 300 })).Status, Is.EqualTo(200));
        foreach (var (stock, budget, code) in new[] { (4, 2_000, "campaign.below_taken"), (5, 799, "campaign.below_taken"), (5, 800, null), (20, 5_000, null) })
        {
            (terms["stock"], terms["budgetMinor"]) = (stock, budget);
            Assert.That((await Edit(campaign, terms)).Code, Is.EqualTo(code), $"{stock} {budget}");
        }
        var view = (await Read(campaign)).Json;
        Assert.That(((long)view["claimed"]!, (long)view["remaining"]!, (long)view["budgetUsedMinor"]!), Is.EqualTo((3L, 17L, 500L)));
        Assert.That(await _stage.Status(coupons[0]), Is.EqualTo("Locked"));
    }

    [Test]
    public async Task WhatIsFixed_IsNotJudgedAgain_WhenItsSessionHasMovedPastIt()
    {
        var session = await _stage.Scheduled();
        var redemption = new { opens = new { phase = "LiveStart" }, closes = new { at = session.Phases.LiveEndsAt.AddDays(1) } };
        var terms = JsonSerializer.SerializeToNode(_stage.Terms(session: session.SessionId, redemption: redemption))!;
        var campaign = await _stage.Campaign(terms);
        terms.AsObject().Remove("ownerUnitId");
        var later = session.Phases with
        {
            LiveStartsAt = session.Phases.LiveStartsAt.AddDays(9),
            LiveEndsAt = session.Phases.LiveEndsAt.AddDays(9),
            ReviewEndsAt = session.Phases.ReviewEndsAt.AddDays(9),
        };
        await _stage.Host.Deliver(new SessionRescheduled(session with { Version = 2, Phases = later }));
        terms["name"] = "Closing night";
        Assert.That((await Edit(campaign, terms)).Status, Is.EqualTo(200));
        terms["claimWindow"]!["closes"]!["at"] = terms["claimWindow"]!["opens"]!["at"]!.DeepClone();
        Assert.That((await Edit(campaign, terms)).Status, Is.EqualTo(400), "what may be edited is judged");
    }

    [Test]
    public async Task APause_SuspendsIssuing_AndLeavesCouponsGood()
    {
        var campaign = await _stage.Campaign();
        var coupon = await _stage.Coupon(campaign);
        await Move(campaign, "pause");
        Assert.That((await _stage.Claim(campaign, "bob")).Code, Is.EqualTo("campaign.not_issuing"));
        Assert.That(await _stage.Status(coupon), Is.EqualTo("Effective"));
        Assert.That((await _stage.Lock(_stage.NewId(), coupon)).Status, Is.EqualTo(200));
        await Move(campaign, "resume");
        Assert.That((await _stage.Claim(campaign, "bob")).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task ADeactivatedCampaign_VoidsWhatNoOrderHolds()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 9));
        Guid[] coupons = [await stage.Coupon(campaign), await stage.Coupon(campaign), await stage.Coupon(campaign), await stage.Coupon(campaign)];
        Guid[] orders = [stage.NewId(), stage.NewId(), stage.NewId()];
        for (var i = 0; i < 3; i++) await stage.Lock(orders[i], coupons[i]);
        await stage.Use(orders[2], "redeem");
        Assert.That((await stage.Marketer().Post($"/coupons/campaigns/{campaign}/deactivate", new { reason = "" })).Faults, Is.EqualTo(new[] { "/reason" }));
        var gone = await stage.Marketer().Post($"/coupons/campaigns/{campaign}/deactivate", new { reason = "The wrong amount." });
        Assert.That(((string?)gone.Json["status"], (string?)gone.Json["reason"]), Is.EqualTo(("Deactivated", "The wrong amount.")));
        Assert.That(await All(), Is.EqualTo(new[] { "Locked", "Locked", "Redeemed", "Voided" }), "a lock holds");
        Assert.That((await stage.Claim(campaign, "bob")).Code, Is.EqualTo("campaign.not_issuing"));
        Assert.That((await stage.Lock(stage.NewId(), coupons[3])).Code, Is.EqualTo("coupon.voided"));
        Assert.That((await stage.Use(orders[0], "redeem")).Status, Is.EqualTo(200));
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.That(await All(), Is.EqualTo(new[] { "Redeemed", "Voided", "Redeemed", "Voided" }), "until its deadline");
        await stage.Host.CarryOutDue();
        Assert.That((await stage.Use(orders[1], "redeem")).Code, Is.EqualTo("coupon.voided"));
        await stage.Use(orders[2], "roll-back");
        Assert.That(await All(), Is.EqualTo(new[] { "Redeemed", "Voided", "Voided", "Voided" }), "given back, and void");

        async Task<string?[]> All() => [.. await Task.WhenAll(coupons.Select(stage.Status))];
    }

    [Test]
    public async Task ACampaignOfAnotherTenant_IsNotThere()
    {
        var campaign = await _stage.Campaign();
        var outsider = _stage.Host.At(Stage.Foreign, Hosting.Role.Marketer, Hosting.Role.Admin, Hosting.Role.Storefront);
        foreach (var verb in Verbs)
            Assert.That((await outsider.Post($"/coupons/campaigns/{campaign}/{verb}", verb == "deactivate" ? new { reason = "x" } : null)).Code, Is.EqualTo("campaign.not_found"), verb);
        foreach (var path in new[] { "", "/allocations", "/refusals" })
            Assert.That((await outsider.Get($"/coupons/campaigns/{campaign}{path}")).Code, Is.EqualTo("campaign.not_found"), path);
        Assert.That((await outsider.Put($"/coupons/claims/{_stage.NewId()}", new { campaignId = campaign, customerId = "x" })).Code, Is.EqualTo("campaign.not_found"));
    }

    private async Task<Guid> InStatus(string status, object terms)
    {
        var campaign = await _stage.Draft(terms);
        string[] way = status switch
        {
            "Draft" => [],
            "Deactivated" => ["deactivate"],
            _ => [.. new[] { "approve", "start", "pause", "stop" }.Where(v => v switch
            {
                "approve" => true,
                "start" => status != "Approved",
                "pause" => status == "Paused",
                _ => status == "Stopped",
            })],
        };
        foreach (var verb in way) Assert.That((await Move(campaign, verb)).Status, Is.EqualTo(200), verb);
        return campaign;
    }

    private Task<Answer> Move(Guid campaign, string verb) =>
        (verb == "approve" ? _stage.Admin() : _stage.Marketer()).Post($"/coupons/campaigns/{campaign}/{verb}", verb == "deactivate" ? new { reason = "A test." } : null);

    private Task<Answer> Read(Guid campaign) => _stage.Marketer().Get($"/coupons/campaigns/{campaign}");

    private async Task<Answer> Edit(Guid campaign, JsonNode terms) => await _stage.Marketer().Put($"/coupons/campaigns/{campaign}", terms, ("If-Match", (await Read(campaign)).ETag!));
}

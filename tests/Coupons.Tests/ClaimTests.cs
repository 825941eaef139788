using System.Diagnostics.Metrics;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests;

internal sealed class ClaimTests
{
    [Test]
    public async Task AClaimIsAnsweredOnce_AndTheSameOnRepeat_EvenAfterTheCampaignStopped()
    {
        await using var stage = await Stage.Set();
        var session = await stage.Scheduled(Stage.R7);
        var campaign = await stage.Campaign(stage.Terms(stock: 3, limit: 3));
        var (id, channel) = (stage.NewId(), stage.NewId());
        var body = new { campaignId = campaign, customerId = "ann", sessionId = session.SessionId, channelId = channel, guideId = "g1" };
        var first = await stage.Shop().Put($"/coupons/claims/{id}", body);
        Assert.That(first.Status, Is.EqualTo(201), first.Content);
        Assert.That(((string?)first.Json["status"], first.Id, first.ETag), Is.EqualTo(("Effective", id, "\"1\"")));
        await stage.Marketer().Post($"/coupons/campaigns/{campaign}/stop");
        var again = await stage.Shop().Put($"/coupons/claims/{id}", body);
        Assert.That((again.Status, again.Content), Is.EqualTo((200, first.Content)));
        Assert.That((await stage.Shop().Get($"/coupons/claims/{id}")).Content, Is.EqualTo(first.Content));

        foreach (var other in new object[]
        {
            body with { customerId = "bob" }, body with { guideId = "g2" }, body with { channelId = id },
            new { campaignId = campaign, customerId = "ann" }, body with { campaignId = await stage.Campaign() },
        })
        {
            var reused = await stage.Shop().Put($"/coupons/claims/{id}", other);
            Assert.That((reused.Status, reused.Code), Is.EqualTo((409, "claim.id_reused")), reused.Content);
        }
        var claim = (await stage.Heard<CouponsClaimed>()).SelectMany(e => e.Claims).Single();
        Assert.That((claim.CouponId, claim.UnitPath, claim.SessionId, claim.GuideId, claim.ChannelId, claim.CustomerId),
            Is.EqualTo((id, Stage.R7, (Guid?)session.SessionId, "g1", (Guid?)channel, "ann")));
    }

    [Test]
    public async Task EveryRefusalSaysWhy()
    {
        await using var stage = await Stage.Set();
        async Task Refused(Guid campaign, int status, string code, string customer = "ann")
        {
            var answer = await stage.Claim(campaign, customer);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((status, code)), answer.Content);
        }
        await Refused(stage.NewId(), 404, "campaign.not_found");
        await Refused(await stage.Draft(stage.Terms()), 409, "campaign.not_issuing");
        var stopped = await stage.Campaign();
        await stage.Marketer().Post($"/coupons/campaigns/{stopped}/stop");
        await Refused(stopped, 409, "campaign.not_issuing");
        var timed = await stage.Campaign(stage.Terms(claim: Stage.Between(stage.Now.AddHours(1), stage.Now.AddHours(2))));
        await Refused(timed, 409, "claim.not_started");
        var scarce = await stage.Campaign(stage.Terms(stock: 1));
        await stage.Coupon(scarce, "ann");
        await Refused(scarce, 409, "claim.out_of_stock");
        await Refused(scarce, 409, "claim.out_of_stock", "bob");
        var limited = await stage.Campaign(stage.Terms(limit: 2));
        await stage.Coupon(limited, "ann");
        await stage.Coupon(limited, "ann");
        await Refused(limited, 409, "claim.per_customer_limit");
        await stage.Coupon(limited, "bob");
        stage.Clock.Set(stage.Now.AddHours(2));
        await Refused(timed, 410, "claim.over");
        var view = (await stage.Marketer().Get($"/coupons/campaigns/{limited}")).Json;
        Assert.That(((long)view["claimed"]!, (long)view["remaining"]!), Is.EqualTo((3L, 97L)), "refusals take nothing");
        var unknown = await stage.Shop().Put($"/coupons/claims/{stage.NewId()}", new { campaignId = limited, customerId = "cid", sessionId = stage.NewId() });
        Assert.That((unknown.Status, unknown.Code), Is.EqualTo((409, "claim.session_unknown")));
    }

    [Test]
    public async Task BadInputIsListed_AndNeverA500()
    {
        await using var stage = await Stage.Set();
        var answer = await stage.Shop().Put($"/coupons/claims/{stage.NewId()}", new { campaignId = stage.NewId(), customerId = new string('x', 65), guideId = "" });
        Assert.That(answer.Faults, Is.EqualTo(new[] { "/customerId", "/guideId" }));
        Assert.That((await stage.Shop().Put($"/coupons/claims/{stage.NewId()}", "{}")).Faults, Is.EqualTo(new[] { "/customerId" }));
        Assert.That((await stage.Shop().Put($"/coupons/claims/{stage.NewId()}", new { customerId = "ann" })).Code, Is.EqualTo("request.invalid"), "neither campaign nor code");
        Assert.That((await stage.Shop().Put($"/coupons/claims/{stage.NewId()}", "[")).Status, Is.EqualTo(400));
        Assert.That((await stage.Shop().Put("/coupons/claims/seven", new { })).Status, Is.EqualTo(404));
        Assert.That((await stage.Host.Anonymous().Put($"/coupons/claims/{stage.NewId()}", new { })).Status, Is.EqualTo(401));
        Assert.That((await stage.Marketer().Put($"/coupons/claims/{stage.NewId()}", new { })).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task AShopClaimsOnItsOwnChainOnly()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(Stage.North));
        foreach (var outsider in new[] { Stage.South, Stage.Foreign })
            Assert.That((await stage.Claim(campaign, "ann", from: outsider)).Code, Is.EqualTo("campaign.not_found"), outsider);
        foreach (var insider in new[] { Stage.Hq, Stage.North, Stage.R8 })
            Assert.That((await stage.Claim(campaign, insider, from: insider)).Status, Is.EqualTo(201), insider);
        var sibling = await stage.Scheduled(Stage.R8);
        var credited = await stage.Shop().Put($"/coupons/claims/{stage.NewId()}", new { campaignId = campaign, customerId = "x", sessionId = sibling.SessionId });
        Assert.That(credited.Code, Is.EqualTo("claim.session_unknown"), "r7 cannot credit r8");
    }

    [Test]
    public async Task CouponsAreRead_WhereTheyWereCreditedOrClaimed_AndByShopsOfTheCampaignsChain()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign();
        var coupon = await stage.Coupon(campaign);
        async Task<(int, int)> Seen(string path, Role role)
        {
            var client = stage.Host.At(path, role);
            var list = (await client.Get("/coupons/customers/ann/coupons")).Json["items"]!.AsArray();
            return ((await client.Get($"/coupons/claims/{coupon}")).Status, list.Count);
        }
        foreach (var staff in new[] { Stage.Hq, Stage.North, Stage.R7 }) Assert.That(await Seen(staff, Role.Analyst), Is.EqualTo((200, 1)), staff);
        foreach (var staff in new[] { Stage.R8, Stage.South, Stage.Foreign }) Assert.That(await Seen(staff, Role.Analyst), Is.EqualTo((404, 0)), staff);
        foreach (var shop in new[] { Stage.Hq, Stage.R7, Stage.R8, Stage.South }) Assert.That(await Seen(shop, Role.Storefront), Is.EqualTo((200, 1)), shop);
        Assert.That(await Seen(Stage.Foreign, Role.Storefront), Is.EqualTo((404, 0)));
        Assert.That((await stage.Host.At(Stage.Hq, Role.Planner).Get($"/coupons/claims/{coupon}")).Status, Is.EqualTo(403));
        Assert.That((await stage.Shop().Get($"/coupons/claims/{stage.NewId()}")).Code, Is.EqualTo("coupon.not_found"));
    }

    [Test]
    public async Task ACustomersCouponsArePaged_InTheOrderOfTheirClaims()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 5));
        var mine = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            mine.Add(await stage.Coupon(campaign));
            await stage.Coupon(campaign, $"other-{i}");
        }
        var seen = new List<Guid>();
        string? next = "0";
        while (next is not null)
        {
            var page = (await stage.Shop().Get($"/coupons/customers/ann/coupons?limit=2&after={next}")).Json;
            seen.AddRange(page["items"]!.AsArray().Select(i => (Guid)i!["id"]!));
            next = (string?)page["next"];
        }
        Assert.That(seen, Is.EqualTo(mine));
    }

    [Test]
    public async Task TwoHundredCallersGetTheFiftyThereAre_InFewerEventsThanClaims()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(stock: 50));
        // Nothing is written until all of them are inside, however slowly they come.
        var inside = 0L;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "http.server.active_requests") listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((_, by, _, _) => Interlocked.Add(ref inside, by));
        meters.Start();
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = stage.Host.Services.GetRequiredService<CouponsDb>().InTransaction<Done>(async _ =>
        {
            await open.Task;
            return new Done();
        });
        var calls = Enumerable.Range(0, 200).Select(i =>
            stage.Shop().Put($"/coupons/claims/{stage.NewId()}", new { campaignId = campaign, customerId = $"c{i}" })).ToList();
        while (Interlocked.Read(ref inside) < calls.Count) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        open.SetResult();
        await holding;
        var answers = await Task.WhenAll(calls);
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(50));
        Assert.That(answers.Count(a => a.Code == "claim.out_of_stock"), Is.EqualTo(150));
        Assert.That((long)(await stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["remaining"]!, Is.Zero);
        var events = await stage.Heard<CouponsClaimed>();
        var claimed = events.SelectMany(e => e.Claims).Select(c => c.CouponId).ToList();
        Assert.That(claimed, Is.EquivalentTo(answers.Where(a => a.Status == 201).Select(a => a.Id)));
        Assert.That(events, Has.Count.LessThan(50), "claims that commit together are told together");
    }

    [Test]
    public async Task TheSameClaimSentManyTimesAtOnce_IsOneCoupon()
    {
        await using var stage = await Stage.Set();
        var campaign = await stage.Campaign(stage.Terms(limit: 9));
        var id = stage.NewId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stage.Claim(campaign, "ann", id)));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(19));
        Assert.That((long)(await stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json["claimed"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task ClaimsAreNotAudited_ButCampaignDecisionsAre()
    {
        await using var stage = await Stage.Set();
        await stage.Coupon(await stage.Campaign());
        var trail = (await stage.Host.At(Stage.Hq, Role.Admin).Get("/coupons/audit")).Json["items"]!.AsArray();
        Assert.That(trail.Select(e => (string?)e!["action"]), Is.EqualTo(new[] { "CreateCampaign", "ApproveCampaign", "StartCampaign" }));
    }
}

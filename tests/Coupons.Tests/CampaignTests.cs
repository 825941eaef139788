using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

internal sealed class CampaignTests
{
    [Test]
    public async Task ADraftIsCreated_EditedUnderIfMatch_StartedAndStopped()
    {
        await using var stage = await Stage.Set();
        var marketer = stage.Marketer();
        var created = await marketer.Post("/coupons/campaigns", stage.Terms(stock: 40));
        Assert.That(created.Status, Is.EqualTo(201), created.Content);
        Assert.That((string?)created.Json["status"], Is.EqualTo("Draft"));
        Assert.That((string?)created.Json["currency"], Is.EqualTo("CNY"));
        Assert.That((long)created.Json["remaining"]!, Is.EqualTo(40));
        Assert.That((string?)created.Json["claimWindow"]!["state"], Is.EqualTo("Open"));
        var path = $"/coupons/campaigns/{created.Id}";
        var edit = new
        {
            name = "Second night",
            benefit = new { kind = "PercentOff", percent = 10, capMinor = 900 },
            stock = 50,
            perCustomerLimit = 2,
            claimWindow = Stage.Between(stage.Now, stage.Now.AddHours(1)),
            redemptionWindow = Stage.Between(stage.Now, stage.Now.AddHours(2)),
        };
        Assert.That((await marketer.Put(path, edit)).Status, Is.EqualTo(428));
        Assert.That((await marketer.Put(path, edit, ("If-Match", "\"7\""))).Status, Is.EqualTo(412));
        var edited = await marketer.Put(path, edit, ("If-Match", created.ETag!));
        Assert.That(edited.Status, Is.EqualTo(200), edited.Content);
        Assert.That((edited.ETag, (long)edited.Json["stock"]!, (int)edited.Json["lockMinutes"]!), Is.EqualTo(("\"2\"", 50L, 30)));

        Assert.That((await marketer.Post($"{path}/start")).Code, Is.EqualTo("campaign.illegal_transition"), "not approved");
        Assert.That((await marketer.Post($"{path}/approve")).Status, Is.EqualTo(403));
        Assert.That((await stage.Admin().Post($"{path}/start")).Status, Is.EqualTo(403));
        Assert.That((await stage.Admin().Post($"{path}/approve")).ETag, Is.EqualTo("\"3\""));
        foreach (var verb in new[] { "start", "pause", "resume", "stop" })
        {
            var first = await marketer.Post($"{path}/{verb}");
            Assert.That((first.Status, (await marketer.Post($"{path}/{verb}")).ETag), Is.EqualTo((200, first.ETag)), $"{verb} repeated");
        }
        var told = await stage.Heard<CampaignChanged>();
        Assert.That(told.OrderBy(e => e.Version).Select(e => (e.Version, e.Status)), Is.EqualTo(new[]
        {
            (1L, CampaignStatus.Draft), (2L, CampaignStatus.Draft), (3L, CampaignStatus.Approved), (4L, CampaignStatus.Issuing),
            (5L, CampaignStatus.Paused), (6L, CampaignStatus.Issuing), (7L, CampaignStatus.Stopped),
        }));
    }

    [Test]
    public async Task EveryFaultIsListed()
    {
        await using var stage = await Stage.Set();
        var answer = await stage.Marketer().Post("/coupons/campaigns", new
        {
            name = " ",
            ownerUnitId = stage.Unit(Stage.Hq),
            benefit = new { kind = "Threshold", minimumSpendMinor = 500, percent = 3, steps = new[] { new { minimumSpendMinor = 500, amountMinor = 500 }, new { minimumSpendMinor = 900, amountMinor = 500 } } },
            stock = 0,
            perCustomerLimit = 1001,
            claimWindow = new { opens = new { }, closes = new { phase = "LiveEnd", offsetMinutes = 43_201 } },
            redemptionWindow = Stage.Between(stage.Now, stage.Now),
            lockMinutes = 0,
        });
        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Faults, Is.EquivalentTo(new[]
        {
            "/name", "/benefit/minimumSpendMinor", "/benefit/percent", "/benefit/steps/0/minimumSpendMinor", "/benefit/steps/1", "/stock", "/perCustomerLimit", "/claimWindow/opens",
            "/claimWindow/closes/phase", "/claimWindow/closes/offsetMinutes", "/redemptionWindow", "/lockMinutes",
        }));
    }

    [Test]
    public async Task AnOwnerOutsideTheCallersReach_IsNotFound()
    {
        await using var stage = await Stage.Set();
        var marketer = stage.Marketer(Stage.North);
        foreach (var owner in new[] { Stage.Hq, Stage.South, Stage.Foreign })
            Assert.That((await marketer.Post("/coupons/campaigns", stage.Terms(owner))).Code, Is.EqualTo("unit.not_found"), owner);
        Assert.That((await marketer.Post("/coupons/campaigns", stage.Terms(Stage.R7))).Status, Is.EqualTo(201));
        Assert.That((await stage.Host.At(Stage.Hq, Role.Planner).Post("/coupons/campaigns", stage.Terms())).Status, Is.EqualTo(403));
        Assert.That((await stage.Host.At(Stage.Foreign, Role.Marketer).Post("/coupons/campaigns", stage.Terms(Stage.Foreign))).Json["currency"]!.ToString(), Is.EqualTo("EUR"));
    }

    [Test]
    public async Task ASessionMustBeKnown_AndOnTheOwnersChain()
    {
        await using var stage = await Stage.Set();
        var window = Stage.Phases("WarmUpStart", "LiveEnd");
        var late = stage.Session();
        var refused = await stage.Marketer().Post("/coupons/campaigns", stage.Terms(session: late.SessionId, claim: window));
        Assert.That((refused.Status, refused.Code, refused.RetryAfter), Is.EqualTo((409, "campaign.session_unknown", TimeSpan.FromSeconds(1))));
        await stage.Host.Deliver(new Contracts.Scheduling.SessionScheduled(late));
        Assert.That((await stage.Marketer().Post("/coupons/campaigns", stage.Terms(session: late.SessionId, claim: window))).Status, Is.EqualTo(201));
        var sibling = await stage.Scheduled(Stage.South);
        Assert.That((await stage.Marketer().Post("/coupons/campaigns", stage.Terms(Stage.North, session: sibling.SessionId))).Code, Is.EqualTo("campaign.session_unknown"));
        var backwards = await stage.Marketer().Post("/coupons/campaigns", stage.Terms(session: late.SessionId, claim: Stage.Phases("LiveEnd", "WarmUpStart")));
        Assert.That((backwards.Status, backwards.Faults.Single()), Is.EqualTo((400, "/claimWindow")));
    }

    [Test]
    public async Task CampaignsAreReadByTheOwnersChain_AndChangedFromAboveOnly()
    {
        await using var stage = await Stage.Set();
        var session = await stage.Scheduled(Stage.North);
        var north = await stage.Draft(stage.Terms(Stage.North, session: session.SessionId));
        var hq = await stage.Draft(stage.Terms());
        var r8 = await stage.Draft(stage.Terms(Stage.R8));
        async Task<Guid[]> Seen(string path, string query = "") => [.. (await stage.Marketer(path).Get($"/coupons/campaigns{query}")).Json["items"]!.AsArray().Select(i => (Guid)i!["id"]!)];
        Assert.That(await Seen(Stage.Hq), Is.EqualTo(new[] { north, hq, r8 }));
        Assert.That(await Seen(Stage.R7), Is.EqualTo(new[] { north, hq }));
        Assert.That(await Seen(Stage.South), Is.EqualTo(new[] { hq }));
        Assert.That(await Seen(Stage.Foreign), Is.Empty);
        Assert.That(await Seen(Stage.R7, $"?sessionId={session.SessionId}"), Is.EqualTo(new[] { north }));
        Assert.That(await Seen(Stage.South, $"?sessionId={session.SessionId}"), Is.Empty);
        var page = (await stage.Marketer().Get("/coupons/campaigns?limit=2")).Json;
        Assert.That(await Seen(Stage.Hq, $"?limit=2&after={page["next"]}"), Is.EqualTo(new[] { r8 }));
        Assert.That((await stage.Marketer(Stage.R7).Get($"/coupons/campaigns/{north}")).Status, Is.EqualTo(200));
        foreach (var outsider in new[] { Stage.South, Stage.Foreign })
            Assert.That((await stage.Marketer(outsider).Get($"/coupons/campaigns/{north}")).Code, Is.EqualTo("campaign.not_found"));
        foreach (var below in new[] { Stage.R7, Stage.South, Stage.Foreign })
        {
            Assert.That((await stage.Marketer(below).Post($"/coupons/campaigns/{north}/start")).Code, Is.EqualTo("campaign.not_found"));
            Assert.That((await stage.Marketer(below).Post($"/coupons/campaigns/{north}/stop")).Code, Is.EqualTo("campaign.not_found"));
        }
        Assert.That((await stage.Marketer().Get("/coupons/campaigns?sessionId=x")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task TheOperatorHasEveryCampaignToldAgain_InItsVersion()
    {
        await using var stage = await Stage.Set();
        var id = await stage.Campaign();
        Assert.That((await stage.Host.At("/", Role.Operator).Post("/coupons/operations/republish")).Status, Is.EqualTo(202));
        var told = await stage.Heard<CampaignChanged>();
        Assert.That(told.Where(e => e.CampaignId == id).Select(e => e.Version).Order(), Is.EqualTo(new[] { 1L, 2L, 3L, 3L }));
        Assert.That((await stage.Marketer().Post("/coupons/operations/republish")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task ARepeatedCreate_WithItsKey_MakesOneCampaign()
    {
        await using var stage = await Stage.Set();
        var terms = stage.Terms();
        var first = await stage.Marketer().Post("/coupons/campaigns", terms, ("Idempotency-Key", "k1"));
        var second = await stage.Marketer().Post("/coupons/campaigns", terms, ("Idempotency-Key", "k1"));
        Assert.That((second.Status, second.Id), Is.EqualTo((201, first.Id)));
        Assert.That((await stage.Marketer().Get("/coupons/campaigns")).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
    }
}

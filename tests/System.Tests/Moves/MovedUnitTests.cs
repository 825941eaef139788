using LiveCommerce.AllInOne;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LiveCommerce.System.Tests.Moves;

/// <summary>A reseller with a session, prices, a campaign, coupons and orders goes to another region, in the whole product.</summary>
internal sealed class MovedUnitTests
{
    private const string Hq = "/aurora/";
    private const string North = "/aurora/north/";
    private const string South = "/aurora/south/";
    private const string Before = "/aurora/north/r1/";
    private const string After = "/aurora/south/r1/";
    private const string Under = "/aurora/r1/";

    private readonly Guid _order = Guid.Parse("0199b000-0000-7000-8000-000000000001");
    private readonly Guid _coupon = Guid.Parse("0199b000-0000-7000-8000-000000000002");

    private TestHost _host = null!;
    private Guid _hq;
    private Guid _north;
    private Guid _south;
    private Guid _reseller;
    private Guid _mandate;
    private Guid _session;
    private Guid _campaign;
    private Guid _product;
    private Guid _room;

    private DateTimeOffset Now => _host.Clock.GetUtcNow();

    [SetUp]
    public async Task Build()
    {
        _host = await TestHost.Start([.. Modules.All]);
        _hq = await Made(_host.At("/", Role.Operator), "/organization/headquarters", new
        {
            code = "aurora",
            name = "Aurora",
            timeZone = "Asia/Shanghai",
            currency = "CNY",
            admin = new { signInName = "admin@aurora", displayName = "Admin", password = "a-long-enough-secret" },
        });
        var admin = _host.At(Hq, Role.Admin);
        _north = await Made(admin, "/organization/units", new { parentId = _hq, code = "north", name = "North", kind = "Region" });
        _south = await Made(admin, "/organization/units", new { parentId = _hq, code = "south", name = "South", kind = "Region" });
        _reseller = await Made(admin, "/organization/units", new { parentId = _north, code = "r1", name = "R1", kind = "Reseller", resellerKind = "Agent" });
        var brand = await Made(admin, "/organization/brands", new { code = "alder", name = "Alder", grade = "A" });
        _mandate = await Made(_host.At(North, Role.Admin), "/organization/mandates", new
        {
            resellerId = _reseller,
            brandIds = new[] { brand },
            channels = new[] { "MiniProgram" },
            opensAt = Now,
            closesAt = Now.AddDays(60),
            couponQuota = 100,
        });
        await _host.Settle();
        await Plan(brand);
        await Sell();
        await _host.Settle();
    }

    [TearDown]
    public ValueTask Drop() => _host.DisposeAsync();

    [Test]
    public async Task ScopeFollowsInEveryService_TheOldRegionSeesNothingAndTheNewOneAll()
    {
        await Sees(North, true);
        await Sees(South, false);
        await Move(_south, version: 1);
        await Sees(North, false);
        await Sees(South, true);
        await Sees(Hq, true);
        await Sees(After, true);
        await Sees(Before, false);
        await Sees("/borealis/", false);

        await Move(_hq, version: 2);
        await Sees(South, false);
        await Sees(Under, true);
        await Move(_north, version: 3);
        await Sees(North, true);
        await Sees(Under, false);
    }

    [Test]
    public async Task NewsThatComeLateTwiceAndInAnyOrder_LeaveItWhereItStands()
    {
        await Move(_south, version: 1);
        var late = new UnitChanged
        {
            UnitId = _reseller,
            Version = 1,
            ParentId = _north,
            Path = Before,
            Name = "R1",
            Kind = UnitKind.Reseller,
            ResellerKind = ResellerKind.Agent,
            TimeZone = "Asia/Shanghai",
            Currency = "CNY",
            IsActive = true,
        };
        await _host.Deliver(late);
        await Sees(South, true);
        // Two moves, the second heard of first; and once more.
        var last = late with { Version = 4, ParentId = _hq, Path = Under, FormerPaths = [Before, After] };
        await _host.Deliver(last);
        await _host.Deliver(late with { Version = 3, ParentId = _north, Path = Before, FormerPaths = [After] });
        await _host.Deliver(last);
        await _host.CarryOutDue();
        await Sees(Under, true, but: "/organization");
        await Sees(South, false, but: "/organization");
        // Every session told again under the path its owner has now or had then.
        foreach (var service in new[] { "scheduling", "coupons", "lineups" })
            Assert.That((await _host.At("/", Role.Operator).Post($"/{service}/operations/republish")).Status, Is.EqualTo(202));
        await _host.Settle();
        await Sees(Under, true, but: "/organization");
    }

    [Test]
    public async Task TheWorkGoesOnFromWhereItStands()
    {
        await Move(_south, version: 1);
        var planner = _host.At(South, Role.Planner);
        var live = await planner.Post($"/scheduling/sessions/{_session}/go-live");
        Assert.That(live.Status, Is.EqualTo(200), live.Content);
        var claim = await _host.At(After, Role.Storefront).Put($"/coupons/claims/{_order}", new { campaignId = _campaign, customerId = "c9", sessionId = _session });
        Assert.That(claim.Status, Is.EqualTo(201), claim.Content);
        await _host.Settle();
        var paid = await _host.At(After, Role.Storefront).Put($"/orders/orders/{_order}/reports/{_coupon}", new { kind = "Paid", at = Now });
        Assert.That(paid.Status, Is.EqualTo(201), paid.Content);
        await _host.Settle();
        var spent = await _host.At(South, Role.Marketer).Get($"/coupons/claims/{_coupon}");
        Assert.That((string?)spent.Json["status"], Is.EqualTo("Redeemed"), spent.Content);
        var figures = await _host.At("/", Role.Operator).Post("/coupons/operations/verify-figures");
        Assert.That(figures.Json["differences"]!.AsArray(), Is.Empty);
        var revoked = await _host.At(South, Role.Admin).Post($"/organization/mandates/{_mandate}/revoke");
        Assert.That(revoked.Status, Is.EqualTo(200), "the new region has its resellers' mandates in hand");
        await _host.Settle();
        Assert.That((await _host.At(After, Role.Storefront).Put($"/coupons/claims/{_north}", new { campaignId = _campaign, customerId = "c10" })).Code, Is.EqualTo("mandate.revoked"));
    }

    // What a member may do is told of the member once and of the unit where it stands, so the member need not be told again.
    [Test]
    public async Task AMemberOfAMovedUnit_ActsAtTheNewPlaceInEveryService_WithTheTokenOfBeforeAndWithANewOne()
    {
        await Made(_host.At(Hq, Role.Admin), "/organization/members", new { unitId = _reseller, signInName = "all@r1", displayName = "All", password = "a-long-enough-secret", roles = new[] { "Admin", "Planner" } });
        await Move(_south, version: 1);
        var token = await _host.Anonymous().Post("/organization/tokens", new { signInName = "all@r1", secret = "a-long-enough-secret" });
        Assert.That(new JsonWebToken((string)token.Json["accessToken"]!).GetClaim(TokenClaims.Path).Value, Is.EqualTo(After));
        var version = 1;
        foreach (var path in new[] { Before, After })
        {
            HttpClient At(Role role) => _host.At(path, _reseller, role);
            var invited = await At(Role.Admin).Post("/organization/members/invite", new { unitId = _reseller, signInName = $"new{version}@r1", displayName = "New", roles = new[] { "Planner" } });
            Assert.That(((string?)invited.Json["member"]?["path"], invited.Status), Is.EqualTo((After, 201)), invited.Content);
            var host = await Made(At(Role.Planner), "/scheduling/hosts", new { unitId = _reseller, name = "Another" });
            Assert.That((await _host.At(South, Role.Planner).Get("/scheduling/hosts")).Content, Does.Contain(host.ToString()));
            var lineup = await At(Role.Merchandiser).Put($"/lineups/sessions/{_session}/lineup", new { items = new[] { new { productId = _product, kind = "Hot", minutes = 5, livePriceMinor = 9000 } } }, ("If-Match", $"\"{version++}\""));
            Assert.That((lineup.Status, (string?)lineup.Json["ownerPath"]), Is.EqualTo((200, After)), lineup.Content);
            var claim = await At(Role.Storefront).Put($"/coupons/claims/{Guid.CreateVersion7(Now)}", new { campaignId = _campaign, customerId = $"m{version}", sessionId = _session });
            Assert.That(claim.Status, Is.EqualTo(201), claim.Content);
            var campaign = await At(Role.Marketer).Post($"/coupons/campaigns/{_campaign}/pause");
            Assert.That((campaign.Status, (string?)campaign.Json["ownerPath"]), Is.EqualTo((200, After)), campaign.Content);
            Assert.That((await At(Role.Marketer).Post($"/coupons/campaigns/{_campaign}/resume")).Status, Is.EqualTo(200));
            Assert.That((await At(Role.Analyst).Get($"/orders/orders/{_order}")).Status, Is.EqualTo(200));
            var report = await At(Role.Storefront).Put($"/orders/orders/{_order}/reports/{Guid.CreateVersion7(Now)}", new { kind = "Paid", at = Now });
            Assert.That(report.Status, Is.EqualTo(201).Or.EqualTo(200), report.Content);
        }
        await _host.Settle();
        var done = (await _host.At(South, Role.Admin).Get("/organization/audit/all?limit=200")).Json["items"]!.AsArray().Where(e => (string?)e!["actorId"] == $"member-at-{Before}");
        Assert.That(done.Select(e => (string?)e!["actorPath"]), Is.All.EqualTo(After).And.Not.Empty, "and is seen there, whatever the token says");
    }

    private async Task Plan(Guid brand)
    {
        var planner = _host.At(Hq, Role.Planner);
        var host = await Made(planner, "/scheduling/hosts", new { unitId = _reseller, name = "Host" });
        _room = await Made(planner, "/scheduling/rooms", new { unitId = _reseller, name = "Room" });
        var channel = await Made(planner, "/scheduling/channels", new { unitId = _reseller, name = "Channel", kind = "MiniProgram" });
        _session = await Made(planner, "/scheduling/sessions", new
        {
            title = "Autumn at R1",
            tier = "ResellerBroadcast",
            ownerUnitId = _reseller,
            brandIds = new[] { brand },
            channelIds = new[] { channel },
            hostId = host,
            coHostIds = Array.Empty<Guid>(),
            roomId = _room,
            startsAt = Now.AddDays(2),
            endsAt = Now.AddDays(2).AddHours(3),
        });
        await _host.Settle();
    }

    private async Task Sell()
    {
        var merchandiser = _host.At(Hq, Role.Merchandiser);
        using var csv = new StringContent("code,name,listPriceMinor,floorPriceMinor\np1,Coat,10000,5000\n", global::System.Text.Encoding.UTF8, "text/csv");
        using var imported = await merchandiser.PostAsync("/lineups/products/import", csv);
        Assert.That(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
        _product = (Guid)(await merchandiser.Get("/lineups/products")).Json["items"]![0]!["id"]!;
        var lineup = await merchandiser.Put($"/lineups/sessions/{_session}/lineup", new { items = new[] { new { productId = _product, kind = "Hot", minutes = 5, livePriceMinor = 9000 } } }, ("If-Match", "\"0\""));
        Assert.That(lineup.Status, Is.EqualTo(200), lineup.Content);
        _campaign = await Made(_host.At(Hq, Role.Marketer), "/coupons/campaigns", new
        {
            name = "Ten off",
            ownerUnitId = _reseller,
            sessionId = _session,
            benefit = new { kind = "AmountOff", amountMinor = 1000 },
            stock = 50,
            perCustomerLimit = 2,
            claimWindow = new { opens = new { at = Now }, closes = new { phase = "LiveEnd" } },
            redemptionWindow = new { opens = new { phase = "PreparationStart" }, closes = new { phase = "ReviewEnd" } },
        });
        var approved = await _host.At(Hq, Role.Admin).Post($"/coupons/campaigns/{_campaign}/approve");
        Assert.That(approved.Status, Is.EqualTo(200), approved.Content);
        Assert.That((await _host.At(Hq, Role.Marketer).Post($"/coupons/campaigns/{_campaign}/start")).Status, Is.EqualTo(200));
        var shop = _host.At(Before, Role.Storefront);
        var claim = await shop.Put($"/coupons/claims/{_coupon}", new { campaignId = _campaign, customerId = "c1", sessionId = _session });
        Assert.That(claim.Status, Is.EqualTo(201), claim.Content);
        await _host.Settle();
        var order = await shop.Put($"/orders/orders/{_order}", new
        {
            shopOrderNo = "SO-1",
            customerId = "c1",
            sessionId = _session,
            couponIds = new[] { _coupon },
            currency = "CNY",
            lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = 9000 } },
            discountMinor = 1000,
            placedAt = Now,
        });
        Assert.That(order.Status, Is.EqualTo(201), order.Content);
    }

    private async Task Move(Guid parent, int version)
    {
        var moved = await _host.At(Hq, Role.Admin).Post($"/organization/units/{_reseller}/move", new { parentId = parent }, ("If-Match", $"\"{version}\""));
        Assert.That(moved.Status, Is.EqualTo(200), moved.Content);
        await _host.Settle();
        await _host.CarryOutDue();
    }

    private async Task Sees(string path, bool sees, string but = "none")
    {
        foreach (var (role, address) in new[]
        {
            (Role.Admin, $"/organization/units/{_reseller}"), (Role.Admin, $"/organization/mandates/{_mandate}"), (Role.Planner, $"/scheduling/sessions/{_session}"),
            (Role.Merchandiser, $"/lineups/sessions/{_session}/lineup"), (Role.Marketer, $"/coupons/campaigns/{_campaign}"), (Role.Marketer, $"/coupons/claims/{_coupon}"),
            (Role.Analyst, $"/orders/orders/{_order}"), (Role.Analyst, $"/orders/figures/sessions/{_session}"),
        })
        {
            if (address.StartsWith(but, StringComparison.Ordinal)) continue;
            var answer = await _host.At(path, role).Get(address);
            Assert.That(answer.Status, Is.EqualTo(sees ? 200 : 404), $"{address} from {path}: {answer.Content}");
        }
        foreach (var (role, list, id) in new[]
        {
            (Role.Planner, "/scheduling/sessions", _session), (Role.Planner, "/scheduling/rooms", _room), (Role.Marketer, "/coupons/campaigns", _campaign),
            (Role.Marketer, "/coupons/customers/c1/coupons", _coupon), (Role.Analyst, "/orders/orders", _order),
        })
        {
            var answer = await _host.At(path, role).Get(list);
            Assert.That(answer.Content.Contains(id.ToString(), StringComparison.Ordinal), Is.EqualTo(sees), $"{list} from {path}");
        }
    }

    private static async Task<Guid> Made(HttpClient client, string path, object body)
    {
        var answer = await client.Post(path, body);
        Assert.That(answer.Status, Is.EqualTo(201), $"{path}: {answer.Content}");
        return answer.Id;
    }
}

using System.Reflection;
using LiveCommerce.AllInOne;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.System.Tests.Access;

/// <summary>Where a caller stands, seen from the region that owns what is asked for.</summary>
internal enum Place
{
    Own,
    Above,
    Below,
    Sideways,
    Foreign,
}

/// <summary>
/// Two tenants, and in one of them a region with one of everything. A part of the class with things of its own has them
/// made by a method <c>internal async Task SeedX()</c>.
/// </summary>
internal sealed partial class World : IAsyncDisposable
{
    /// <summary>Every method <c>Seed…</c> of the parts of this class, in the order of their names.</summary>
    private static readonly Func<World, Task>[] Seeds =
        [.. typeof(World).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => m.Name.StartsWith("Seed", StringComparison.Ordinal)).OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => m.CreateDelegate<Func<World, Task>>())];

    private readonly TestHost _host;

    private World(TestHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    /// <summary>Where everything is stored.</summary>
    public string Folder => _host.Folder;

    public Guid NorthId { get; private set; }

    public Guid HeadquartersId { get; private set; }

    public Guid ResellerId { get; private set; }

    public Guid MemberId { get; private set; }

    public Guid BrandId { get; private set; }

    public Guid MandateId { get; private set; }

    public Guid HostId { get; private set; }

    public Guid RoomId { get; private set; }

    public Guid ChannelId { get; private set; }

    public Guid KeyDateId { get; private set; }

    public Guid SessionId { get; private set; }

    public Guid ProductId { get; private set; }

    public Guid CampaignId { get; private set; }

    public Guid CodeBatchId { get; private set; }

    public Guid IssueId { get; private set; }

    public Guid CouponId { get; } = Guid.Parse("0199a000-0000-7000-8000-000000000001");

    public Guid OrderId { get; } = Guid.Parse("0199a000-0000-7000-8000-000000000002");

    public DateTimeOffset Now => _host.Clock.GetUtcNow();

    public static string PathOf(Place place) => place switch
    {
        Place.Own => "/aurora/north/",
        Place.Above => "/aurora/",
        Place.Below => "/aurora/north/r1/",
        Place.Sideways => "/aurora/south/",
        _ => "/borealis/",
    };

    public HttpClient At(Place place, params Role[] roles) => _host.At(PathOf(place), roles);

    public HttpClient AtRoot(params Role[] roles) => _host.At("/", roles);

    public HttpClient Anonymous() => _host.Anonymous();

    public static async Task<World> Create()
    {
        var world = new World(await TestHost.Start([.. Modules.All]));
        await world.BuildTree();
        await world.PlanSession();
        await world.Sell();
        foreach (var seed in Seeds) await seed(world);
        return world;
    }

    public object SessionBody(TimeSpan later) => new
    {
        title = "Autumn in the north",
        tier = "RegionalBroadcast",
        ownerUnitId = NorthId,
        brandIds = new[] { BrandId },
        channelIds = new[] { ChannelId },
        hostId = HostId,
        coHostIds = Array.Empty<Guid>(),
        roomId = RoomId,
        startsAt = Now + later,
        endsAt = Now + later + TimeSpan.FromHours(3),
    };

    /// <param name="owned">False for an edit, which cannot change the owner.</param>
    public object CampaignBody(bool owned = true)
    {
        var body = new Dictionary<string, object>
        {
            ["name"] = "Ten off",
            ["sessionId"] = SessionId,
            ["benefit"] = new { kind = "AmountOff", amountMinor = 1000 },
            ["stock"] = 100,
            ["perCustomerLimit"] = 2,
            ["claimWindow"] = new { opens = new { phase = "PreparationStart" }, closes = new { phase = "LiveEnd" } },
            ["redemptionWindow"] = new { opens = new { phase = "PreparationStart" }, closes = new { phase = "ReviewEnd" } },
        };
        if (owned) body["ownerUnitId"] = NorthId;
        return body;
    }

    public object OrderBody(Guid? couponId) => new
    {
        shopOrderNo = "SO-1",
        customerId = "c1",
        sessionId = SessionId,
        couponIds = couponId is { } coupon ? new[] { coupon } : [],
        currency = "CNY",
        lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = 9000 } },
        discountMinor = couponId is null ? 0 : 1000,
        placedAt = Now,
    };

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task BuildTree()
    {
        HeadquartersId = await OpenHeadquarters("aurora");
        await OpenHeadquarters("borealis");
        var admin = At(Place.Above, Role.Admin);
        NorthId = await Made(admin, "/organization/units", new { parentId = HeadquartersId, code = "north", name = "North", kind = "Region" });
        await Made(admin, "/organization/units", new { parentId = HeadquartersId, code = "south", name = "South", kind = "Region" });
        ResellerId = await Made(admin, "/organization/units", new { parentId = NorthId, code = "r1", name = "R1", kind = "Reseller", resellerKind = "Agent" });
        BrandId = await Made(admin, "/organization/brands", new { code = "alder", name = "Alder", grade = "A" });
        MemberId = await Made(admin, "/organization/members", new
        {
            unitId = NorthId,
            signInName = "planner@north",
            displayName = "Planner",
            password = "a-long-enough-secret",
            roles = new[] { "Planner" },
        });
        MandateId = await Made(admin, "/organization/mandates", MandateBody());
        await _host.Settle();
    }

    public object MandateBody() => new
    {
        resellerId = ResellerId,
        brandIds = new[] { BrandId },
        channels = new[] { "MiniProgram" },
        opensAt = Now,
        closesAt = Now.AddDays(60),
    };

    private async Task PlanSession()
    {
        var planner = At(Place.Own, Role.Planner);
        HostId = await Made(planner, "/scheduling/hosts", new { unitId = NorthId, name = "Host" });
        RoomId = await Made(planner, "/scheduling/rooms", new { unitId = NorthId, name = "Room" });
        ChannelId = await Made(planner, "/scheduling/channels", new { unitId = NorthId, name = "Channel", kind = "MiniProgram" });
        KeyDateId = await Made(planner, "/scheduling/key-dates", new { unitId = NorthId, title = "Fair", startsAt = Now.AddDays(3), endsAt = Now.AddDays(4) });
        SessionId = await Made(At(Place.Above, Role.Planner), "/scheduling/sessions", SessionBody(TimeSpan.FromDays(2)));
        await _host.CarryOutDue();
        await _host.Settle();
    }

    private async Task Sell()
    {
        using var csv = new StringContent("code,name,listPriceMinor,floorPriceMinor\np1,Coat,10000,5000\n", global::System.Text.Encoding.UTF8, "text/csv");
        using var imported = await At(Place.Above, Role.Merchandiser).PostAsync("/lineups/products/import", csv);
        Assert.That(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
        ProductId = (Guid)(await At(Place.Above, Role.Merchandiser).Get("/lineups/products")).Json["items"]![0]!["id"]!;
        var lineup = await At(Place.Own, Role.Merchandiser).Put($"/lineups/sessions/{SessionId}/lineup", LineupBody(), ("If-Match", "\"0\""));
        Assert.That(lineup.Status, Is.EqualTo(200), lineup.Content);
        var final = await At(Place.Own, Role.Merchandiser).Post($"/lineups/sessions/{SessionId}/lineup/finalize", null, ("If-Match", "\"1\""));
        Assert.That(final.Status, Is.EqualTo(200), final.Content);
        var prices = await At(Place.Own, Role.Merchandiser).Post($"/lineups/sessions/{SessionId}/price-list/publish");
        Assert.That(prices.Status, Is.EqualTo(200), prices.Content);
        CampaignId = await Made(At(Place.Own, Role.Marketer), "/coupons/campaigns", CampaignBody());
        Assert.That((await At(Place.Own, Role.Admin).Post($"/coupons/campaigns/{CampaignId}/approve")).Status, Is.EqualTo(200));
        Assert.That((await At(Place.Own, Role.Marketer).Post($"/coupons/campaigns/{CampaignId}/start")).Status, Is.EqualTo(200));
        CodeBatchId = await Made(At(Place.Own, Role.Marketer), $"/coupons/campaigns/{CampaignId}/code-batches", new { count = 5 });
        var issue = await At(Place.Own, Role.Marketer).Post($"/coupons/campaigns/{CampaignId}/issues", IssueBody);
        Assert.That(issue.Status, Is.EqualTo(202), issue.Content);
        IssueId = issue.Id;
        var shop = At(Place.Own, Role.Storefront);
        var claim = await shop.Put($"/coupons/claims/{CouponId}", new { campaignId = CampaignId, customerId = "c1", sessionId = SessionId });
        Assert.That(claim.Status, Is.EqualTo(201), claim.Content);
        await _host.Settle();
        var order = await shop.Put($"/orders/orders/{OrderId}", OrderBody(CouponId));
        Assert.That(order.Status, Is.EqualTo(201), order.Content);
        await _host.Settle();
    }

    public static object IssueBody => new { customers = new[] { new { customerId = "c2" } } };

    public object LineupBody() => new { items = new[] { new { productId = ProductId, kind = "Hot", minutes = 5, livePriceMinor = 9000 } } };

    private Task<Guid> OpenHeadquarters(string code) => Made(AtRoot(Role.Operator), "/organization/headquarters", new
    {
        code,
        name = code,
        timeZone = "Asia/Shanghai",
        currency = "CNY",
        admin = new { signInName = $"admin@{code}", displayName = "Admin", password = "a-long-enough-secret" },
    });

    private static async Task<Guid> Made(HttpClient client, string path, object body)
    {
        var answer = await client.Post(path, body);
        Assert.That(answer.Status, Is.EqualTo(201), $"{path}: {answer.Content}");
        return answer.Id;
    }
}

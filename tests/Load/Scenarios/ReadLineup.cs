using System.Text;
using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>Reads one session's lineup of 60 items, against a trivial read.</summary>
internal sealed class ReadLineup : Scenario
{
    private const int Items = 60;

    private string _path = "";

    public override Call Baseline { get; } = new("GET", "/baseline");

    public override string Expected => "200";

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        var brand = (await tenant.AsAdmin(HttpMethod.Post, "/organization/brands", new { code = "aurora", name = "Aurora", grade = "A" }))["id"]!;
        var session = await Schedule(tenant, (Guid)brand);
        await tenant.SendOnceKnown(HttpMethod.Post, "/lineups/products/import", Catalogue());
        var products = (await tenant.Send(HttpMethod.Get, $"/lineups/products?limit={Items}"))["items"]!.AsArray();
        _path = $"/lineups/sessions/{session}/lineup";
        await tenant.SendOnceKnown(HttpMethod.Put, _path, new
        {
            items = products.Select((p, i) => new
            {
                productId = (Guid)p!["id"]!,
                kind = i % 10 == 0 ? "Hot" : "Regular",
                minutes = 3,
                livePriceMinor = 15_000,
                liveStock = 500,
                perCustomerLimit = 2,
            }),
        }, ifMatch: "\"0\"");
    }

    public override Call? Next(int connection) => new Call("GET", _path);

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var items = (await tenant.Send(HttpMethod.Get, _path))["items"]!.AsArray().Count;
        return new Verdict(0, items == Items ? [] : [$"the lineup has {items} items instead of {Items}"]);
    }

    private static async Task<Guid> Schedule(Tenant tenant, Guid brand)
    {
        async Task<Guid> Add(string resource, object body) => (Guid)(await tenant.SendOnceKnown(HttpMethod.Post, $"/scheduling/{resource}", body))["id"]!;

        var unitId = tenant.HeadquartersId;
        var start = TimeProvider.System.Now().AddDays(30);
        return await Add("sessions", new
        {
            title = "Load",
            tier = "GroupBroadcast",
            ownerUnitId = unitId,
            brandIds = new[] { brand },
            channelIds = new[] { await Add("channels", new { unitId, name = "Mini-program", kind = "MiniProgram" }) },
            hostId = await Add("hosts", new { unitId, name = "Host" }),
            coHostIds = Array.Empty<Guid>(),
            roomId = await Add("rooms", new { unitId, name = "Room" }),
            startsAt = start,
            endsAt = start.AddHours(3),
        });
    }

    private static string Catalogue()
    {
        var csv = new StringBuilder("code,name,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,brand,listPriceMinor,floorPriceMinor,stock\n");
        for (var i = 1; i <= Items; i++) csv.AppendLine($"sku-{i},Product number {i},Women,Apparel,Topwear,Shirts,Navy Blue,Fall,2026,Casual,aurora,{19_900 + i},10000,1000");
        return csv.ToString();
    }
}

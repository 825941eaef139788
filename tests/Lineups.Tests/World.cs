using System.Net.Http.Headers;
using System.Text;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Lineups.Tests;

/// <summary>The service with what the others have told it: the tenant aurora with two regions and a reseller, and the tenant borealis.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Hq = "/aurora/";
    public const string North = "/aurora/north/";
    public const string Reseller = "/aurora/north/r7/";
    public const string South = "/aurora/south/";
    public const string Foreign = "/borealis/";

    /// <summary>Priced 100.00 with a floor of 60.00, priced 50.00 without floor, and not priced.</summary>
    public const string Catalogue = "code,name,listPriceMinor,floorPriceMinor,stock\nA,Coat,10000,6000,10\nB,Scarf,5000,,\nC,Sample,,,\nD,Hat,2000,1000,5\n";

    private World(TestHost host) => Host = host;

    public TestHost Host { get; }

    public Guid BrandId { get; private set; }

    public DateTimeOffset Now => Host.Clock.Now();

    public Guid NewId() => Host.Clock.NewId();

    public static async Task<World> Start()
    {
        var world = new World(await TestHost.Start(new LineupsModule()));
        foreach (var path in new[] { Hq, North, Reseller, South })
            await world.Host.Deliver(world.Unit(path, "CNY"));
        await world.Host.Deliver(world.Unit(Foreign, "EUR"));
        world.BrandId = world.NewId();
        await world.Host.Deliver(new BrandChanged { BrandId = world.BrandId, Version = 1, HeadquartersPath = Hq, Code = "nordic", Name = "Nordic", Grade = "A" });
        return world;
    }

    public HttpClient At(string path, Role role = Role.Merchandiser) => Host.At(path, role);

    /// <summary>A session that starts in a day and lasts three hours.</summary>
    public async Task<SessionState> Session(string ownerPath, Guid? mandateId = null)
    {
        var session = State(ownerPath, mandateId);
        await Host.Deliver(new SessionScheduled(session));
        return session;
    }

    public SessionState State(string ownerPath, Guid? mandateId = null)
    {
        var start = Now.AddDays(1);
        return new SessionState
        {
            SessionId = NewId(),
            Version = 1,
            Title = "Autumn",
            Tier = SessionTier.RegionalBroadcast,
            Status = SessionStatus.Scheduled,
            OwnerUnitId = NewId(),
            OwnerPath = ownerPath,
            BrandIds = [BrandId],
            MandateId = mandateId,
            HostId = NewId(),
            Channels = [],
            Phases = Phases(start, start.AddHours(3)),
        };
    }

    public static SessionPhases Phases(DateTimeOffset start, DateTimeOffset end) => new()
    {
        PreparationStartsAt = start.AddDays(-21),
        WarmUpStartsAt = start.AddDays(-21),
        ReservoirStartsAt = start.AddDays(-7),
        LiveStartsAt = start,
        LiveEndsAt = end,
        ReviewEndsAt = end.AddDays(5),
    };

    public async Task<Guid> Mandate(int? deepestDiscountPercent)
    {
        var mandate = new MandateChanged
        {
            MandateId = NewId(),
            Version = 1,
            ResellerId = NewId(),
            ResellerPath = Reseller,
            BrandIds = [BrandId],
            Channels = [ChannelKind.MiniProgram],
            OpensAt = Now,
            ClosesAt = Now.AddDays(30),
            DeepestDiscountPercent = deepestDiscountPercent,
        };
        await Host.Deliver(mandate);
        return mandate.MandateId;
    }

    public Task<Answer> Import(string csv, string query = "", string at = Hq, string? key = null) => Import(Encoding.UTF8.GetBytes(csv), query, at, key);

    public async Task<Answer> Import(byte[] csv, string query = "", string at = Hq, string? key = null, string type = "text/csv")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/lineups/products/import{query}") { Content = new ByteArrayContent(csv) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await At(at).SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), null, null);
    }

    /// <summary>Ids by code of the catalogue at <paramref name="at"/>.</summary>
    public async Task<Dictionary<string, Guid>> Products(string csv = Catalogue, string at = Hq)
    {
        var imported = await Import(csv, at: at);
        Assert.That(imported.Status, Is.EqualTo(200), imported.Content);
        return (await At(at).Get("/lineups/products?limit=200")).Json["items"]!.AsArray().ToDictionary(p => (string)p!["code"]!, p => (Guid)p!["id"]!);
    }

    public static object Item(Guid productId, long livePriceMinor, string kind = "Regular", int minutes = 5) => new { productId, kind, minutes, livePriceMinor };

    public static string Lineup(Guid sessionId) => $"/lineups/sessions/{sessionId}/lineup";

    public static string PriceList(Guid sessionId) => $"/lineups/sessions/{sessionId}/price-list";

    public Task<Answer> Put(Guid sessionId, string etag, params object[] items) => Put(Hq, sessionId, etag, items);

    public Task<Answer> Put(string at, Guid sessionId, string etag, params object[] items) => At(at).Put(Lineup(sessionId), new { items }, ("If-Match", etag));

    public Task<Answer> Finalize(Guid sessionId, string etag, string at = Hq) => At(at).Post($"{Lineup(sessionId)}/finalize", null, ("If-Match", etag));

    public Task<Answer> Publish(Guid sessionId, string at = Hq) => At(at).Post($"{PriceList(sessionId)}/publish");

    /// <summary>Everything of one kind that the service publishes from now on.</summary>
    public List<T> Listen<T>() where T : class
    {
        var heard = new List<T>();
        Host.Services.GetRequiredService<IMediator>().ConnectHandler<T>(context =>
        {
            lock (heard) heard.Add(context.Message);
            return Task.CompletedTask;
        });
        return heard;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private UnitChanged Unit(string path, string currency) => new()
    {
        UnitId = NewId(),
        Version = 1,
        Path = path,
        Name = path,
        Kind = UnitKind.Region,
        TimeZone = "Asia/Shanghai",
        Currency = currency,
        IsActive = true,
    };
}

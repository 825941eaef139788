using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests;

/// <summary>A service with a small tree: aurora above north (with reseller r7) and south, and a headquarters of somebody else.</summary>
internal sealed class Calendar : IAsyncDisposable
{
    public const string Aurora = "/aurora/";
    public const string North = "/aurora/north/";
    public const string R7 = "/aurora/north/r7/";
    public const string South = "/aurora/south/";
    public const string Borealis = "/borealis/";

    private Calendar(TestHost host) => Host = host;

    public TestHost Host { get; }

    public Dictionary<string, Guid> Units { get; } = [];

    public Guid Brand { get; } = Id();

    public Guid OtherBrand { get; } = Id();

    public Guid ForeignBrand { get; } = Id();

    /// <summary>Far enough ahead that nothing begins by itself.</summary>
    public DateTimeOffset Soon => Host.Clock.Now().AddDays(30);

    public static Guid Id() => TimeProvider.System.NewId();

    public static async Task<Calendar> Open(string zone = "Asia/Shanghai", params IServiceModule[] others)
    {
        var calendar = new Calendar(await TestHost.Start([new SchedulingModule(), .. others]));
        foreach (var (path, kind) in new[]
        {
            (Aurora, UnitKind.Headquarters), (North, UnitKind.Region), (R7, UnitKind.Reseller), (South, UnitKind.Region), (Borealis, UnitKind.Headquarters),
        })
        {
            calendar.Units[path] = Id();
            await calendar.Host.Deliver(calendar.Unit(path, kind, zone));
        }
        await calendar.Host.Deliver(new BrandChanged { BrandId = calendar.Brand, Version = 1, HeadquartersPath = Aurora, Code = "a", Name = "A", Grade = "A" });
        await calendar.Host.Deliver(new BrandChanged { BrandId = calendar.OtherBrand, Version = 1, HeadquartersPath = Aurora, Code = "b", Name = "B", Grade = "B" });
        await calendar.Host.Deliver(new BrandChanged { BrandId = calendar.ForeignBrand, Version = 1, HeadquartersPath = Borealis, Code = "c", Name = "C", Grade = "A" });
        return calendar;
    }

    public UnitChanged Unit(string path, UnitKind kind, string zone, long version = 1) => new()
    {
        UnitId = Units[path],
        Version = version,
        Path = path,
        Name = path,
        Kind = kind,
        TimeZone = zone,
        Currency = "CNY",
        IsActive = true,
    };

    public HttpClient Planner(string path = Aurora) => Host.At(path, Role.Planner);

    public async Task<Guid> AddHost(string path = Aurora) => Created(await Planner(path).Post("/scheduling/hosts", new { unitId = Units[path], name = "Lin Yue" }));

    public async Task<Guid> AddRoom(string path = Aurora, int turnaroundMinutes = 0) =>
        Created(await Planner(path).Post("/scheduling/rooms", new { unitId = Units[path], name = "Studio", turnaroundMinutes }));

    public async Task<Guid> AddChannel(string path = Aurora, ChannelKind kind = ChannelKind.MiniProgram) =>
        Created(await Planner(path).Post("/scheduling/channels", new { unitId = Units[path], name = "Shop", kind = kind.ToString() }));

    /// <summary>A plan with a host, a room and a channel of its own.</summary>
    public async Task<Plan> NewPlan(string owner = Aurora, string tier = "GroupBroadcast") => new()
    {
        Owner = owner,
        OwnerUnitId = Units[owner],
        Tier = tier,
        BrandIds = [Brand],
        ChannelIds = [await AddChannel(owner)],
        HostId = await AddHost(owner),
        RoomId = await AddRoom(owner),
        StartsAt = Soon,
        EndsAt = Soon.AddHours(3),
    };

    /// <summary>By headquarters, whose word puts it into the plan at once.</summary>
    public Task<Answer> Schedule(Plan plan) => Planner(UnitPath.Headquarters(plan.Owner)).Post("/scheduling/sessions", plan.ForPost());

    /// <summary>By the owner, who has to ask.</summary>
    public Task<Answer> Submit(Plan plan) => Planner(plan.Owner).Post("/scheduling/sessions", plan.ForPost());

    public Task<Answer> Draft(Plan plan)
    {
        var body = plan.ForPost();
        body["status"] = "Draft";
        return Planner(plan.Owner).Post("/scheduling/sessions", body);
    }

    public async Task<Guid> Submitted(Plan plan) => Created(await Submit(plan));

    public async Task<Guid> Drafted(Plan plan) => Created(await Draft(plan));

    public async Task<Guid> Scheduled(Plan plan) => Created(await Schedule(plan));

    public async Task<Guid> Scheduled() => Created(await Schedule(await NewPlan()));

    public Task<Answer> Do(Guid session, string action, object? body = null) => DoAt(Aurora, session, action, body);

    public Task<Answer> DoAt(string path, Guid session, string action, object? body = null) => Planner(path).Post($"/scheduling/sessions/{session}/{action}", body);

    public Task<Answer> Move(Guid session, DateTimeOffset startsAt, double hours = 3) =>
        Do(session, "reschedule", new { startsAt, endsAt = startsAt.AddHours(hours) });

    public Task<Answer> Read(Guid session) => Planner().Get($"/scheduling/sessions/{session}");

    public async Task<string> Status(Guid session) => (string)(await Read(session)).Json["status"]!;

    public Task Mandate(Guid id, long version = 1, int? sessionsPerWeek = null, DateTimeOffset? opensAt = null, DateTimeOffset? closesAt = null, bool revoked = false, string reseller = R7, IReadOnlyList<Guid>? brands = null) =>
        Host.Deliver(new MandateChanged
        {
            MandateId = id,
            Version = version,
            ResellerId = Units[reseller],
            ResellerPath = reseller,
            BrandIds = brands ?? [Brand],
            Channels = [ChannelKind.MiniProgram],
            OpensAt = opensAt ?? Host.Clock.Now(),
            ClosesAt = closesAt ?? Host.Clock.Now().AddDays(300),
            SessionsPerWeek = sessionsPerWeek,
            RevokedAt = revoked ? Host.Clock.Now() : null,
        });

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static Guid Created(Answer answer)
    {
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Id;
    }
}

/// <summary>What a planner enters.</summary>
internal sealed record Plan
{
    public string Owner { get; init; } = "";

    public Guid OwnerUnitId { get; init; }

    public string Title { get; init; } = "Premiere";

    public string Tier { get; init; } = "";

    public IReadOnlyList<Guid> BrandIds { get; init; } = [];

    public IReadOnlyList<Guid> ChannelIds { get; init; } = [];

    public Guid HostId { get; init; }

    public IReadOnlyList<Guid> CoHostIds { get; init; } = [];

    public Guid RoomId { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public object? Goals { get; init; }

    public object? Phases { get; init; } = new { preparationDays = 3, warmUpDays = 2, reservoirDays = 1, reviewDays = 5 };

    public Guid? MandateId { get; init; }

    public IReadOnlyList<Guid> CoversUnitIds { get; init; } = [];

    public bool Displace { get; init; }

    public Plan At(DateTimeOffset startsAt, double hours = 3) => this with { StartsAt = startsAt, EndsAt = startsAt.AddHours(hours) };

    public JsonObject ForPost() => Without("owner");

    public JsonObject ForPut() => Without("owner", "ownerUnitId", "tier", "mandateId");

    private JsonObject Without(params string[] members)
    {
        var json = JsonSerializer.SerializeToNode(this, JsonSerializerOptions.Web)!.AsObject();
        foreach (var member in members) json.Remove(member);
        return json;
    }
}

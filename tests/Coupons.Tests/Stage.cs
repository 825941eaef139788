using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests;

/// <summary>
/// The service on real files, with two tenants: aurora (CNY) with regions north (resellers r7, r8) and south, and boreas (EUR).
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Hq = "/aurora/";
    public const string North = "/aurora/north/";
    public const string South = "/aurora/south/";
    public const string R7 = "/aurora/north/r7/";
    public const string R8 = "/aurora/north/r8/";
    public const string Foreign = "/boreas/";

    private readonly Dictionary<string, Guid> _units = [];
    private readonly Heard _heard;

    private readonly StageStorage _storage;

    private Stage(TestHost host, Heard heard, StageStorage storage) => (Host, _heard, _storage) = (host, heard, storage);

    public TestHost Host { get; private set; }

    public ManualClock Clock => Host.Clock;

    public DateTimeOffset Now => Clock.Now();

    public static Task<Stage> Set() => Set(StageStorage.Sqlite);

    public static async Task<Stage> Set(StageStorage storage)
    {
        var heard = new Heard();
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        var stage = new Stage(await TestHost.StartIn(folder, new ManualClock(), storage.Settings, new ListeningModule(heard)), heard, storage);
        foreach (var path in new[] { Hq, North, South, R7, R8, Foreign }) await stage.Tell(path);
        return stage;
    }

    /// <summary>Stops the process, and starts another on what it left behind.</summary>
    public async Task Restart()
    {
        await Host.Stop();
        Host = await TestHost.StartIn(Host.Folder, Host.Clock, _storage.Settings, new ListeningModule(_heard));
    }

    /// <summary>Forgets what was told so far.</summary>
    public void Forget() => _heard.Events.Clear();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _storage.Drop();
    }

    public Guid Unit(string path) => _units[path];

    public HttpClient Marketer(string path = Hq) => Host.At(path, Role.Marketer);

    public HttpClient Admin(string path = Hq) => Host.At(path, Role.Admin);

    public HttpClient Shop(string path = R7) => Host.At(path, Role.Storefront);

    public Guid NewId() => TimeProvider.System.NewId();

    /// <summary>What was told of coupons' uses, one entry for each coupon, in the order they were told.</summary>
    public async Task<IReadOnlyList<CouponUse>> Used<T>() => [.. (await Heard<T>()).SelectMany(e => UsesOf(e!))];

    /// <summary>The uses an event groups; empty for other events.</summary>
    public static IReadOnlyList<CouponUse> UsesOf(object told) => told switch
    {
        CouponsLocked e => e.Uses,
        CouponsRedeemed e => e.Uses,
        CouponsReleased e => e.Uses,
        CouponsRolledBack e => e.Uses,
        CouponsRefundedInPart e => e.Uses,
        _ => [],
    };

    /// <summary>All events of one kind, once the outbox is empty.</summary>
    public async Task<IReadOnlyList<T>> Heard<T>()
    {
        await Host.Settle();
        return [.. _heard.Events.OfType<T>()];
    }

    /// <summary>A draft: AmountOff 500, claim now for a day, redeem from now for two, unless said otherwise.</summary>
    public object Terms(
        string owner = Hq,
        object? benefit = null,
        long stock = 100,
        int limit = 1,
        object? claim = null,
        object? redemption = null,
        Guid? session = null,
        int lockMinutes = 30,
        long? budget = null,
        int? daily = null,
        object? scope = null,
        object? stacking = null,
        string? refundPolicy = null) => new
        {
            name = "Opening night",
            ownerUnitId = Unit(owner),
            benefit = benefit ?? new { kind = "AmountOff", amountMinor = 500 },
            stock,
            perCustomerLimit = limit,
            claimWindow = claim ?? Between(Now, Now.AddDays(1)),
            redemptionWindow = redemption ?? Between(Now, Now.AddDays(2)),
            sessionId = session,
            lockMinutes,
            budgetMinor = budget,
            perCustomerDayLimit = daily,
            scope,
            stacking,
            refundPolicy = refundPolicy ?? "ReturnOnFullRefund",
        };

    public static object Between(DateTimeOffset opens, DateTimeOffset closes) => new { opens = new { at = opens }, closes = new { at = closes } };

    public static object Phases(string opens, string closes) => new { opens = new { phase = opens }, closes = new { phase = closes } };

    public async Task<Guid> Draft(object terms)
    {
        var answer = await Marketer().Post("/coupons/campaigns", terms);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Id;
    }

    public async Task<Guid> Campaign(object? terms = null)
    {
        var id = await Draft(terms ?? Terms());
        var approved = await Admin().Post($"/coupons/campaigns/{id}/approve");
        Assert.That(approved.Status, Is.EqualTo(200), approved.Content);
        var started = await Marketer().Post($"/coupons/campaigns/{id}/start");
        Assert.That(started.Status, Is.EqualTo(200), started.Content);
        return id;
    }

    public Task<Answer> Claim(Guid campaign, string customer, Guid? id = null, string from = R7, Guid? session = null, string[]? segments = null) =>
        Shop(from).Put($"/coupons/claims/{id ?? NewId()}", new { campaignId = campaign, customerId = customer, sessionId = session, segments });

    public async Task<Guid> Coupon(Guid campaign, string customer = "ann")
    {
        var answer = await Claim(campaign, customer);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Id;
    }

    public async Task<JsonNode> Read(Guid coupon) => (await Shop().Get($"/coupons/claims/{coupon}")).Json;

    public async Task<string?> Status(Guid coupon) => (string?)(await Read(coupon))["status"];

    public Task<Answer> Lock(Guid order, Guid coupon, string customer = "ann", long lines = 10_000, string from = R7) => LockAll(order, [coupon], customer, lines, from);

    public Task<Answer> LockAll(Guid order, Guid[] coupons, string customer = "ann", long lines = 10_000, string from = R7) =>
        Shop(from).Put($"/coupons/redemptions/{order}", new { couponIds = coupons, customerId = customer, lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = lines } } });

    public Task<Answer> Use(Guid order, string verb, string from = R7) =>
        Shop(from).Post($"/coupons/redemptions/{order}/{verb}", verb == "roll-back" ? new { } : null);

    /// <summary>Tells how much of an order was given back in all.</summary>
    public Task<Answer> Refund(Guid order, long refundedMinor, string from = R7) => Shop(from).Post($"/coupons/redemptions/{order}/roll-back", new { refundedMinor });

    /// <summary>A session of the owner: prepared in 1 day, warm-up in 2, reservoir in 3, live in 4 for 2 hours, reviewed for a day.</summary>
    public SessionState Session(string owner = Hq) => new()
    {
        SessionId = NewId(),
        Version = 1,
        Title = "Opening night",
        Tier = SessionTier.GroupBroadcast,
        Status = SessionStatus.Scheduled,
        OwnerUnitId = Unit(owner),
        OwnerPath = owner,
        BrandIds = [],
        HostId = NewId(),
        Channels = [],
        Phases = new SessionPhases
        {
            PreparationStartsAt = Now.AddDays(1),
            WarmUpStartsAt = Now.AddDays(2),
            ReservoirStartsAt = Now.AddDays(3),
            LiveStartsAt = Now.AddDays(4),
            LiveEndsAt = Now.AddDays(4).AddHours(2),
            ReviewEndsAt = Now.AddDays(5),
        },
    };

    public async Task<SessionState> Scheduled(string owner = Hq)
    {
        var session = Session(owner);
        await Host.Deliver(new SessionScheduled(session));
        return session;
    }

    public OrderState Order(Guid coupon, OrderStatus status = OrderStatus.Placed, long version = 1, Guid? id = null, string customer = "ann", string path = R7) => new()
    {
        OrderId = id ?? NewId(),
        Version = version,
        Status = status,
        UnitPath = path,
        ShopPath = path,
        CustomerId = customer,
        CouponIds = [coupon],
        Currency = "CNY",
        LinesMinor = 10_000,
        DiscountMinor = 500,
        RefundedMinor = 0,
        WasPaid = status is not (OrderStatus.Placed or OrderStatus.Cancelled),
        PlacedAt = Now,
        Lines = [new OrderLine { ProductCode = "p1", Quantity = 1, UnitPriceMinor = 10_000 }],
    };

    public static object Event(OrderState order) => order.Status switch
    {
        OrderStatus.Placed => new OrderPlaced(order),
        OrderStatus.Paid => new OrderPaid(order),
        OrderStatus.Cancelled => new OrderCancelled(order),
        OrderStatus.Refunded => new OrderRefunded(order),
        _ => new OrderProgressed(order),
    };

    private async Task Tell(string path)
    {
        _units[path] = NewId();
        await Host.Deliver(new UnitChanged
        {
            UnitId = _units[path],
            Version = 1,
            Path = path,
            Name = path,
            Kind = UnitKind.Headquarters,
            TimeZone = "Asia/Shanghai",
            Currency = path == Foreign ? "EUR" : "CNY",
            IsActive = true,
        });
    }
}

/// <summary>What the service told the others.</summary>
internal sealed class Heard
{
    public ConcurrentQueue<object> Events { get; } = new();
}

/// <summary>The service, with somebody who listens to all it publishes.</summary>
internal sealed class ListeningModule(Heard heard) : IServiceModule
{
    private readonly CouponsModule _coupons = new();

    public string Name => _coupons.Name;

    public string Summary => _coupons.Summary;

    public IReadOnlyList<Type> Reactions => [.. _coupons.Reactions, typeof(Listener)];

    public void AddServices(IServiceCollection services)
    {
        _coupons.AddServices(services);
        services.AddSingleton(heard);
    }

    public void MapEndpoints(IEndpointRouteBuilder routes) => _coupons.MapEndpoints(routes);
}

internal sealed class Listener(Heard heard) :
    IConsumer<CampaignChanged>,
    IConsumer<CouponsClaimed>,
    IConsumer<CouponsLocked>,
    IConsumer<CouponsRedeemed>,
    IConsumer<CouponsReleased>,
    IConsumer<CouponsRolledBack>,
    IConsumer<CouponsRefundedInPart>,
    IConsumer<CouponVoided>,
    IConsumer<CouponsRefused>
{
    public Task Consume(ConsumeContext<CampaignChanged> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsClaimed> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsLocked> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsRedeemed> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsReleased> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsRolledBack> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsRefundedInPart> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponVoided> context) => Keep(context.Message);

    public Task Consume(ConsumeContext<CouponsRefused> context) => Keep(context.Message);

    private Task Keep(object message)
    {
        heard.Events.Enqueue(message);
        return Task.CompletedTask;
    }
}

using System.Collections.Concurrent;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Orders.Tests;

/// <summary>The service with a small world around it: a tree of units, and ears for what it publishes.</summary>
internal sealed class Market : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Guid> _units = [];

    private Market(TestHost host) => Host = host;

    public TestHost Host { get; }

    public Heard Heard => Host.Services.GetRequiredService<Heard>();

    public OrdersDb Db => Host.Services.GetRequiredService<OrdersDb>();

    /// <summary>Headquarters aurora with north (r7, r8) and south, and a foreign one.</summary>
    public static async Task<Market> Open()
    {
        var market = new Market(await TestHost.Start(new OrdersModule(), new Ears()));
        foreach (var path in new[] { "/aurora/", "/aurora/north/", "/aurora/south/", "/aurora/north/r7/", "/aurora/north/r8/", "/borealis/", "/borealis/r1/" })
            await market.AddUnit(path);
        return market;
    }

    public static Guid NewId() => LiveCommerce.Kernel.TimeProviderExtensions.NewId(TimeProvider.System);

    public Guid Unit(string path) => _units[path];

    public Task AddUnit(string path)
    {
        var parent = path[..(path[..^1].LastIndexOf('/') + 1)];
        _units[path] = NewId();
        return Host.Deliver(new UnitChanged
        {
            UnitId = _units[path],
            Version = 1,
            ParentId = parent == "/" ? null : _units[parent],
            Path = path,
            Name = path,
            Kind = UnitKind.Region,
            TimeZone = "Asia/Shanghai",
            Currency = "CNY",
            IsActive = true,
        });
    }

    public HttpClient Shop(string path) => Host.At(path, Role.Storefront);

    public HttpClient Analyst(string path) => Host.At(path, Role.Analyst);

    public async Task<Guid> Session(string ownerPath)
    {
        var id = NewId();
        await Host.Deliver(new SessionScheduled(State(id, ownerPath)));
        return id;
    }

    public static SessionState State(Guid id, string ownerPath, long version = 1, string title = "Autumn", SessionStatus status = SessionStatus.Scheduled) => new()
    {
        SessionId = id,
        Version = version,
        Title = title,
        Tier = SessionTier.RegionalBroadcast,
        Status = status,
        OwnerUnitId = Guid.Empty,
        OwnerPath = ownerPath,
        BrandIds = [],
        HostId = Guid.Empty,
        Channels = [],
        Phases = new SessionPhases
        {
            PreparationStartsAt = Noon.AddDays(-21),
            WarmUpStartsAt = Noon.AddDays(-14),
            ReservoirStartsAt = Noon.AddDays(-7),
            LiveStartsAt = Noon,
            LiveEndsAt = Noon.AddHours(3),
            ReviewEndsAt = Noon.AddDays(5),
        },
    };

    public static ClaimedCoupon Claim(Guid couponId, string unitPath, Guid? sessionId = null, string customerId = "c1", string? guideId = null, Guid? channelId = null, DateTimeOffset? at = null) => new()
    {
        CouponId = couponId,
        CampaignId = Guid.Empty,
        SessionId = sessionId,
        Origin = CouponOrigin.Claim,
        UnitPath = unitPath,
        CustomerId = customerId,
        ChannelId = channelId,
        GuideId = guideId,
        ClaimedAt = at ?? Noon,
    };

    public static CouponUse Use(ClaimedCoupon claim, long version, Guid orderId) => new()
    {
        CouponId = claim.CouponId,
        Version = version,
        CampaignId = claim.CampaignId,
        SessionId = claim.SessionId,
        UnitPath = claim.UnitPath,
        CustomerId = claim.CustomerId,
        OrderId = orderId,
        DiscountMinor = 100,
        Currency = "CNY",
        At = Noon,
    };

    public static object Order(
        Guid? sessionId = null, string customerId = "c1", Guid? couponId = null, string? guideId = null, long unitPriceMinor = 5_000, int quantity = 2,
        long discountMinor = 1_000, string currency = "CNY", DateTimeOffset? placedAt = null, Guid? channelId = null, IReadOnlyList<Guid>? couponIds = null) => new
        {
            shopOrderNo = "no-1",
            customerId,
            sessionId,
            channelId,
            guideId,
            couponIds = couponIds ?? (couponId is null ? null : [couponId.Value]),
            currency,
            lines = new[] { new { productCode = "10001", quantity, unitPriceMinor } },
            discountMinor,
            placedAt = placedAt ?? Noon,
        };

    /// <summary>The coupons of an order as the API shows them: <c>Requested</c>, <c>Refused coupon.expired</c>.</summary>
    public static string[] Coupons(Answer order) =>
        [.. order.Json["coupons"]!.AsArray().Select(c => c!["refusal"] is { } refusal ? $"{c["status"]} {refusal}" : $"{c["status"]}")];

    public static string OrderAt(Guid id) => $"/orders/orders/{id}";

    public static Task<Answer> Report(HttpClient shop, Guid orderId, string kind, long? refundMinor = null, Guid? reportId = null, int minute = 0) =>
        shop.Put($"/orders/orders/{orderId}/reports/{reportId ?? NewId()}", new { kind, at = Noon.AddMinutes(minute), refundMinor });

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>All order events, in the order of their coming.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<(string Event, OrderState Order)> _events = [];

    public IReadOnlyList<(string Event, OrderState Order)> Of(Guid orderId) => [.. _events.Where(e => e.Order.OrderId == orderId).OrderBy(e => e.Order.Version)];

    public void Add(object @event, OrderState order) => _events.Enqueue((@event.GetType().Name, order));
}

/// <summary>A module has a database, used or not.</summary>
internal sealed class EarsDb(ServiceDbSetup setup) : ServiceDb("ears", setup);

internal sealed class Ears : IServiceModule
{
    public string Name => "ears";

    public string Summary => "Hears what is published.";

    public IReadOnlyList<Type> Reactions => [typeof(Ear)];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<EarsDb>().AddSingleton<Heard>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }

    internal sealed class Ear(Heard heard) : IConsumer<OrderPlaced>, IConsumer<OrderPaid>, IConsumer<OrderProgressed>, IConsumer<OrderCancelled>, IConsumer<OrderRefunded>
    {
        public Task Consume(ConsumeContext<OrderPlaced> context) => Hear(context.Message, context.Message.Order);

        public Task Consume(ConsumeContext<OrderPaid> context) => Hear(context.Message, context.Message.Order);

        public Task Consume(ConsumeContext<OrderProgressed> context) => Hear(context.Message, context.Message.Order);

        public Task Consume(ConsumeContext<OrderCancelled> context) => Hear(context.Message, context.Message.Order);

        public Task Consume(ConsumeContext<OrderRefunded> context) => Hear(context.Message, context.Message.Order);

        private Task Hear(object @event, OrderState order)
        {
            heard.Add(@event, order);
            return Task.CompletedTask;
        }
    }
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>
/// Brings an order's coupon to where the order's newest state wants it, whatever was heard before: messages come late,
/// twice and out of order.
/// </summary>
internal sealed class OnOrderChanged(CouponsDb db, BusOptions bus) : Reaction(db, bus),
    IConsumer<OrderPlaced>,
    IConsumer<OrderPaid>,
    IConsumer<OrderProgressed>,
    IConsumer<OrderCancelled>,
    IConsumer<OrderRefunded>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => React(context, (e, work) => Apply(e.Order, work));

    public Task Consume(ConsumeContext<OrderPaid> context) => React(context, (e, work) => Apply(e.Order, work));

    public Task Consume(ConsumeContext<OrderProgressed> context) => React(context, (e, work) => Apply(e.Order, work));

    public Task Consume(ConsumeContext<OrderCancelled> context) => React(context, (e, work) => Apply(e.Order, work));

    public Task Consume(ConsumeContext<OrderRefunded> context) => React(context, (e, work) => Apply(e.Order, work));

    private static async Task Apply(OrderState order, UnitOfWork work)
    {
        if (order.CouponId is not { } couponId) return;
        var wish = OrderWishes.Of(order.Status);
        var known = await work.Find<OrderRow>(OrderSql.ById, new { Id = order.OrderId });
        if (known?.Version >= order.Version) return;
        await work.Upsert(OrderSql.Update, OrderSql.Insert, new { Id = order.OrderId, order.Version, Wish = wish.ToString() });
        // Shipped after paid asks for nothing new, and must not undo what the shop did to the coupon in between.
        if (known?.Wish == wish) return;
        if (await Fulfil(order, couponId, wish, known?.IsRefused == true, work) is not { } refusal) return;
        await work.Execute(OrderSql.Refuse, new { Id = order.OrderId });
        work.Publish(new CouponRefused(order.OrderId, order.Version, couponId, refusal.Kind.Code));
    }

    private static async Task<Rejection?> Fulfil(OrderState order, Guid couponId, OrderWish wish, bool wasRefused, UnitOfWork work)
    {
        var coupon = await HeldCoupon.Take(work, couponId);
        if (coupon is null || !UnitPath.SameChain(coupon.OwnerPath, order.ShopPath)) return CouponRejections.Unknown(couponId);
        var redemption = await work.Find<RedemptionRow>(RedemptionSql.ByOrder, new { order.OrderId });
        if (redemption is not null && (redemption.CouponId != couponId || !UnitPath.Covers(order.ShopPath, redemption.Path)))
            return RedemptionRejections.IdReused.Because($"Order {order.OrderId} uses another coupon, or is another shop's.");
        // What was refused cannot be given back, and whoever has the coupon since is not to be disturbed.
        if (wasRefused && (wish is OrderWish.GiveBack or OrderWish.TakeBack) && redemption?.Status is null or RedemptionStatus.Released) return null;
        while (OrderWishes.Next(redemption?.Status, wish) is { } move)
        {
            var moved = move == CouponMove.Lock
                ? await coupon.Lock(new CouponAsk(order.OrderId, order.CustomerId, order.ShopPath, order.LinesMinor), redemption)
                : await coupon.Move(redemption!, move);
            if (moved.Rejection is { } refusal) return refusal;
            redemption = moved.Value;
        }
        return null;
    }
}

/// <summary>Where an order wants its coupon to be.</summary>
internal enum OrderWish
{
    /// <summary>Placed: locked.</summary>
    Hold,

    /// <summary>Paid, and what follows: spent.</summary>
    Spend,

    /// <summary>Cancelled without payment: free.</summary>
    GiveBack,

    /// <summary>Refunded in full: spent once, and rolled back.</summary>
    TakeBack,
}

internal static class OrderWishes
{
    // One step at a time, so that an order heard of late leaves the same trail of events as one heard of in time.
    private static readonly Dictionary<(RedemptionStatus?, OrderWish), CouponMove> Steps = new()
    {
        [(null, OrderWish.Hold)] = CouponMove.Lock,
        [(null, OrderWish.Spend)] = CouponMove.Lock,
        [(null, OrderWish.GiveBack)] = CouponMove.Lock,
        [(null, OrderWish.TakeBack)] = CouponMove.Lock,
        [(RedemptionStatus.Locked, OrderWish.Spend)] = CouponMove.Redeem,
        [(RedemptionStatus.Locked, OrderWish.GiveBack)] = CouponMove.Release,
        [(RedemptionStatus.Locked, OrderWish.TakeBack)] = CouponMove.Redeem,
        [(RedemptionStatus.Redeemed, OrderWish.GiveBack)] = CouponMove.RollBack,
        [(RedemptionStatus.Redeemed, OrderWish.TakeBack)] = CouponMove.RollBack,
        [(RedemptionStatus.Released, OrderWish.Hold)] = CouponMove.Lock,
        [(RedemptionStatus.Released, OrderWish.Spend)] = CouponMove.Lock,
        [(RedemptionStatus.Released, OrderWish.TakeBack)] = CouponMove.Lock,
        [(RedemptionStatus.RolledBack, OrderWish.Spend)] = CouponMove.Lock,
    };

    /// <summary>The next step from how the redemption stands; null: the wish is fulfilled.</summary>
    public static CouponMove? Next(RedemptionStatus? status, OrderWish wish) => Steps.TryGetValue((status, wish), out var move) ? move : null;

    public static OrderWish Of(OrderStatus status) => status switch
    {
        OrderStatus.Placed => OrderWish.Hold,
        OrderStatus.Cancelled => OrderWish.GiveBack,
        OrderStatus.Refunded => OrderWish.TakeBack,
        _ => OrderWish.Spend,
    };
}

internal sealed record OrderRow
{
    public long Version { get; init; }

    public OrderWish Wish { get; init; }

    /// <summary>True once the coupon was refused to the order.</summary>
    public bool IsRefused { get; init; }
}

internal static class OrderSql
{
    internal const string ById = "SELECT Version, Wish, IsRefused FROM Orders WHERE Id = @Id";
    internal const string Update = "UPDATE Orders SET Version = @Version, Wish = @Wish WHERE Id = @Id AND Version < @Version";
    internal const string Insert = "INSERT INTO Orders (Id, Version, Wish, IsRefused) VALUES (@Id, @Version, @Wish, 0)";
    internal const string Refuse = "UPDATE Orders SET IsRefused = 1 WHERE Id = @Id";
}

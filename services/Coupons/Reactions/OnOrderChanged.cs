using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Orders;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>
/// Brings an order's coupons to where the order's newest state wants them, whatever was heard before: messages come late,
/// twice and out of order.
/// </summary>
internal sealed class OnOrderChanged(CouponsDb db, BusOptions bus, KnownCampaigns campaigns) : Reaction(db, bus),
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

    private async Task Apply(OrderState order, UnitOfWork work)
    {
        if (order.CouponIds.Count == 0) return;
        var wish = OrderWishes.Of(order.Status);
        var known = await work.Find<OrderRow>(OrderSql.ById, new { Id = order.OrderId });
        if (known?.Version >= order.Version) return;
        await work.Upsert(OrderSql.Update, OrderSql.Insert, new { Id = order.OrderId, order.Version, Wish = wish.ToString(), order.RefundedMinor });
        // Shipped after paid asks for nothing new, and must not undo what the shop did to the coupons in between.
        if (known?.Wish == wish && known.RefundedMinor == order.RefundedMinor) return;
        order = order with { ShopPath = await MovedUnits.Now(work, order.ShopPath) };
        var lines = order.Lines.Select(l => new CartLine(l.ProductCode, l.Quantity, l.UnitPriceMinor)).ToList();
        var held = await HeldCoupons.Take(work, campaigns, [order.OrderId], order.CouponIds);
        await held.ReadForLocks([(order.ShopPath, lines)]);
        var refusal = Fulfil(held, order, lines, wish, known);
        await held.Write();
        if (refusal is null) return;
        await work.Execute(OrderSql.Refuse, new { Id = order.OrderId });
        work.Publish(new CouponsRefused(order.OrderId, order.Version, Named(refusal, order)));
    }

    private static Rejection? Fulfil(HeldCoupons held, OrderState order, IReadOnlyList<CartLine> lines, OrderWish wish, OrderRow? known)
    {
        var redemption = held.RedemptionOf(order.OrderId);
        if (redemption is not null && !IsOwn(redemption, order))
            return RedemptionRejections.IdReused.Because($"Order {order.OrderId} uses other coupons, or is another shop's.");
        if (redemption is { Uses.Count: 0 })
            return wish == OrderWish.GiveBack ? null : RedemptionRejections.AlreadyReleased.Because("The shop released it before it was locked.");
        // What was refused cannot be given back, and whoever has the coupons since is not to be disturbed.
        if (known?.IsRefused == true && wish is OrderWish.GiveBack or OrderWish.TakeBack && redemption?.Row.Status is null or RedemptionStatus.Released) return null;
        while (OrderWishes.Next(redemption?.Row, wish, known?.Wish) is { } step)
        {
            switch (step)
            {
                case OrderStep.Lock when redemption is null:
                    var body = new LockCoupons.Request(order.CouponIds, order.CustomerId, lines, order.SessionId, order.ChannelId);
                    var locked = LockCoupons.Carry(held, order.ShopPath, order.OrderId, body, hash: "");
                    if (locked.Rejection is { } refusal) return refusal;
                    redemption = locked.Value;
                    break;
                case OrderStep.Lock:
                    if (held.LockAgain(redemption) is { } taken) return taken;
                    break;
                case OrderStep.Spend: held.Spend(redemption!); break;
                case OrderStep.GiveBack: held.GiveBack(redemption!); break;
                case OrderStep.RollBack: held.Refund(redemption!, long.MaxValue, isFull: true); break;
            }
        }
        if (wish == OrderWish.Spend && order.RefundedMinor > redemption!.Row.RefundedMinor) held.Refund(redemption, order.RefundedMinor, isFull: false);
        return null;
    }

    private static bool IsOwn(HeldRedemption redemption, OrderState order) => UnitPath.Covers(order.ShopPath, redemption.Row.Path) &&
        (redemption.Uses.Count == 0 || redemption.Uses.Select(u => u.Row.CouponId).ToHashSet().SetEquals(order.CouponIds));

    private static List<RefusedCoupon> Named(Rejection refusal, OrderState order) => refusal.More.GetValueOrDefault("coupons") is IReadOnlyList<RefusedUse> named
        ? [.. named.Select(n => new RefusedCoupon(n.CouponId, n.Code))]
        : [.. order.CouponIds.Select(id => new RefusedCoupon(id, refusal.Kind.Code))];
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

internal enum OrderStep
{
    Lock,
    Spend,
    GiveBack,
    RollBack,
}

internal static class OrderWishes
{
    // One step at a time, so that an order heard of late leaves the same trail of events as one heard of in time.
    private static readonly Dictionary<(RedemptionStatus?, OrderWish), OrderStep> Steps = new()
    {
        [(null, OrderWish.Hold)] = OrderStep.Lock,
        [(null, OrderWish.Spend)] = OrderStep.Lock,
        [(null, OrderWish.GiveBack)] = OrderStep.Lock,
        [(null, OrderWish.TakeBack)] = OrderStep.Lock,
        [(RedemptionStatus.Locked, OrderWish.Spend)] = OrderStep.Spend,
        [(RedemptionStatus.Locked, OrderWish.GiveBack)] = OrderStep.GiveBack,
        [(RedemptionStatus.Locked, OrderWish.TakeBack)] = OrderStep.Spend,
        [(RedemptionStatus.Redeemed, OrderWish.GiveBack)] = OrderStep.RollBack,
        [(RedemptionStatus.Redeemed, OrderWish.TakeBack)] = OrderStep.RollBack,
        [(RedemptionStatus.Released, OrderWish.Spend)] = OrderStep.Lock,
        [(RedemptionStatus.Released, OrderWish.TakeBack)] = OrderStep.Lock,
    };

    /// <summary>The next step from how the redemption stands; null: the wish is fulfilled.</summary>
    /// <param name="redemption">Null: nothing was locked yet.</param>
    /// <param name="wish">What the order wants now.</param>
    /// <param name="before">What it wanted before, as far as is known.</param>
    public static OrderStep? Next(RedemptionRow? redemption, OrderWish wish, OrderWish? before) => (redemption?.Status, wish) switch
    {
        // A cancellation was overtaken by the payment. A roll-back of any other cause is the shop's, or a part refund's.
        (RedemptionStatus.RolledBack, OrderWish.Spend) => before == OrderWish.GiveBack ? OrderStep.Lock : null,
        // What the shop gave back on demand is not to be taken again by the order's first news coming late; what lapsed is.
        (RedemptionStatus.Released, OrderWish.Hold) => redemption!.HasLapsed ? OrderStep.Lock : null,
        var (status, _) => Steps.TryGetValue((status, wish), out var step) ? step : null,
    };

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

    /// <summary>Money given back in all.</summary>
    public long RefundedMinor { get; init; }

    /// <summary>True once its coupons were refused to the order.</summary>
    public bool IsRefused { get; init; }
}

internal static class OrderSql
{
    internal const string ById = $"SELECT Version, Wish, RefundedMinor, IsRefused FROM Orders{Sql.Held} WHERE Id = @Id";
    internal const string Update = "UPDATE Orders SET Version = @Version, Wish = @Wish, RefundedMinor = @RefundedMinor WHERE Id = @Id AND Version < @Version";
    internal const string Insert = "INSERT INTO Orders (Id, Version, Wish, RefundedMinor, IsRefused) VALUES (@Id, @Version, @Wish, @RefundedMinor, 0)";
    internal const string Refuse = "UPDATE Orders SET IsRefused = 1 WHERE Id = @Id";
}

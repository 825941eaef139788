using System.Text.Json.Serialization;
using MassTransit;

namespace LiveCommerce.Contracts.Orders;

/// <summary>The furthest an order has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    Placed,
    Paid,
    Shipped,
    Delivered,
    Completed,
    Cancelled,

    /// <summary>Refunded in full. A part refund leaves the status and raises <see cref="OrderState.RefundedMinor"/>.</summary>
    Refunded,
}

/// <summary>One line of an order.</summary>
public sealed record OrderLine
{
    /// <summary>The product's code in the catalogue.</summary>
    public required string ProductCode { get; init; }

    public required int Quantity { get; init; }

    /// <summary>Minor units a piece, before any coupon.</summary>
    public required long UnitPriceMinor { get; init; }
}

/// <summary>An order as it now stands. Every order event carries it; older versions are to be ignored.</summary>
public sealed record OrderState
{
    public required Guid OrderId { get; init; }

    /// <summary>Rises by one with each change of this order.</summary>
    public required long Version { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>Path of the unit credited with the order.</summary>
    public required string UnitPath { get; init; }

    /// <summary>
    /// Path of the unit whose shop reported the order; its authority is what the order may ask for. It never changes, while
    /// credit may go to a unit above or below it.
    /// </summary>
    public required string ShopPath { get; init; }

    public Guid? SessionId { get; init; }

    public Guid? ChannelId { get; init; }

    public string? GuideId { get; init; }

    public required string CustomerId { get; init; }

    /// <summary>The coupons the order uses: all of them or none, as the redemption says. May be empty.</summary>
    public required IReadOnlyList<Guid> CouponIds { get; init; }

    public required string Currency { get; init; }

    /// <summary>Minor units: the sum of the lines.</summary>
    public required long LinesMinor { get; init; }

    /// <summary>Minor units taken off by the coupons.</summary>
    public required long DiscountMinor { get; init; }

    /// <summary>Minor units given back so far; never above lines less discount.</summary>
    public required long RefundedMinor { get; init; }

    /// <summary>True once a payment was reported, whatever came after.</summary>
    public required bool WasPaid { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required IReadOnlyList<OrderLine> Lines { get; init; }
}

/// <summary>The shop reported a new order.</summary>
[MessageUrn("live-commerce:orders:order-placed")]
[EntityName("orders.order-placed")]
public sealed record OrderPlaced(OrderState Order);

/// <summary>It was paid.</summary>
[MessageUrn("live-commerce:orders:order-paid")]
[EntityName("orders.order-paid")]
public sealed record OrderPaid(OrderState Order);

/// <summary>It was shipped, delivered or completed.</summary>
[MessageUrn("live-commerce:orders:order-progressed")]
[EntityName("orders.order-progressed")]
public sealed record OrderProgressed(OrderState Order);

/// <summary>It was cancelled before payment, or timed out.</summary>
[MessageUrn("live-commerce:orders:order-cancelled")]
[EntityName("orders.order-cancelled")]
public sealed record OrderCancelled(OrderState Order);

/// <summary>Money was given back, in part or in full.</summary>
[MessageUrn("live-commerce:orders:order-refunded")]
[EntityName("orders.order-refunded")]
public sealed record OrderRefunded(OrderState Order);

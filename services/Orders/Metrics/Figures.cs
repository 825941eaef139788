using LiveCommerce.Data;

namespace LiveCommerce.Orders.Metrics;

/// <summary>
/// What a session or a unit brought about. Counted afresh from orders and coupons as they now stand, so late and
/// reordered reports give the same figures.
/// </summary>
/// <remarks>
/// Counts and amounts add up along the tree: a unit's are its own plus those of its direct children. Two kinds do not:
/// rates and averages, and <see cref="Buyers"/>, since one customer may buy at several units and is one buyer above them.
/// <para>
/// Orders belong to a period by when they were placed, coupons by when they were claimed. A coupon is credited to the
/// session and unit of its claim; an order to those of its attribution. Where no order names another session than its
/// coupons' claims, and once all messages have settled, <see cref="CouponsRedeemed"/> equals the coupons of
/// <see cref="PaidOrdersWithCoupon"/>, one or more each, less those that were rolled back after a refund.
/// </para>
/// </remarks>
internal record Figures
{
    /// <summary>Coupons claimed.</summary>
    public long Claims { get; init; }

    /// <summary>Of those, held for an order now.</summary>
    public long CouponsLocked { get; init; }

    /// <summary>Of those, spent now: a coupon that was rolled back counts no longer.</summary>
    public long CouponsRedeemed { get; init; }

    /// <summary>Redeemed by claimed, 0 to 1, six digits; 0 without claims.</summary>
    public decimal RedemptionRate { get; init; }

    /// <summary>Orders that were paid, whatever came after.</summary>
    public long Orders { get; init; }

    /// <summary>All orders, paid or not.</summary>
    public long OrdersPlaced { get; init; }

    /// <summary>Orders cancelled before payment.</summary>
    public long OrdersCancelled { get; init; }

    /// <summary>Distinct customers who paid. Does not add up.</summary>
    public long Buyers { get; init; }

    /// <summary>Minor units: what paid orders came to after discount, refunded or not.</summary>
    public long GrossMinor { get; init; }

    /// <summary>Minor units given back.</summary>
    public long RefundedMinor { get; init; }

    /// <summary>Minor units: gross less refunds.</summary>
    public long NetMinor { get; init; }

    /// <summary>Minor units of discount on <see cref="PaidOrdersWithCoupon"/>.</summary>
    public long CouponDiscountMinor { get; init; }

    /// <summary>Minor units: gross by paid orders, rounded; 0 without orders.</summary>
    public long AverageOrderValueMinor { get; init; }

    /// <summary>Minor units: gross by buyers, rounded; 0 without buyers.</summary>
    public long AverageCustomerValueMinor { get; init; }

    /// <summary>Paid orders that came through a guide.</summary>
    public long GuideOrders { get; init; }

    /// <summary>Minor units of gross that came through guides.</summary>
    public long GuideGrossMinor { get; init; }

    /// <summary>Guides' part of gross, 0 to 1, six digits; 0 without gross.</summary>
    public decimal GuideShare { get; init; }

    /// <summary>
    /// Paid orders with a coupon spent on them, be it rolled back since: its state is Redeemed or RolledBack. An order counts
    /// once, however many coupons it spent; a refused or lapsed coupon does not count.
    /// </summary>
    public long PaidOrdersWithCoupon { get; init; }

    /// <summary>ISO 4217; null while the unit is not known here.</summary>
    public string? Currency { get; init; }

    /// <summary>Works out rates and averages from what was counted.</summary>
    public static T Of<T>(T named, IEnumerable<OrderSums> orders, IEnumerable<CouponSums> coupons, long buyers, string? currency)
        where T : Figures
    {
        var o = orders.Aggregate(new OrderSums(), (a, b) => a.Plus(b));
        var c = coupons.Aggregate(new CouponSums(), (a, b) => a.Plus(b));
        return (T)(named with
        {
            Claims = c.Claims,
            CouponsLocked = c.CouponsLocked,
            CouponsRedeemed = c.CouponsRedeemed,
            RedemptionRate = Share(c.CouponsRedeemed, c.Claims),
            Orders = o.Orders,
            OrdersPlaced = o.OrdersPlaced,
            OrdersCancelled = o.OrdersCancelled,
            Buyers = buyers,
            GrossMinor = o.GrossMinor,
            RefundedMinor = o.RefundedMinor,
            NetMinor = o.GrossMinor - o.RefundedMinor,
            CouponDiscountMinor = o.CouponDiscountMinor,
            AverageOrderValueMinor = Average(o.GrossMinor, o.Orders),
            AverageCustomerValueMinor = Average(o.GrossMinor, buyers),
            GuideOrders = o.GuideOrders,
            GuideGrossMinor = o.GuideGrossMinor,
            GuideShare = Share(o.GuideGrossMinor, o.GrossMinor),
            PaidOrdersWithCoupon = o.PaidOrdersWithCoupon,
            Currency = currency,
        });
    }

    private static decimal Share(long part, long whole) => whole == 0 ? 0 : Math.Round((decimal)part / whole, 6, MidpointRounding.AwayFromZero);

    private static long Average(long sum, long count) => count == 0 ? 0 : (long)Math.Round((decimal)sum / count, MidpointRounding.AwayFromZero);
}

/// <summary>What orders add up to.</summary>
internal sealed record OrderSums
{
    public string Path { get; init; } = "";

    public long OrdersPlaced { get; init; }

    public long OrdersCancelled { get; init; }

    public long Orders { get; init; }

    /// <summary>Distinct within the one path or session; lost in <see cref="Plus"/>.</summary>
    public long Buyers { get; init; }

    public long GrossMinor { get; init; }

    public long RefundedMinor { get; init; }

    public long PaidOrdersWithCoupon { get; init; }

    public long CouponDiscountMinor { get; init; }

    public long GuideOrders { get; init; }

    public long GuideGrossMinor { get; init; }

    public OrderSums Plus(OrderSums other) => new()
    {
        OrdersPlaced = OrdersPlaced + other.OrdersPlaced,
        OrdersCancelled = OrdersCancelled + other.OrdersCancelled,
        Orders = Orders + other.Orders,
        GrossMinor = GrossMinor + other.GrossMinor,
        RefundedMinor = RefundedMinor + other.RefundedMinor,
        PaidOrdersWithCoupon = PaidOrdersWithCoupon + other.PaidOrdersWithCoupon,
        CouponDiscountMinor = CouponDiscountMinor + other.CouponDiscountMinor,
        GuideOrders = GuideOrders + other.GuideOrders,
        GuideGrossMinor = GuideGrossMinor + other.GuideGrossMinor,
    };
}

/// <summary>What coupons add up to.</summary>
internal sealed record CouponSums
{
    public string Path { get; init; } = "";

    public long Claims { get; init; }

    public long CouponsLocked { get; init; }

    public long CouponsRedeemed { get; init; }

    public CouponSums Plus(CouponSums other) => new()
    {
        Claims = Claims + other.Claims,
        CouponsLocked = CouponsLocked + other.CouponsLocked,
        CouponsRedeemed = CouponsRedeemed + other.CouponsRedeemed,
    };
}

/// <summary>All of it is answered by the indexes Orders_Figures and Coupons_Figures alone.</summary>
internal static class FiguresSql
{
    internal const string OrderSums =
        "COUNT(*) AS OrdersPlaced, " +
        "SUM(CASE WHEN Status = 'Cancelled' THEN 1 ELSE 0 END) AS OrdersCancelled, " +
        "SUM(CASE WHEN WasPaid = 1 THEN 1 ELSE 0 END) AS Orders, " +
        "COUNT(DISTINCT CASE WHEN WasPaid = 1 THEN CustomerId END) AS Buyers, " +
        "SUM(CASE WHEN WasPaid = 1 THEN PayableMinor ELSE 0 END) AS GrossMinor, " +
        "SUM(RefundedMinor) AS RefundedMinor, " +
        $"SUM(CASE WHEN {SpentCoupon} THEN 1 ELSE 0 END) AS PaidOrdersWithCoupon, " +
        $"SUM(CASE WHEN {SpentCoupon} THEN DiscountMinor ELSE 0 END) AS CouponDiscountMinor, " +
        "SUM(CASE WHEN WasPaid = 1 AND GuideId IS NOT NULL THEN 1 ELSE 0 END) AS GuideOrders, " +
        "SUM(CASE WHEN WasPaid = 1 AND GuideId IS NOT NULL THEN PayableMinor ELSE 0 END) AS GuideGrossMinor";

    internal const string CouponSums =
        "COUNT(*) AS Claims, " +
        "SUM(CASE WHEN State = 'Locked' THEN 1 ELSE 0 END) AS CouponsLocked, " +
        "SUM(CASE WHEN State = 'Redeemed' THEN 1 ELSE 0 END) AS CouponsRedeemed";

    private const string SpentCoupon = "WasPaid = 1 AND IsCouponSpent = 1";
    private const string Placed = "PlacedAt >= @From AND PlacedAt < @To";

    // A coupon whose use was heard of before its claim has no ClaimedMicros, is in no period and waits for it.
    private const string Claimed = "ClaimedMicros >= @FromMicros AND ClaimedMicros < @ToMicros";

    internal const string OrdersByPath = $"SELECT Path, {OrderSums} FROM Orders WHERE {Sql.InScope} AND {Placed} GROUP BY Path";
    internal const string CouponsByPath = $"SELECT Path, {CouponSums} FROM Coupons WHERE {Sql.InScope} AND {Claimed} GROUP BY Path";
    internal const string Buyers = $"SELECT COUNT(DISTINCT CustomerId) FROM Orders WHERE {Sql.InScope} AND {Placed} AND WasPaid = 1";
    internal const string OrdersOfSession = $"SELECT {OrderSums} FROM Orders WHERE Path = @Path AND SessionId = @Id AND {Placed}";
    internal const string CouponsOfSession = $"SELECT {CouponSums} FROM Coupons WHERE Path = @Path AND SessionId = @Id AND {Claimed}";
}

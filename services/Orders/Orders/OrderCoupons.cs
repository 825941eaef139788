using LiveCommerce.Data;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Orders;

/// <summary>What became of the coupons that orders name. Orders without coupons, most of them, cost nothing.</summary>
internal static class OrderCoupons
{
    public static async Task<IReadOnlyList<CouponUseRow>> Read(UnitOfWork work, OrderRow order) =>
        order.HasCoupons ? await work.Query<CouponUseRow>(CouponUseSql.OfOrders, Of([order])) : [];

    public static async Task<IReadOnlyList<CouponUseRow>> Read(OrdersDb db, IEnumerable<OrderRow> orders, CancellationToken ct)
    {
        var with = orders.Where(o => o.HasCoupons).ToList();
        return with.Count > 0 ? await db.Query<CouponUseRow>(CouponUseSql.OfOrders, Of(with), ct) : [];
    }

    private static object Of(IEnumerable<OrderRow> orders) => new { Ids = Sql.Json(orders.Select(o => o.Id)) };
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;
using LiveCommerce.Orders.Orders;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>
/// Counts claims, and credits orders whose coupons' claims come late. A hot stream: two statements, however many claims; only
/// those that something was heard of before, as <see cref="CouponSql"/> says, take more.
/// </summary>
internal sealed class OnCouponsClaimed(OrdersDb db, BusOptions bus) : Reaction(db, bus), IConsumer<CouponsClaimed>
{
    public Task Consume(ConsumeContext<CouponsClaimed> context) => React(context, Apply);

    private static async Task Apply(CouponsClaimed claimed, UnitOfWork work)
    {
        var distinct = claimed.Claims.DistinctBy(c => c.CouponId).ToList();
        var moved = await MovedUnits.Now(work, distinct.Select(c => c.UnitPath));
        if (moved.Count > 0) distinct = [.. distinct.Select(c => c with { UnitPath = moved.GetValueOrDefault(c.UnitPath, c.UnitPath) })];
        var args = new { Rows = CouponSql.ClaimRows(distinct) };
        if (await work.Execute(CouponSql.InsertClaimed, args) == distinct.Count) return;
        if (await work.Execute(CouponSql.FillIn, args) == 0) return;
        // An order may be coming at this moment; it looks for the claim after it is written, as this looks for it.
        var ids = new { Ids = Sql.Json(distinct.Select(c => c.CouponId)) };
        if (await work.Execute(CouponUseSql.LockByCoupons, ids) == 0 || await work.Execute(OrderSql.LockByCoupons, ids) == 0) return;
        var orders = await work.Query<OrderRow>(OrderSql.ByCoupons, ids);
        // An order weighs the claims of all its coupons, this message's and those that came before.
        var claims = (await work.Query<CouponRow>(CouponSql.ClaimsById, new { Ids = Sql.Json(orders.SelectMany(o => o.Coupons).Distinct()) })).ToDictionary(c => c.Id);
        foreach (var order in orders) await AttributeOrder.Again(work, order, order.Coupons.Where(claims.ContainsKey).Select(id => claims[id]));
    }
}

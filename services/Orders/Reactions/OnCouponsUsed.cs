using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;
using LiveCommerce.Orders.Orders;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>
/// Keeps where each coupon stands, and what became of those an order names. A hot stream: few statements, however many uses.
/// </summary>
internal sealed class OnCouponsUsed(OrdersDb db, BusOptions bus) : Reaction(db, bus),
    IConsumer<CouponsLocked>, IConsumer<CouponsRedeemed>, IConsumer<CouponsReleased>, IConsumer<CouponsRolledBack>, IConsumer<CouponsRefundedInPart>,
    IConsumer<CouponsRefused>, IConsumer<CouponVoided>
{
    public Task Consume(ConsumeContext<CouponsLocked> context) => React(context, (m, work) => Apply(m.Uses, CouponState.Locked, work));

    public Task Consume(ConsumeContext<CouponsRedeemed> context) => React(context, (m, work) => Apply(m.Uses, CouponState.Redeemed, work));

    public Task Consume(ConsumeContext<CouponsReleased> context) => React(context, (m, work) => Apply(m.Uses, CouponState.Released, work));

    public Task Consume(ConsumeContext<CouponsRolledBack> context) => React(context, (m, work) => Apply(m.Uses, CouponState.RolledBack, work));

    /// <summary>Spent it stays.</summary>
    public Task Consume(ConsumeContext<CouponsRefundedInPart> context) => React(context, (m, work) => Apply(m.Uses, CouponState.Redeemed, work));

    public Task Consume(ConsumeContext<CouponsRefused> context) => React(context, Refuse);

    /// <summary>What an order did with it is told by that use's own event.</summary>
    public Task Consume(ConsumeContext<CouponVoided> context) =>
        React(context, (m, work) => MoveCoupons([new CouponMove(m.CouponId, m.Version)], CouponState.Voided, work));

    private static async Task Apply(IReadOnlyList<CouponUse> uses, CouponState state, UnitOfWork work)
    {
        await MoveCoupons(uses.Select(u => new CouponMove(u.CouponId, u.Version)), state, work);
        // What commits together may hold a coupon twice; only its newest use by an order counts.
        var newest = uses.GroupBy(u => (u.OrderId, u.CouponId)).Select(g => new UseMove(g.Key.OrderId, g.Key.CouponId, g.Max(u => u.Version))).ToList();
        var args = new { Rows = Sql.Json(newest), State = state.ToString() };
        // Written before the order is looked for, which may be coming at this moment and looks for them likewise.
        if (await work.Execute(CouponUseSql.Move, args) < newest.Count) await work.Execute(CouponUseSql.InsertMoved, args);
        await work.Execute(OrderSql.CountCoupons, new { Ids = Sql.Json(newest.Select(u => u.OrderId).Distinct()) });
    }

    private static async Task MoveCoupons(IEnumerable<CouponMove> moves, CouponState state, UnitOfWork work)
    {
        var newest = moves.GroupBy(m => m.CouponId).Select(g => g.MaxBy(m => m.Version)).ToList();
        var args = new { Rows = Sql.Json(newest), State = state.ToString() };
        if (await work.Execute(CouponSql.Move, args) < newest.Count) await work.Execute(CouponSql.InsertMoved, args);
    }

    private static async Task Refuse(CouponsRefused refused, UnitOfWork work)
    {
        var named = refused.Coupons.DistinctBy(c => c.CouponId).Select(c => new RefusedUse(refused.OrderId, c.CouponId, refused.OrderVersion, c.Code)).ToList();
        var args = new { Rows = Sql.Json(named) };
        if (await work.Execute(CouponUseSql.Refuse, args) < named.Count) await work.Execute(CouponUseSql.InsertRefused, args);
    }

    private sealed record CouponMove(Guid CouponId, long Version);

    private sealed record UseMove(Guid OrderId, Guid CouponId, long Version);

    private sealed record RefusedUse(Guid OrderId, Guid CouponId, long Version, string Code);
}

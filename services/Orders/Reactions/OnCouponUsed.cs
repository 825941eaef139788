using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Keeps where each coupon stands, and what became of the one an order names.</summary>
internal sealed class OnCouponUsed(OrdersDb db, BusOptions bus) : Reaction(db, bus),
    IConsumer<CouponLocked>, IConsumer<CouponRedeemed>, IConsumer<CouponReleased>, IConsumer<CouponRolledBack>, IConsumer<CouponRefused>
{
    public Task Consume(ConsumeContext<CouponLocked> context) => React(context, (m, work) => Apply(m.Use, CouponState.Locked, work));

    public Task Consume(ConsumeContext<CouponRedeemed> context) => React(context, (m, work) => Apply(m.Use, CouponState.Redeemed, work));

    public Task Consume(ConsumeContext<CouponReleased> context) => React(context, (m, work) => Apply(m.Use, CouponState.Released, work));

    public Task Consume(ConsumeContext<CouponRolledBack> context) => React(context, (m, work) => Apply(m.Use, CouponState.RolledBack, work));

    public Task Consume(ConsumeContext<CouponRefused> context) => React(context, Refuse);

    private static async Task Apply(CouponUse use, CouponState state, UnitOfWork work)
    {
        var coupon = new { Id = use.CouponId, use.Version, State = state.ToString(), Path = use.UnitPath, use.SessionId, use.CustomerId };
        if (await work.Execute(CouponSql.Move, coupon) == 0 && await work.Scalar<long?>(CouponSql.VersionById, coupon) is null)
            await work.Execute(CouponSql.Insert, coupon);
        await Keep(work, CouponUseSql.Move, new UseRow(use.OrderId, use.CouponId, use.Version, state.ToString(), 0, null));
    }

    private static Task Refuse(CouponRefused refused, UnitOfWork work) =>
        Keep(work, CouponUseSql.Refuse, new UseRow(refused.OrderId, refused.CouponId, 0, null, refused.OrderVersion, refused.Code));

    /// <summary>Written before the order is looked for, which may be coming at this moment and looks for it likewise.</summary>
    private static async Task Keep(UnitOfWork work, string update, UseRow use)
    {
        if (await work.Execute(update, use) == 0)
        {
            if (await work.Scalar<long>(CouponUseSql.Exists, use) > 0) return;
            await work.Execute(CouponUseSql.Insert, use);
        }
        await work.Execute(CouponUseSql.CopyToOrder, use);
    }

    private sealed record UseRow(Guid OrderId, Guid CouponId, long Version, string? State, long RefusalVersion, string? Refusal);
}

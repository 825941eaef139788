using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;
using LiveCommerce.Orders.Metrics;
using LiveCommerce.Orders.Orders;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Counts claims, and credits orders whose coupon's claim comes late. A hot stream: few statements, however many claims.</summary>
internal sealed class OnCouponsClaimed(OrdersDb db, BusOptions bus) : Reaction(db, bus), IConsumer<CouponsClaimed>
{
    public Task Consume(ConsumeContext<CouponsClaimed> context) => React(context, Apply);

    private static async Task Apply(CouponsClaimed claimed, UnitOfWork work)
    {
        var rows = claimed.Claims.DistinctBy(c => c.CouponId).Select(ClaimRow.Of).ToList();
        var ids = new { Ids = Sql.Json(rows.Select(r => r.Id)) };
        var known = (await work.Query<Guid>(CouponSql.Known, ids)).ToHashSet();
        await work.Execute(CouponSql.InsertMany, new { Rows = Sql.Json(known.Count == 0 ? rows : rows.Where(r => !known.Contains(r.Id))) });
        foreach (var row in rows.Where(r => known.Contains(r.Id))) await work.Execute(CouponSql.FillIn, row);
        // An order may be coming at this moment; it looks for the claim after it is written, as this looks for it.
        if (await work.Execute(OrderSql.LockByCoupons, ids) == 0) return;
        var claims = (await work.Query<CouponRow>(CouponSql.ClaimsById, ids)).ToDictionary(c => c.Id);
        foreach (var order in await work.Query<OrderRow>(OrderSql.ByCoupons, ids)) await AttributeOrder.Again(work, order, claims[order.CouponId!.Value]);
    }

    private sealed record ClaimRow(Guid Id, string Path, Guid? SessionId, Guid? ChannelId, string? GuideId, string CustomerId, long ClaimedMicros)
    {
        public static ClaimRow Of(ClaimedCoupon claim) => new(
            claim.CouponId, claim.UnitPath, claim.SessionId, claim.ChannelId, claim.GuideId, claim.CustomerId, claim.ClaimedAt.ToMicros());
    }
}

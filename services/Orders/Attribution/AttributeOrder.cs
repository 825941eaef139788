using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Orders.Orders;

namespace LiveCommerce.Orders.Attribution;

/// <summary>What tied an order to the unit it is credited to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttributedBy>))]
internal enum AttributedBy
{
    Explicit,
    Claim,
    Shop,
}

/// <summary>
/// One order, one owner: the session the order names, else the session one of its coupons was claimed through, else the
/// shop's own unit. Channel and guide are the order's own, else the claim's. Of several coupons, in the order's own
/// sequence, the first whose claim names a session speaks; if none does, the first whose claim is known.
/// </summary>
internal static class AttributeOrder
{
    /// <param name="order">With <see cref="OrderRow.Path"/> at the owner of the session it names, if it names one.</param>
    /// <param name="known">The claims of the order's coupons that are known, in any order.</param>
    public static OrderRow To(OrderRow order, IEnumerable<CouponRow> known)
    {
        if (Speaking(order, known) is not { } claim) return order;
        order = order with { ChannelId = order.AskedChannelId ?? claim.ChannelId, GuideId = order.AskedGuideId ?? claim.GuideId };
        return order.AttributedBy == AttributedBy.Explicit || claim.SessionId is null
            ? order
            : order with { AttributedBy = AttributedBy.Claim, SessionId = claim.SessionId, Path = claim.Path };
    }

    /// <summary>Claims came after the order: credits it anew, as if they had come before, and tells so.</summary>
    /// <param name="known">All the claims of the order's coupons that are known by now.</param>
    public static async Task<OrderRow> Again(UnitOfWork work, OrderRow order, IEnumerable<CouponRow> known)
    {
        var next = To(order, known);
        if (next == order) return order;
        next = next with { Version = order.Version + 1 };
        await work.Execute(OrderSql.Update, next.ToParameters());
        OrderNews.Tell(work, next);
        return next;
    }

    public static string Explain(AttributedBy by) => by switch
    {
        AttributedBy.Explicit => "The order names the session; its owner is credited.",
        AttributedBy.Claim => "The order names no session, but a coupon of it was claimed through one; that session's owner is credited.",
        _ => "Neither the order nor a claim of its coupons names a session; the shop's own unit is credited.",
    };

    private static CouponRow? Speaking(OrderRow order, IEnumerable<CouponRow> known)
    {
        // A coupon's id proves nothing: somebody else's claim, or another tenant's, earns nobody credit.
        var own = known.Where(c => c.CustomerId == order.CustomerId && UnitPath.SameChain(order.ShopPath, c.Path)).ToDictionary(c => c.Id);
        var claims = order.Coupons.Where(own.ContainsKey).Select(id => own[id]).ToList();
        return claims.FirstOrDefault(c => c.SessionId is not null) ?? claims.FirstOrDefault();
    }
}

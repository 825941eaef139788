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
/// One order, one owner: the session the order names, else the session its coupon was claimed through, else the shop's
/// own unit. Channel and guide are the order's own, else the claim's.
/// </summary>
internal static class AttributeOrder
{
    /// <param name="order">With <see cref="OrderRow.Path"/> at the owner of the session it names, if it names one.</param>
    /// <param name="claim">The claim of the order's coupon, if known.</param>
    public static OrderRow To(OrderRow order, CouponRow? claim)
    {
        // A coupon's id proves nothing: somebody else's claim, or another tenant's, earns nobody credit.
        if (claim is null || claim.CustomerId != order.CustomerId || !UnitPath.SameChain(order.ShopPath, claim.Path)) return order;
        order = order with { ChannelId = order.AskedChannelId ?? claim.ChannelId, GuideId = order.AskedGuideId ?? claim.GuideId };
        return order.AttributedBy == AttributedBy.Explicit || claim.SessionId is null
            ? order
            : order with { AttributedBy = AttributedBy.Claim, SessionId = claim.SessionId, Path = claim.Path };
    }

    /// <summary>The claim came after the order: credits it anew, as if it had come before, and tells so.</summary>
    public static async Task<OrderRow> Again(UnitOfWork work, OrderRow order, CouponRow claim)
    {
        var next = To(order, claim);
        if (next == order) return order;
        next = next with { Version = order.Version + 1 };
        await work.Execute(OrderSql.Update, next.ToParameters());
        OrderNews.Tell(work, next);
        return next;
    }

    public static string Explain(AttributedBy by) => by switch
    {
        AttributedBy.Explicit => "The order names the session; its owner is credited.",
        AttributedBy.Claim => "The order names no session, but its coupon was claimed through one; that session's owner is credited.",
        _ => "Neither the order nor a claim of its coupon names a session; the shop's own unit is credited.",
    };
}

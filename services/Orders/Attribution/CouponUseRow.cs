using System.Text.Json.Serialization;
using LiveCommerce.Data;

namespace LiveCommerce.Orders.Attribution;

/// <summary>What one order did with one coupon it names.</summary>
internal sealed record CouponUseRow
{
    public Guid OrderId { get; init; }

    public Guid CouponId { get; init; }

    /// <summary>The newest use of the coupon by this order; null before the first.</summary>
    public CouponState? State { get; init; }

    /// <summary>The order's version that was refused; 0 for none.</summary>
    public long RefusalVersion { get; init; }

    public string? Refusal { get; init; }
}

/// <summary>What became of a coupon an order names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CouponStatus>))]
internal enum CouponStatus
{
    /// <summary>Not answered yet.</summary>
    Requested,
    Locked,
    Redeemed,
    Released,
    RolledBack,
    Refused,
}

/// <summary>
/// One coupon an order names. An order gets all its coupons or none: if one is refused all of them are, and those that were
/// not in the way themselves say <c>coupon.refused_together</c>.
/// </summary>
/// <param name="CouponId">As the order names it.</param>
/// <param name="Status">By the newest that was heard of it.</param>
/// <param name="Refusal">Why it was refused: <c>coupon.already_locked</c>, … Only with Refused.</param>
internal sealed record CouponView(Guid CouponId, CouponStatus Status, string? Refusal)
{
    internal const string RefusedTogether = "coupon.refused_together";

    /// <param name="couponIds">As the order names them.</param>
    /// <param name="uses">What is known of them, in any order.</param>
    public static IReadOnlyList<CouponView> Of(IReadOnlyList<Guid> couponIds, IReadOnlyList<CouponUseRow> uses)
    {
        // An order can be refused again for another reason; only the newest refusal still says anything.
        var refused = uses.Select(u => u.RefusalVersion).DefaultIfEmpty().Max();
        return [.. couponIds.Select(id => Of(id, uses.FirstOrDefault(u => u.CouponId == id), refused))];
    }

    /// <summary>A coupon that is held or spent wins over an earlier refusal; one that was given back does not.</summary>
    private static CouponView Of(Guid id, CouponUseRow? use, long refused) => use?.State switch
    {
        CouponState.Locked => new(id, CouponStatus.Locked, null),
        CouponState.Redeemed => new(id, CouponStatus.Redeemed, null),
        CouponState.RolledBack => new(id, CouponStatus.RolledBack, null),
        _ when refused > 0 => new(id, CouponStatus.Refused, use?.RefusalVersion == refused ? use.Refusal : RefusedTogether),
        CouponState.Released => new(id, CouponStatus.Released, null),
        _ => new(id, CouponStatus.Requested, null),
    };
}

/// <summary>What orders did with coupons; may be heard of before the order, which then does not name them yet.</summary>
internal static class CouponUseSql
{
    private const string Keys = $"{Sql.Field}(value, '$.OrderId') AS OrderId, {Sql.Field}(value, '$.CouponId') AS CouponId";

    private const string Given = $"SELECT {Keys}, {Sql.Field}(value, '$.Version') AS Version FROM {Sql.Rows}";

    private const string GivenRefusals =
        $"SELECT {Keys}, {Sql.Field}(value, '$.Version') AS Version, {Sql.Field}(value, '$.Code') AS Code FROM {Sql.Rows}";

    private const string IsNew = "NOT EXISTS (SELECT 1 FROM CouponUses u WHERE u.OrderId = r.OrderId AND u.CouponId = r.CouponId)";

    internal const string Move =
        $"UPDATE CouponUses SET Version = r.Version, State = @State FROM ({Given}) AS r " +
        "WHERE CouponUses.OrderId = r.OrderId AND CouponUses.CouponId = r.CouponId AND CouponUses.Version < r.Version";

    internal const string InsertMoved =
        "INSERT INTO CouponUses (OrderId, CouponId, Version, State, RefusalVersion, IsNamed) " +
        $"SELECT r.OrderId, r.CouponId, r.Version, @State, 0, 0 FROM ({Given}) AS r WHERE {IsNew}";

    internal const string Refuse =
        $"UPDATE CouponUses SET RefusalVersion = r.Version, Refusal = r.Code FROM ({GivenRefusals}) AS r " +
        "WHERE CouponUses.OrderId = r.OrderId AND CouponUses.CouponId = r.CouponId AND CouponUses.RefusalVersion < r.Version";

    internal const string InsertRefused =
        "INSERT INTO CouponUses (OrderId, CouponId, Version, RefusalVersion, Refusal, IsNamed) " +
        $"SELECT r.OrderId, r.CouponId, 0, r.Version, r.Code, 0 FROM ({GivenRefusals}) AS r WHERE {IsNew}";

    /// <summary>Those of an order that just came; the row count tells whether any had been heard of before.</summary>
    internal const string InsertNamed =
        "INSERT INTO CouponUses (OrderId, CouponId, Version, RefusalVersion, IsNamed) " +
        $"SELECT r.OrderId, r.CouponId, 0, 0, 1 FROM (SELECT {Keys} FROM {Sql.Rows}) AS r WHERE {IsNew}";

    internal const string Name = $"UPDATE CouponUses SET IsNamed = 1 WHERE OrderId = @OrderId AND CouponId IN {Sql.Ids}";

    /// <summary>The row count says whether any order names these coupons; one that is just coming is waited for.</summary>
    internal const string LockByCoupons = $"UPDATE CouponUses SET Version = Version WHERE CouponId IN {Sql.Ids} AND IsNamed = 1";

    internal const string OfOrders =
        $"SELECT OrderId, CouponId, State, RefusalVersion, Refusal FROM CouponUses WHERE OrderId IN {Sql.Ids} AND IsNamed = 1";
}

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>What is stored about a coupon. What the clock decides is derived: see <see cref="Claims.CouponStatus"/>.</summary>
internal enum CouponState
{
    /// <summary>In no order's hands.</summary>
    Free,
    Locked,
    Redeemed,

    /// <summary>Taken back on purpose; for good.</summary>
    Voided,
}

internal enum CouponMove
{
    Lock,
    Redeem,
    Release,
    RollBack,
}

/// <summary>Every legal move of a coupon, and with it of its use by an order. A pair that is not here is refused.</summary>
internal static class CouponLifecycle
{
    private static readonly Dictionary<(CouponState From, CouponMove Move), CouponState> Moves = new()
    {
        [(CouponState.Free, CouponMove.Lock)] = CouponState.Locked,
        [(CouponState.Locked, CouponMove.Redeem)] = CouponState.Redeemed,
        [(CouponState.Locked, CouponMove.Release)] = CouponState.Free,
        [(CouponState.Redeemed, CouponMove.RollBack)] = CouponState.Free,
    };

    /// <summary>Null: illegal.</summary>
    public static CouponState? Next(CouponState from, CouponMove move) => Moves.TryGetValue((from, move), out var to) ? to : null;

    /// <summary>What the use by an order is after a move.</summary>
    public static RedemptionStatus StatusAfter(CouponMove move) => move switch
    {
        CouponMove.Lock => RedemptionStatus.Locked,
        CouponMove.Redeem => RedemptionStatus.Redeemed,
        CouponMove.Release => RedemptionStatus.Released,
        CouponMove.RollBack => RedemptionStatus.RolledBack,
        _ => throw new InvalidOperationException($"No status after {move}."),
    };
}

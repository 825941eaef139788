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

using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>A lock's deadline has passed: the coupon is free again.</summary>
internal sealed class LapseLock : IDueWork
{
    internal const string WorkKind = "coupon-lock";

    public string Kind => WorkKind;

    internal static string KeyOf(Guid orderId) => orderId.ToString("D");

    public async Task Carry(UnitOfWork work, string key)
    {
        var orderId = Guid.ParseExact(key, "D");
        // Taking the coupon in hand is what lets a lock lapse, if that is still due.
        if (await work.Find<RedemptionRow>(RedemptionSql.ByOrder, new { OrderId = orderId }) is { Status: RedemptionStatus.Locked } redemption)
            await HeldCoupon.Take(work, redemption.CouponId);
    }
}

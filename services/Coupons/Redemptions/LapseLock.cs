using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>A lock's deadline has passed: the coupons are free again.</summary>
internal sealed class LapseLock(KnownCampaigns campaigns) : IDueWork
{
    internal const string WorkKind = "coupon-lock";

    public string Kind => WorkKind;

    internal static string KeyOf(Guid orderId) => orderId.ToString("D");

    public async Task Carry(UnitOfWork work, string key)
    {
        // Taking them in hand is what lets a lock lapse, if that is still due.
        var held = await HeldCoupons.Take(work, campaigns, [Guid.ParseExact(key, "D")], []);
        await held.Write();
    }
}

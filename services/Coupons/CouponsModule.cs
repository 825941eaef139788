using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.Coupons;

/// <summary>The service's own database.</summary>
internal sealed class CouponsDb(ServiceDbSetup setup) : ServiceDb("coupons", setup);

/// <summary>Table of contents.</summary>
public sealed class CouponsModule : IServiceModule
{
    public string Name => "coupons";

    public string Summary => "Campaigns whose windows move with their session, coupons claimed from them, and their use by orders.";

    public IReadOnlyList<Type> Reactions => [typeof(OnUnitChanged), typeof(OnSessionChanged), typeof(OnOrderChanged)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<CouponsDb>(typeof(LapseLock))
        .AddSingleton<KnownCampaigns>()
        .AddSingleton<CreateCampaignHandler>()
        .AddSingleton<EditCampaignHandler>()
        .AddSingleton<StartCampaignHandler>()
        .AddSingleton<StopCampaignHandler>()
        .AddSingleton<RepublishCampaignsHandler>()
        .AddSingleton<ClaimCouponHandler>()
        .AddSingleton<LockCouponHandler>()
        .AddSingleton<RedeemCouponHandler>()
        .AddSingleton<ReleaseCouponHandler>()
        .AddSingleton<RollBackCouponHandler>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        CreateCampaign.Map(routes);
        EditCampaign.Map(routes);
        StartCampaign.Map(routes);
        StopCampaign.Map(routes);
        ReadCampaigns.Map(routes);
        RepublishCampaigns.Map(routes);
        ClaimCoupon.Map(routes);
        ReadCoupons.Map(routes);
        LockCoupon.Map(routes);
        RedeemCoupon.Map(routes);
        ReleaseCoupon.Map(routes);
        RollBackCoupon.Map(routes);
    }
}

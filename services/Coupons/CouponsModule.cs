using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Codes;
using LiveCommerce.Coupons.Exports;
using LiveCommerce.Coupons.Figures;
using LiveCommerce.Coupons.Issues;
using LiveCommerce.Coupons.Quotas;
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

    public string Summary => "Campaigns whose windows move with their session, quotas down the tree, claims, codes and lists of customers, carts, their use by orders, and figures.";

    public IReadOnlyList<Type> Reactions =>
        [typeof(OnAccessChanged), typeof(OnUnitChanged), typeof(OnSessionChanged), typeof(OnProductsChanged), typeof(OnOrderChanged), typeof(OnMandateChanged)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<CouponsDb>(typeof(LapseLock), typeof(CarryIssue), typeof(MovedRows))
        .AddSingleton<KnownCampaigns>()
        .AddSingleton<CreateCampaignHandler>()
        .AddSingleton<EditCampaignHandler>()
        .AddSingleton<MoveCampaignHandler>()
        .AddSingleton<RepublishCampaignsHandler>()
        .AddSingleton<AllocateQuotaHandler>()
        .AddSingleton<TakeBackQuotaHandler>()
        .AddSingleton<Claiming>()
        .AddSingleton<ClaimCouponHandler>()
        .AddSingleton<KnownCodes>()
        .AddSingleton<CreateCodeBatchHandler>()
        .AddSingleton<DownloadCodesHandler>()
        .AddSingleton<CloseCodeBatchHandler>()
        .AddSingleton<IssueCouponsHandler>()
        .AddSingleton<CancelIssueHandler>()
        .AddSingleton<UseCouponsHandler>()
        .AddSingleton<VoidCouponHandler>()
        .AddSingleton<EvaluateCartHandler>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        CreateCampaign.Map(routes);
        EditCampaign.Map(routes);
        MoveCampaign.Map(routes);
        ReadCampaigns.Map(routes);
        RepublishCampaigns.Map(routes);
        AllocateQuota.Map(routes);
        TakeBackQuota.Map(routes);
        ReadQuotas.Map(routes);
        ClaimCoupon.Map(routes);
        ReadCoupons.Map(routes);
        VoidCoupon.Map(routes);
        CreateCodeBatch.Map(routes);
        ReadCodeBatches.Map(routes);
        DownloadCodes.Map(routes);
        CloseCodeBatch.Map(routes);
        IssueCoupons.Map(routes);
        ReadIssues.Map(routes);
        CancelIssue.Map(routes);
        ExportCoupons.Map(routes);
        ExportRedemptions.Map(routes);
        LockCoupons.Map(routes);
        RedeemCoupons.Map(routes);
        ReleaseCoupons.Map(routes);
        RollBackCoupons.Map(routes);
        EvaluateCart.Map(routes);
        ReadFigures.Map(routes);
        ReadRefusals.Map(routes);
        VerifyFigures.Map(routes);
    }
}

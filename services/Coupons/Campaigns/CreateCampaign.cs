using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>A batch of coupons, as a draft.</summary>
internal static class CreateCampaign
{
    /// <param name="Name">For people.</param>
    /// <param name="OwnerUnitId">Within the caller's reach; its currency holds.</param>
    /// <param name="Benefit">What a coupon takes off.</param>
    /// <param name="Stock">Coupons in all, 1 to 1,000,000,000.</param>
    /// <param name="PerCustomerLimit">Coupons one customer may claim, 1 to 1,000.</param>
    /// <param name="ClaimWindow">When coupons may be claimed.</param>
    /// <param name="RedemptionWindow">When they may be spent.</param>
    /// <param name="SessionId">What relative windows hang on.</param>
    /// <param name="LockMinutes">How long an order may hold a coupon unpaid, 1 to 1,440.</param>
    internal sealed record Request(
        string Name,
        Guid OwnerUnitId,
        Benefit Benefit,
        long Stock,
        int PerCustomerLimit,
        WindowRule ClaimWindow,
        WindowRule RedemptionWindow,
        Guid? SessionId = null,
        int LockMinutes = CampaignTerms.DefaultLockMinutes) : IValidated
    {
        public void Validate(Faults faults) => Terms.Validate(faults);

        internal CampaignTerms Terms => new(Name, Benefit, Stock, PerCustomerLimit, ClaimWindow, RedemptionWindow, SessionId, LockMinutes);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns", async (Body<Request> body, Caller caller, CreateCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(CreateCampaign), "Creates a campaign as a draft.")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request(
            "Opening night: 30 off 300", Guid.Empty, CampaignTerms.Example.Benefit, 10_000, 1,
            CampaignTerms.Example.ClaimWindow, CampaignTerms.Example.RedemptionWindow, Guid.Empty))
        .Gives<CampaignView>(StatusCodes.Status201Created)
        .Rejects(CampaignRejections.UnitNotFound, CampaignRejections.SessionUnknown);
}

internal sealed class CreateCampaignHandler(CouponsDb db, TimeProvider clock)
{
    public Task<Result<CampaignView>> Handle(Caller caller, CreateCampaign.Request body, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.ById, new { Id = body.OwnerUnitId }) is not { } unit || !caller.Covers(unit.Path))
                return CampaignRejections.UnitNotFound.Because($"No unit {body.OwnerUnitId}.");
            var bound = await body.Terms.BindSession(work, unit.Path);
            if (bound.Rejection is { } unbound) return unbound;
            var campaign = new Campaign
            {
                Id = clock.NewId(),
                Version = 1,
                ChangedAt = work.Now,
                Name = body.Name,
                Status = CampaignStatus.Draft,
                OwnerUnitId = unit.Id,
                Path = unit.Path,
                SessionId = body.SessionId,
                Session = bound.Value.Session,
                Currency = unit.Currency,
                Benefit = body.Benefit,
                ClaimWindow = body.ClaimWindow,
                RedemptionWindow = body.RedemptionWindow,
                LockMinutes = body.LockMinutes,
                PerCustomerLimit = body.PerCustomerLimit,
                Stock = body.Stock,
            };
            if (campaign.CheckWindows(work.Now) is { } misfit) return misfit;
            await work.Execute(CampaignSql.Insert, campaign.ToParameters());
            work.Publish(campaign.ToEvent());
            return campaign.ToView(claimed: 0, work.Now);
        }, ct);
}

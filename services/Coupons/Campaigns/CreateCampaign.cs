using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>A batch of coupons, as a draft.</summary>
internal static class CreateCampaign
{
    internal sealed record Request : CampaignTerms
    {
        /// <summary>Within the caller's reach; its currency and its days hold.</summary>
        public required Guid OwnerUnitId { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns", async (Body<Request> body, Caller caller, CreateCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(CreateCampaign), "Creates a campaign as a draft.")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request
        {
            OwnerUnitId = Guid.Empty,
            Name = "Opening night: 30 off 300, 80 off 600",
            Benefit = EditCampaign.Example.Benefit,
            Stock = EditCampaign.Example.Stock,
            PerCustomerLimit = EditCampaign.Example.PerCustomerLimit,
            ClaimWindow = EditCampaign.Example.ClaimWindow,
            RedemptionWindow = EditCampaign.Example.RedemptionWindow,
            SessionId = Guid.Empty,
        })
        .Gives<CampaignView>(StatusCodes.Status201Created)
        .Rejects(CampaignRejections.UnitNotFound, UnitRejections.Inactive, CampaignRejections.SessionUnknown);
}

internal sealed class CreateCampaignHandler(CouponsDb db, TimeProvider clock)
{
    public Task<Result<CampaignView>> Handle(Caller caller, CreateCampaign.Request body, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.ById, new { Id = body.OwnerUnitId }) is not { } unit || !caller.Covers(unit.Path))
                return CampaignRejections.UnitNotFound.Because($"No unit {body.OwnerUnitId}.");
            if (await UnitRejections.UnlessActive(work, unit.Path) is { } inactive) return inactive;
            var bound = await body.BindSession(work, unit.Path);
            if (bound.Rejection is { } unbound) return unbound;
            var campaign = new Campaign
            {
                Id = clock.NewId(),
                Version = 1,
                ChangedAt = work.Now,
                Status = CampaignStatus.Draft,
                OwnerUnitId = unit.Id,
                Path = unit.Path,
                Currency = unit.Currency,
                TimeZone = unit.TimeZone,
                Session = bound.Value.Session,
                Terms = body,
            };
            if (campaign.CheckWindows(work.Now) is { } misfit) return misfit;
            await work.Execute(CampaignSql.Insert, campaign.ToParameters());
            await work.Execute(QuotaSql.InsertRoot, new { CampaignId = campaign.Id, NodeKey = QuotaNode.KeyOfUnit(unit.Path), unit.Path, body.Stock, BudgetMinor = body.BudgetMinor ?? 0 });
            work.Publish(campaign.ToEvent());
            return campaign.ToView(new CampaignCount(), work.Now);
        }, ct);
}

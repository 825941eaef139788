using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Everything about a draft but its owner.</summary>
internal static class EditCampaign
{
    internal sealed record Request(
        string Name,
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
        .MapPut("/campaigns/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditCampaign), "Changes a draft: everything but its owner.")
        .Allow(Permission.ManageCampaigns).Conditional()
        .Example(new Request(
            "Opening night: 30 off 300", CampaignTerms.Example.Benefit, 20_000, 1,
            CampaignTerms.Example.ClaimWindow, CampaignTerms.Example.RedemptionWindow, Guid.Empty))
        .Gives<CampaignView>()
        .Rejects(CampaignRejections.NotFound, CampaignRejections.NotEditable, CampaignRejections.SessionUnknown);
}

internal sealed class EditCampaignHandler(CouponsDb db)
{
    public Task<Result<CampaignView>> Handle(Caller caller, Guid id, IfMatch ifMatch, EditCampaign.Request body, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, async work =>
        {
            if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }) is not { } row || !caller.Covers(row.Path))
                return CampaignRejections.Unknown(id);
            if (ifMatch.Check(row.Version) is { } stale) return stale;
            if (row.Status != CampaignStatus.Draft) return CampaignRejections.NotEditable.Because($"The campaign is {row.Status}.");
            var bound = await body.Terms.BindSession(work, row.Path);
            if (bound.Rejection is { } unbound) return unbound;
            var campaign = row.Parse() with
            {
                Version = row.Version + 1,
                ChangedAt = work.Now,
                Name = body.Name,
                SessionId = body.SessionId,
                Session = bound.Value.Session,
                Benefit = body.Benefit,
                ClaimWindow = body.ClaimWindow,
                RedemptionWindow = body.RedemptionWindow,
                LockMinutes = body.LockMinutes,
                PerCustomerLimit = body.PerCustomerLimit,
                Stock = body.Stock,
            };
            if (campaign.CheckWindows(work.Now) is { } misfit) return misfit;
            if (await work.Execute(CampaignSql.Edit, campaign.ToParameters()) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            work.Publish(campaign.ToEvent());
            return campaign.ToView(row.Claimed, work.Now);
        }, ct);
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>
/// Changes a campaign's terms, as far as its status allows. What was promised with a coupon (its benefit, where and when it can
/// be spent) is fixed once the campaign leaves draft, so that an edit never touches a coupon in a customer's hands; stock and
/// budget are totals, so that an edit never touches what was taken.
/// </summary>
internal static class EditCampaign
{
    internal static CampaignTerms Example { get; } = new()
    {
        Name = "Opening night: 30 off 300, 80 off 600",
        Benefit = new Benefit(BenefitKind.Threshold, Steps: [new BenefitStep(30_000, 3_000), new BenefitStep(60_000, 8_000)]),
        Stock = 20_000,
        PerCustomerLimit = 1,
        ClaimWindow = new WindowRule(new WindowBoundary(Phase: SessionPhase.WarmUpStart), new WindowBoundary(Phase: SessionPhase.LiveEnd)),
        RedemptionWindow = new WindowRule(new WindowBoundary(Phase: SessionPhase.LiveStart), new WindowBoundary(Phase: SessionPhase.LiveEnd, OffsetMinutes: 60)),
        SessionId = Guid.Empty,
    };

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/campaigns/{id:guid}", async (Guid id, Body<CampaignTerms> body, IfMatch ifMatch, Caller caller, EditCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(
            nameof(EditCampaign), "Changes a campaign's terms, as far as its status allows.",
            "Draft: everything. Approved, Issuing, Paused: name, stock, budget, limits per customer, claim window, lock minutes. Stopped: name. Deactivated: nothing.")
        .Allow(Permission.ManageCampaigns).Conditional()
        .Example(Example)
        .Gives<CampaignView>()
        .Rejects([CampaignRejections.NotFound, CampaignRejections.NotEditable, CampaignRejections.SessionUnknown, CampaignRejections.BelowTaken, .. MandateRejections.All]);

    /// <summary>The members that differ and may not, by JSON pointer.</summary>
    internal static IReadOnlyList<string> Fixed(CampaignStatus status, CampaignTerms from, CampaignTerms to)
    {
        if (status == CampaignStatus.Draft) return [];
        var changed = new List<string>();
        Compare("/benefit", from.Benefit, to.Benefit);
        Compare("/scope", from.Scope, to.Scope);
        Compare("/stacking", from.Stacking, to.Stacking);
        Compare("/redemptionWindow", from.RedemptionWindow, to.RedemptionWindow);
        Compare("/sessionId", from.SessionId, to.SessionId);
        Compare("/refundPolicy", from.RefundPolicy, to.RefundPolicy);
        // A budget that comes or goes would change what the coupons there are may do.
        Compare("/budgetMinor", from.BudgetMinor.HasValue, to.BudgetMinor.HasValue);
        if (status is CampaignStatus.Stopped or CampaignStatus.Deactivated)
        {
            Compare("/stock", from.Stock, to.Stock);
            Compare("/budgetMinor", from.BudgetMinor, to.BudgetMinor);
            Compare("/perCustomerLimit", from.PerCustomerLimit, to.PerCustomerLimit);
            Compare("/perCustomerDayLimit", from.PerCustomerDayLimit, to.PerCustomerDayLimit);
            Compare("/claimWindow", from.ClaimWindow, to.ClaimWindow);
            Compare("/lockMinutes", from.LockMinutes, to.LockMinutes);
        }
        if (status == CampaignStatus.Deactivated) Compare("/name", from.Name, to.Name);
        return [.. changed.Distinct()];

        // Lists compare by content in JSON only.
        void Compare<T>(string pointer, T before, T after)
        {
            if (Sql.Json(before) != Sql.Json(after)) changed.Add(pointer);
        }
    }
}

internal sealed class EditCampaignHandler(CouponsDb db)
{
    public Task<Result<CampaignView>> Handle(Caller caller, Guid id, IfMatch ifMatch, CampaignTerms body, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, async work =>
        {
            if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }) is not { } row || !caller.Covers(row.Path))
                return CampaignRejections.Unknown(id);
            work.Audited(row.ToView(work.Now));
            if (ifMatch.Check(row.Version) is { } stale) return stale;
            var known = row.Parse();
            if (EditCampaign.Fixed(row.Status, known.Terms, body) is { Count: > 0 } held)
                return CampaignRejections.Fixed(row.Status, held);
            var campaign = known with { Version = row.Version + 1, ChangedAt = work.Now, Terms = body };
            // What may not be edited any more is not judged again: its session may have moved past it since.
            if (row.Status == CampaignStatus.Draft)
            {
                var bound = await body.BindSession(work, row.Path);
                if (bound.Rejection is { } unbound) return unbound;
                campaign = campaign with { Session = bound.Value.Session };
            }
            if ((row.Status == CampaignStatus.Draft || Sql.Json(body.ClaimWindow) != Sql.Json(known.Terms.ClaimWindow)) && campaign.CheckWindows(work.Now) is { } misfit) return misfit;
            if (await CampaignMandate.Resize(work, campaign, known.Terms.Stock) is { } beyond) return beyond;
            var root = new { CampaignId = id, body.Stock, BudgetMinor = body.BudgetMinor ?? 0 };
            if (await work.Execute(QuotaSql.ResizeRoot, root) == 0)
                return CampaignRejections.BelowTaken.Because("More than that is claimed, allocated or taken off already.");
            if (await work.Execute(CampaignSql.Edit, campaign.ToParameters()) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            work.Publish(campaign.ToEvent());
            return campaign.ToView(row.Count, work.Now);
        }, ct);
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Mandates;

/// <summary>
/// What a reseller's campaign may do under its mandates. A running campaign holds what is left of its stock out of the
/// mandate's quota, so that claims, however many, need not ask; what stops a campaign marks it, for the same reason.
/// </summary>
internal static class CampaignMandate
{
    /// <summary>The campaign as it is to go on, or why it may not.</summary>
    public static async Task<Result<Campaign>> Judge(UnitOfWork work, Campaign campaign, CampaignAction action)
    {
        switch (action)
        {
            case CampaignAction.Approve or CampaignAction.Start or CampaignAction.Resume:
                if (await UnitRejections.UnlessActive(work, campaign.Path) is { } inactive) return inactive;
                if (!await IsResellers(work, campaign)) return campaign with { Hold = null };
                if (action == CampaignAction.Approve)
                    return await Covering(work, campaign) is { Mandates.Count: 0 } none ? none.Closest : campaign;
                return await Carry(work, campaign, isRunning: action == CampaignAction.Resume);
            case CampaignAction.Stop or CampaignAction.Deactivate when campaign.MandateId is { } mandateId && campaign.Status is CampaignStatus.Issuing or CampaignStatus.Paused:
                await work.Execute(MandateSql.Take, new { Id = mandateId, Coupons = -await Rest(work, campaign) });
                return campaign with { Hold = null };
            default:
                return campaign;
        }
    }

    /// <summary>Takes from the mandate what an edited campaign has more, or gives back what it has less; a refusal if the mandate does not carry it.</summary>
    public static async Task<Rejection?> Resize(UnitOfWork work, Campaign edited, long stockBefore)
    {
        if (edited.MandateId is not { } id || edited.Status is not (CampaignStatus.Issuing or CampaignStatus.Paused)) return null;
        var brands = await Brands(work, edited);
        if ((await Mandates(work, edited)).FirstOrDefault(m => m.Id == id) is not { } mandate) return null;
        // What stands on hold may be edited, to become what the mandate allows; it goes on once it is judged again.
        if (edited.HoldAt(work.Now) is null && Refusal(mandate, edited, brands, work.Now) is { } refusal) return refusal;
        var more = edited.Terms.Stock - stockBefore;
        return more == 0 || await work.Execute(MandateSql.Take, new { Id = id, Coupons = more }) == 1 ? null : Spent(mandate, more);
    }

    /// <summary>Judges the running campaigns of a reseller whose mandates changed.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="resellerId">Whose.</param>
    /// <param name="redated">A mandate whose dates are new: its campaigns are changed by that alone, for whoever has read them.</param>
    public static async Task Rejudge(UnitOfWork work, Guid resellerId, Guid? redated) =>
        await Rejudge(work, await work.Query<Guid>(CampaignSql.RunningOfUnit, new { UnitId = resellerId }), redated);

    /// <summary>Judges the running campaigns of a unit that was moved, deactivated or put back, and of those below it.</summary>
    public static async Task Rejudge(UnitOfWork work, string path) =>
        await Rejudge(work, await work.Query<Guid>(CampaignSql.RunningBelow, new { Scope = path, ScopeEnd = UnitPath.End(path) }), redated: null);

    private static async Task Rejudge(UnitOfWork work, IReadOnlyList<Guid> ids, Guid? redated)
    {
        foreach (var id in ids)
        {
            var row = (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }))!;
            var before = row.Parse();
            var after = await Rejudged(work, before);
            if (after.Hold == before.Hold && after.MandateId == before.MandateId && (redated is null || after.MandateId != redated)) continue;
            after = after with { Version = before.Version + 1, ChangedAt = work.Now };
            await work.Execute(CampaignSql.Move, after.ToParameters());
            work.Publish(after.ToEvent());
            if (after.Hold != before.Hold || after.MandateId != before.MandateId)
                work.Decided(after.Hold is null ? "ContinueCampaign" : "HoldCampaign", $"/coupons/campaigns/{id}", before.ToView(row.Count, work.Now), after.ToView(row.Count, work.Now));
        }
    }

    private static async Task<Campaign> Rejudged(UnitOfWork work, Campaign campaign)
    {
        if (await UnitRejections.UnlessActive(work, campaign.Path) is { } inactive) return campaign with { Hold = inactive.Kind.Code };
        if (!await IsResellers(work, campaign)) return campaign with { Hold = null };
        var carried = await Carry(work, campaign, isRunning: true);
        if (carried.Rejection is not { } refusal) return carried.Value;
        // One that was started before mandates were asked for goes on as it is.
        return campaign.MandateId is null ? campaign with { Hold = null } : campaign with { Hold = refusal.Kind.Code };
    }

    /// <summary>Under the mandate it has if that covers it; else under the first that does and has quota left for the rest of its stock.</summary>
    private static async Task<Result<Campaign>> Carry(UnitOfWork work, Campaign campaign, bool isRunning)
    {
        var (mandates, closest) = await Covering(work, campaign);
        if (isRunning && mandates.Any(m => m.Id == campaign.MandateId)) return campaign with { Hold = null };
        if (mandates.Count == 0) return closest;
        var rest = await Rest(work, campaign);
        foreach (var mandate in mandates)
        {
            if (await work.Execute(MandateSql.Take, new { mandate.Id, Coupons = rest }) == 0)
            {
                closest = Spent(mandate, rest);
                continue;
            }
            if (isRunning && campaign.MandateId is { } before) await work.Execute(MandateSql.Take, new { Id = before, Coupons = -rest });
            return campaign with { MandateId = mandate.Id, MandateDates = mandate.Dates, Hold = null };
        }
        return closest;
    }

    private static async Task<(IReadOnlyList<MandateRow> Mandates, Rejection Closest)> Covering(UnitOfWork work, Campaign campaign)
    {
        var brands = await Brands(work, campaign);
        var closest = MandateRejections.Missing.Because("The reseller has no mandate.");
        var covering = new List<MandateRow>();
        foreach (var mandate in await Mandates(work, campaign))
        {
            if (Refusal(mandate, campaign, brands, work.Now) is not { } refusal) covering.Add(mandate);
            else if (Array.IndexOf(MandateRejections.All, refusal.Kind) > Array.IndexOf(MandateRejections.All, closest.Kind)) closest = refusal;
        }
        return (covering, closest);
    }

    private static Task<IReadOnlyList<MandateRow>> Mandates(UnitOfWork work, Campaign campaign) =>
        work.Query<MandateRow>(MandateSql.OfReseller, new { ResellerId = campaign.OwnerUnitId });

    private static Rejection? Refusal(MandateRow mandate, Campaign campaign, IReadOnlyCollection<Guid?>? brands, DateTimeOffset now)
    {
        if (mandate.RevokedAt is { } at) return MandateRejections.Revoked.Because($"Mandate {mandate.Id} was revoked at {at:O}.");
        if (brands is null) return MandateRejections.BrandNotCovered.Because("A reseller's campaign names its brands or products and no categories, or hangs on a session.");
        if (brands.Any(b => b is not { } brand || !mandate.BrandList.Contains(brand)))
            return MandateRejections.BrandNotCovered.Because($"Mandate {mandate.Id} does not name every brand of the campaign and its products.");
        var claims = campaign.ClaimWindowAt(now).Window;
        if (now >= mandate.ClosesAt || claims.OpensAt < mandate.OpensAt || claims.ClosesAt > mandate.ClosesAt)
            return MandateRejections.OutsideDates.Because($"Mandate {mandate.Id} holds from {mandate.OpensAt:O} to {mandate.ClosesAt:O}.");
        return mandate.DeepestDiscountPercent is { } deepest && campaign.Terms.Benefit.IsDeeperThan(deepest)
            ? MandateRejections.DiscountTooDeep.Because($"Mandate {mandate.Id} allows {deepest} %; an amount off counts against the least spend it asks for.")
            : null;
    }

    /// <summary>The brands a campaign may be spent on, null among them for a product whose brand is not known. Null: any, for it names none.</summary>
    private static async Task<IReadOnlyCollection<Guid?>?> Brands(UnitOfWork work, Campaign campaign)
    {
        var scope = campaign.Terms.Scope;
        var isBound = campaign.Terms.SessionId is not null || scope?.SessionIds is not null;
        var named = scope?.BrandIds?.Select(b => (Guid?)b).ToHashSet() ?? [];
        if (scope?.ProductCodes is { } codes)
        {
            var products = await work.Query<ProductRow>(ProductSql.ByCodes, new { HeadquartersPath = UnitPath.Headquarters(campaign.Path), Ids = Sql.Json(codes) });
            named.UnionWith(products.Select(p => p.BrandId));
            if (products.Count < codes.Count) named.Add(null);
        }
        // Which brands a session is for, its own mandate says.
        return isBound || (scope?.CoversEveryLine() == false && scope.Categories is null) ? named : null;
    }

    private static async Task<bool> IsResellers(UnitOfWork work, Campaign campaign) =>
        (await work.Find<UnitRow>(UnitSql.ById, new { Id = campaign.OwnerUnitId }))?.Kind == UnitKind.Reseller;

    /// <summary>What the campaign can still hand out. The quotas are held, so that no claim changes it meanwhile.</summary>
    private static async Task<long> Rest(UnitOfWork work, Campaign campaign) =>
        campaign.Terms.Stock - (await work.Query<QuotaNode>(QuotaSql.HoldOfCampaign, new { CampaignId = campaign.Id })).Sum(n => n.Taken);

    private static Rejection Spent(MandateRow mandate, long coupons) =>
        MandateRejections.QuotaSpent.Because($"Mandate {mandate.Id} has {mandate.CouponQuota - mandate.QuotaTaken} coupons left, not {coupons}.");
}

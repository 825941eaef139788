using System.Security.Cryptography;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>Sets part of a campaign's stock aside for codes.</summary>
internal static class CreateCodeBatch
{
    internal const int MostCodes = 5_000_000;

    /// <param name="Count">Codes, 1 to 5,000,000; as much stock is set aside.</param>
    /// <param name="Prefix">2 to 8 of the letters 2–9 and A–Z without I and O; if not given, five at random.</param>
    /// <param name="UnitId">The unit they are printed for, out of whose allocation they come; if not given, the campaign's owner.</param>
    /// <param name="Name">For people, 1 to 200 characters.</param>
    /// <param name="BudgetMinor">Minor units of the campaign's budget to set aside with them; needed if and only if it has one.</param>
    internal sealed record Request(int Count, string? Prefix = null, Guid? UnitId = null, string? Name = null, long? BudgetMinor = null) : IValidated
    {
        public void Validate(Faults faults) => faults
            .Range(Count, 1, MostCodes, "/count")
            .Check(Prefix is null || CodeText.IsPrefix(Prefix), "/prefix", "code_batch.prefix_invalid",
                $"Must be {CodeText.ShortestPrefix} to {CodeText.LongestPrefix} of {CodeText.Alphabet}.")
            .OptionalText(Name, "/name")
            .AmountMinor(BudgetMinor ?? 0, "/budgetMinor");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns/{id:guid}/code-batches", async (Guid id, Body<Request> body, Caller caller, CreateCodeBatchHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(CreateCodeBatch), "Sets part of a campaign's stock aside for codes.",
            "It comes out of what the unit has left of the campaign, or else the nearest unit above with an allocation; the caller must cover that unit.")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request(50_000, "XMAS", null, "Leaflets in parcels"))
        .Gives<CodeBatchView>(StatusCodes.Status201Created)
        .Rejects(
            CampaignRejections.NotFound, CampaignRejections.UnitNotFound, CodeRejections.PrefixTaken, QuotaRejections.CampaignOver, QuotaRejections.BudgetMismatch,
            QuotaRejections.NotBelowOwner, QuotaRejections.NoAllocation, QuotaRejections.ExceedsRemaining);
}

internal sealed class CreateCodeBatchHandler(CouponsDb db, TimeProvider clock)
{
    private const int RandomPrefixLetters = 5;

    public Task<Result<CodeBatchView>> Handle(Caller caller, Guid campaignId, CreateCodeBatch.Request body, CancellationToken ct) =>
        db.InTransaction<CodeBatchView>(caller.Write, async work =>
        {
            if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = campaignId }) is not { } campaign || !caller.Sees(campaign.Path))
                return CampaignRejections.Unknown(campaignId);
            if (campaign.Status is CampaignStatus.Stopped or CampaignStatus.Deactivated) return QuotaRejections.CampaignOver.Because($"The campaign is {campaign.Status}.");
            if (campaign.Parse().Terms.BudgetMinor is null != body.BudgetMinor is null)
                return QuotaRejections.BudgetMismatch.Because(body.BudgetMinor is null ? "Say how much of the budget." : "The campaign has no budget.");
            var path = await PathOf(work, caller, campaign, body.UnitId);
            if (path.Rejection is { } unreachable) return unreachable;
            var prefix = body.Prefix ?? RandomNumberGenerator.GetString(CodeText.Alphabet, RandomPrefixLetters);
            var tenant = new { HeadquartersPath = UnitPath.Headquarters(campaign.Path), Prefix = prefix };
            if (body.Prefix is not null && await work.Scalar<long>(CodeBatchSql.HasPrefix, tenant) > 0) return CodeRejections.PrefixTaken.Because($"{prefix} is taken.");
            var id = clock.NewId();
            var node = await SetAside(work, caller, campaignId, new QuotaTarget(QuotaKind.Codes, $"codes:{id:D}", path.Value, null), body);
            if (node.Rejection is { } shortage) return shortage;
            await work.Execute(CodeBatchSql.Insert, new
            {
                Id = id,
                CampaignId = campaignId,
                NodeSeq = node.Value,
                Path = path.Value,
                tenant.HeadquartersPath,
                tenant.Prefix,
                Secret = Convert.ToHexStringLower(CodePress.NewSecret()),
                body.Name,
                Codes = body.Count,
                CreatedAt = work.Now,
            });
            return (await work.Find<CodeBatchRow>(CodeBatchSql.ById, new { Id = id }))!.ToView();
        }, ct);

    private static async Task<Result<string>> PathOf(UnitOfWork work, Caller caller, CampaignRow campaign, Guid? unitId)
    {
        var path = campaign.Path;
        if (unitId is { } id)
        {
            if (await work.Find<UnitRow>(UnitSql.ById, new { Id = id }) is not { } unit || !caller.Sees(unit.Path)) return CampaignRejections.UnitNotFound.Because($"No unit {id}.");
            path = unit.Path;
        }
        return UnitPath.Covers(campaign.Path, path) ? path : QuotaRejections.NotBelowOwner.Because($"{path} is not below {campaign.Path}.");
    }

    /// <returns>The new node's Seq.</returns>
    private static async Task<Result<long>> SetAside(UnitOfWork work, Caller caller, Guid campaignId, QuotaTarget target, CreateCodeBatch.Request body)
    {
        var nodes = await work.Query<QuotaNode>(QuotaSql.HoldOfCampaign, new { CampaignId = campaignId });
        var parent = target.NearestAbove(nodes);
        if (!caller.Covers(parent.Path)) return QuotaRejections.NoAllocation.Because($"It would come out of what {parent.Path} has.");
        var amount = new { ParentSeq = parent.Seq, Stock = (long)body.Count, BudgetMinor = body.BudgetMinor ?? 0 };
        if (await work.Execute(QuotaSql.GiveDown, amount) == 0) return AllocateQuotaHandler.TooMuch(parent);
        await work.Execute(QuotaSql.Insert, new
        {
            CampaignId = campaignId,
            target.NodeKey,
            amount.ParentSeq,
            Kind = target.Kind.ToString(),
            target.Path,
            SessionId = (Guid?)null,
            amount.Stock,
            amount.BudgetMinor,
        });
        return await work.Scalar<long>(QuotaSql.SeqOf, new { CampaignId = campaignId, target.NodeKey });
    }
}

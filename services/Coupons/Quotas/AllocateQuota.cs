using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Quotas;

/// <summary>Gives part of what a unit has left of a campaign to a unit below it, or to a session.</summary>
internal static class AllocateQuota
{
    /// <param name="Stock">Coupons to add to what it has, 0 to 1,000,000,000.</param>
    /// <param name="UnitId">The unit that gets them.</param>
    /// <param name="SessionId">Or the session.</param>
    /// <param name="BudgetMinor">Minor units of the campaign's budget to add; only if it has one.</param>
    internal sealed record Request(long Stock, Guid? UnitId = null, Guid? SessionId = null, long? BudgetMinor = null) : IValidated
    {
        public void Validate(Faults faults) => QuotaTarget.Validate(faults, UnitId, SessionId)
            .Range(Stock, 0, 1_000_000_000, "/stock")
            .AmountMinor(BudgetMinor ?? 0, "/budgetMinor")
            .Check(Stock > 0 || BudgetMinor > 0, "", "quota.nothing_given", "Give stock or budget.");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns/{id:guid}/allocate", async (Guid id, Body<Request> body, Caller caller, AllocateQuotaHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(
            nameof(AllocateQuota), "Adds to the allocation of a unit or a session.",
            "It comes out of what the nearest unit above with an allocation has left; the caller must cover that unit. Send an Idempotency-Key: each request adds.")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request(2_000, UnitId: Guid.Empty))
        .Gives<QuotaView>()
        .Rejects(
            CampaignRejections.NotFound, CampaignRejections.UnitNotFound, QuotaRejections.SessionUnknown, QuotaRejections.NotBelowOwner, QuotaRejections.NoAllocation,
            QuotaRejections.CampaignOver, QuotaRejections.BudgetMismatch, QuotaRejections.ExceedsRemaining);
}

internal sealed class AllocateQuotaHandler(CouponsDb db)
{
    public Task<Result<QuotaView>> Handle(Caller caller, Guid id, AllocateQuota.Request body, CancellationToken ct) =>
        db.InTransaction<QuotaView>(caller.Write, async work =>
        {
            if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }) is not { } row || !caller.Sees(row.Path)) return CampaignRejections.Unknown(id);
            if (row.Status is CampaignStatus.Stopped or CampaignStatus.Deactivated) return QuotaRejections.CampaignOver.Because($"The campaign is {row.Status}.");
            if (row.Parse().Terms.BudgetMinor is null != body.BudgetMinor is null)
                return QuotaRejections.BudgetMismatch.Because(body.BudgetMinor is null ? "Say how much of the budget." : "The campaign has no budget.");
            var found = await QuotaTarget.Find(work, row, body.UnitId, body.SessionId);
            if (found.Rejection is { } unknown) return unknown;
            var target = found.Value;
            if (target.UnlessBelow(row) is { } beside) return beside;
            var nodes = await work.Query<QuotaNode>(QuotaSql.HoldOfCampaign, new { CampaignId = id });
            var known = nodes.FirstOrDefault(n => n.NodeKey == target.NodeKey);
            if (known is not null) work.Audited(QuotaView.Of(nodes, known.NodeKey));
            var parent = known is null ? target.NearestAbove(nodes) : nodes.First(n => n.Seq == known.ParentSeq);
            if (!caller.Covers(parent.Path)) return QuotaRejections.NoAllocation.Because($"It would come out of what {parent.Path} has.");
            var amount = new { ParentSeq = parent.Seq, body.Stock, BudgetMinor = body.BudgetMinor ?? 0, Seq = known?.Seq ?? 0 };
            if (await work.Execute(QuotaSql.GiveDown, amount) == 0) return TooMuch(parent);
            if (known is null)
            {
                await work.Execute(QuotaSql.Insert, new
                {
                    CampaignId = id,
                    target.NodeKey,
                    amount.ParentSeq,
                    Kind = target.Kind.ToString(),
                    target.Path,
                    target.SessionId,
                    amount.Stock,
                    amount.BudgetMinor,
                });
            }
            else
            {
                await work.Execute(QuotaSql.Receive, amount);
            }
            return QuotaView.Of(await work.Query<QuotaNode>(QuotaSql.OfCampaign, new { CampaignId = id }), target.NodeKey);
        }, ct);

    internal static Rejection TooMuch(QuotaNode from) => QuotaRejections.ExceedsRemaining
        .Because($"{from.Path} has {from.Remaining} coupons and {from.BudgetRemainingMinor} minor units of budget left.")
        .With("remaining", from.Remaining).With("budgetRemainingMinor", from.BudgetRemainingMinor);
}

/// <summary>Where quota goes to, or is taken back from.</summary>
internal sealed record QuotaTarget(QuotaKind Kind, string NodeKey, string Path, Guid? SessionId)
{
    public static Faults Validate(Faults faults, Guid? unitId, Guid? sessionId) =>
        faults.Check(unitId.HasValue != sessionId.HasValue, "", "quota.target_unclear", "Give either unitId or sessionId.");

    public static async Task<Result<QuotaTarget>> Find(UnitOfWork work, CampaignRow campaign, Guid? unitId, Guid? sessionId)
    {
        if (sessionId is { } session)
        {
            if (await work.Find<SessionRow>(SessionSql.ById, new { Id = session }) is not { } row)
                return QuotaRejections.SessionUnknown.Because($"No session {session}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
            return new QuotaTarget(QuotaKind.Session, QuotaNode.KeyOfSession(session), row.OwnerPath, session);
        }
        if (await work.Find<UnitRow>(UnitSql.ById, new { Id = unitId!.Value }) is not { } unit ||
            UnitPath.Headquarters(unit.Path) != UnitPath.Headquarters(campaign.Path))
        {
            return CampaignRejections.UnitNotFound.Because($"No unit {unitId}.");
        }
        return new QuotaTarget(QuotaKind.Unit, QuotaNode.KeyOfUnit(unit.Path), unit.Path, null);
    }

    /// <summary>A refusal unless it is below the campaign's owner; of a session, the owner's own will do.</summary>
    public Rejection? UnlessBelow(CampaignRow campaign) => UnitPath.Covers(campaign.Path, Path) && (Kind == QuotaKind.Session || Path != campaign.Path)
        ? null
        : QuotaRejections.NotBelowOwner.Because(Kind == QuotaKind.Session ? $"The session is {Path}'s, the campaign {campaign.Path}'s." : $"{Path} is not below {campaign.Path}.");

    /// <summary>The deepest unit above with an allocation; the root is always there. The own unit of a session or of codes counts as above them.</summary>
    public QuotaNode NearestAbove(IReadOnlyList<QuotaNode> nodes) => nodes
        .Where(n => n.Kind == QuotaKind.Unit && UnitPath.Covers(n.Path, Path) && (Kind != QuotaKind.Unit || n.Path != Path))
        .MaxBy(n => n.Path.Length)!;
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Quotas;

/// <summary>Takes back what a unit or a session has left of its allocation.</summary>
internal static class TakeBackQuota
{
    /// <param name="UnitId">The unit it is taken from.</param>
    /// <param name="SessionId">Or the session.</param>
    /// <param name="Stock">Coupons; null with no budget named: all that are left, and their share of the budget that is left: what was claimed keeps its own.</param>
    /// <param name="BudgetMinor">Minor units of budget.</param>
    internal sealed record Request(Guid? UnitId = null, Guid? SessionId = null, long? Stock = null, long? BudgetMinor = null) : IValidated
    {
        public void Validate(Faults faults) => QuotaTarget.Validate(faults, UnitId, SessionId)
            .Range(Stock ?? 0, 0, 1_000_000_000, "/stock").AmountMinor(BudgetMinor ?? 0, "/budgetMinor");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns/{id:guid}/take-back", async (Guid id, Body<Request> body, Caller caller, TakeBackQuotaHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(
            nameof(TakeBackQuota), "Takes back what is left of an allocation, or a part of it.",
            "It goes to the unit that gave it; the caller must cover that unit. What was claimed or given further down stays. Send an Idempotency-Key if you name an amount.")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request(SessionId: Guid.Empty))
        .Gives<QuotaView>()
        .Rejects(
            CampaignRejections.NotFound, CampaignRejections.UnitNotFound, QuotaRejections.SessionUnknown, QuotaRejections.NotBelowOwner,
            QuotaRejections.NoAllocation, QuotaRejections.ExceedsRemaining);
}

internal sealed class TakeBackQuotaHandler(CouponsDb db)
{
    public Task<Result<QuotaView>> Handle(Caller caller, Guid id, TakeBackQuota.Request body, CancellationToken ct) =>
        db.InTransaction<QuotaView>(caller.Write, async work =>
        {
            if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }) is not { } row || !caller.Sees(row.Path)) return CampaignRejections.Unknown(id);
            var found = await QuotaTarget.Find(work, row, body.UnitId, body.SessionId);
            if (found.Rejection is { } unknown) return unknown;
            var nodes = await work.Query<QuotaNode>(QuotaSql.HoldOfCampaign, new { CampaignId = id });
            // A unit that was moved away keeps what it was given until it is taken back.
            if (nodes.FirstOrDefault(n => n.NodeKey == found.Value.NodeKey && n.ParentSeq is not null) is not { } node)
                return found.Value.UnlessBelow(row) ?? QuotaRejections.NoAllocation.Because("It has no allocation of this campaign.");
            work.Audited(QuotaView.Of(nodes, node.NodeKey));
            var parent = nodes.First(n => n.Seq == node.ParentSeq);
            if (!caller.Covers(parent.Path)) return QuotaRejections.NoAllocation.Because($"It was given by {parent.Path}.");
            var isAll = body.Stock is null && body.BudgetMinor is null;
            return await Move(work, node, isAll ? node.Remaining : body.Stock ?? 0, isAll ? node.UnclaimedBudgetMinor : body.BudgetMinor ?? 0)
                ? QuotaView.Of(await work.Query<QuotaNode>(QuotaSql.OfCampaign, new { CampaignId = id }), node.NodeKey)
                : AllocateQuotaHandler.TooMuch(node);
        }, ct);

    /// <returns>False: that much does not remain.</returns>
    internal static async Task<bool> Move(UnitOfWork work, QuotaNode node, long stock, long budgetMinor)
    {
        var amount = new { node.Seq, node.ParentSeq, Stock = stock, BudgetMinor = budgetMinor };
        if (await work.Execute(QuotaSql.GiveBack, amount) == 0) return false;
        await work.Execute(QuotaSql.TakeBack, amount);
        return true;
    }
}

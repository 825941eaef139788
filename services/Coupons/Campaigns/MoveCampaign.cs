using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Approves, starts, pauses, resumes, stops and deactivates a campaign. Repeating a move changes nothing.</summary>
internal static class MoveCampaign
{
    /// <param name="Reason">In the words of who does it, 1 to 200 characters; kept with the campaign.</param>
    internal sealed record DeactivateRequest(string Reason) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Reason, "/reason");
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapMove(routes, CampaignAction.Approve, "Declares a draft fit to start.", Permission.ApproveCampaigns);
        MapMove(routes, CampaignAction.Start, "Opens an approved campaign for claims, within its claim window.");
        MapMove(routes, CampaignAction.Pause, "Suspends issuing. Coupons in customers' hands stay valid.");
        MapMove(routes, CampaignAction.Resume, "Goes on issuing.");
        MapMove(routes, CampaignAction.Stop, "Ends issuing for good. Coupons in customers' hands stay valid.");
        routes
            .MapPost("/campaigns/{id:guid}/deactivate", async (Guid id, Body<DeactivateRequest> body, Caller caller, MoveCampaignHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, CampaignAction.Deactivate, body.Value.Reason, ct)).ToHttp())
            .Describe(
                "DeactivateCampaign", "Ends issuing, and voids every coupon that is not spent.",
                "A coupon an order holds stays good for that order until its deadline; then it is void too.")
            .Allow(Permission.ManageCampaigns)
            .Example(new DeactivateRequest("Printed with the wrong amount."))
            .Gives<CampaignView>()
            .Rejects(CampaignRejections.NotFound, CampaignRejections.IllegalTransition);
    }

    private static void MapMove(IEndpointRouteBuilder routes, CampaignAction action, string summary, Permission permission = Permission.ManageCampaigns) => routes
        .MapPost($"/campaigns/{{id:guid}}/{action.ToString().ToLowerInvariant()}", async (Guid id, Caller caller, MoveCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, action, reason: null, ct)).ToHttp())
        .Describe($"{action}Campaign", $"{summary} Repeating it changes nothing.")
        .Allow(permission)
        .Gives<CampaignView>()
        .Rejects(action is CampaignAction.Approve or CampaignAction.Start or CampaignAction.Resume
            ? [CampaignRejections.NotFound, CampaignRejections.IllegalTransition, UnitRejections.Inactive, .. MandateRejections.All]
            : [CampaignRejections.NotFound, CampaignRejections.IllegalTransition]);
}

internal sealed class MoveCampaignHandler(CouponsDb db)
{
    public Task<Result<CampaignView>> Handle(Caller caller, Guid id, CampaignAction action, string? reason, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, async work =>
        {
            if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }) is not { } row || !caller.Covers(row.Path))
                return CampaignRejections.Unknown(id);
            work.Audited(row.ToView(work.Now));
            if (CampaignLifecycle.IsDone(row.Status, action)) return row.ToView(work.Now);
            if (CampaignLifecycle.Next(row.Status, action) is not { } to)
                return CampaignRejections.IllegalTransition.Because($"Cannot {action} a campaign that is {row.Status}.");
            var judged = await CampaignMandate.Judge(work, row.Parse(), action);
            if (judged.Rejection is { } refusal) return refusal;
            var campaign = judged.Value with { Version = row.Version + 1, ChangedAt = work.Now, Status = to, Reason = reason ?? row.Reason };
            if (await work.Execute(CampaignSql.Move, campaign.ToParameters()) == 0)
                return CommonRejections.LostRace.Because("Somebody changed it at this moment.");
            work.Publish(campaign.ToEvent());
            return campaign.ToView(row.Count, work.Now);
        }, ct);
}

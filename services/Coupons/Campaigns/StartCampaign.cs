using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>From now on coupons can be claimed.</summary>
internal static class StartCampaign
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns/{id:guid}/start", async (Guid id, Caller caller, StartCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(StartCampaign), "Opens a draft for claims, within its claim window. Repeating it changes nothing.")
        .Allow(Permission.ManageCampaigns)
        .Gives<CampaignView>()
        .Rejects(CampaignRejections.NotFound, CampaignRejections.IllegalTransition);
}

internal sealed class StartCampaignHandler(CouponsDb db)
{
    public Task<Result<CampaignView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, work => CampaignLifecycle.Move(work, caller, id, CampaignAction.Start), ct);
}

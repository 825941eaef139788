using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>No more claims; what is claimed stays valid.</summary>
internal static class StopCampaign
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns/{id:guid}/stop", async (Guid id, Caller caller, StopCampaignHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(StopCampaign), "Ends claiming. Coupons already claimed stay valid. Repeating it changes nothing.")
        .Allow(Permission.ManageCampaigns)
        .Gives<CampaignView>()
        .Rejects(CampaignRejections.NotFound, CampaignRejections.IllegalTransition);
}

internal sealed class StopCampaignHandler(CouponsDb db)
{
    public Task<Result<CampaignView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<CampaignView>(caller.Write, work => CampaignLifecycle.Move(work, caller, id, CampaignAction.Stop), ct);
}

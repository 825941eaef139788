using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Tells every campaign again, in the version it has, so that a new or restored service catches up.</summary>
internal static class RepublishCampaigns
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/operations/republish", async (Caller caller, RepublishCampaignsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe(nameof(RepublishCampaigns), "Publishes the state of every campaign again.")
        .Allow(Permission.Operate)
        .Gives<Done>(StatusCodes.Status202Accepted);
}

internal sealed class RepublishCampaignsHandler(CouponsDb db)
{
    private const int Batch = 500;

    public async Task<Result<Done>> Handle(Caller caller, CancellationToken ct)
    {
        long? after = 0;
        while (after is { } from)
        {
            // A transaction a batch: claims need not wait for all of it.
            var told = await db.InTransaction<Told>(caller.Write with { IdempotencyKey = null }, async work =>
            {
                var rows = await work.Query<CampaignRow>(CampaignSql.All, new { After = from, Limit = Batch });
                foreach (var row in rows) work.Publish(row.Parse().ToEvent());
                return new Told(rows.Count == Batch ? rows[^1].Seq : null);
            }, ct);
            if (told.Rejection is { } rejection) return rejection;
            after = told.Value.Next;
        }
        return new Done();
    }

    private readonly record struct Told(long? Next);
}

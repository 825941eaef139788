using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Lineups;
using LiveCommerce.Lineups.PriceLists;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.Operations;

/// <summary>Tells the newest state of every final lineup and price list again, at the same version, so that a new or restored service catches up.</summary>
internal static class RepublishLineups
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/operations/republish", async (Caller caller, RepublishLineupsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe(nameof(RepublishLineups), "Publishes every final lineup and every price list again.")
        .Allow(Permission.Operate)
        .Gives<Done>(StatusCodes.Status202Accepted);
}

internal sealed class RepublishLineupsHandler(LineupsDb db)
{
    // Documents are long; a batch holds the writer only for a moment.
    private const int BatchSize = 50;

    public async Task<Result<Done>> Handle(Caller caller, CancellationToken ct)
    {
        await Republish<LineupRow>(LineupSql.FinalPage, r => r.Seq, r => r.ToEvent(), ct);
        await Republish<PriceListRow>(PriceListSql.Page, r => r.Seq, r => r.ToEvent(), ct);
        return await db.InTransaction<Done>(caller.Write, _ => Task.FromResult<Result<Done>>(new Done()), ct);
    }

    private async Task Republish<TRow>(string page, Func<TRow, long> seq, Func<TRow, object> toEvent, CancellationToken ct)
    {
        long after = 0;
        for (var more = true; more;)
        {
            var last = await db.InTransaction<long?>(async work =>
            {
                // Read where it is published, so that no event is older than what the transaction saw.
                var rows = await work.Query<TRow>(page, new { After = after, Limit = BatchSize });
                foreach (var row in rows) work.Publish(toEvent(row));
                return rows.Count == BatchSize ? seq(rows[^1]) : (long?)null;
            }, ct);
            more = last.Value is not null;
            after = last.Value ?? after;
        }
    }
}

using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Lineups;
using LiveCommerce.Lineups.PriceLists;
using LiveCommerce.Lineups.Products;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.Operations;

/// <summary>Tells the newest state of every product, final lineup and price list again, at the same version, so that a new or restored service catches up.</summary>
internal static class RepublishLineups
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/operations/republish", async (Caller caller, RepublishLineupsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe(nameof(RepublishLineups), "Publishes every product, every final lineup and every price list again.")
        .Allow(Permission.Operate)
        .Gives<Done>(StatusCodes.Status202Accepted);
}

internal sealed class RepublishLineupsHandler(LineupsDb db)
{
    // Documents are long; a batch holds the writer only for a moment.
    private const int BatchSize = 50;

    public async Task<Result<Done>> Handle(Caller caller, CancellationToken ct)
    {
        await Republish<ProductRow>(ProductSql.EveryonesPage, ProductNews.MostInOne, r => r.Seq, ByHeadquarters, ct);
        await Republish<LineupRow>(LineupSql.FinalPage, BatchSize, r => r.Seq, rows => rows.Select(r => r.ToEvent()), ct);
        await Republish<PriceListRow>(PriceListSql.Page, BatchSize, r => r.Seq, rows => rows.Select(r => r.ToEvent()), ct);
        return await db.InTransaction<Done>(caller.Write, _ => Task.FromResult<Result<Done>>(new Done()), ct);
    }

    private static IEnumerable<ProductsChanged> ByHeadquarters(IReadOnlyList<ProductRow> rows) =>
        rows.GroupBy(r => r.HeadquartersPath).SelectMany(g => ProductNews.Of(g.Key, g));

    private async Task Republish<TRow>(
        string page, int batchSize, Func<TRow, long> seq, Func<IReadOnlyList<TRow>, IEnumerable<object>> toEvents, CancellationToken ct)
    {
        long after = 0;
        for (var more = true; more;)
        {
            var last = await db.InTransaction<long?>(async work =>
            {
                // Read where it is published, so that no event is older than what the transaction saw.
                var rows = await work.Query<TRow>(page, new { After = after, Limit = batchSize });
                foreach (var @event in toEvents(rows)) work.Publish(@event);
                return rows.Count == batchSize ? seq(rows[^1]) : (long?)null;
            }, ct);
            more = last.Value is not null;
            after = last.Value ?? after;
        }
    }
}

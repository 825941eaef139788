using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Replicas;

namespace LiveCommerce.Lineups.Lineups;

/// <summary>Writes a session's lineup whole. A final lineup becomes a draft again.</summary>
internal static class PutLineup
{
    internal const int MostItems = 200;
    private const int MostMinutes = 60;
    private const int MostPerCustomer = 1000;
    private const int MostStock = 1_000_000_000;

    /// <param name="Items">In the order of the run, 1 to 200, no product twice.</param>
    internal sealed record Request(IReadOnlyList<LineupChoice> Items) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(Items, 1, MostItems, "/items");
            var seen = new HashSet<Guid>();
            for (var i = 0; i < Items.Count; i++)
            {
                var item = Items[i];
                faults.Known(item.Kind, $"/items/{i}/kind")
                    .Range(item.Minutes, 1, MostMinutes, $"/items/{i}/minutes")
                    .AmountMinor(item.LivePriceMinor, $"/items/{i}/livePriceMinor", min: 1)
                    .Range(item.LiveStock ?? 0, 0, MostStock, $"/items/{i}/liveStock")
                    .Range(item.PerCustomerLimit ?? 1, 1, MostPerCustomer, $"/items/{i}/perCustomerLimit")
                    .Check(seen.Add(item.ProductId), $"/items/{i}/productId", "lineup.product_repeated", "An item before has the same product.");
            }
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/sessions/{sessionId:guid}/lineup", async (Guid sessionId, Body<Request> body, IfMatch ifMatch, Caller caller, PutLineupHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, sessionId, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(PutLineup), "Writes a session's lineup whole.", "The first time with `If-Match: \"0\"`. Editing a final lineup makes it a draft again.")
        .Allow(Permission.ManageLineups).Conditional()
        .Example(new Request([new LineupChoice(Guid.Empty, ItemKind.Hot, 5, 19_900, 500, 2)]))
        .Gives<LineupView>()
        .Rejects([SessionRejections.NotFound, LineupRejections.SessionOver, .. LineupRejections.OfComposition]);
}

internal sealed class PutLineupHandler(LineupsDb db)
{
    public Task<Result<LineupView>> Handle(Caller caller, Guid sessionId, IfMatch ifMatch, PutLineup.Request body, CancellationToken ct) =>
        db.InTransaction<LineupView>(caller.Write, async work =>
        {
            if (await work.Find<SessionRow>(SessionSql.ById, new { Id = sessionId }) is not { } session || !caller.Covers(session.OwnerPath))
                return SessionRejections.Unknown(sessionId);
            if (session.IsOver) return LineupRejections.Over(sessionId);
            var stored = await work.Find<LineupRow>(LineupSql.BySession, new { SessionId = sessionId });
            if (stored is not null) work.Audited(stored.ToView());
            if (ifMatch.Check(stored?.Version ?? 0) is { } stale) return stale;
            var composed = await Composition.Of(work, session, body.Items);
            if (composed.Rejection is { } refused) return refused;
            var lineup = new LineupRow
            {
                SessionId = sessionId,
                Version = ifMatch.Version + 1,
                OwnerPath = session.OwnerPath,
                Status = LineupStatus.Draft,
                TotalMinutes = composed.Value.TotalMinutes,
                Warnings = Sql.Json(composed.Value.Warnings),
                Items = Sql.Json(composed.Value.Items),
            };
            if (stored is null) await work.Execute(LineupSql.Insert, lineup.ToParameters());
            else if (await work.Execute(LineupSql.Update, lineup.ToParameters()) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            return lineup.ToView();
        }, ct);
}

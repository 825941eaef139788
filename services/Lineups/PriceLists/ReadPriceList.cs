using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Replicas;

namespace LiveCommerce.Lineups.PriceLists;

/// <summary>A session's live prices and whether they hold at this moment.</summary>
internal static class ReadPriceList
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/sessions/{sessionId:guid}/price-list", async (Guid sessionId, Caller caller, LineupsDb db, TimeProvider clock, CancellationToken ct) =>
            (await Find(db, clock, caller, sessionId, ct)).ToHttp())
        .Describe(nameof(ReadPriceList), "A session's live prices, and whether they hold now.",
            "Pending until the session's live start, InForce while it is live, Over once it has ended or was cancelled; a session live past its planned end keeps its prices.")
        .Allow(Permission.ReadLineups)
        .Gives<PriceListView>()
        .Rejects(SessionRejections.NotFound, PriceListRejections.NotFound);

    private static async Task<Result<PriceListView>> Find(LineupsDb db, TimeProvider clock, Caller caller, Guid sessionId, CancellationToken ct)
    {
        if (await db.Find<SessionRow>(SessionSql.ById, new { Id = sessionId }, ct) is not { } session || !caller.Sees(session.OwnerPath))
            return SessionRejections.Unknown(sessionId);
        return await db.Find<PriceListRow>(PriceListSql.BySession, new { SessionId = sessionId }, ct) is { } list
            ? list.ToView(session.Status, session.LiveStartsAt, session.LiveEndsAt, clock.Now())
            : PriceListRejections.NotFound.Because($"Nothing was published for session {sessionId}.");
    }
}

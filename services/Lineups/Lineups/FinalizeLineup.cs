using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.Lineups;

/// <summary>Declares a lineup final and tells everybody. It is checked once more: prices and mandate may have changed since it was saved.</summary>
internal static class FinalizeLineup
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{sessionId:guid}/lineup/finalize", async (Guid sessionId, IfMatch ifMatch, Caller caller, FinalizeLineupHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, sessionId, ifMatch, ct)).ToHttp())
        .Describe(nameof(FinalizeLineup), "Declares a session's lineup final.", "A lineup that is final already is answered as it is.")
        .Allow(Permission.ManageLineups).Conditional()
        .Gives<LineupView>()
        .Rejects([SessionRejections.NotFound, LineupRejections.SessionOver, LineupRejections.Empty, LineupRejections.MandateRevoked, LineupRejections.OutsideDates, .. LineupRejections.OfComposition]);
}

internal sealed class FinalizeLineupHandler(LineupsDb db)
{
    public Task<Result<LineupView>> Handle(Caller caller, Guid sessionId, IfMatch ifMatch, CancellationToken ct) =>
        db.InTransaction<LineupView>(caller.Write, async work =>
        {
            if (await work.Find<SessionRow>(SessionSql.ById, new { Id = sessionId }) is not { } session || !caller.Covers(session.OwnerPath))
                return SessionRejections.Unknown(sessionId);
            if (session.IsOver) return LineupRejections.Over(sessionId);
            if (await work.Find<LineupRow>(LineupSql.BySession, new { SessionId = sessionId }) is not { } stored)
                return LineupRejections.Empty.Because($"Session {sessionId} has no lineup yet.");
            work.Audited(stored.ToView());
            if (ifMatch.Check(stored.Version) is { } stale) return stale;
            if (stored.Status == LineupStatus.Final) return stored.ToView();
            if (await Composition.Uncovered(work, session) is { } uncovered) return uncovered;
            var composed = await Composition.Of(work, session, [.. stored.ItemList.Select(i => i.ToChoice())]);
            if (composed.Rejection is { } refused) return refused;
            var lineup = stored with
            {
                Version = stored.Version + 1,
                Status = LineupStatus.Final,
                FinalizedAt = work.Now,
                Warnings = Sql.Json(composed.Value.Warnings),
                Items = Sql.Json(composed.Value.Items),
            };
            if (await work.Execute(LineupSql.Update, lineup.ToParameters()) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            work.Publish(lineup.ToEvent());
            return lineup.ToView();
        }, ct);
}

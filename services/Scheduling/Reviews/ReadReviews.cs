using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Reviews;

/// <summary>What was written of a session, and from when the rest can be.</summary>
internal static class ReadReviews
{
    /// <param name="SessionId">The session.</param>
    /// <param name="Qualitative">Null if it is not written.</param>
    /// <param name="QualitativeOpensAt">From when it can be written: as planned, until the session has ended.</param>
    /// <param name="Quantitative">Null if it is not written.</param>
    /// <param name="QuantitativeOpensAt">From when it can be written: as planned, until the session has ended.</param>
    internal sealed record Response(
        Guid SessionId, ReviewView? Qualitative, DateTimeOffset QualitativeOpensAt, ReviewView? Quantitative, DateTimeOffset QuantitativeOpensAt);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/sessions/{id:guid}/reviews", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
        .Describe(nameof(ReadReviews), "A session's reviews, as far as they are written; each one's version is what If-Match takes.")
        .Allow(Permission.ReadFigures).Gives<Response>().Rejects(SessionRejections.NotFound);

    private static async Task<Result<Response>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct)
    {
        if (await db.Find<SessionRow>(SessionSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is not { } session) return SessionRejections.Unknown(id);
        var reviews = await db.Query<ReviewRow>(ReviewSql.OfSession, new { SessionId = id }, ct);
        return new Response(
            id,
            View(ReviewKind.Qualitative), ReviewRule.OpensAt(ReviewKind.Qualitative, session.Phases),
            View(ReviewKind.Quantitative), ReviewRule.OpensAt(ReviewKind.Quantitative, session.Phases));

        ReviewView? View(ReviewKind kind) => reviews.FirstOrDefault(r => r.Kind == kind)?.ToView(session);
    }
}

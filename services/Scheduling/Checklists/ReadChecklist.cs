using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>What is to be done for a session, by whom and until when, and what it has cost so far that something was not.</summary>
internal static class ReadChecklist
{
    /// <param name="SessionId">The session.</param>
    /// <param name="Status">Its status.</param>
    /// <param name="Tasks">In the order of the template.</param>
    internal sealed record Response(Guid SessionId, SessionStatus Status, IReadOnlyList<TaskEntryView> Tasks);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sessions/{id:guid}/checklist", async (Guid id, Caller caller, SchedulingDb db, TimeProvider clock, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).Map(c => new Response(id, c.Session.Status, [.. c.Entries.Select(e => e.ToView(clock.Now(), c.IsFinal))])).ToHttp())
            .Describe(nameof(ReadChecklist), "A session's tasks with their deadlines, as the session now stands.")
            .Allow(Permission.ReadFigures).Gives<Response>().Rejects(SessionRejections.NotFound);
        routes.MapGet("/sessions/{id:guid}/score", async (Guid id, Caller caller, SchedulingDb db, TimeProvider clock, CancellationToken ct) =>
                (await Scored(db, caller, id, clock.Now(), ct)).ToHttp())
            .Describe("ReadScore", "What a session's checklist comes to, line by line: provisional until the session is closed.")
            .Allow(Permission.ReadFigures).Gives<SessionScoreView>().Rejects(SessionRejections.NotFound);
    }

    private static async Task<Result<Checklist>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<SessionRow>(SessionSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } session
            ? await Checklist.Of(db, session, ct)
            : SessionRejections.Unknown(id);

    private static async Task<Result<SessionScoreView>> Scored(SchedulingDb db, Caller caller, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        var found = await Find(db, caller, id, ct);
        if (found.Rejection is { } missing) return missing;
        var told = await db.Find<SessionScoreRow>(SessionScoreSql.OfSession, new { SessionId = id }, ct);
        var score = found.Value.ScoreAt(now);
        return new SessionScoreView
        {
            SessionId = id,
            Version = told?.Version ?? 0,
            IsFinal = found.Value.IsFinal,
            Points = score.Points,
            MostPoints = score.MostPoints,
            Share = score.Share,
            Lines = score.Lines,
        };
    }
}

using LiveCommerce.Data;
using LiveCommerce.Scheduling.Scores;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>
/// What is reported of sessions and may complete tasks. A fact keeps its first instant, so that it does not matter how
/// often, in which order, or how early or late it is heard of, nor whether the session was known by then.
/// </summary>
internal static class SessionFacts
{
    public static async Task Report(UnitOfWork work, Guid sessionId, TaskTrigger kind, DateTimeOffset at)
    {
        var fact = new { SessionId = sessionId, Kind = kind.ToString(), At = at };
        if (await work.Execute(SessionTaskSql.EarlierFact, fact) + await work.Execute(SessionTaskSql.InsertFact, fact) > 0)
            await Scoring.Settle(work, sessionId);
    }

    /// <summary>It is not so any more.</summary>
    public static Task TakeBack(UnitOfWork work, Guid sessionId, TaskTrigger kind) =>
        work.Execute(SessionTaskSql.DeleteFact, new { SessionId = sessionId, Kind = kind.ToString() });
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Scores;

/// <summary>The final score of a closed session, as it was last told.</summary>
internal sealed record SessionScoreRow
{
    public Guid SessionId { get; init; }

    /// <summary>Rises with each correction.</summary>
    public long Version { get; init; }

    public int Points { get; init; }

    public int MostPoints { get; init; }

    /// <summary>Ten-thousandths; null if nothing counts.</summary>
    public int? Share { get; init; }

    /// <summary>JSON array of <see cref="TaskScore"/>.</summary>
    public string Lines { get; init; } = "[]";

    public DateTimeOffset ScoredAt { get; init; }

    public SessionScored ToEvent(string ownerPath) => new()
    {
        SessionId = SessionId,
        Version = Version,
        OwnerPath = ownerPath,
        Points = Points,
        MostPoints = MostPoints,
        Lines = [.. Sql.FromJson<TaskScore[]>(Lines).Select(l => new ScoreLine(l.Code, l.Title, l.DueAt, l.DoneAt, l.Points, l.Deducted, l.Reason))],
    };
}

/// <summary>What a session's checklist comes to, line by line.</summary>
internal sealed record SessionScoreView : IVersioned
{
    public required Guid SessionId { get; init; }

    /// <summary>0 until the session is closed; rises with each later correction.</summary>
    public required long Version { get; init; }

    /// <summary>The session is closed: only corrections and what comes late change it.</summary>
    public required bool IsFinal { get; init; }

    public required int Points { get; init; }

    public required int MostPoints { get; init; }

    /// <summary>Ten-thousandths of the most points; null if nothing counts.</summary>
    public required int? Share { get; init; }

    public required IReadOnlyList<TaskScore> Lines { get; init; }
}

internal static class SessionScoreSql
{
    private const string Columns = "SessionId, Version, Points, MostPoints, Share, Lines, ScoredAt";

    internal const string OfSession = $"SELECT {Columns} FROM SessionScores WHERE SessionId = @SessionId";

    internal const string OfSessions = $"SELECT {Columns} FROM SessionScores WHERE SessionId IN {Sql.Ids} ORDER BY Seq";

    internal const string Insert = $"INSERT INTO SessionScores ({Columns}) VALUES (@SessionId, @Version, @Points, @MostPoints, @Share, @Lines, @ScoredAt)";

    internal const string Update =
        "UPDATE SessionScores SET Version = @Version, Points = @Points, MostPoints = @MostPoints, Share = @Share, Lines = @Lines, ScoredAt = @ScoredAt " +
        "WHERE SessionId = @SessionId AND Version < @Version";
}

/// <summary>Keeps and tells the scores of closed sessions.</summary>
internal static class Scoring
{
    /// <summary>
    /// To be called in every transaction that closes a session, or changes what the score of a closed one is made of, after
    /// it has taken the session's row lock. Says nothing if the score is the one that was told.
    /// </summary>
    public static async Task Settle(UnitOfWork work, SessionRow session)
    {
        if (session.Status != SessionStatus.Closed) return;
        var score = (await Checklist.Of(work, session)).ScoreAt(work.Now);
        var lines = Sql.Json(score.Lines);
        var told = await work.Find<SessionScoreRow>(SessionScoreSql.OfSession, new { SessionId = session.Id });
        if (told?.Lines == lines) return;
        var row = new SessionScoreRow
        {
            SessionId = session.Id,
            Version = (told?.Version ?? 0) + 1,
            Points = score.Points,
            MostPoints = score.MostPoints,
            Share = score.Share,
            Lines = lines,
            ScoredAt = work.Now,
        };
        await work.Upsert(SessionScoreSql.Update, SessionScoreSql.Insert, row);
        work.Publish(row.ToEvent(session.Path));
    }

    /// <summary>Says again what was said of these sessions, for a service that is new or was restored.</summary>
    public static async Task TellAgain(UnitOfWork work, IReadOnlyList<SessionRow> sessions)
    {
        var paths = sessions.Where(s => s.Status == SessionStatus.Closed).ToDictionary(s => s.Id, s => s.Path);
        if (paths.Count == 0) return;
        foreach (var row in await work.Query<SessionScoreRow>(SessionScoreSql.OfSessions, new { Ids = Sql.Json(paths.Keys) }))
            work.Publish(row.ToEvent(paths[row.SessionId]));
    }

    /// <summary><see cref="Settle(UnitOfWork, SessionRow)"/> for whoever does not hold the session: takes its row lock, and reads it under it.</summary>
    public static async Task Settle(UnitOfWork work, Guid sessionId)
    {
        if (await work.Execute(SessionTaskSql.Hold, new { SessionId = sessionId }) == 0) return;
        await Settle(work, (await work.Find<SessionRow>(SessionSql.ById, new { Id = sessionId }))!);
    }
}

using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>What somebody said about a task.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskVerdict>))]
internal enum TaskVerdict
{
    Done,

    /// <summary>It was not done, whatever was said or reported.</summary>
    Open,

    /// <summary>It counts neither way.</summary>
    Waived,
}

/// <summary>A task of a session about which somebody said something; of the others there is no row.</summary>
internal sealed record SessionTaskRow
{
    public Guid SessionId { get; init; }

    public string Code { get; init; } = "";

    public TaskVerdict Outcome { get; init; }

    /// <summary>Set if done.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    public string? Evidence { get; init; }

    public string ById { get; init; } = "";

    public string ByName { get; init; } = "";

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Why the unit above corrected it; null if it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { SessionId, Code, Outcome = Outcome.ToString(), DoneAt, Evidence, ById, ByName, ChangedAt, Reason };
}

/// <summary>Something that was reported of a session and may complete tasks, with the first instant it was so.</summary>
internal sealed record SessionFactRow
{
    public Guid SessionId { get; init; }

    public TaskTrigger Kind { get; init; }

    public DateTimeOffset At { get; init; }
}

internal static class SessionTaskSql
{
    internal const string OfSession =
        "SELECT SessionId, Code, Outcome, DoneAt, Evidence, ById, ByName, ChangedAt, Reason FROM SessionTasks WHERE SessionId = @SessionId";

    internal const string OfSessions =
        $"SELECT SessionId, Code, Outcome, DoneAt, Evidence, ById, ByName, ChangedAt, Reason FROM SessionTasks WHERE SessionId IN {Sql.Ids}";

    internal const string SessionsAtWork =
        $"SELECT {SessionSql.Columns} FROM Sessions WHERE {Sql.InScope} AND Status IN ('Scheduled', 'Displaced', 'WarmUp', 'Live', 'Ended', 'InReview') " +
        $"AND Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string Insert =
        "INSERT INTO SessionTasks (SessionId, Code, Outcome, DoneAt, Evidence, ById, ByName, ChangedAt, Reason) " +
        "VALUES (@SessionId, @Code, @Outcome, @DoneAt, @Evidence, @ById, @ByName, @ChangedAt, @Reason)";

    internal const string Update =
        "UPDATE SessionTasks SET Outcome = @Outcome, DoneAt = @DoneAt, Evidence = @Evidence, ById = @ById, ByName = @ByName, ChangedAt = @ChangedAt, Reason = @Reason " +
        "WHERE SessionId = @SessionId AND Code = @Code";

    /// <summary>Takes the session's row lock: whoever closes it waits, or has closed it for the reader to see.</summary>
    internal const string Hold = "UPDATE Sessions SET Version = Version WHERE Id = @SessionId";

    internal const string FactsOfSession = "SELECT SessionId, Kind, At FROM SessionFacts WHERE SessionId = @SessionId";
    internal const string FactsOfSessions = $"SELECT SessionId, Kind, At FROM SessionFacts WHERE SessionId IN {Sql.Ids}";

    internal const string EarlierFact = "UPDATE SessionFacts SET At = @At WHERE SessionId = @SessionId AND Kind = @Kind AND At > @At";

    internal const string InsertFact =
        "INSERT INTO SessionFacts (SessionId, Kind, At) SELECT @SessionId, @Kind, @At " +
        "WHERE NOT EXISTS (SELECT 1 FROM SessionFacts WHERE SessionId = @SessionId AND Kind = @Kind)";

    internal const string DeleteFact = "DELETE FROM SessionFacts WHERE SessionId = @SessionId AND Kind = @Kind";
}

internal static class TaskRejections
{
    internal static readonly RejectionKind NotFound = new("task.not_found", 404, "The session's checklist has no such task.");
    internal static readonly RejectionKind OtherRole = new("task.other_role", 409, "The task belongs to another role.");
    internal static readonly RejectionKind CompletesItself = new("task.completes_itself", 409, "The task is completed by what is done elsewhere, not by saying so.");
    internal static readonly RejectionKind EvidenceMissing = new("task.evidence_missing", 409, "The task asks for evidence.");
    internal static readonly RejectionKind SessionOver = new("task.session_over", 409, "The session is closed, or will not take place; only the unit above can still correct its tasks.");
    internal static readonly RejectionKind Waived = new("task.waived", 409, "The unit above let the session off the task.");
    internal static readonly RejectionKind DoneInFuture = new("task.done_in_future", 409, "A task cannot have been done later than now.");
    internal static readonly RejectionKind CorrectedFromAbove = new("task.corrected_from_above", 409, "Only a unit above the session's owner corrects its tasks; a headquarters its own.");
}

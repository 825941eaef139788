using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>One task of one session, put together from the template, what was reported and what was said.</summary>
internal sealed record ChecklistEntry(TaskOutcome Outcome, SessionTaskRow? Said)
{
    public TaskEntryView ToView(DateTimeOffset now, bool isFinal) => new()
    {
        Code = Outcome.Task.Code,
        Title = Outcome.Task.Title,
        State = Outcome.StateAt(now, isFinal),
        DueAt = Outcome.DueAt,
        DoneAt = Outcome.DoneAt,
        Points = Outcome.Task.Points,
        OwnerRole = Outcome.Task.OwnerRole,
        CompletesOn = Outcome.Task.CompletesOn,
        NeedsEvidence = Outcome.Task.NeedsEvidence,
        Evidence = Said?.Evidence,
        By = Said?.ByName,
        CorrectedBecause = Said?.Reason,
    };
}

/// <summary>A task of a session's checklist.</summary>
internal sealed record TaskEntryView
{
    public required string Code { get; init; }

    public required string Title { get; init; }

    public required TaskState State { get; init; }

    /// <summary>As the session now stands; moves with it.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public required DateTimeOffset? DoneAt { get; init; }

    public required int Points { get; init; }

    public required Role OwnerRole { get; init; }

    public required TaskTrigger? CompletesOn { get; init; }

    public required bool NeedsEvidence { get; init; }

    public required string? Evidence { get; init; }

    /// <summary>Who last said something about it; null for what was reported.</summary>
    public required string? By { get; init; }

    /// <summary>The reason of the unit above; null if it corrected nothing.</summary>
    public required string? CorrectedBecause { get; init; }
}

/// <summary>
/// A session's checklist. No row is written when a session is planned, moved, or goes live: tasks come from the template
/// that held when it was planned, deadlines from its times, completions from facts and from what people said.
/// </summary>
internal sealed record Checklist(SessionRow Session, IReadOnlyList<ChecklistEntry> Entries)
{
    public static async Task<Checklist> Of(UnitOfWork work, SessionRow session) => Assemble(
        session,
        await work.Find<ChecklistTemplateRow>(ChecklistTemplateSql.HeldAt, TemplateKey(session)),
        await work.Query<SessionFactRow>(SessionTaskSql.FactsOfSession, new { SessionId = session.Id }),
        await work.Query<SessionTaskRow>(SessionTaskSql.OfSession, new { SessionId = session.Id }));

    /// <summary>The same, outside any transaction.</summary>
    public static async Task<Checklist> Of(SchedulingDb db, SessionRow session, CancellationToken ct) => Assemble(
        session,
        await db.Find<ChecklistTemplateRow>(ChecklistTemplateSql.HeldAt, TemplateKey(session), ct),
        await db.Query<SessionFactRow>(SessionTaskSql.FactsOfSession, new { SessionId = session.Id }, ct),
        await db.Query<SessionTaskRow>(SessionTaskSql.OfSession, new { SessionId = session.Id }, ct));

    /// <summary>Those of many sessions of one headquarters, in three statements.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Checklist>> OfMany(SchedulingDb db, IReadOnlyList<SessionRow> sessions, CancellationToken ct)
    {
        if (sessions.Count == 0) return new Dictionary<Guid, Checklist>();
        var key = new { Path = UnitPath.Headquarters(sessions[0].Path), Ids = Sql.Json(sessions.Select(s => s.Id)) };
        var templates = await db.Query<ChecklistTemplateRow>(ChecklistTemplateSql.OfHeadquarters, key, ct);
        var facts = (await db.Query<SessionFactRow>(SessionTaskSql.FactsOfSessions, key, ct)).ToLookup(f => f.SessionId);
        var said = (await db.Query<SessionTaskRow>(SessionTaskSql.OfSessions, key, ct)).ToLookup(t => t.SessionId);
        return sessions.ToDictionary(s => s.Id, s => Assemble(
            s, templates.LastOrDefault(t => t.Tier == s.Tier && t.CreatedAt <= HeldAt(s)), [.. facts[s.Id]], [.. said[s.Id]]));
    }

    public bool IsFinal => Session.Status == SessionStatus.Closed;

    public Score ScoreAt(DateTimeOffset now) => Score.Of(Entries.Select(e => e.Outcome), now, IsFinal);

    public ChecklistEntry? Entry(string code) => Entries.FirstOrDefault(e => e.Outcome.Task.Code == code);

    public static ChecklistTimes TimesOf(SessionRow session)
    {
        var phases = session.Phases;
        return new ChecklistTimes
        {
            PlannedAt = session.ApprovedAt ?? session.CreatedAt,
            PreparationStartsAt = session.StartsAt.AddDays(-session.PreparationDays),
            WarmUpStartsAt = session.WarmUpStartsAt,
            ReservoirStartsAt = session.StartsAt.AddDays(-session.ReservoirDays),
            LiveStartsAt = session.StartsAt,
            LiveEndsAt = phases.LiveEndsAt,
            ReviewEndsAt = phases.ReviewEndsAt,
        };
    }

    private static object TemplateKey(SessionRow session) =>
        new { Path = UnitPath.Headquarters(session.Path), Tier = session.Tier.ToString(), At = HeldAt(session) };

    // Until it is approved, the newest holds.
    private static DateTimeOffset HeldAt(SessionRow session) => session.ApprovedAt ?? CalendarQuery.Always;

    private static Checklist Assemble(
        SessionRow session, ChecklistTemplateRow? template, IReadOnlyList<SessionFactRow> facts, IReadOnlyList<SessionTaskRow> said)
    {
        var times = TimesOf(session);
        var reported = facts.ToDictionary(f => f.Kind, f => f.At);
        var words = said.ToDictionary(t => t.Code);
        var tasks = template?.TaskList ?? DefaultChecklist.Of(session.Tier);
        return new Checklist(session, [.. tasks.Select(Entry)]);

        ChecklistEntry Entry(ChecklistTask task)
        {
            var word = words.GetValueOrDefault(task.Code);
            DateTimeOffset? doneAt = word is not null ? word.DoneAt
                : task.CompletesOn is { } trigger && reported.TryGetValue(trigger, out var at) ? at
                : null;
            return new ChecklistEntry(new TaskOutcome(task, TaskDeadline.Of(task, times), doneAt, word?.Outcome == TaskVerdict.Waived), word);
        }
    }
}

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>The instants of a session its deadlines hang on.</summary>
internal sealed record ChecklistTimes
{
    /// <summary>When the session was put into the plan, and so its checklist began to hold.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    public required DateTimeOffset PreparationStartsAt { get; init; }

    public required DateTimeOffset WarmUpStartsAt { get; init; }

    public required DateTimeOffset ReservoirStartsAt { get; init; }

    /// <summary>As planned.</summary>
    public required DateTimeOffset LiveStartsAt { get; init; }

    /// <summary>As it really was, once the session has ended.</summary>
    public required DateTimeOffset LiveEndsAt { get; init; }

    public required DateTimeOffset ReviewEndsAt { get; init; }

    public DateTimeOffset At(TaskAnchor anchor) => anchor switch
    {
        TaskAnchor.PreparationStart => PreparationStartsAt,
        TaskAnchor.WarmUpStart => WarmUpStartsAt,
        TaskAnchor.ReservoirStart => ReservoirStartsAt,
        TaskAnchor.LiveStart => LiveStartsAt,
        TaskAnchor.LiveEnd => LiveEndsAt,
        _ => ReviewEndsAt,
    };
}

/// <summary>When a task has to be done. Never kept: it follows the session's times wherever they move.</summary>
internal static class TaskDeadline
{
    public static DateTimeOffset Of(ChecklistTask task, ChecklistTimes times)
    {
        var due = times.At(task.Anchor).AddMinutes(task.OffsetMinutes);
        // Nobody can have kept a deadline that was over before the session was planned: it is to be done before the start.
        if (due <= times.PlannedAt) due = times.LiveStartsAt;
        // With the review everything is over, or a score could never be final.
        return due < times.ReviewEndsAt ? due : times.ReviewEndsAt;
    }
}

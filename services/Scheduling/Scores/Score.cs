using System.Text.Json.Serialization;
using LiveCommerce.Scheduling.Checklists;

namespace LiveCommerce.Scheduling.Scores;

/// <summary>How a task stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskState>))]
internal enum TaskState
{
    /// <summary>Not done, and not yet due.</summary>
    Open,
    Done,

    /// <summary>Done after the deadline.</summary>
    DoneLate,

    /// <summary>Not done by the deadline. It still can be, late.</summary>
    Missed,

    /// <summary>The unit above let the session off it; it counts neither way.</summary>
    Waived,
}

/// <summary>What became of one task, as far as a score needs to know.</summary>
/// <param name="Task">The task.</param>
/// <param name="DueAt">Its deadline as the session now stands.</param>
/// <param name="DoneAt">When it was done; null if it was not.</param>
/// <param name="IsWaived">It counts neither way.</param>
internal sealed record TaskOutcome(ChecklistTask Task, DateTimeOffset DueAt, DateTimeOffset? DoneAt, bool IsWaived = false)
{
    /// <param name="now">The instant it is judged at.</param>
    /// <param name="isFinal">The session is closed: what is open now was missed.</param>
    public TaskState StateAt(DateTimeOffset now, bool isFinal) =>
        IsWaived ? TaskState.Waived
        : DoneAt is { } done ? done <= DueAt ? TaskState.Done : TaskState.DoneLate
        : isFinal || now > DueAt ? TaskState.Missed
        : TaskState.Open;
}

/// <summary>One task's part in a score.</summary>
/// <param name="Code">The task.</param>
/// <param name="Title">For people.</param>
/// <param name="State">How it stands.</param>
/// <param name="DueAt">Its deadline as the session now stands.</param>
/// <param name="DoneAt">When it was done; null if it was not.</param>
/// <param name="Points">What it is worth; 0 if it is waived.</param>
/// <param name="Deducted">Of those, how many are lost.</param>
/// <param name="Reason">Why, for people; null if none is lost.</param>
internal sealed record TaskScore(string Code, string Title, TaskState State, DateTimeOffset DueAt, DateTimeOffset? DoneAt, int Points, int Deducted, string? Reason);

/// <summary>What a session's checklist comes to: the points of all tasks, less what was lost on each.</summary>
internal sealed record Score(IReadOnlyList<TaskScore> Lines)
{
    /// <summary>A share is kept as ten-thousandths, so that shares of different checklists can be compared and added.</summary>
    public const int WholeShare = 10_000;

    public int MostPoints => Lines.Sum(l => l.Points);

    public int Points => MostPoints - Lines.Sum(l => l.Deducted);

    /// <summary>Ten-thousandths of the most points; null if nothing counts.</summary>
    public int? Share => MostPoints == 0 ? null : (int)((long)Points * WholeShare / MostPoints);

    public static Score Of(IEnumerable<TaskOutcome> outcomes, DateTimeOffset now, bool isFinal) => new([.. outcomes.Select(o => Line(o, now, isFinal))]);

    private static TaskScore Line(TaskOutcome outcome, DateTimeOffset now, bool isFinal)
    {
        var task = outcome.Task;
        var state = outcome.StateAt(now, isFinal);
        // Up: half of an odd number costs the odd point.
        var late = (task.Points * task.LateCostsPercent + 99) / 100;
        var (points, deducted, reason) = state switch
        {
            TaskState.Missed => (task.Points, task.Points, $"Not done by {outcome.DueAt:yyyy-MM-dd HH:mm}Z: all {task.Points} points."),
            TaskState.DoneLate when late > 0 => (task.Points, late, $"Done {Length(outcome.DoneAt!.Value - outcome.DueAt)} late: {task.LateCostsPercent} % of {task.Points} points."),
            TaskState.Waived => (0, 0, null),
            _ => (task.Points, 0, (string?)null),
        };
        return new TaskScore(task.Code, task.Title, state, outcome.DueAt, outcome.DoneAt, points, deducted, reason);
    }

    private static string Length(TimeSpan late) =>
        late.TotalDays >= 1 ? $"{(int)late.TotalDays} d {late.Hours} h"
        : late.TotalHours >= 1 ? $"{late.Hours} h {late.Minutes} min"
        : late.TotalMinutes >= 1 ? $"{late.Minutes} min"
        : "less than a minute";
}

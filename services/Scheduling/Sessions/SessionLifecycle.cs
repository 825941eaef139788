using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>What can be done to a session.</summary>
internal enum SessionAction
{
    /// <summary>Hands a draft in for approval.</summary>
    Submit,

    /// <summary>Puts it into the plan.</summary>
    Approve,

    /// <summary>Does not put it into the plan.</summary>
    Reject,

    /// <summary>Takes it back before it is decided on.</summary>
    Withdraw,

    Edit,

    /// <summary>To another time; gives a displaced one its new slot.</summary>
    Reschedule,

    /// <summary>Changes what was approved, by somebody who cannot approve it: it waits for approval again.</summary>
    AskAgain,

    /// <summary>A session of a higher tier takes its slot.</summary>
    Displace,

    /// <summary>By itself at its time.</summary>
    EnterWarmUp,

    GoLive,

    End,

    /// <summary>By itself after the end.</summary>
    BeginReview,

    /// <summary>By itself at the review's end, or by hand before.</summary>
    Close,

    Cancel,

    /// <summary>By itself: a day after its planned end it had not gone live.</summary>
    Miss,
}

/// <summary>Every legal move. A pair that is not here is refused.</summary>
internal static class SessionLifecycle
{
    private static readonly Dictionary<(SessionStatus, SessionAction), SessionStatus> Moves = new()
    {
        [(SessionStatus.Draft, SessionAction.Submit)] = SessionStatus.Submitted,
        [(SessionStatus.Draft, SessionAction.Edit)] = SessionStatus.Draft,
        [(SessionStatus.Draft, SessionAction.Reschedule)] = SessionStatus.Draft,
        [(SessionStatus.Draft, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.Submitted, SessionAction.Approve)] = SessionStatus.Scheduled,
        [(SessionStatus.Submitted, SessionAction.Reject)] = SessionStatus.Rejected,
        [(SessionStatus.Submitted, SessionAction.Withdraw)] = SessionStatus.Draft,
        [(SessionStatus.Submitted, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.Submitted, SessionAction.Miss)] = SessionStatus.Cancelled,
        [(SessionStatus.Rejected, SessionAction.Submit)] = SessionStatus.Submitted,
        [(SessionStatus.Rejected, SessionAction.Edit)] = SessionStatus.Draft,
        [(SessionStatus.Rejected, SessionAction.Reschedule)] = SessionStatus.Draft,
        [(SessionStatus.Rejected, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.Scheduled, SessionAction.Edit)] = SessionStatus.Scheduled,
        [(SessionStatus.Scheduled, SessionAction.Reschedule)] = SessionStatus.Scheduled,
        [(SessionStatus.Scheduled, SessionAction.AskAgain)] = SessionStatus.Submitted,
        [(SessionStatus.Scheduled, SessionAction.Displace)] = SessionStatus.Displaced,
        [(SessionStatus.Scheduled, SessionAction.EnterWarmUp)] = SessionStatus.WarmUp,
        [(SessionStatus.Scheduled, SessionAction.GoLive)] = SessionStatus.Live,
        [(SessionStatus.Scheduled, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.Displaced, SessionAction.Edit)] = SessionStatus.Displaced,
        [(SessionStatus.Displaced, SessionAction.Reschedule)] = SessionStatus.Scheduled,
        [(SessionStatus.Displaced, SessionAction.AskAgain)] = SessionStatus.Draft,
        [(SessionStatus.Displaced, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.WarmUp, SessionAction.Edit)] = SessionStatus.WarmUp,
        [(SessionStatus.WarmUp, SessionAction.Reschedule)] = SessionStatus.WarmUp,
        [(SessionStatus.WarmUp, SessionAction.AskAgain)] = SessionStatus.Submitted,
        [(SessionStatus.WarmUp, SessionAction.Displace)] = SessionStatus.Displaced,
        [(SessionStatus.WarmUp, SessionAction.GoLive)] = SessionStatus.Live,
        [(SessionStatus.WarmUp, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.WarmUp, SessionAction.Miss)] = SessionStatus.Cancelled,
        [(SessionStatus.Live, SessionAction.End)] = SessionStatus.Ended,
        [(SessionStatus.Ended, SessionAction.BeginReview)] = SessionStatus.InReview,
        [(SessionStatus.Ended, SessionAction.Close)] = SessionStatus.Closed,
        [(SessionStatus.InReview, SessionAction.Close)] = SessionStatus.Closed,
    };

    public static Result<SessionStatus> Apply(SessionStatus from, SessionAction action) => Moves.TryGetValue((from, action), out var to)
        ? to
        : SessionRejections.IllegalTransition.Because($"Cannot {action} a session that is {from}.");

    /// <summary>Whether a session in that status has its resources booked ahead, and counts against its mandate.</summary>
    public static bool HoldsSlot(SessionStatus status) =>
        status is SessionStatus.Submitted or SessionStatus.Scheduled or SessionStatus.WarmUp or SessionStatus.Live;
}

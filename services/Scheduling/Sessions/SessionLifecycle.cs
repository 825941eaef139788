using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>What can be done to a session.</summary>
internal enum SessionAction
{
    EnterWarmUp,
    Edit,
    Reschedule,
    GoLive,
    End,
    Cancel,
}

/// <summary>Every legal move. A pair that is not here is refused.</summary>
internal static class SessionLifecycle
{
    private static readonly Dictionary<(SessionStatus, SessionAction), SessionStatus> Moves = new()
    {
        [(SessionStatus.Scheduled, SessionAction.EnterWarmUp)] = SessionStatus.WarmUp,
        [(SessionStatus.Scheduled, SessionAction.Edit)] = SessionStatus.Scheduled,
        [(SessionStatus.Scheduled, SessionAction.Reschedule)] = SessionStatus.Scheduled,
        [(SessionStatus.Scheduled, SessionAction.GoLive)] = SessionStatus.Live,
        [(SessionStatus.Scheduled, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.WarmUp, SessionAction.Edit)] = SessionStatus.WarmUp,
        [(SessionStatus.WarmUp, SessionAction.Reschedule)] = SessionStatus.WarmUp,
        [(SessionStatus.WarmUp, SessionAction.GoLive)] = SessionStatus.Live,
        [(SessionStatus.WarmUp, SessionAction.Cancel)] = SessionStatus.Cancelled,
        [(SessionStatus.Live, SessionAction.End)] = SessionStatus.Ended,
    };

    public static Result<SessionStatus> Apply(SessionStatus from, SessionAction action) => Moves.TryGetValue((from, action), out var to)
        ? to
        : SessionRejections.IllegalTransition.Because($"Cannot {action} a session that is {from}.");
}

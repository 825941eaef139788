using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>
/// What a session does by itself when it is time: its warm-up begins, its review begins and ends; and it is given up when
/// it was never put on the air. Going live and ending are buttons.
/// </summary>
internal sealed class BeginPhase : IDueWork
{
    public const string Missed = "missed";

    private const string DueKind = "session-phase";
    private static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    public string Kind => DueKind;

    /// <summary>To be called whenever the session's times or status have changed.</summary>
    public static Task Expect(UnitOfWork work, SessionRow session) => (DueAt(session), session.IsNew) switch
    {
        ({ } at, true) => work.ScheduleAll(DueKind, [session.Id.ToString()], at),
        ({ } at, false) => work.Schedule(DueKind, session.Id.ToString(), at),
        (null, true) => Task.CompletedTask,
        (null, false) => work.Unschedule(DueKind, session.Id.ToString()),
    };

    public async Task Carry(UnitOfWork work, string key)
    {
        var id = Guid.Parse(key);
        if (await work.Find<SessionRow>(SessionSql.ById, new { Id = id }) is not { } seen || !IsDue(seen, work.Now)) return;
        if (seen.Status is SessionStatus.Submitted or SessionStatus.WarmUp) await Bookings.TakeTurn(work, seen.ResourceIds);
        var session = (await work.Find<SessionRow>(SessionSql.HeldById, new { Id = id }))!;
        if (!IsDue(session, work.Now)) return;
        var (next, toEvent) = Next(session, work.Now);
        if (next.Status == SessionStatus.Cancelled) await Bookings.Release(work, id);
        await Expect(work, next);
        var saved = await SessionChange.Save(work, next, toEvent);
        if (saved.Rejection is { } rejection) throw new InvalidOperationException(rejection.Detail);
        // Its phases follow from the plan; that nobody put it on the air does not.
        if (next.Status == SessionStatus.Cancelled) work.Decided("MissSession", $"/scheduling/sessions/{id}", session.ToView(), saved.Value.ToView());
    }

    private static (SessionRow Next, Func<SessionState, object> ToEvent) Next(SessionRow session, DateTimeOffset now)
    {
        return session.Status switch
        {
            SessionStatus.Scheduled => (session with { Status = To(SessionAction.EnterWarmUp) }, state => new SessionEnteredWarmUp(state)),
            SessionStatus.Ended => (session with { Status = To(SessionAction.BeginReview) }, state => new SessionEnteredReview(state)),
            SessionStatus.InReview => (session with { Status = To(SessionAction.Close), ClosedAt = now }, state => new SessionClosed(state)),
            _ => (session with { Status = To(SessionAction.Miss), CancelReason = Missed }, state => new SessionCancelled(state)),
        };

        SessionStatus To(SessionAction action) => SessionLifecycle.Apply(session.Status, action).Value;
    }

    private static bool IsDue(SessionRow session, DateTimeOffset now) => DueAt(session) <= now;

    private static DateTimeOffset? DueAt(SessionRow session) => session.Status switch
    {
        SessionStatus.Scheduled => session.WarmUpStartsAt,
        SessionStatus.Submitted or SessionStatus.WarmUp => session.EndsAt + Grace,
        SessionStatus.Ended => session.EndedAt,
        SessionStatus.InReview => session.Phases.ReviewEndsAt,
        _ => null,
    };
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Messaging;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>The warm-up begins by itself when it is time.</summary>
internal sealed class EnterWarmUp : IDueWork
{
    private const string DueKind = "session-warm-up";

    public string Kind => DueKind;

    /// <summary>To be called whenever the session's times or status have changed.</summary>
    public static Task Expect(UnitOfWork work, SessionRow session) => session.Status == SessionStatus.Scheduled
        ? work.Schedule(DueKind, session.Id.ToString(), session.WarmUpStartsAt)
        : work.Unschedule(DueKind, session.Id.ToString());

    public async Task Carry(UnitOfWork work, string key)
    {
        var id = Guid.Parse(key);
        if (await work.Execute(SessionSql.EnterWarmUp, new { Id = id, work.Now }) == 0) return;
        var session = (await work.Find<SessionRow>(SessionSql.ById, new { Id = id }))!;
        work.Publish(new SessionEnteredWarmUp(session.ToState()));
    }
}

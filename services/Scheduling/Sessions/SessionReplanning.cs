using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Gives a session another plan, in a transaction of whoever plans several.</summary>
internal static class SessionReplanning
{
    /// <summary>Books what the plan needs in place of what was, and tells everyone; a refusal has written nothing.</summary>
    /// <param name="caller">Who plans: it may have to be approved again.</param>
    /// <param name="work">The transaction; the turns on the owner and on all resources, old and new, are taken.</param>
    /// <param name="session">As it is, but for what is no part of a plan.</param>
    /// <param name="plan">Validated. Nobody who replans says whom a broadcast covers: that stays.</param>
    public static async Task<Rejection?> Replan(UnitOfWork work, Caller caller, SessionRow session, SessionPlan plan)
    {
        var moves = plan.StartsAt != session.StartsAt || plan.EndsAt != session.EndsAt;
        // What waits for approval is approved as it is now; what was displaced is put somewhere else by moving it.
        var status = session.Status == SessionStatus.Submitted
            ? session.Status
            : SessionLifecycle.Apply(session.Status, moves && session.Status == SessionStatus.Displaced ? SessionAction.Reschedule : SessionAction.Edit);
        if (status.Rejection is { } illegal) return illegal;
        if (plan.StartsAt != session.StartsAt && SessionChange.Start(plan.StartsAt, work.Now) is { } badStart) return badStart;
        var filled = await SessionChange.Fill(work, session with { Status = status.Value }, plan with { CoversUnitIds = session.CoversUnitList });
        if (filled.Rejection is { } unfit) return unfit;
        var moved = status.Value == SessionStatus.Displaced ? filled.Value : filled.Value with { DisplacedBySessionId = null, DisplacedAt = null };
        var placed = await SessionChange.PlaceAgain(work, SessionApproval.AskedAgain(caller, session, moved));
        if (placed.Rejection is { } refusal) return refusal;
        await BeginPhase.Expect(work, placed.Value);
        return (moves ? await SessionChange.SaveMoved(work, placed.Value) : await SessionChange.Save(work, placed.Value, state => new SessionEdited(state))).Rejection;
    }
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Who lets a session into the plan, by its tier.</summary>
internal static class SessionApproval
{
    private enum Decider
    {
        Headquarters,

        /// <summary>The unit above the owner, or any above that.</summary>
        UnitAbove,
    }

    private static Decider Of(SessionTier tier) => tier switch
    {
        SessionTier.GroupBroadcast or SessionTier.RegionalBroadcast or SessionTier.BrandBroadcast => Decider.Headquarters,
        SessionTier.ResellerBroadcast => Decider.UnitAbove,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "Nobody approves that tier."),
    };

    /// <summary>Whether what this caller plans is in the plan at once: headquarters' own, and what a unit above plans for another.</summary>
    public static bool IsGivenBy(Caller caller, SessionTier tier, string ownerPath) =>
        ownerPath == UnitPath.Headquarters(ownerPath) || (Refusal(caller, tier, ownerPath) is null && AccessTable.Roles[Permission.ApprovePlan].Intersect(caller.Roles).Any());

    /// <summary>Null if the caller, who covers the owner, stands where that session is decided on.</summary>
    public static Rejection? Refusal(Caller caller, SessionTier tier, string ownerPath) => Of(tier) switch
    {
        Decider.Headquarters when caller.Path != UnitPath.Headquarters(ownerPath) => SessionRejections.OwnApproval.Because($"Headquarters decides on a {tier}."),
        Decider.UnitAbove when caller.Path == ownerPath => SessionRejections.OwnApproval.Because($"A unit above {ownerPath} decides on its sessions."),
        _ => null,
    };

    /// <summary>
    /// The status a change of a session in the plan, or displaced, leaves it with: who could not approve it cannot make
    /// another plan of what was approved.
    /// </summary>
    /// <param name="caller">Who changes it.</param>
    /// <param name="before">As it is.</param>
    /// <param name="after">As it is to be; a displaced one has lost its time, so that any other is none of its changes.</param>
    public static SessionRow AskedAgain(Caller caller, SessionRow before, SessionRow after)
    {
        var isInPlan = before.Status is SessionStatus.Scheduled or SessionStatus.WarmUp;
        if (!isInPlan && before.Status != SessionStatus.Displaced) return after;
        var isAnother = IsAnother(before, after) || (isInPlan && (before.StartsAt != after.StartsAt || before.EndsAt != after.EndsAt));
        return isAnother && !IsGivenBy(caller, before.Tier, before.Path)
            ? after with { Status = SessionLifecycle.Apply(after.Status, SessionAction.AskAgain).Value, DisplacedBySessionId = null, DisplacedAt = null }
            : after;
    }

    /// <summary>Title, theme, phases and crew are the owner's own affair.</summary>
    private static bool IsAnother(SessionRow before, SessionRow after) =>
        before.HostId != after.HostId || before.RoomId != after.RoomId ||
        !before.CoHostList.ToHashSet().SetEquals(after.CoHostList) ||
        !before.BrandList.ToHashSet().SetEquals(after.BrandList) ||
        !before.ChannelList.Select(c => c.ChannelId).ToHashSet().SetEquals(after.ChannelList.Select(c => c.ChannelId)) ||
        !before.CoversUnitList.ToHashSet().SetEquals(after.CoversUnitList) ||
        GoalsOf(before) != GoalsOf(after);

    private static SessionGoals? GoalsOf(SessionRow session) => session.Goals is null ? null : Sql.FromJson<SessionGoals>(session.Goals);

    /// <summary>
    /// Gives a session that was handed in, or approved, its place, and tells everyone of it if it is in the plan. One that
    /// waited holds its slot, but its mandate may have been revoked or changed since.
    /// </summary>
    public static async Task<Result<SessionRow>> Enter(UnitOfWork work, SessionRow session, Caller? displacer)
    {
        if (SessionChange.Start(session.StartsAt, work.Now) is { } badStart) return badStart;
        var placed = await SessionChange.PlaceAgain(work, session, displacer);
        if (placed.Rejection is { } refusal) return refusal;
        await BeginPhase.Expect(work, placed.Value);
        return await SessionChange.Save(work, placed.Value, state => new SessionScheduled(state));
    }
}

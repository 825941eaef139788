using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Somebody in a session's crew.</summary>
internal sealed record AssignmentRow
{
    public Guid ResourceId { get; init; }

    public CrewRole Role { get; init; }
}

/// <summary>Who takes part in a session.</summary>
internal sealed record SessionCrewView : IVersioned
{
    public required Guid SessionId { get; init; }

    /// <summary>The session's.</summary>
    public required long Version { get; init; }

    /// <summary>Host and co-hosts, who are named by the plan, then the others.</summary>
    public required IReadOnlyList<CrewMemberView> Members { get; init; }

    /// <summary>Every role with how many the session's tier needs of it.</summary>
    public required IReadOnlyList<CrewCount> Roles { get; init; }

    /// <summary>Nobody is missing.</summary>
    public required bool IsComplete { get; init; }
}

/// <summary>Somebody who takes part in a session.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Name">For people.</param>
/// <param name="Role">What they do.</param>
/// <param name="IsAway">They have entered an absence since they were planned: find a replacement.</param>
internal sealed record CrewMemberView(Guid PersonId, string Name, CrewRole Role, bool IsAway);

/// <summary>A session's crew: host and co-hosts from the plan, everybody else from assignments.</summary>
internal static class SessionCrew
{
    public static IEnumerable<(Guid PersonId, CrewRole Role)> Of(SessionRow session, IEnumerable<AssignmentRow> assigned) =>
    [
        (session.HostId, CrewRole.Host),
        .. session.CoHostList.Select(id => (id, CrewRole.CoHost)),
        .. assigned.Select(a => (a.ResourceId, a.Role)),
    ];

    public static SessionCrewView View(
        SessionRow session, IReadOnlyList<AssignmentRow> assigned, IReadOnlyList<PersonRow> people, IReadOnlyList<AbsentPerson> away)
    {
        var crew = Of(session, assigned).ToList();
        var names = people.ToDictionary(p => p.Id, p => p.Name);
        var absent = away.Select(a => a.PersonId).ToHashSet();
        var counts = CrewNeeds.Count(session.Tier, crew.Select(c => c.Role));
        return new SessionCrewView
        {
            SessionId = session.Id,
            Version = session.Version,
            Members = [.. crew.Select(c => new CrewMemberView(c.PersonId, names.GetValueOrDefault(c.PersonId, ""), c.Role, absent.Contains(c.PersonId)))],
            Roles = counts,
            IsComplete = counts.All(c => c.Missing == 0),
        };
    }

    /// <summary>
    /// To be called when who takes part in a session may have changed: until the session is on the air, the fact that its
    /// crew is complete comes and goes with it.
    /// </summary>
    public static async Task Note(UnitOfWork work, SessionRow session)
    {
        if (session.Status is SessionStatus.Live or SessionStatus.Ended or SessionStatus.InReview or SessionStatus.Closed) return;
        var assigned = await work.Query<AssignmentRow>(SessionCrewSql.OfSession, new { SessionId = session.Id });
        if (CrewNeeds.AreMet(session.Tier, Of(session, assigned).Select(c => c.Role)))
            await SessionFacts.Report(work, session.Id, TaskTrigger.CrewComplete, work.Now);
        else
            await SessionFacts.TakeBack(work, session.Id, TaskTrigger.CrewComplete);
    }
}

internal static class SessionCrewSql
{
    internal const string OfSession = "SELECT ResourceId, Role FROM CrewAssignments WHERE SessionId = @SessionId ORDER BY Seq";
    internal const string Delete = "DELETE FROM CrewAssignments WHERE SessionId = @SessionId";
    internal const string Insert = "INSERT INTO CrewAssignments (SessionId, ResourceId, Role) VALUES (@SessionId, @ResourceId, @Role)";
}

internal static class CrewRejections
{
    internal static readonly RejectionKind PersonNotUsable = new("crew.person_not_usable", 409, "Somebody is not there, or not of a unit above or below the owner.");
    internal static readonly RejectionKind RoleNotHeld = new("crew.role_not_held", 409, "Somebody does not hold the role they are assigned.");
    internal static readonly RejectionKind HostsAlready = new("crew.hosts_already", 409, "Somebody hosts the session already.");
    internal static readonly RejectionKind SessionOver = new("crew.session_over", 409, "The session is over, or will not take place.");
}

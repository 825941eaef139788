using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>A time somebody cannot be planned for, half-open.</summary>
internal sealed record AbsenceRow
{
    public Guid Id { get; init; }

    public Guid ResourceId { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? WithdrawnAt { get; init; }
}

/// <summary>A session somebody is in.</summary>
internal sealed record Engagement
{
    public Guid SessionId { get; init; }

    public string Title { get; init; } = "";

    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Exclusive. A session on the air past it keeps its people until it ends.</summary>
    public DateTimeOffset EndsAt { get; init; }
}

/// <summary>Somebody who is away when they are wanted.</summary>
internal sealed record AbsentPerson
{
    public Guid PersonId { get; init; }

    public string Name { get; init; } = "";

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }
}

/// <summary>An absence, or with <see cref="Hours"/> somebody whose hours have to be looked at.</summary>
internal sealed record AwayRow
{
    public Guid PersonId { get; init; }

    public string Name { get; init; } = "";

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    /// <summary>JSON array of <see cref="WorkingHours"/>.</summary>
    public string? Hours { get; init; }

    /// <summary>Of the person's unit.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>
/// Absences are kept beside the bookings and under the same locks: whoever plans a person and whoever enters an absence
/// take the person's turn first, so that the later of the two always sees the earlier.
/// </summary>
internal static class Absences
{
    /// <summary>A refusal that names everybody of the session's who is away in the time planned.</summary>
    public static Task<Rejection?> Planned(UnitOfWork work, SessionRow session) =>
        Planned(work, session, [session.HostId, .. session.CoHostList, .. session.CrewList]);

    /// <summary>A refusal that names everybody of <paramref name="people"/> who is away in the time planned.</summary>
    public static async Task<Rejection?> Planned(UnitOfWork work, SessionRow session, IReadOnlyList<Guid> people)
    {
        if (people.Count == 0) return null;
        var away = await Away(work, people, new Window(session.StartsAt, session.EndsAt));
        return away.Count == 0
            ? null
            : AbsenceRejections.Absent.Because($"Away at that time: {string.Join(", ", away.Select(a => a.Name).Distinct())}.").With("absences", away);
    }

    /// <summary>Who of <paramref name="people"/> is away in that time: absent, or off work by their hours. By time.</summary>
    public static async Task<IReadOnlyList<AbsentPerson>> Away(Reads from, IReadOnlyList<Guid> people, Window time)
    {
        var rows = await from.Query<AwayRow>(AbsenceSql.Away, new { Ids = Sql.Json(people), StartsAt = time.OpensAt, EndsAt = time.ClosesAt });
        return [.. rows.SelectMany(r => Times(r, time).Select(w => new AbsentPerson { PersonId = r.PersonId, Name = r.Name, StartsAt = w.OpensAt, EndsAt = w.ClosesAt }))];
    }

    private static IEnumerable<Window> Times(AwayRow row, Window time) => row.Hours is null
        ? [new Window(row.StartsAt, row.EndsAt)]
        : WorkingHours.Outside(Sql.FromJson<WorkingHours[]>(row.Hours), TimeZoneInfo.FindSystemTimeZoneById(row.TimeZone!), time);
}

internal static class AbsenceSql
{
    private const string Columns = "Id, ResourceId, StartsAt, EndsAt, Reason, WithdrawnAt";

    /// <summary>In one statement, since every plan is judged by it: who is absent, and who has hours of work.</summary>
    internal const string Away =
        "SELECT a.ResourceId AS PersonId, r.Name, a.StartsAt, a.EndsAt, CAST(NULL AS NVARCHAR(4000)) AS Hours, CAST(NULL AS NVARCHAR(64)) AS TimeZone FROM Absences a JOIN Resources r ON r.Id = a.ResourceId " +
        $"WHERE a.ResourceId IN {Sql.Ids} AND a.WithdrawnAt IS NULL AND a.StartsAt < @EndsAt AND a.EndsAt > @StartsAt " +
        "UNION ALL SELECT p.ResourceId AS PersonId, r.Name, @StartsAt AS StartsAt, @EndsAt AS EndsAt, p.WorkingHours AS Hours, u.TimeZone " +
        $"FROM People p JOIN Resources r ON r.Id = p.ResourceId JOIN Units u ON u.Id = r.UnitId WHERE p.ResourceId IN {Sql.Ids} AND p.WorkingHours IS NOT NULL " +
        "ORDER BY StartsAt, PersonId";

    /// <summary>Whether anybody of <c>@Ids</c> may be away; rooms and channels never are.</summary>
    internal const string Any =
        $"SELECT 1 FROM Absences WHERE ResourceId IN {Sql.Ids} AND WithdrawnAt IS NULL AND StartsAt < @EndsAt AND EndsAt > @StartsAt " +
        $"UNION ALL SELECT 1 FROM People WHERE ResourceId IN {Sql.Ids} AND WorkingHours IS NOT NULL";

    internal const string OfPerson =
        $"SELECT {Columns} FROM Absences WHERE ResourceId = @Id AND WithdrawnAt IS NULL AND StartsAt < @To AND EndsAt > @From ORDER BY StartsAt, Seq";

    internal const string ById = $"SELECT {Columns} FROM Absences WHERE Id = @AbsenceId AND ResourceId = @Id";

    internal const string Insert =
        "INSERT INTO Absences (Id, ResourceId, StartsAt, EndsAt, Reason) VALUES (@Id, @ResourceId, @StartsAt, @EndsAt, @Reason)";

    internal const string Withdraw = "UPDATE Absences SET WithdrawnAt = @Now WHERE Id = @AbsenceId AND ResourceId = @Id AND WithdrawnAt IS NULL";

    /// <summary>Sessions the person is booked for that are not over.</summary>
    internal const string Engaged =
        "SELECT b.SessionId, s.Title, b.StartsAt, b.EndsAt FROM Bookings b JOIN Sessions s ON s.Id = b.SessionId " +
        "WHERE b.ResourceId = @Id AND b.StartsAt < @EndsAt AND b.EndsAt > @StartsAt AND s.Status IN ('Submitted', 'Scheduled', 'WarmUp', 'Live') ORDER BY b.StartsAt, b.Seq";
}

internal static class AbsenceRejections
{
    internal static readonly RejectionKind NotFound = new("absence.not_found", 404, "The person has no such absence.");
    internal static readonly RejectionKind Absent = new("crew.absent", 409, "Somebody is away at that time, or off work by their hours; absences names every one.");
}

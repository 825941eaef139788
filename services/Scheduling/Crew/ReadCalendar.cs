using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Where somebody is wanted when, and when they are away.</summary>
internal static class ReadCalendar
{
    private const int UsualDays = 60;

    /// <param name="Person">Whose calendar.</param>
    /// <param name="From">Inclusive.</param>
    /// <param name="To">Exclusive.</param>
    /// <param name="Sessions">By time.</param>
    /// <param name="Absences">By time.</param>
    internal sealed record Response(PersonView Person, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Entry> Sessions, IReadOnlyList<Away> Absences);

    /// <param name="SessionId">The session.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="Role">What the person does in it.</param>
    /// <param name="Status">Where it is in its life.</param>
    /// <param name="OwnerPath">Whose it is.</param>
    /// <param name="RoomId">Where it is.</param>
    /// <param name="StartsAt">From when the person is booked for it.</param>
    /// <param name="EndsAt">Exclusive; on the air past it, the person stays until it ends.</param>
    internal sealed record Entry(
        Guid SessionId, string Title, CrewRole Role, SessionStatus Status, string OwnerPath, Guid RoomId, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

    /// <param name="Id">The absence.</param>
    /// <param name="StartsAt">Inclusive.</param>
    /// <param name="EndsAt">Exclusive.</param>
    /// <param name="Reason">For people.</param>
    internal sealed record Away(Guid Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Reason);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/me/calendar", async (string? from, string? to, Caller caller, SchedulingDb db, TimeProvider clock, CancellationToken ct) =>
                (await Own(db, caller, from, to, clock.Now(), ct)).ToHttp())
            .Describe("ReadOwnCalendar", "Where the caller is wanted from ?from (now unless given) to ?to (60 days later unless given), and when it is away.",
                "For members who are linked to a person; 404 person.not_found for the others.")
            .Allow(Permission.ReadOwnCalendar).Gives<Response>().Rejects(PersonRejections.NotFound);
        routes.MapGet("/people/{id:guid}/calendar", async (Guid id, string? from, string? to, Caller caller, SchedulingDb db, TimeProvider clock, CancellationToken ct) =>
                (await OfSomebody(db, caller, id, from, to, clock.Now(), ct)).ToHttp())
            .Describe("ReadCalendar", "Where somebody of the caller's unit or below is wanted from ?from (now unless given) to ?to (60 days later unless given), and when they are away.")
            .Allow(Permission.ReadFigures).Gives<Response>().Rejects(PersonRejections.NotFound);
    }

    // An account of another tenant that somebody linked by mistake sees nothing of this one.
    private static async Task<Result<Response>> Own(SchedulingDb db, Caller caller, string? from, string? to, DateTimeOffset now, CancellationToken ct) =>
        await db.Find<PersonRow>(PersonSql.OfMember, new { MemberId = caller.Id }, ct) is { } person && caller.Sees(person.Path)
            ? await Of(db, person, from, to, now, ct)
            : PersonRejections.NotFound.Because("The caller is nobody who takes part in sessions.");

    private static async Task<Result<Response>> OfSomebody(SchedulingDb db, Caller caller, Guid id, string? from, string? to, DateTimeOffset now, CancellationToken ct) =>
        await db.Find<PersonRow>(PersonSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } person
            ? await Of(db, person, from, to, now, ct)
            : PersonRejections.Unknown(id);

    private static async Task<Result<Response>> Of(SchedulingDb db, PersonRow person, string? from, string? to, DateTimeOffset now, CancellationToken ct)
    {
        var faults = new Faults();
        var asked = CalendarQuery.Between(from, to, faults);
        var window = new Window(from is null ? now : asked.OpensAt, to is null ? (from is null ? now : asked.OpensAt).AddDays(UsualDays) : asked.ClosesAt);
        if (faults.Count == 0)
        {
            faults.Order(window.OpensAt, window.ClosesAt, "?to");
            CalendarQuery.Bounded(window, faults, "?to");
        }
        if (faults.Count > 0) return faults.ToRejection();
        var key = new { person.Id, From = window.OpensAt, To = window.ClosesAt };
        var sessions = await db.Query<CalendarRow>(CalendarSql.OfPerson, key, ct);
        var absences = await db.Query<AbsenceRow>(AbsenceSql.OfPerson, key, ct);
        return new Response(
            person.ToView(), window.OpensAt, window.ClosesAt,
            [.. sessions.Select(s => new Entry(s.SessionId, s.Title, s.RoleOf(person.Id), s.Status, s.Path, s.RoomId, s.StartsAt, s.EndsAt))],
            [.. absences.Select(a => new Away(a.Id, a.StartsAt, a.EndsAt, a.Reason))]);
    }
}

internal sealed record CalendarRow
{
    public Guid SessionId { get; init; }

    public string Title { get; init; } = "";

    public SessionStatus Status { get; init; }

    public string Path { get; init; } = "";

    public Guid HostId { get; init; }

    public Guid RoomId { get; init; }

    /// <summary>Null for hosts and co-hosts.</summary>
    public CrewRole? AssignedAs { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public CrewRole RoleOf(Guid personId) => HostId == personId ? CrewRole.Host : AssignedAs ?? CrewRole.CoHost;
}

internal static class CalendarSql
{
    internal const string OfPerson =
        "SELECT b.SessionId, s.Title, s.Status, s.Path, s.HostId, s.RoomId, a.Role AS AssignedAs, b.StartsAt, b.EndsAt " +
        "FROM Bookings b JOIN Sessions s ON s.Id = b.SessionId LEFT JOIN CrewAssignments a ON a.SessionId = b.SessionId AND a.ResourceId = b.ResourceId " +
        "WHERE b.ResourceId = @Id AND b.StartsAt < @To AND b.EndsAt > @From ORDER BY b.StartsAt, b.Seq";
}

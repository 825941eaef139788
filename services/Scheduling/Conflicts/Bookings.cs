using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>
/// Which session has which resource when, half-open. Planned, the booking is the plan; on the air it runs from when the
/// session really went live to its planned end; ended, it has shrunk or grown to what was; cancelled, it is gone. A room
/// stays busy for its turnaround after that.
/// </summary>
/// <remarks>
/// A session on the air past its plan still occupies its resources. Nobody knows until when, so its open end counts
/// where it is a fact (another session going live now is refused) and the plan counts where one plans ahead.
/// </remarks>
internal static class Bookings
{
    /// <summary>
    /// No booking is busy for longer, but for those marked open: a look for collisions goes back so far and no further,
    /// however many sessions there have been.
    /// </summary>
    public static readonly TimeSpan Longest = SessionPlan.Longest + TimeSpan.FromMinutes(ResourceRow.LongestTurnaroundMinutes);

    /// <summary>
    /// Takes the resources' row locks. Every change of a booking, and every look for collisions, comes after it, so that
    /// two of them never look past each other.
    /// </summary>
    public static Task<IReadOnlyList<ResourceRow>> TakeTurn(UnitOfWork work, IEnumerable<Guid> resourceIds) =>
        work.Query<ResourceRow>(ResourceSql.HeldByIds, new { Ids = Sql.Json(resourceIds.Distinct()) });

    /// <summary>A refusal that names everything its resources are booked for at the time planned; null if nothing is.</summary>
    public static async Task<Rejection?> Planned(UnitOfWork work, SessionRow session) =>
        await Obstacles.ToBook(work, session) is { Any: true } obstacles ? await obstacles.Refuse(work, session) : null;

    /// <summary>A refusal that names everything in the way of being on the air from this instant to the planned end; null if nothing is.</summary>
    public static async Task<Rejection?> OnTheAir(UnitOfWork work, SessionRow session) =>
        await Obstacles.ToTheAir(work, session) is { Any: true } obstacles ? await obstacles.Refuse(work, session) : null;

    /// <summary>Books the session's resources for its time, in place of what it had booked.</summary>
    public static async Task Book(UnitOfWork work, SessionRow session)
    {
        if (!session.IsNew)
        {
            await work.Execute(BookingSql.Remember, new { SessionId = session.Id, Ids = Sql.Json(session.ResourceIds) });
            await work.Execute(BookingSql.Delete, new { SessionId = session.Id });
        }
        var time = session.Occupies;
        await work.Execute(BookingSql.InsertMany, new
        {
            Rows = Sql.Json(session.ResourceIds.Select(id => new[] { id })),
            SessionId = session.Id,
            session.RoomId,
            StartsAt = time.OpensAt,
            EndsAt = time.ClosesAt,
            BusyUntil = time.ClosesAt.AddMinutes(await Turnaround(work, session)),
            IsOpen = session.Status == SessionStatus.Live || time.ClosesAt - time.OpensAt > SessionPlan.Longest,
        });
        await Blocks.Follow(work, session);
    }

    /// <summary>Gives back what a session had booked, and the time it blocked for others.</summary>
    public static async Task Release(UnitOfWork work, Guid sessionId)
    {
        await work.Execute(BookingSql.Remember, new { SessionId = sessionId, Ids = "[]" });
        await work.Execute(BookingSql.Delete, new { SessionId = sessionId });
        await Blocks.RemoveOf(work, sessionId);
    }

    /// <summary>How long the session's room stays busy after it, in minutes.</summary>
    public static async Task<int> Turnaround(Reads from, SessionRow session) => session.TurnaroundMinutes
        ?? (await from.Query<int>(ResourceSql.Turnaround, new { Id = session.RoomId })).FirstOrDefault();
}

internal static class BookingSql
{
    private const string Others =
        "SELECT b.Seq, b.ResourceId, r.Kind AS ResourceKind, b.SessionId, s.Title, s.Tier, s.Status, b.StartsAt, b.EndsAt, b.BusyUntil " +
        "FROM Bookings b JOIN Resources r ON r.Id = b.ResourceId JOIN Sessions s ON s.Id = b.SessionId " +
        $"WHERE b.ResourceId IN {Sql.Ids} AND b.SessionId <> @SessionId";

    private const string Bounded = "b.IsOpen = 0 AND b.StartsAt > @ScanFrom AND b.StartsAt < @BusyUntil AND b.BusyUntil > @StartsAt";
    private const string Open = "b.IsOpen = 1 AND b.StartsAt < @BusyUntil AND b.BusyUntil > @StartsAt";
    private const string OfOthers = $"FROM Bookings b WHERE b.ResourceId IN {Sql.Ids} AND b.SessionId <> @SessionId";

    /// <summary>A look at one index; what is in the way is read when something is.</summary>
    internal const string Any = $"SELECT 1 {OfOthers} AND {Bounded} UNION ALL SELECT 1 {OfOthers} AND {Open}";

    internal const string Planned = $"SELECT * FROM ({Others} AND {Bounded} UNION ALL {Others} AND {Open}) AS c ORDER BY StartsAt, Seq";

    internal const string OnTheAir =
        $"SELECT * FROM ({Others} AND {Bounded} UNION ALL {Others} AND b.IsOpen = 1 AND ((b.StartsAt < @BusyUntil AND b.BusyUntil > @StartsAt) OR s.Status = 'Live')) AS c ORDER BY StartsAt, Seq";

    /// <summary>For looking over a longer time; a resource as often as it is booked.</summary>
    internal const string Busy = $"SELECT b.ResourceId, b.StartsAt, b.BusyUntil {OfOthers} AND {Bounded} UNION ALL SELECT b.ResourceId, b.StartsAt, b.BusyUntil {OfOthers} AND {Open}";

    internal static readonly string InsertMany =
        "INSERT INTO Bookings (ResourceId, SessionId, StartsAt, EndsAt, BusyUntil, IsOpen) " +
        $"SELECT n.ResourceId, @SessionId, @StartsAt, @EndsAt, CASE WHEN n.ResourceId = @RoomId THEN @BusyUntil ELSE @EndsAt END, @IsOpen FROM ({Sql.Listed("ResourceId")}) AS n";

    /// <summary>Before bookings go: notes who was in the session and, not being in <c>@Ids</c>, no longer is.</summary>
    internal const string Remember =
        "INSERT INTO FormerBookings (SessionId, ResourceId) SELECT b.SessionId, b.ResourceId FROM Bookings b " +
        $"WHERE b.SessionId = @SessionId AND b.ResourceId NOT IN {Sql.Ids} AND NOT EXISTS (SELECT 1 FROM FormerBookings f WHERE f.SessionId = b.SessionId AND f.ResourceId = b.ResourceId)";

    internal const string Delete = "DELETE FROM Bookings WHERE SessionId = @SessionId";

    /// <summary>Of one room, in order; a session is never longer busy before <c>@Now</c> than a turnaround.</summary>
    internal const string OfRoom =
        "SELECT b.Seq, b.ResourceId, 'Room' AS ResourceKind, b.SessionId, s.Title, s.Tier, s.Status, b.StartsAt, b.EndsAt, b.BusyUntil FROM Bookings b JOIN Sessions s ON s.Id = b.SessionId " +
        "WHERE b.ResourceId = @Id AND b.EndsAt > @From ORDER BY b.StartsAt, b.Seq";

    internal const string Pad = "UPDATE Bookings SET BusyUntil = @BusyUntil WHERE ResourceId = @ResourceId AND SessionId = @SessionId";
}

internal static class BookingRejections
{
    internal static readonly RejectionKind Conflict = new(
        "session.conflict", 409,
        "A host, room, channel, or somebody of the crew is in another session at that time; conflicts names every one, freeSlots what is free nearby.");
}

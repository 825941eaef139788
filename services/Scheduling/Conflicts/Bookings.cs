using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>A resource that is taken, by which session and when.</summary>
internal sealed record Collision
{
    public Guid ResourceId { get; init; }

    public ResourceKind ResourceKind { get; init; }

    public Guid SessionId { get; init; }

    public string Title { get; init; } = "";

    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Exclusive. A session on the air past it keeps the resource until it ends.</summary>
    public DateTimeOffset EndsAt { get; init; }
}

/// <summary>
/// Which session has which resource when, half-open. Planned, the booking is the plan; on the air it runs from when the
/// session really went live to its planned end; ended, it has shrunk or grown to what was; cancelled, it is gone.
/// </summary>
/// <remarks>
/// A session on the air past its plan still occupies its resources. Nobody knows until when, so its open end counts
/// where it is a fact (another session going live now is refused) and the plan counts where one plans ahead.
/// </remarks>
internal static class Bookings
{
    /// <summary>
    /// Takes the resources' row locks, always in the same order. Every change of a booking, and every look for
    /// collisions, comes after it, so that two of them never look past each other.
    /// </summary>
    public static async Task TakeTurn(UnitOfWork work, IEnumerable<Guid> resourceIds)
    {
        foreach (var id in resourceIds.Distinct().Order()) await work.Execute(ResourceSql.TakeTurn, new { Id = id });
    }

    /// <summary>A refusal that names every session which has one of the resources in the time planned.</summary>
    public static Task<Rejection?> Planned(UnitOfWork work, SessionRow session) =>
        Collisions(work, BookingSql.PlannedCollisions, session, new Window(session.StartsAt, session.EndsAt));

    /// <summary>A refusal that names every session which has one of the resources now or before the planned end.</summary>
    public static Task<Rejection?> OnTheAir(UnitOfWork work, SessionRow session)
    {
        // Going live after its own planned end it needs them at least at this instant.
        var end = session.EndsAt > work.Now ? session.EndsAt : work.Now.AddMicroseconds(1);
        return Collisions(work, BookingSql.LiveCollisions, session, new Window(work.Now, end));
    }

    /// <summary>Books the session's resources for its time, in place of what it had booked.</summary>
    public static async Task Book(UnitOfWork work, SessionRow session)
    {
        await Release(work, session.Id);
        var time = session.Occupies;
        foreach (var id in session.ResourceIds)
            await work.Execute(BookingSql.Insert, new { ResourceId = id, SessionId = session.Id, StartsAt = time.OpensAt, EndsAt = time.ClosesAt });
    }

    public static Task Release(UnitOfWork work, Guid sessionId) => work.Execute(BookingSql.Delete, new { SessionId = sessionId });

    private static async Task<Rejection?> Collisions(UnitOfWork work, string sql, SessionRow session, Window time)
    {
        var collisions = await work.Query<Collision>(sql, new
        {
            Ids = Sql.Json(session.ResourceIds),
            SessionId = session.Id,
            StartsAt = time.OpensAt,
            EndsAt = time.ClosesAt,
        });
        if (collisions.Count == 0) return null;
        var titles = string.Join(", ", collisions.Select(c => c.Title).Distinct().Take(3));
        return BookingRejections.Conflict.Because($"{collisions.Count} bookings are in the way, of {titles}; see conflicts for each.").With("conflicts", collisions);
    }
}

internal static class BookingSql
{
    private const string OfOthers =
        "SELECT b.ResourceId, r.Kind AS ResourceKind, b.SessionId, s.Title, b.StartsAt, b.EndsAt " +
        "FROM Bookings b JOIN Resources r ON r.Id = b.ResourceId JOIN Sessions s ON s.Id = b.SessionId " +
        $"WHERE b.ResourceId IN {Sql.Ids} AND b.SessionId <> @SessionId AND s.Status NOT IN ('Ended', 'InReview', 'Closed')";

    internal const string PlannedCollisions = $"{OfOthers} AND b.StartsAt < @EndsAt AND b.EndsAt > @StartsAt ORDER BY b.StartsAt, b.Seq";
    internal const string LiveCollisions = $"{OfOthers} AND ((b.StartsAt < @EndsAt AND b.EndsAt > @StartsAt) OR s.Status = 'Live') ORDER BY b.StartsAt, b.Seq";
    internal const string Insert = "INSERT INTO Bookings (ResourceId, SessionId, StartsAt, EndsAt) VALUES (@ResourceId, @SessionId, @StartsAt, @EndsAt)";
    internal const string Delete = "DELETE FROM Bookings WHERE SessionId = @SessionId";
}

internal static class BookingRejections
{
    internal static readonly RejectionKind Conflict = new("session.conflict", 409, "A host, room, channel, or somebody of the crew is in another session at that time; conflicts names every one.");
}

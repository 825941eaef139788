using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

internal static class SeriesSql
{
    // The unit's path, and by it the caller's reach, is looked up: a unit may move.
    private const string Select =
        "SELECT s.Seq, s.Id, s.Version, s.OwnerUnitId, u.Path AS OwnerPath, s.Tier, s.MandateId, s.Template, s.RuleText, s.StartsOn, s.DurationMinutes, s.TimeZone, " +
        "s.Exceptions, s.FollowsId, s.CancelledAt, s.CreatedAt FROM Series s JOIN Units u ON u.Id = s.OwnerUnitId";

    internal const string InScopeById = $"{Select} WHERE s.Id = @Id AND {Sql.InScope}";
    internal const string Page = $"{Select} WHERE {Sql.InScope} AND s.Seq > @After ORDER BY s.Seq {Sql.Page}";

    internal const string Insert =
        "INSERT INTO Series (Id, Version, OwnerUnitId, Tier, MandateId, Template, RuleText, StartsOn, DurationMinutes, TimeZone, Exceptions, FollowsId, CancelledAt, CreatedAt) " +
        "VALUES (@Id, @Version, @OwnerUnitId, @Tier, @MandateId, @Template, @RuleText, @StartsOn, @DurationMinutes, @TimeZone, @Exceptions, @FollowsId, @CancelledAt, @CreatedAt)";

    internal const string Update =
        "UPDATE Series SET Version = Version + 1, Template = @Template, RuleText = @RuleText, StartsOn = @StartsOn, DurationMinutes = @DurationMinutes, " +
        "TimeZone = @TimeZone, Exceptions = @Exceptions, CancelledAt = @CancelledAt WHERE Id = @Id AND Version = @Version";

    internal const string Sessions = $"SELECT {SessionSql.Columns} FROM Sessions WHERE SeriesId = @Id ORDER BY OccurrenceOn";

    /// <summary>The sessions from a day on go over to another series. Nobody else is told which series a session is of.</summary>
    internal const string HandOver = "UPDATE Sessions SET SeriesId = @ToId WHERE SeriesId = @FromId AND OccurrenceOn >= @On";

    internal const string Detach = "UPDATE Sessions SET IsDetached = 1 WHERE Id = @Id";

    internal const string Refusals = "SELECT SeriesId, OccurrenceOn, Code, Detail, Conflicts, FreeSlots FROM SeriesRefusals WHERE SeriesId = @Id";

    internal const string Refuse =
        "INSERT INTO SeriesRefusals (SeriesId, OccurrenceOn, Code, Detail, Conflicts, FreeSlots) VALUES (@SeriesId, @OccurrenceOn, @Code, @Detail, @Conflicts, @FreeSlots)";

    internal const string ForgetRefusals = "DELETE FROM SeriesRefusals WHERE SeriesId = @Id AND OccurrenceOn >= @From";
    internal const string ForgetRefusal = "DELETE FROM SeriesRefusals WHERE SeriesId = @Id AND OccurrenceOn = @On";
}

internal static class SeriesRejections
{
    internal static readonly RejectionKind NotFound = new("series.not_found", 404, "No such series within the caller's reach.");
    internal static readonly RejectionKind OccurrenceNotFound = new("occurrence.not_found", 404, "The series has no such occurrence.");
    internal static readonly RejectionKind OccurrenceIsOver = new("occurrence.is_over", 409, "The occurrence has begun already.");
    internal static readonly RejectionKind Cancelled = new("series.cancelled", 409, "The series was cancelled.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No series {id}.");

    internal static Rejection NoOccurrence(string on) => OccurrenceNotFound.Because(on.Length > 20 ? "Name it by its day, such as 2026-11-11." : $"Nothing takes place on {on}.");
}

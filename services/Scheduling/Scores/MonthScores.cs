using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Scores;

/// <summary>A unit's scores of a time: what feeds the ranking of the next period.</summary>
internal sealed record UnitScore
{
    public Guid UnitId { get; init; }

    /// <summary>How many of its sessions were scored.</summary>
    public long Sessions { get; init; }

    /// <summary>Sum of their shares, in ten-thousandths.</summary>
    public long Shares { get; init; }

    /// <summary>Mean share of the most points, in ten-thousandths, rounded down.</summary>
    public int MeanShare => Sessions == 0 ? 0 : (int)(Shares / Sessions);
}

/// <summary>Means over the closed sessions that were planned to start within a time, one a unit. A unit without any is not there.</summary>
internal static class MonthScores
{
    private const string OfUnits =
        "SELECT s.OwnerUnitId AS UnitId, COUNT(*) AS Sessions, SUM(c.Share) AS Shares FROM SessionScores c JOIN Sessions s ON s.Id = c.SessionId " +
        $"WHERE {Sql.InScope} AND s.StartsAt >= @OpensAt AND s.StartsAt < @ClosesAt AND c.Share IS NOT NULL GROUP BY s.OwnerUnitId";

    /// <param name="work">The transaction.</param>
    /// <param name="scope">The path of the unit whose tree is asked for.</param>
    /// <param name="time">Such as a month of the headquarters' calendar.</param>
    public static Task<IReadOnlyList<UnitScore>> Of(UnitOfWork work, string scope, Window time) => work.Query<UnitScore>(OfUnits, Key(scope, time));

    /// <summary>The same, outside any transaction.</summary>
    public static Task<IReadOnlyList<UnitScore>> Of(SchedulingDb db, string scope, Window time, CancellationToken ct) => db.Query<UnitScore>(OfUnits, Key(scope, time), ct);

    private static object Key(string scope, Window time) => new { Scope = scope, ScopeEnd = UnitPath.End(scope), time.OpensAt, time.ClosesAt };
}

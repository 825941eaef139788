using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Scores;

/// <summary>What a unit's sessions of a time came to.</summary>
internal sealed record UnitScore
{
    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>How many of its sessions are scored.</summary>
    public long Sessions { get; init; }

    /// <summary>Sum of their shares of the most points, in ten-thousandths.</summary>
    public long Shares { get; init; }

    /// <summary>Sum of the sales their quantitative reviews state, in minor units; a session without one counts nothing.</summary>
    public long SalesMinor { get; init; }

    /// <summary>Mean share of the most points, in ten-thousandths, rounded down.</summary>
    public int MeanShare => Sessions == 0 ? 0 : (int)(Shares / Sessions);
}

/// <summary>A unit's place among others: 70 % its mean score, 30 % its sales as a share of the best unit's.</summary>
/// <param name="Place">From 1; picks before 2.</param>
/// <param name="Unit">The unit and what it is judged by.</param>
/// <param name="SalesShare">Ten-thousandths of the best unit's sales, rounded down.</param>
/// <param name="Total">Ten-thousandths, rounded down.</param>
internal sealed record Standing(int Place, UnitScore Unit, int SalesShare, int Total)
{
    private const int ScoreTenths = 7;
    private const int SalesTenths = 3;

    /// <summary>Best first; equals by their place in the tree, so that the same month always gives the same order.</summary>
    public static IReadOnlyList<Standing> Of(IReadOnlyList<UnitScore> units)
    {
        var best = units.Count == 0 ? 0 : units.Max(u => u.SalesMinor);
        return
        [
            .. units.Select(u => (Unit: u, Sales: best == 0 ? 0 : (int)((Int128)u.SalesMinor * Score.WholeShare / best)))
                .OrderByDescending(u => ScoreTenths * u.Unit.MeanShare + SalesTenths * u.Sales).ThenBy(u => u.Unit.Path, StringComparer.Ordinal)
                .Select((u, i) => new Standing(i + 1, u.Unit, u.Sales, (ScoreTenths * u.Unit.MeanShare + SalesTenths * u.Sales) / 10)),
        ];
    }
}

/// <summary>What units' closed sessions, planned to start within a time, came to: what ranks them for the next period. A unit without any is not there.</summary>
internal static class MonthScores
{
    private const int MonthsBack = 3;

    private const string OfUnits =
        "SELECT u.Id AS UnitId, u.Path, u.Name, t.Sessions, t.Shares, t.SalesMinor FROM (" +
        "SELECT s.OwnerUnitId, COUNT(*) AS Sessions, SUM(c.Share) AS Shares, COALESCE(SUM(r.SalesMinor), 0) AS SalesMinor " +
        "FROM SessionScores c JOIN Sessions s ON s.Id = c.SessionId LEFT JOIN Reviews r ON r.SessionId = c.SessionId AND r.Kind = 'Quantitative' " +
        $"WHERE {Sql.InScope} AND s.StartsAt >= @OpensAt AND s.StartsAt < @ClosesAt AND c.Share IS NOT NULL GROUP BY s.OwnerUnitId) t " +
        "JOIN Units u ON u.Id = t.OwnerUnitId ORDER BY u.Path";

    /// <param name="db">The service's.</param>
    /// <param name="scope">The path of the unit whose tree is asked for.</param>
    /// <param name="time">Such as a month of the headquarters' calendar.</param>
    /// <param name="ct">Ends it.</param>
    public static Task<IReadOnlyList<UnitScore>> Of(SchedulingDb db, string scope, Window time, CancellationToken ct) =>
        db.Query<UnitScore>(OfUnits, new { Scope = scope, ScopeEnd = UnitPath.End(scope), time.OpensAt, time.ClosesAt }, ct);

    /// <summary>
    /// Who picks before whom in a month: the places of the month before, or of the one before that while nothing of it is
    /// closed, and so on for a quarter. Null: nothing is closed in any of them.
    /// </summary>
    /// <param name="db">The service's.</param>
    /// <param name="headquartersPath">Whose units.</param>
    /// <param name="first">The first day of the month that is planned.</param>
    /// <param name="zone">The headquarters'.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<IReadOnlyDictionary<Guid, int>?> PlacesFor(SchedulingDb db, string headquartersPath, DateTime first, TimeZoneInfo zone, CancellationToken ct)
    {
        for (var back = 1; back <= MonthsBack; back++)
        {
            var units = await Of(db, headquartersPath, Month(first.AddMonths(-back), zone), ct);
            if (units.Count > 0) return Standing.Of(units).ToDictionary(s => s.Unit.UnitId, s => s.Place);
        }
        return null;
    }

    /// <summary>A month of the calendar on the wall of people in a time zone.</summary>
    public static Window Month(DateTime first, TimeZoneInfo zone) => new(Mandates.Week.StartOf(first, zone), Mandates.Week.StartOf(first.AddMonths(1), zone));
}

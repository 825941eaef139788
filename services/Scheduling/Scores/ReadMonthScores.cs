using System.Globalization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Scores;

/// <summary>How the units of a tree did in a month.</summary>
internal static class ReadMonthScores
{
    /// <param name="Month">As asked.</param>
    /// <param name="From">When it begins in the unit's time zone.</param>
    /// <param name="To">When the next one does.</param>
    /// <param name="Units">Best first; equals by their place in the tree.</param>
    internal sealed record Response(string Month, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Entry> Units);

    /// <param name="Place">From 1.</param>
    /// <param name="UnitId">The unit.</param>
    /// <param name="Path">Where it stands.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Sessions">How many of its sessions planned for the month are closed and count.</param>
    /// <param name="MeanShare">Mean of their scores, in ten-thousandths of the most points, rounded down.</param>
    /// <param name="SalesMinor">What their quantitative reviews state, in minor units.</param>
    /// <param name="SalesShare">That as ten-thousandths of the best unit's, rounded down.</param>
    /// <param name="Total">70 % of the mean and 30 % of the sales' share, in ten-thousandths, rounded down.</param>
    internal sealed record Entry(int Place, Guid UnitId, string Path, string Name, long Sessions, int MeanShare, long SalesMinor, int SalesShare, int Total);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/scores/{month}", async (string month, string? unitId, Caller caller, SchedulingDb db, CancellationToken ct) => (await List(db, caller, month, unitId, ct)).ToHttp())
        .Describe(nameof(ReadMonthScores), "How each unit at or below ?unitId did with its closed sessions planned for a month such as 2026-11 of that unit's calendar; best first: 70 % mean score, 30 % sales.")
        .Allow(Permission.ReadFigures).Gives<Response>().Rejects(UnitRejections.NotFound);

    private static async Task<Result<Response>> List(SchedulingDb db, Caller caller, string month, string? unitId, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is >= 2000 and < 3000,
                "month", "month.invalid", "Must be a month such as 2026-11.")
            .Check(Guid.TryParse(unitId, out var id), "?unitId", "value.invalid", "Must be the id of a unit.");
        if (faults.Count > 0) return faults.ToRejection();
        if (await db.Find<UnitRow>(UnitSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is not { } unit) return UnitRejections.Unknown(id);
        var time = MonthScores.Month(first, TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone));
        var standings = Standing.Of(await MonthScores.Of(db, unit.Path, time, ct));
        return new Response(
            month, time.OpensAt, time.ClosesAt,
            [.. standings.Select(s => new Entry(s.Place, s.Unit.UnitId, s.Unit.Path, s.Unit.Name, s.Unit.Sessions, s.Unit.MeanShare, s.Unit.SalesMinor, s.SalesShare, s.Total))]);
    }
}

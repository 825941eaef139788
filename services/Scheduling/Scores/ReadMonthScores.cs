using System.Globalization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Scores;

/// <summary>How the units of a tree did in a month.</summary>
internal static class ReadMonthScores
{
    /// <param name="Month">As asked.</param>
    /// <param name="From">When it begins in the unit's time zone.</param>
    /// <param name="To">When the next one does.</param>
    /// <param name="Units">Best first; those of the same mean by their place in the tree.</param>
    internal sealed record Response(string Month, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Entry> Units);

    /// <param name="Place">From 1.</param>
    /// <param name="UnitId">The unit.</param>
    /// <param name="Path">Where it stands.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Sessions">How many of its sessions planned for the month are closed and count.</param>
    /// <param name="MeanShare">Mean of their scores as ten-thousandths of the most points, rounded down.</param>
    internal sealed record Entry(int Place, Guid UnitId, string Path, string Name, long Sessions, int MeanShare);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/scores/{month}", async (string month, string? unitId, Caller caller, SchedulingDb db, CancellationToken ct) => (await List(db, caller, month, unitId, ct)).ToHttp())
        .Describe(nameof(ReadMonthScores), "The mean score of each unit at or below ?unitId, over its closed sessions planned for a month such as 2026-11 of that unit's calendar; best first.")
        .Allow(Permission.ReadFigures).Gives<Response>().Rejects(UnitRejections.NotFound);

    private static async Task<Result<Response>> List(SchedulingDb db, Caller caller, string month, string? unitId, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is >= 2000 and < 3000,
                "month", "month.invalid", "Must be a month such as 2026-11.")
            .Check(Guid.TryParse(unitId, out var id), "?unitId", "value.invalid", "Must be the id of a unit.");
        if (faults.Count > 0) return faults.ToRejection();
        if (await db.Find<UnitRow>(UnitSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is not { } unit) return UnitRejections.Unknown(id);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone);
        var time = new Window(Week.StartOf(first, zone), Week.StartOf(first.AddMonths(1), zone));
        var scores = await MonthScores.Of(db, unit.Path, time, ct);
        var units = (await db.Query<UnitRow>(UnitSql.ByIds, new { Ids = Sql.Json(scores.Select(s => s.UnitId)) }, ct)).ToDictionary(u => u.Id);
        var ordered = scores.Where(s => units.ContainsKey(s.UnitId)).OrderByDescending(s => s.MeanShare).ThenBy(s => units[s.UnitId].Path, StringComparer.Ordinal);
        return new Response(
            month, time.OpensAt, time.ClosesAt,
            [.. ordered.Select((s, i) => new Entry(i + 1, s.UnitId, units[s.UnitId].Path, units[s.UnitId].Name, s.Sessions, s.MeanShare))]);
    }
}

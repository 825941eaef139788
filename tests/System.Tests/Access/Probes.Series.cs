namespace LiveCommerce.System.Tests.Access;

internal static partial class Probes
{
    internal static IReadOnlyDictionary<string, Probe> OfSeries => new Dictionary<string, Probe>
    {
        ["POST /scheduling/series"] = new(Reach.Covered, _ => "/scheduling/series", w => w.SeriesBody(30 + Interlocked.Increment(ref _serial))),
        ["GET /scheduling/series"] = new(Reach.List, _ => "/scheduling/series", Subject: w => w.SeriesId),
        ["GET /scheduling/series/{}"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}"),
        ["PUT /scheduling/series/{}"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}", w => w.SeriesEdit()) { Headers = [("If-Match", "\"1\"")] },
        ["PUT /scheduling/series/{}/occurrences/{}"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}/occurrences/{w.SeriesDay(1)}", w => w.OccurrenceEdit()) { Headers = [("If-Match", "\"1\"")] },
        ["POST /scheduling/series/{}/occurrences/{}/cancel"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}/occurrences/{w.SeriesDay(2)}/cancel"),
        ["POST /scheduling/series/{}/occurrences/{}/retry"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}/occurrences/{w.SeriesDay(0)}/retry"),
        ["POST /scheduling/series/{}/approve"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}/approve"),
        ["POST /scheduling/series/{}/cancel"] = new(Reach.Covered, w => $"/scheduling/series/{w.SeriesId}/cancel", w => new { from = w.SeriesDay(4) }),
        ["POST /scheduling/feeds"] = new(Reach.Covered, _ => "/scheduling/feeds", w => new { unitId = w.NorthId, kind = "Unit" }),
        ["GET /scheduling/feeds"] = new(Reach.List, _ => "/scheduling/feeds", Subject: w => w.FeedId),
        ["POST /scheduling/feeds/{}/revoke"] = new(Reach.Covered, w => $"/scheduling/feeds/{w.FeedId}/revoke"),
        ["GET /scheduling/plans/{}.csv"] = new(Reach.Covered, w => $"/scheduling/plans/2026-11.csv?unitId={w.NorthId}"),
        ["POST /scheduling/plans/import"] = new(Reach.Unscoped, _ => "/scheduling/plans/import"),
    };
}

using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>The series of the caller's unit and of everything below it.</summary>
internal static class ReadSeries
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/series", async (Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) => (await List(db, caller, page, ct)).ToHttp())
            .Describe("ListSeries", "Series of the caller's unit and below, without their occurrences.")
            .Allow(Permission.ReadPlan).Paged().Gives<PageOf<SeriesView>>();
        routes.MapGet("/series/{id:guid}", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
            .Describe(nameof(ReadSeries), "One series with its occurrences: which session each is, or why it could not be planned.")
            .Allow(Permission.ReadPlan).Gives<SeriesView>().Rejects(SeriesRejections.NotFound);
    }

    private static async Task<Result<PageOf<SeriesView>>> List(SchedulingDb db, Caller caller, PageRequest page, CancellationToken ct)
    {
        var rows = await db.Query<SeriesRow>(SeriesSql.Page, new { caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView());
    }

    private static async Task<Result<SeriesView>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<SeriesRow>(SeriesSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } series
            ? OccurrenceViews.Of(
                series, await db.Query<SessionRow>(SeriesSql.Sessions, new { series.Id }, ct), await db.Query<RefusalRow>(SeriesSql.Refusals, new { series.Id }, ct))
            : SeriesRejections.Unknown(id);
}

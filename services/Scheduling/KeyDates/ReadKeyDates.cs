using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>The calendar as the caller's unit sees it: its own dates, those of the units above, those of the units below.</summary>
internal static class ReadKeyDates
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/key-dates/{id:guid}", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadKeyDate", "A key date of the caller's unit, of one above it or of one below it; its version is what an edit names in If-Match.")
            .Allow(Permission.ReadPlan).Gives<KeyDateView>().Rejects(KeyDateRejections.NotFound);

        routes.MapGet("/key-dates", async (string? from, string? to, Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) =>
                (await List(db, caller, from, to, page, ct)).ToHttp())
            .Describe("ListKeyDates", "Key dates that touch the time from ?from (inclusive) to ?to (exclusive), of the caller's unit, of those above and of those below.")
            .Allow(Permission.ReadPlan).Paged().Gives<PageOf<KeyDateView>>();
    }

    private static async Task<Result<KeyDateView>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<KeyDateRow>(KeyDateSql.ById, new { Id = id }, ct) is { } date && caller.Sees(date.Path) ? date.ToView() : KeyDateRejections.Unknown(id);

    private static async Task<Result<PageOf<KeyDateView>>> List(SchedulingDb db, Caller caller, string? from, string? to, PageRequest page, CancellationToken ct)
    {
        var faults = new Faults();
        var between = CalendarQuery.Between(from, to, faults);
        if (faults.Count > 0) return faults.ToRejection();
        var rows = await db.Query<KeyDateRow>(KeyDateSql.Page, new
        {
            caller.Scope,
            caller.ScopeEnd,
            Ids = Sql.Json(UnitPath.SelfAndAncestors(caller.Path)),
            From = between.OpensAt,
            To = between.ClosesAt,
            page.After,
            page.Limit,
        }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView());
    }
}

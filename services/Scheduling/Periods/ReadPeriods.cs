using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods;

internal static class ReadPeriods
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/periods", async (Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) =>
            {
                var rows = await db.Query<PeriodRow>(PeriodSql.Page, new { HeadquartersPath = UnitPath.Headquarters(caller.Path), page.After, page.Limit }, ct);
                return Result<PageOf<PeriodView>>.Of(page.ToPage(rows, r => r.Seq, r => r.ToView())).ToHttp();
            })
            .Describe("ListPeriods", "The months the caller's headquarters plans or has planned.")
            .Allow(Permission.ReadPlan).Paged().Gives<PageOf<PeriodView>>();

        routes.MapGet("/periods/{id:guid}", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) =>
                (await PeriodAccess.Read(db, caller, id, ct)).Map(p => p.ToView()).ToHttp())
            .Describe("ReadPeriod", "A month of the caller's headquarters: its grid, blocks, quotas and ranking.")
            .Allow(Permission.ReadPlan).Gives<PeriodView>().Rejects(PeriodRejections.NotFound);
    }
}

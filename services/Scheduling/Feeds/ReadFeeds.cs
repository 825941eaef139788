using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>The feeds of the caller's unit and of everything below it, and the button that ends one.</summary>
internal static class ReadFeeds
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/feeds", async (Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) => (await List(db, caller, page, ct)).ToHttp())
            .Describe("ListFeeds", "Calendar feeds of the caller's unit and below, without their links.")
            .Allow(Permission.ManageFeeds).Paged().Gives<PageOf<FeedView>>();
        routes.MapPost("/feeds/{id:guid}/revoke", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Revoke(db, caller, id, ct)).ToHttp())
            .Describe("RevokeFeed", "Makes a feed's link lead nowhere, for good.")
            .Allow(Permission.ManageFeeds).Gives<FeedView>().Rejects(FeedRejections.NotFound);
    }

    private static async Task<Result<PageOf<FeedView>>> List(SchedulingDb db, Caller caller, PageRequest page, CancellationToken ct)
    {
        var rows = await db.Query<FeedRow>(FeedSql.Page, new { caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView());
    }

    private static Task<Result<FeedView>> Revoke(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<FeedView>(caller.Write, async work =>
        {
            var key = new { Id = id, caller.Scope, caller.ScopeEnd };
            if (await work.Find<FeedRow>(FeedSql.InScopeById, key) is not { } feed) return FeedRejections.Unknown(id);
            work.Audited(feed.ToView());
            await work.Execute(FeedSql.Revoke, new { Id = id, work.Now });
            return (await work.Find<FeedRow>(FeedSql.InScopeById, key))!.ToView();
        }, ct);
}

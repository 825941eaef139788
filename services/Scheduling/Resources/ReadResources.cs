using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Resources;

/// <summary>What the caller's sessions may use: the resources of its own unit, of those below and of those above.</summary>
internal static class ReadResources
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapOne(routes, "/hosts/{id:guid}", "ReadHost", ResourceKind.Host, "A host of the caller's unit, of one below it or of one above it.");
        MapOne(routes, "/rooms/{id:guid}", "ReadRoom", ResourceKind.Room, "A room of the caller's unit, of one below it or of one above it.");
        MapOne(routes, "/channels/{id:guid}", "ReadChannel", ResourceKind.Channel, "A channel of the caller's unit, of one below it or of one above it.");
        Map(routes, "/hosts", "ListHosts", ResourceKind.Host, "Hosts of the caller's unit, of those below it and of those above it.");
        Map(routes, "/rooms", "ListRooms", ResourceKind.Room, "Rooms of the caller's unit, of those below it and of those above it.");
        Map(routes, "/channels", "ListChannels", ResourceKind.Channel, "Channels of the caller's unit, of those below it and of those above it.");
    }

    private static void Map(IEndpointRouteBuilder routes, string route, string name, ResourceKind kind, string summary) => routes
        .MapGet(route, (Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) => List(db, caller, kind, page, ct))
        .Describe(name, summary)
        .Allow(Permission.ReadPlan).Paged().Gives<PageOf<ResourceView>>();

    private static void MapOne(IEndpointRouteBuilder routes, string route, string name, ResourceKind kind, string summary) => routes
        .MapGet(route, async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, kind, id, ct)).ToHttp())
        .Describe(name, summary)
        .Allow(Permission.ReadPlan).Gives<ResourceView>().Rejects(ResourceRejections.NotFound);

    private static async Task<Result<ResourceView>> Find(SchedulingDb db, Caller caller, ResourceKind kind, Guid id, CancellationToken ct) =>
        await db.Find<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(new[] { id }) }, ct) is { } resource && resource.Kind == kind && caller.Sees(resource.Path)
            ? resource.ToView()
            : ResourceRejections.NotFound.Because($"No {kind} {id}.");

    private static async Task<PageOf<ResourceView>> List(SchedulingDb db, Caller caller, ResourceKind kind, PageRequest page, CancellationToken ct) =>
        page.ToPage(
            await db.Query<ResourceRow>(ResourceSql.Page, new
            {
                caller.Scope,
                caller.ScopeEnd,
                Ids = Sql.Json(UnitPath.SelfAndAncestors(caller.Path)),
                Kind = kind.ToString(),
                page.After,
                page.Limit,
            }, ct),
            r => r.Seq,
            r => r.ToView());
}

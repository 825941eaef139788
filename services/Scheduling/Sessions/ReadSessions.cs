using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>The plan of the caller's unit and of everything below it, and what the units above broadcast.</summary>
internal static class ReadSessions
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sessions", async (string? from, string? to, string? tier, string? status, Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) =>
                (await List(db, caller, new Filter(from, to, tier, status), page, ct)).ToHttp())
            .Describe("ListSessions", "Sessions of the caller's unit and below, and approved group and regional broadcasts of the units above, planned to touch the time from ?from (inclusive) to ?to (exclusive), of one tier or status if asked.")
            .Allow(Permission.ReadPlan).Paged().Gives<PageOf<SessionView>>();
        routes.MapGet("/sessions/{id:guid}", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadSession", "One session. Group and regional broadcasts can also be read by the units below their owner.")
            .Allow(Permission.ReadPlan).Gives<SessionView>().Rejects(SessionRejections.NotFound);
    }

    private sealed record Filter(string? From, string? To, string? Tier, string? Status);

    private static async Task<Result<PageOf<SessionView>>> List(SchedulingDb db, Caller caller, Filter filter, PageRequest page, CancellationToken ct)
    {
        var faults = new Faults();
        var between = CalendarQuery.Between(filter.From, filter.To, faults);
        var tier = CalendarQuery.Name<SessionTier>(filter.Tier, "?tier", faults);
        var status = CalendarQuery.Name<SessionStatus>(filter.Status, "?status", faults);
        if (faults.Count > 0) return faults.ToRejection();
        var rows = await db.Query<SessionRow>(SessionSql.Page, new
        {
            caller.Scope,
            caller.ScopeEnd,
            Ids = Sql.Json(UnitPath.SelfAndAncestors(caller.Path)),
            From = between.OpensAt,
            To = between.ClosesAt,
            Tier = tier,
            Status = status,
            page.After,
            page.Limit,
        }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView());
    }

    private static async Task<Result<SessionView>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<SessionRow>(SessionSql.ById, new { Id = id }, ct) is { } session && IsReadable(caller, session)
            ? session.ToView()
            : SessionRejections.Unknown(id);

    private static bool IsReadable(Caller caller, SessionRow session) =>
        caller.Covers(session.Path) || (session.IsPublished && session.Tier is SessionTier.GroupBroadcast or SessionTier.RegionalBroadcast && caller.Sees(session.Path));
}

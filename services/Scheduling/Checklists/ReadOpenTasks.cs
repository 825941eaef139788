using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>What is still to be done for the sessions ahead and under review: a role's list for the day.</summary>
internal static class ReadOpenTasks
{
    /// <param name="SessionId">The session.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="OwnerPath">Whose it is.</param>
    /// <param name="StartsAt">As planned.</param>
    /// <param name="Tasks">Open and missed ones, by deadline; none is left of some sessions.</param>
    internal sealed record Entry(Guid SessionId, string Title, string OwnerPath, DateTimeOffset StartsAt, IReadOnlyList<TaskEntryView> Tasks);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/tasks", async (string? ownerRole, Caller caller, PageRequest page, SchedulingDb db, TimeProvider clock, CancellationToken ct) =>
            (await List(db, caller, ownerRole, page, clock.Now(), ct)).ToHttp())
        .Describe("ListOpenTasks", "What is not done yet for the sessions of the caller's unit and below that are in the plan, on the air or under review; of one ?ownerRole if asked. Pages by sessions.")
        .Allow(Permission.ReadFigures).Paged().Gives<PageOf<Entry>>();

    private static async Task<Result<PageOf<Entry>>> List(SchedulingDb db, Caller caller, string? ownerRole, PageRequest page, DateTimeOffset now, CancellationToken ct)
    {
        var faults = new Faults();
        var role = CalendarQuery.Name<Role>(ownerRole, "?ownerRole", faults);
        if (faults.Count > 0) return faults.ToRejection();
        var sessions = await db.Query<SessionRow>(SessionTaskSql.SessionsAtWork, new { caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);
        var checklists = await Checklist.OfMany(db, sessions, ct);
        return page.ToPage(sessions, s => s.Seq, s => new Entry(s.Id, s.Title, s.Path, s.StartsAt,
        [
            .. checklists[s.Id].Entries.Select(e => e.ToView(now, isFinal: false))
                .Where(t => t.State is TaskState.Open or TaskState.Missed && (role is null || t.OwnerRole.ToString() == role))
                .OrderBy(t => t.DueAt),
        ]));
    }
}

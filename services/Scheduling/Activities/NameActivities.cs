using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Activities;

/// <summary>Says what runs on a session: three things at most, or nobody understands any of them.</summary>
internal static class NameActivities
{
    private const int Most = 3;

    /// <param name="Activities">All of them, in place of those named before; at most three, nothing elsewhere named twice.</param>
    internal sealed record Request(IReadOnlyList<Activity> Activities) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(Activities, 0, Most, "/activities").Distinct(Activities?.Select(a => a.RefId).Where(r => r.HasValue).ToList(), "/activities");
            for (var i = 0; i < Math.Min(Activities?.Count ?? 0, Most); i++) Activities![i].Validate(faults, $"/activities/{i}");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/sessions/{id:guid}/activities", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, NameActivitiesHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
            .Describe(nameof(NameActivities), "Says what runs on a session, in place of what was said before: at most three activities.",
                "If-Match is that of the activities, 0 the first time. The answer warns of coupon campaigns that run on the session without being named.")
            .Allow(Permission.ManagePlan).Conditional()
            .Example(new Request([new Activity(ActivityKind.Lottery, "Three coats at ten past nine")]))
            .Gives<SessionActivitiesView>()
            .Rejects(SessionRejections.NotFound);
        routes.MapGet("/sessions/{id:guid}/activities", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadActivities", "What runs on a session, and the coupon campaigns that do so without being named.")
            .Allow(Permission.ReadFigures).Gives<SessionActivitiesView>().Rejects(SessionRejections.NotFound);
    }

    internal static SessionActivitiesView View(Guid sessionId, SessionActivitiesRow? row, IEnumerable<CampaignRow> campaigns)
    {
        var activities = row is null ? [] : Sql.FromJson<Activity[]>(row.Activities);
        return new SessionActivitiesView
        {
            SessionId = sessionId,
            Version = row?.Version ?? 0,
            Activities = activities,
            UnlistedCampaigns = [.. campaigns.Where(c => activities.All(a => a.RefId != c.Id)).Select(c => new UnlistedCampaign(c.Id, c.Name, c.Status))],
        };
    }

    private static async Task<Result<SessionActivitiesView>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct)
    {
        if (await db.Find<SessionRow>(SessionSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is null) return SessionRejections.Unknown(id);
        var key = new { SessionId = id };
        return View(id, await db.Find<SessionActivitiesRow>(ActivitySql.OfSession, key, ct), await db.Query<CampaignRow>(ActivitySql.Campaigns, key, ct));
    }
}

internal sealed class NameActivitiesHandler(SchedulingDb db)
{
    public Task<Result<SessionActivitiesView>> Handle(Caller caller, Guid id, IfMatch ifMatch, NameActivities.Request body, CancellationToken ct) =>
        db.InTransaction<SessionActivitiesView>(caller.Write, async work =>
        {
            if (await work.Find<SessionRow>(SessionSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is null) return SessionRejections.Unknown(id);
            var key = new { SessionId = id };
            var held = await work.Find<SessionActivitiesRow>(ActivitySql.OfSession, key) ?? new SessionActivitiesRow();
            work.Audited(NameActivities.View(id, held, await work.Query<CampaignRow>(ActivitySql.Campaigns, key)));
            if (ifMatch.Check(held.Version) is { } stale) return stale;
            var next = held with { Version = held.Version + 1, Activities = Sql.Json(body.Activities) };
            // Two at once: the unique session, or the version, turns the later one back to the check above.
            await work.Upsert(ActivitySql.Update, ActivitySql.Insert, new { SessionId = id, next.Version, next.Activities });
            return NameActivities.View(id, next, await work.Query<CampaignRow>(ActivitySql.Campaigns, key));
        }, ct);
}

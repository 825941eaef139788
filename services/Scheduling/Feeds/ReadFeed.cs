using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;
using Microsoft.Net.Http.Headers;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>What a calendar gets that follows a feed's link.</summary>
internal static class ReadFeed
{
    private const string MediaType = "text/calendar";

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/feeds/{token}.ics", async (string token, HttpContext context, ReadFeedHandler handler, CancellationToken ct) =>
        {
            var read = await handler.Handle(token, ct);
            return read.IsRejected ? read.ToHttp() : new CalendarAnswer(read.Value);
        })
        .Describe(nameof(ReadFeed), "A calendar feed, as RFC 5545 has it. Whoever has the link may read it; send the ETag in If-None-Match to hear only of changes.")
        .RequireRateLimiting(ServiceHost.PublicLimit)
        .Produces<string>(StatusCodes.Status200OK, MediaType)
        .Rejects(FeedRejections.NotFound, CommonRejections.TooManyRequests);

    private sealed class CalendarAnswer(SessionCalendar calendar) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (request, response) = (httpContext.Request, httpContext.Response);
            // Weak: the same events, whenever the calendar was written.
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(calendar.Text(default))))[..32]}\"", isWeak: true);
            response.GetTypedHeaders().ETag = tag;
            response.Headers.CacheControl = "private, max-age=300";
            if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            response.ContentType = $"{MediaType}; charset=utf-8; method=PUBLISH";
            response.Headers.ContentDisposition = "inline; filename=\"sessions.ics\"";
            await response.WriteAsync(calendar.Text(calendar.WrittenAt), httpContext.RequestAborted);
        }
    }
}

internal sealed class ReadFeedHandler(SchedulingDb db, TimeProvider clock)
{
    private const int LongestToken = 100;
    private const int DaysBack = 90;
    private const int DaysAhead = 401;

    public async Task<Result<SessionCalendar>> Handle(string token, CancellationToken ct)
    {
        if (token.Length > LongestToken || await db.Find<FeedRow>(FeedSql.ByToken, new { TokenHash = FeedRow.HashOf(token) }, ct) is not { } feed)
            return FeedRejections.NotFound.Because("This link leads nowhere.");
        var now = clock.Now();
        var sessions = await SessionsOf(feed, now, ct);
        var resources = (await db.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(sessions.SelectMany(s => s.ResourceIds).Distinct()) }, ct)).ToDictionary(r => r.Id, r => r.Name);
        var brands = (await db.Query<BrandRow>(
            BrandSql.OfHeadquarters, new { HeadquartersPath = UnitPath.Headquarters(feed.UnitPath), Ids = Sql.Json(sessions.SelectMany(s => s.BrandList).Distinct()) }, ct))
            .ToDictionary(b => b.Id, b => b.Name);
        return new SessionCalendar(feed.Name, TimeZoneInfo.FindSystemTimeZoneById(feed.TimeZone), sessions, resources, brands, now);
    }

    private async Task<IReadOnlyList<SessionRow>> SessionsOf(FeedRow feed, DateTimeOffset now, CancellationToken ct)
    {
        var window = new { From = now.AddDays(-DaysBack), To = now.AddDays(DaysAhead), feed.ResourceId };
        var sessions = feed.Kind switch
        {
            FeedKind.Unit => await db.Query<SessionRow>(FeedContentSql.OfUnit, new
            {
                window.From,
                window.To,
                Scope = feed.UnitPath,
                ScopeEnd = UnitPath.End(feed.UnitPath),
                Ids = Sql.Json(UnitPath.SelfAndAncestors(feed.UnitPath)),
            }, ct),
            FeedKind.Room => await db.Query<SessionRow>(FeedContentSql.OfRoom, window, ct),
            // What is planned is booked, as a co-host too; what was cancelled is not, and found by its host only.
            _ => [.. (await db.Query<SessionRow>(FeedContentSql.OfHost, window, ct)).UnionBy(await db.Query<SessionRow>(FeedContentSql.Booking, window, ct), s => s.Id)],
        };
        return [.. sessions.Where(s => s.Status != SessionStatus.Draft).OrderBy(s => s.StartsAt).ThenBy(s => s.Id)];
    }
}

internal static class FeedContentSql
{
    private const string InTime = "StartsAt >= @From AND StartsAt < @To";
    private const string Select = $"SELECT {SessionSql.Columns} FROM Sessions";

    internal const string OfUnit = $"{Select} WHERE ({Sql.InScope} OR (Tier IN ('GroupBroadcast', 'RegionalBroadcast') AND Path IN {Sql.Ids})) AND {InTime}";
    internal const string OfHost = $"{Select} WHERE HostId = @ResourceId AND {InTime}";
    internal const string OfRoom = $"{Select} WHERE RoomId = @ResourceId AND {InTime}";
    internal const string Booking = $"{Select} WHERE Id IN (SELECT SessionId FROM Bookings WHERE ResourceId = @ResourceId AND EndsAt > @From) AND {InTime}";
}

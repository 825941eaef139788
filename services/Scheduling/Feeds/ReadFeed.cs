using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
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

    public async Task<Result<SessionCalendar>> Handle(string token, CancellationToken ct)
    {
        if (token.Length > LongestToken || await db.Find<FeedRow>(FeedSql.ByToken, new { TokenHash = FeedRow.HashOf(token) }, ct) is not { } feed)
            return FeedRejections.NotFound.Because("This link leads nowhere.");
        var now = clock.Now();
        return new SessionCalendar(await FeedContent.Read(db, feed, now, ct), now);
    }
}

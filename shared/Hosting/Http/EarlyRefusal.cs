using System.Text;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace LiveCommerce.Hosting;

/// <summary>Section <c>Http</c> of the configuration.</summary>
public sealed class HttpOptions
{
    /// <summary>Most requests being answered at once, however quick they are. One beyond that is refused with 503 at once.</summary>
    public int MostInFlight { get; set; } = 1024;

    /// <summary>Milliseconds a request may expect to take before it is refused with 503 instead, once more than 128 are in flight.</summary>
    public int LongestWaitMs { get; set; } = 50;
}

/// <summary>
/// The outermost door: turns away what could not be answered in time, before its token is verified and its body read. The
/// answer is always the same bytes, because a refusal has to cost next to nothing: those refused must not take the
/// processor from those let in. Health is always answered.
/// </summary>
internal sealed class EarlyRefusal(RequestDelegate next, IConfiguration configuration, TimeProvider clock, Meters meters)
{
    /// <summary>So many are always let in: one group of writes, without which a machine is not at its quickest.</summary>
    private const int AlwaysInFlight = 128;

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        $$"""{"type":"urn:live-commerce:problem:{{CommonRejections.Overloaded.Code}}","title":"{{CommonRejections.Overloaded.Title}}","status":503,"detail":"Too many requests are in flight.","code":"{{CommonRejections.Overloaded.Code}}"}""");

    private readonly WaitLimit _limit = NewLimit(configuration.GetSection("Http").Get<HttpOptions>() ?? new HttpOptions(), clock);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/health")) return next(context);
        return _limit.TryEnter() ? LetIn(context) : Refuse(context.Response);
    }

    private static WaitLimit NewLimit(HttpOptions options, TimeProvider clock) => new(clock)
    {
        Always = AlwaysInFlight,
        Most = options.MostInFlight,
        Longest = TimeSpan.FromMilliseconds(options.LongestWaitMs),
    };

    /// <summary>A file may take minutes, at the pace of whoever sends or takes it: it says nothing of how long others will wait.</summary>
    private static bool IsFile(HttpRequest request) =>
        request.Path.Value?.EndsWith(".csv", StringComparison.Ordinal) == true || request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) == true;

    private async Task LetIn(HttpContext context)
    {
        if (IsFile(context.Request))
        {
            _limit.Leave();
            await next(context);
            return;
        }
        try
        {
            await next(context);
        }
        finally
        {
            _limit.Leave();
        }
    }

    private Task Refuse(HttpResponse response)
    {
        meters.Refused(CommonRejections.Overloaded.Code);
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/problem+json";
        response.ContentLength = Answer.Length;
        response.Headers.RetryAfter = "1";
        return response.Body.WriteAsync(Answer).AsTask();
    }
}

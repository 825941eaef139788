using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Hosting;

/// <summary>Turns whatever is not a proper answer into a problem document; outermost.</summary>
internal sealed class Problems(RequestDelegate next, ILogger<Problems> log)
{
    private static readonly Dictionary<int, RejectionKind> ByStatus = new[]
    {
        CommonRejections.Malformed, CommonRejections.Unauthenticated, CommonRejections.Forbidden, CommonRejections.NoSuchRoute,
        CommonRejections.MethodNotAllowed, CommonRejections.TooLarge, CommonRejections.UnsupportedMediaType, CommonRejections.TooManyRequests,
    }.ToDictionary(k => k.Status);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentType is null && context.Response.ContentLength is null &&
                ByStatus.TryGetValue(context.Response.StatusCode, out var kind))
                await Answer(context, kind.Because(kind.Title));
        }
        catch (RejectionException e) when (!context.Response.HasStarted)
        {
            await Answer(context, e.Rejection);
        }
        catch (DatabaseUnavailableException e) when (!context.Response.HasStarted)
        {
            log.LogWarning(e, "{Method} {Path} has to come again", context.Request.Method, context.Request.Path);
            await Answer(context, CommonRejections.Overloaded.Because("The database does not answer in time.") with { RetryAfter = TimeSpan.FromSeconds(1) });
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            var kind = ByStatus.GetValueOrDefault(e.StatusCode, CommonRejections.Malformed);
            await Answer(context, kind.Because(kind == CommonRejections.Malformed ? e.Message : kind.Title));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody reads an answer.
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await Answer(context, CommonRejections.Unexpected.Because("Quote the trace id when you report it."));
        }
    }

    private static Task Answer(HttpContext context, Rejection rejection)
    {
        var etag = context.Response.Headers.WWWAuthenticate;
        var retry = context.Response.Headers.RetryAfter;
        context.Response.Clear();
        context.Response.Headers.WWWAuthenticate = etag;
        context.Response.Headers.RetryAfter = retry;
        return new ProblemAnswer(rejection).ExecuteAsync(context);
    }
}

using System.Text.Json;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Hosting;

/// <summary>A document with a version: answered with an ETag, changed with If-Match.</summary>
public interface IVersioned
{
    /// <summary>Rises by one with each change.</summary>
    long Version { get; }
}

/// <summary>From result to response.</summary>
public static class Answers
{
    /// <summary>The value as JSON with <paramref name="status"/>, or the refusal as a problem document.</summary>
    public static IResult ToHttp<T>(this Result<T> result, int status = StatusCodes.Status200OK) =>
        result.Rejection is { } rejection ? new ProblemAnswer(rejection) : new ValueAnswer<T>(result.Value, status);

    /// <summary>The file, or the refusal as a problem document.</summary>
    public static IResult ToHttp<TRow>(this Result<CsvAnswer<TRow>> result) => result.Rejection is { } rejection ? new ProblemAnswer(rejection) : result.Value;

    private sealed class ValueAnswer<T>(T value, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            if (value is IVersioned versioned) response.Headers.ETag = $"\"{versioned.Version}\"";
            return value is Done ? Task.CompletedTask : response.WriteAsJsonAsync(value, httpContext.RequestAborted);
        }
    }
}

/// <summary>RFC 9457, with the stable code, every fault and the trace to ask about.</summary>
internal sealed class ProblemAnswer(Rejection rejection) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<Meters>().Refused(rejection.Kind.Code);
        var response = httpContext.Response;
        response.StatusCode = rejection.Kind.Status;
        response.ContentType = "application/problem+json";
        if (rejection.RetryAfter is { } wait) response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", $"urn:live-commerce:problem:{rejection.Kind.Code}");
        json.WriteString("title", rejection.Kind.Title);
        json.WriteNumber("status", rejection.Kind.Status);
        json.WriteString("detail", rejection.Detail);
        json.WriteString("instance", httpContext.Request.Path);
        json.WriteString("code", rejection.Kind.Code);
        json.WriteString("traceId", System.Diagnostics.Activity.Current?.Id ?? httpContext.TraceIdentifier);
        if (rejection.Faults.Count > 0)
        {
            json.WritePropertyName("faults");
            JsonSerializer.Serialize(json, rejection.Faults, JsonSerializerOptions.Web);
        }
        foreach (var (name, value) in rejection.More)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, value?.GetType() ?? typeof(object), JsonSerializerOptions.Web);
        }
        json.WriteEndObject();
    }
}

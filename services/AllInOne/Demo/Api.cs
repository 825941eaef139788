using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;

namespace LiveCommerce.AllInOne.Demo;

/// <summary>An answer of the public API.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Json)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public string? Code => (string?)(Json as JsonObject)?["code"];

    public Guid Id => (Guid)Json!["id"]!;
}

/// <summary>Something in the demonstration did not go as the product promises.</summary>
internal sealed class DemoFailure(string message) : Exception(message);

/// <summary>
/// A caller of the public HTTP API, as a shop's or a planner's program should be one: every write carries an id or a key of its
/// own, so after a lost connection, an overload or a restart of the server it is simply sent again.
/// </summary>
internal sealed class Api(HttpClient http, string? token = null)
{
    // One service hears of what another did a moment later; until then it answers "not found" or "… unknown".
    private static readonly TimeSpan LongestHearsay = TimeSpan.FromSeconds(20);

    private static readonly ResiliencePipeline<ApiAnswer> Retries = new ResiliencePipelineBuilder<ApiAnswer>().AddRetry(new RetryStrategyOptions<ApiAnswer>
    {
        ShouldHandle = new PredicateBuilder<ApiAnswer>()
            .Handle<HttpRequestException>()
            .Handle<IOException>()
            .HandleResult(a => a.Status is (int)HttpStatusCode.ServiceUnavailable or (int)HttpStatusCode.BadGateway),
        MaxRetryAttempts = 240,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromMilliseconds(20),
        MaxDelay = TimeSpan.FromMilliseconds(500),
    }).Build();

    /// <summary>The same caller under another name.</summary>
    public async Task<Api> SignIn(string signInName, string secret, CancellationToken ct)
    {
        var answer = await Must(HttpMethod.Post, "/organization/tokens", new { signInName, secret }, null, ct);
        return new Api(http, (string)answer.Json!["accessToken"]!);
    }

    public Task<ApiAnswer> Get(string path, CancellationToken ct) => Must(HttpMethod.Get, path, null, null, ct);

    /// <summary>A file.</summary>
    public async Task<string> GetText(string path, CancellationToken ct) => (string)(await Get(path, ct)).Json!;

    /// <param name="path">Where.</param>
    /// <param name="key">Idempotency-Key: the same for every repeat of this one write.</param>
    /// <param name="body">What.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="ifMatch">The version it is meant for, where the address demands one.</param>
    public Task<ApiAnswer> Post(string path, string key, object? body, CancellationToken ct, string? ifMatch = null) =>
        Must(HttpMethod.Post, path, body, r =>
        {
            r.Headers.Add("Idempotency-Key", key);
            if (ifMatch is not null) r.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }, ct);

    public Task<ApiAnswer> Put(string path, object body, CancellationToken ct, string? ifMatch = null) =>
        Must(HttpMethod.Put, path, body, ifMatch is null ? null : r => r.Headers.TryAddWithoutValidation("If-Match", ifMatch), ct);

    public async Task<ApiAnswer> PostCsv(string path, string csv, CancellationToken ct) => Succeeded(
        HttpMethod.Post, path, await Try(HttpMethod.Post, path, () => new StringContent(csv, System.Text.Encoding.UTF8, "text/csv"), null, ct));

    /// <summary>Sends once it gets through, and answers whatever the status.</summary>
    public Task<ApiAnswer> Try(HttpMethod method, string path, object? body, CancellationToken ct) =>
        Try(method, path, body is null ? null : () => JsonContent.Create(body), null, ct);

    private async Task<ApiAnswer> Must(HttpMethod method, string path, object? body, Action<HttpRequestMessage>? adjust, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await Try(method, path, body is null ? null : () => JsonContent.Create(body), adjust, ct);
            var notHeardYet = answer.Status == 404 || answer.Code?.EndsWith("_unknown", StringComparison.Ordinal) == true;
            if (!notHeardYet || TimeProvider.System.GetElapsedTime(since) > LongestHearsay) return Succeeded(method, path, answer);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    private static ApiAnswer Succeeded(HttpMethod method, string path, ApiAnswer answer) => answer.IsSuccess
        ? answer
        : throw new DemoFailure($"{method} {path} was answered {answer.Status}: {answer.Json?.ToJsonString()}");

    private async Task<ApiAnswer> Try(HttpMethod method, string path, Func<HttpContent>? content, Action<HttpRequestMessage>? adjust, CancellationToken ct) =>
        await Retries.ExecuteAsync(async token2 =>
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = content?.Invoke();
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            adjust?.Invoke(request);
            using var response = await http.SendAsync(request, token2);
            var text = await response.Content.ReadAsStringAsync(token2);
            var isFile = response.Content.Headers.ContentType?.MediaType == "text/csv";
            return new ApiAnswer((int)response.StatusCode, text.Length == 0 ? null : isFile ? JsonValue.Create(text) : JsonNode.Parse(text));
        }, ct);
}

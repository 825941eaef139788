using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LiveCommerce.Load;

/// <summary>A headquarters of the run's own, set up through the public API, with one member of staff and one shop.</summary>
internal sealed class Tenant : IDisposable
{
    private const string Password = "load-tool-password";
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private string _admin = "";
    private string _staff = "";

    private Tenant(ServerProcess server)
    {
        _http = new HttpClient { BaseAddress = server.Url };
        DataFolder = server.Folder;
    }

    /// <summary>Of the server.</summary>
    public string DataFolder { get; }

    public Guid HeadquartersId { get; private set; }

    /// <summary>Access token the load is sent with: the operator's, the shop's once there is one, or that of the member of staff.</summary>
    public string Token { get; private set; } = "";

    public static async Task<Tenant> SignInTo(ServerProcess server)
    {
        var tenant = new Tenant(server);
        tenant.Token = await tenant.SignIn("operator", server.OperatorSecret);
        return tenant;
    }

    /// <summary>Opens the headquarters.</summary>
    public async Task Open()
    {
        var headquarters = await Send(Token, HttpMethod.Post, "/organization/headquarters", new
        {
            code = "load",
            name = "Load",
            timeZone = "Asia/Shanghai",
            currency = "CNY",
            admin = new { signInName = "admin@load", displayName = "Admin", password = Password },
        });
        HeadquartersId = (Guid)headquarters["id"]!;
        _admin = await SignIn("admin@load", Password);
        await AsAdmin(HttpMethod.Post, "/organization/members", new
        {
            unitId = HeadquartersId,
            signInName = "staff@load",
            displayName = "Staff",
            password = Password,
            roles = new[] { "Planner", "Merchandiser", "Marketer", "Analyst" },
        });
        _staff = await SignIn("staff@load", Password);
        var shop = await AsAdmin(HttpMethod.Post, "/organization/programs", new { unitId = HeadquartersId, name = "Shop", roles = new[] { "Storefront" } });
        Token = await SignIn((string)shop["signInName"]!, (string)shop["secret"]!);
    }

    /// <summary>From now on the load is sent by the member of staff.</summary>
    public void ActAsStaff() => Token = _staff;

    public Task<JsonNode> AsAdmin(HttpMethod method, string path, object? body = null) => Send(_admin, method, path, body);

    /// <summary>A single request of the shop.</summary>
    public Task<JsonNode> AsShop(Call call) => Send(Token, HttpMethod.Parse(call.Method), call.Path, call.Body is null ? null : JsonNode.Parse(call.Body));

    /// <summary>A file, as a stream, for the member of staff.</summary>
    public async Task<Stream> Download(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _staff);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
    }

    /// <summary>A request of the member of staff.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public Task<JsonNode> Send(HttpMethod method, string path, object? body = null, string? ifMatch = null) => Send(_staff, method, path, body, ifMatch);

    /// <summary>The same, repeated while the service has not heard of what the request names: events are on their way.</summary>
    public async Task<JsonNode> SendOnceKnown(HttpMethod method, string path, object? body = null, string? ifMatch = null)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await Send(method, path, body, ifMatch);
            }
            catch (InvalidOperationException) when (waited.Elapsed < LongestCatchUp)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> SignIn(string signInName, string secret) =>
        (string)(await Send(null, HttpMethod.Post, "/organization/tokens", new { signInName, secret }))["accessToken"]!;

    private async Task<JsonNode> Send(string? token, HttpMethod method, string path, object? body, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (body is string csv) request.Content = new StringContent(csv, Encoding.UTF8, "text/csv");
        else if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request);
        var content = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(content.Length == 0 ? "{}" : content)!
            : throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {content}");
    }
}

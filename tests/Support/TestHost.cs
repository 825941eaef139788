using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Messaging;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Support;

/// <summary>Modules in this process, over real HTTP on a free port of 127.0.0.1, on real SQLite files in a folder that goes with it.</summary>
public sealed class TestHost : IAsyncDisposable
{
    /// <summary>What a machine ten times slower than ours may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WebApplication _app;
    private readonly List<HttpClient> _clients = [];

    // Every folder has the same tables: what Dapper compiled for one does for all.
    static TestHost() => SqlMapper.ConnectionStringComparer = new SameSchema();

    private TestHost(WebApplication app, string folder, ManualClock clock) => (_app, Folder, Clock) = (app, folder, clock);

    public string Folder { get; }

    /// <summary>The clock of everything in the process; starts at <see cref="ManualClock.Start"/>.</summary>
    public ManualClock Clock { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <param name="modules">What to host.</param>
    public static Task<TestHost> Start(params IServiceModule[] modules) => StartIn(Directory.CreateTempSubdirectory("live-commerce-").FullName, new ManualClock(), modules);

    /// <summary>Starts on a folder that is there already: after a stop, with all its state.</summary>
    public static Task<TestHost> StartIn(string folder, ManualClock clock, params IServiceModule[] modules) => StartIn(folder, clock, [], modules);

    /// <param name="folder">Where its files are.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="settings">Further configuration: <c>Bus:Transport=RabbitMq</c>.</param>
    /// <param name="modules">What to host.</param>
    public static async Task<TestHost> StartIn(string folder, ManualClock clock, IReadOnlyList<string> settings, params IServiceModule[] modules)
    {
        TestKeys.PutInto(folder);
        var app = ServiceHost.Build([$"--Storage:Folder={folder}", .. settings.Select(s => $"--{s}")], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k =>
            {
                // A slow machine is no slow caller: nobody is cut off for the time a test takes between two steps.
                k.Limits.MinRequestBodyDataRate = k.Limits.MinResponseDataRate = null;
                k.Limits.RequestHeadersTimeout = k.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
            });
            builder.Logging.SetMinimumLevel(LogLevel.Error).AddFilter("MassTransit", LogLevel.Critical);
            builder.Services.AddSingleton<TimeProvider>(clock);
            // Slow on purpose, and no test is about how slow.
            builder.Services.PostConfigure<PasswordHasherOptions>(o => o.IterationCount = 1000);
        }, modules);
        await app.StartAsync();
        return new TestHost(app, folder, clock);
    }

    /// <summary>A client signed in at the unit at <paramref name="path"/> with these roles.</summary>
    public HttpClient At(string path, params Role[] roles) => At(path, Guid.Empty, roles);

    public HttpClient At(string path, Guid unitId, params Role[] roles)
    {
        var client = Anonymous();
        var token = TestKeys.Token(Services.GetRequiredService<SigningKey>(), path, unitId, roles);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpClient Anonymous()
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = Patience };
        _clients.Add(client);
        return client;
    }

    /// <summary>Delivers an event of another service, as the bus would; a given <paramref name="messageId"/> twice is a redelivery.</summary>
    public Task Deliver(object @event, Guid? messageId = null) =>
        Services.GetRequiredService<IMediator>().Publish(@event, @event.GetType(), c => c.MessageId = messageId ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    private IEnumerable<DueWorker> Workers => Services.GetServices<IHostedService>().OfType<DueWorker>();

    /// <summary>Runs the due-time workers until nothing is due at the clock's time.</summary>
    public async Task CarryOutDue()
    {
        foreach (var worker in Workers)
        {
            while (await worker.CarryOutDue(CancellationToken.None) > 0) { }
        }
    }

    /// <summary>From here on the due-time workers look only when the test has them look.</summary>
    public Task HoldDueWork() => Task.WhenAll(Workers.Select(w => w.StopAsync(CancellationToken.None)));

    /// <summary>Has them look once: of a work in parts, one part.</summary>
    public Task CarryOutDueOnce() => Task.WhenAll(Workers.Select(w => w.CarryOutDue(CancellationToken.None)));

    /// <summary>Waits until every outbox is empty: all that was published has been taken over by all who react.</summary>
    public async Task Settle()
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            long waiting = 0;
            foreach (var db in Services.GetServices<ServiceDb>()) waiting += await db.Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE SetAsideAt IS NULL");
            if (waiting == 0) return;
            if (limit.Elapsed > Patience) throw new TimeoutException($"{waiting} messages were not relayed.");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Stops the process in good order and keeps the folder.</summary>
    public async Task Stop()
    {
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Takes the same file in another folder for the same database.</summary>
internal sealed class SameSchema : IEqualityComparer<string>
{
    public bool Equals(string? x, string? y) => x is null || y is null ? x == y : Tail(x).SequenceEqual(Tail(y));

    public int GetHashCode(string obj) => string.GetHashCode(Tail(obj), StringComparison.Ordinal);

    // "Data Source=/folder/service.db;Mode=…" of SQLite; a server's is taken whole.
    private static ReadOnlySpan<char> Tail(string connection) =>
        connection.Contains(".db;Mode=", StringComparison.Ordinal) ? connection.AsSpan(connection.LastIndexOf(Path.DirectorySeparatorChar) + 1) : connection;
}

/// <summary>Requests and answers in short.</summary>
public static class Http
{
    /// <summary>Sends JSON and reads the answer, whatever its status.</summary>
    public static async Task<Answer> Send(this HttpClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is string text) request.Content = new StringContent(text, System.Text.Encoding.UTF8, "application/json");
        else if (body is not null) request.Content = JsonContent.Create(body);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, content, response.Headers.ETag?.Tag, response.Headers.RetryAfter?.Delta);
    }

    public static Task<Answer> Get(this HttpClient client, string path) => client.Send(HttpMethod.Get, path);

    public static Task<Answer> Post(this HttpClient client, string path, object? body = null, params (string Name, string Value)[] headers) => client.Send(HttpMethod.Post, path, body, headers);

    public static Task<Answer> Put(this HttpClient client, string path, object? body = null, params (string Name, string Value)[] headers) => client.Send(HttpMethod.Put, path, body, headers);
}

/// <summary>An answer: its status and its JSON.</summary>
public sealed record Answer(int Status, string Content, string? ETag, TimeSpan? RetryAfter)
{
    public JsonNode Json => JsonNode.Parse(Content)!;

    /// <summary>The problem's code, or null if it is none.</summary>
    public string? Code => Status >= 400 && Content.Length > 0 ? (string?)Json["code"] : null;

    /// <summary>The pointers of all faults.</summary>
    public IReadOnlyList<string> Faults => [.. Json["faults"]?.AsArray().Select(f => (string)f!["pointer"]!) ?? []];

    public T Read<T>() => JsonSerializer.Deserialize<T>(Content, JsonSerializerOptions.Web)!;

    public Guid Id => (Guid)Json["id"]!;
}

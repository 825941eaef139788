using System.Text.Encodings.Web;
using System.Text.Json;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace LiveCommerce.Lineups.Lineups;

/// <summary>A session's lineup, to everybody on the owner's chain. Read by every screen on the floor, so its bytes are kept in memory.</summary>
internal static class ReadLineup
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/sessions/{sessionId:guid}/lineup", (Guid sessionId, HttpContext context, Caller caller, ReadLineupHandler handler, CancellationToken ct) =>
            handler.Handle(caller, sessionId, context.Request, ct))
        .Describe(nameof(ReadLineup), "A session's lineup.", "With `If-None-Match` it answers 304 while nothing has changed.")
        .Allow(Permission.ReadLineups)
        .Gives<LineupView>()
        .Produces(StatusCodes.Status304NotModified)
        .Rejects(LineupRejections.NotFound);
}

/// <summary>
/// Keeps documents as they are sent. Version and owner are read from the database at every request, so an instance can
/// never answer what another one has replaced.
/// </summary>
internal sealed class ReadLineupHandler : IDisposable
{
    internal const int MostKept = 1000;

    private readonly LineupsDb _db;
    private readonly MemoryCache _documents = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly JsonSerializerOptions _json;

    public ReadLineupHandler(LineupsDb db, IOptions<JsonOptions> options)
    {
        _db = db;
        // Names in Chinese as they are, three bytes a character and not six.
        _json = new JsonSerializerOptions(options.Value.SerializerOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }

    public async Task<IResult> Handle(Caller caller, Guid sessionId, HttpRequest request, CancellationToken ct)
    {
        var key = new { SessionId = sessionId };
        if (await _db.Find<LineupHead>(LineupSql.Head, key, ct) is not { } head || !caller.Sees(head.OwnerPath))
            return ((Result<LineupView>)LineupRejections.NotFound.Because($"No lineup of session {sessionId}.")).ToHttp();
        if (_documents.TryGetValue(sessionId, out LineupDocument? document) && document!.Version == head.Version) return document;
        var row = await _db.Find<LineupRow>(LineupSql.BySession, key, ct);
        document = new LineupDocument(row!.Version, JsonSerializer.SerializeToUtf8Bytes(row.ToView(), _json));
        _documents.Set(sessionId, document, new MemoryCacheEntryOptions { Size = 1 });
        return document;
    }

    public void Dispose() => _documents.Dispose();

    private sealed class LineupHead
    {
        public long Version { get; init; }

        public string OwnerPath { get; init; } = "";
    }
}

/// <summary>A lineup as it goes over the wire.</summary>
internal sealed class LineupDocument(long version, byte[] json) : IResult
{
    private readonly string _etag = $"\"{version}\"";

    public long Version => version;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = _etag;
        if (httpContext.Request.Headers.IfNoneMatch is { Count: > 0 } known && Matches(known.ToString()))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        return response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }

    private bool Matches(string header) =>
        header == _etag ||
        (EntityTagHeaderValue.TryParseList([header], out var tags) &&
            tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Tag.Equals(_etag, StringComparison.Ordinal)));
}

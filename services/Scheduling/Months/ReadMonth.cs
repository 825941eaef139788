using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Units;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace LiveCommerce.Scheduling.Months;

/// <summary>A month of a unit's calendar in one request.</summary>
internal static class ReadMonth
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/months/{month}", async (string month, string? unitId, Caller caller, MonthPages months, CancellationToken ct) => await months.Answer(caller, month, unitId, ct))
        .Describe(nameof(ReadMonth), "A month of a unit's calendar in one request: sessions, key dates, blocks, conflicts, free slots, and the load of every host and room.",
            "Of ?unitId, the caller's own unit unless given; the month is counted by the unit's wall clock. Changes are seen at once, a session that overruns within 15 seconds.")
        .Allow(Permission.ReadPlan)
        .Gives<MonthView>()
        .Rejects(UnitRejections.NotFound);
}

/// <summary>
/// The months asked for last, as they were sent. A month is read anew when anything in it has changed: not if nothing at all was
/// committed, and else one look at the indexes tells. In between everybody gets the same bytes.
/// </summary>
internal sealed class MonthPages(SchedulingDb db, TimeProvider clock, IOptions<JsonOptions> json)
{
    /// <summary>Some hundred kilobytes each.</summary>
    private const int MostKept = 256;

    /// <summary>What the clock alone changes is seen by then.</summary>
    private static readonly TimeSpan LongestKept = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string Unit, string Month), Page> _pages = new();

    public async Task<IResult> Answer(Caller caller, string month, string? unitId, CancellationToken ct)
    {
        var key = (unitId ?? caller.Path, month);
        // Before anything is read: what is committed meanwhile makes the page old for the next who asks.
        var commits = db.Commits;
        var now = clock.Now();
        if (!_pages.TryGetValue(key, out var page) || page.Commits is null || page.Commits != commits || now - page.At >= LongestKept || !caller.Covers(page.Unit.Path))
        {
            var (unit, first, refusal) = await Find(caller, month, unitId, ct);
            if (refusal is not null) return ((Result<MonthView>)refusal).ToHttp();
            var mark = await Mark(unit!, month, first, ct);
            if (_pages.Count > MostKept) _pages.Clear();
            page = _pages.AddOrUpdate(
                key,
                _ => Read(unit!, first, mark),
                (_, known) => known.Mark == mark && now - known.At < LongestKept ? known with { Commits = commits } : Read(unit!, first, mark));
        }
        try
        {
            return await page.Body.Value;
        }
        catch
        {
            // What has failed is not kept for the next.
            _pages.TryRemove(key, out _);
            throw;
        }

        // Whoever asked first may hang up; the others who wait for the same page stay.
        Page Read(UnitRow unit, DateOnly first, MonthMark mark) => new(unit, mark, commits, now, new Lazy<Task<JsonAnswer>>(async () =>
            new JsonAnswer(JsonSerializer.SerializeToUtf8Bytes(await MonthReading.Of(db, unit, month, first, now), json.Value.SerializerOptions))));
    }

    /// <summary>The unit and the month asked for, or why not.</summary>
    private async Task<(UnitRow? Unit, DateOnly First, Rejection? Refusal)> Find(Caller caller, string month, string? unitId, CancellationToken ct)
    {
        var faults = new Faults();
        var first = PeriodRow.FirstDay(month);
        faults.Check(first is not null, "month", "month.invalid", "Must be a month such as 2026-11.");
        var id = Guid.Empty;
        faults.Check(unitId is null || Guid.TryParse(unitId, out id), "?unitId", "id.invalid", "Must be a UUID.");
        if (faults.Count > 0) return (null, default, faults.ToRejection());
        var unit = unitId is null
            ? await db.Find<UnitRow>(PeriodUnitSql.ByPath, new { caller.Path }, ct)
            : await db.Find<UnitRow>(UnitSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct);
        return unit is null
            ? (null, default, UnitRejections.NotFound.Because(unitId is null ? $"{caller.Path} is not known here." : $"No unit {id}."))
            : (unit, first!.Value, null);
    }

    private async Task<MonthMark> Mark(UnitRow unit, string month, DateOnly first, CancellationToken ct)
    {
        var headquarters = UnitPath.Headquarters(unit.Path);
        var local = first.ToDateTime(TimeOnly.MinValue);
        // Wide enough for every zone.
        return (await db.Find<MonthMark>(MonthSql.Mark, new
        {
            Scope = headquarters,
            ScopeEnd = UnitPath.End(headquarters),
            From = new DateTimeOffset(local.AddDays(-3), TimeSpan.Zero),
            To = new DateTimeOffset(local.AddMonths(1).AddDays(1), TimeSpan.Zero),
            Month = month,
        }, ct))! with
        { Unit = unit.Path + unit.TimeZone };
    }

    private sealed record Page(UnitRow Unit, MonthMark Mark, long? Commits, DateTimeOffset At, Lazy<Task<JsonAnswer>> Body);

    private sealed record MonthMark
    {
        public long Sessions { get; init; }

        public long? Versions { get; init; }

        public long? WhichSessions { get; init; }

        public long KeyDates { get; init; }

        public long? WhichKeyDates { get; init; }

        public string? NewestKeyDate { get; init; }

        public long Resources { get; init; }

        public long? WhichResources { get; init; }

        public long? Units { get; init; }

        public long? Period { get; init; }

        public long Blocks { get; init; }

        public long? WhichBlocks { get; init; }

        public string? NewestBlock { get; init; }

        public string Unit { get; init; } = "";
    }

    /// <summary>A month packs to a tenth, once for all who ask.</summary>
    private sealed class JsonAnswer(byte[] plain) : IResult
    {
        private readonly Lazy<byte[]> _packed = new(() => Packed(plain));

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var isPacked = httpContext.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
            var body = isPacked ? _packed.Value : plain;
            response.ContentType = "application/json; charset=utf-8";
            response.Headers.Vary = "Accept-Encoding";
            if (isPacked) response.Headers.ContentEncoding = "gzip";
            response.ContentLength = body.Length;
            await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
        }

        private static byte[] Packed(byte[] plain)
        {
            using var bytes = new MemoryStream();
            using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(plain);
            return bytes.ToArray();
        }
    }
}

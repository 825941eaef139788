using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Units;
using Microsoft.AspNetCore.Mvc;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>Brings a file of key dates onto a unit's calendar: all of it or nothing.</summary>
internal static class ImportKeyDates
{
    internal const int LargestFile = 1 << 20;

    /// <summary>What an import did, or would do. Read = added + updated + unchanged + those of the removed that the file names.</summary>
    /// <param name="IsDryRun">Nothing was written.</param>
    /// <param name="Read">Dates without a fault.</param>
    /// <param name="Added">New ones.</param>
    /// <param name="Updated">Known ones with something new.</param>
    /// <param name="Unchanged">Known ones with nothing new, and cancelled ones that were not there.</param>
    /// <param name="Removed">Known ones the file cancels, and occurrences ahead that its rule has no more.</param>
    /// <param name="FaultCount">Dry runs only: with any, an import is refused.</param>
    /// <param name="Faults">The first hundred.</param>
    internal sealed record Report(bool IsDryRun, int Read, int Added, int Updated, int Unchanged, int Removed, int FaultCount, IReadOnlyList<Fault> Faults);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/key-dates/import", async (string? unitId, string? dryRun, HttpRequest request, Caller caller, ImportKeyDatesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, request, unitId, dryRun, ct)).ToHttp())
        .Describe(nameof(ImportKeyDates), "Brings key dates from an iCalendar or CSV file onto the calendar of ?unitId: all of them or, with any fault, none.",
            "UTF-8, at most 1 MiB and 5,000 dates. text/calendar: events with DTSTART and DTEND or DURATION; dates, and times without a zone, are in the unit's. An event the file " +
            "cancels is removed. One with an RRULE is told one by one, what is not over and at most two years ahead, 400 occurrences at most; EXDATE and RECURRENCE-ID are heeded, RDATE is a fault. text/csv: columns title, startsAt, endsAt, and if wanted uid, kind, leadTimeDays, brands (codes, separated by semicolons); " +
            "times as 2026-11-11, which ends with the day, 2026-11-11T20:00 in the unit's zone, or with an offset. " +
            "Brought in again, a file updates what it brought before: by uid or, without, by title and start. ?dryRun=true writes nothing and tells what would happen.")
        .WithMetadata(new RequestSizeLimitAttribute(LargestFile))
        .Accepts<Stream>("text/calendar", "text/csv")
        .Allow(Permission.ManagePlan)
        .Gives<Report>()
        .Rejects(UnitRejections.NotFound, KeyDateRejections.FileUnreadable, KeyDateRejections.FileHasFaults, KeyDateRejections.FileTooLong);
}

internal sealed class ImportKeyDatesHandler(SchedulingDb db, TimeProvider clock)
{
    public async Task<Result<ImportKeyDates.Report>> Handle(Caller caller, HttpRequest request, string? unitId, string? dryRun, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(Guid.TryParse(unitId, out var id), "?unitId", "id.invalid", "Must be the id of the unit whose calendar it is.");
        faults.Check(dryRun is null or "true" or "false", "?dryRun", "value.unknown", "Must be true or false.");
        if (faults.Count > 0) return faults.ToRejection();
        if (await db.Find<UnitRow>(UnitSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is not { } unit) return UnitRejections.Unknown(id);
        var isCalendar = request.ContentType?.StartsWith("text/calendar", StringComparison.OrdinalIgnoreCase) == true;
        if (!isCalendar && request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true)
            return CommonRejections.UnsupportedMediaType.Because("Send text/calendar or text/csv.");
        var bytes = await ReadAll(request.Body, ct);
        if (caller.Write is { IdempotencyKey: not null } write)
            write.RequestHash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"), .. bytes]));
        if (Decode(bytes) is not { } text) return KeyDateRejections.FileUnreadable.Because("Not UTF-8.");
        var zone = TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone);
        var file = isCalendar ? KeyDateFile.OfCalendar(text, zone, clock.Now()) : KeyDateFile.OfTable(text, zone, await Brands(unit, ct));
        if (file.Entries.Count > KeyDateFile.MostDates) return KeyDateRejections.FileTooLong.Because($"Split the file: more than {KeyDateFile.MostDates} dates.");
        var isDryRun = dryRun == "true";
        if (!isDryRun && file.Faults.Count > 0)
            return KeyDateRejections.FileHasFaults.Because($"{file.Faults.Count} faults; see faults for each.") with { Faults = file.Faults.List };
        if (!isDryRun) return await db.InTransaction<ImportKeyDates.Report>(caller.Write, async work => await Store(work, unit, file, isDryRun: false), ct);
        return (await Change.Of(Reads.Outside(db, clock, ct), unit, file)).Report(file, isDryRun: true);
    }

    private async Task<ImportKeyDates.Report> Store(UnitOfWork work, UnitRow unit, KeyDateFile file, bool isDryRun)
    {
        // One import at a time for a calendar: each has to see what the one before it wrote.
        await work.Execute(UnitSql.TakeTurn, new { unit.Id });
        var change = await Change.Of(work, unit, file);
        await work.Execute(KeyDateSql.Insert, change.Added.ConvertAll(d => (d with { Id = clock.NewId(), UnitId = unit.Id, Path = unit.Path }).ToParameters()));
        await work.Execute(KeyDateSql.Update, change.Updated.ConvertAll(d => d.ToParameters()));
        await work.Execute(KeyDateSql.Delete, change.Removed.ConvertAll(d => new { d.Id }));
        return change.Report(file, isDryRun);
    }

    private async Task<Dictionary<string, Guid>> Brands(UnitRow unit, CancellationToken ct) =>
        (await db.Query<BrandRow>(KeyDateBrandSql.OfHeadquarters, new { HeadquartersPath = UnitPath.Headquarters(unit.Path) }, ct)).ToDictionary(b => b.Code, b => b.Id);

    private static async Task<byte[]> ReadAll(Stream body, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    private static string? Decode(byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private sealed record Change(List<KeyDateRow> Added, List<KeyDateRow> Updated, List<KeyDateRow> Removed)
    {
        /// <summary>Those of the removed that the file names.</summary>
        private int Cancelled { get; set; }

        public static async Task<Change> Of(Reads from, UnitRow unit, KeyDateFile file)
        {
            var stored = await from.Query<KeyDateRow>(KeyDateSql.OfFiles, new { UnitId = unit.Id, Ids = Sql.Json(file.Entries.Select(e => e.Uid)) });
            var known = stored.ToDictionary(d => d.SourceUid!);
            var change = new Change([], [], await NoLonger(from, unit, file, known));
            foreach (var entry in file.Entries)
            {
                var before = known.GetValueOrDefault(entry.Uid);
                if (entry.Date is not { } date)
                {
                    if (before is null) continue;
                    change.Removed.Add(before);
                    change.Cancelled++;
                }
                else if (before is null) change.Added.Add(date with { SourceUid = entry.Uid });
                else
                {
                    // A calendar says nothing of kinds and brands: what people entered of them since stays.
                    var after = date with { Seq = before.Seq, Id = before.Id, Version = before.Version, UnitId = before.UnitId, Path = before.Path, SourceUid = before.SourceUid };
                    if (!file.SaysKind) after = after with { Kind = before.Kind, BrandIds = before.BrandIds, LeadTimeDays = before.LeadTimeDays };
                    if (after != before) change.Updated.Add(after);
                }
            }
            return change;
        }

        /// <summary>Occurrences ahead that the file had before and, its rule being another now, has no more.</summary>
        private static async Task<List<KeyDateRow>> NoLonger(Reads from, UnitRow unit, KeyDateFile file, Dictionary<string, KeyDateRow> known)
        {
            if (file.RecurringUids.Count == 0) return [];
            var recurring = await from.Query<KeyDateRow>(KeyDateSql.Recurring, new { UnitId = unit.Id, from.Now });
            return [.. recurring.Where(d => d.SourceUid is { } uid && !known.ContainsKey(uid) && file.RecurringUids.Contains(uid[..uid.LastIndexOf('#')]))];
        }

        public ImportKeyDates.Report Report(KeyDateFile file, bool isDryRun) => new(
            isDryRun, file.Entries.Count, Added.Count, Updated.Count, file.Entries.Count - Added.Count - Updated.Count - Cancelled, Removed.Count, file.Faults.Count, file.Faults.List);
    }
}

internal static class KeyDateBrandSql
{
    internal const string OfHeadquarters = "SELECT Id, Code FROM Brands WHERE HeadquartersPath = @HeadquartersPath AND Code <> ''";
}

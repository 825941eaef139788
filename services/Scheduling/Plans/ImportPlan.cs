using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Series;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;
using Microsoft.AspNetCore.Mvc;

namespace LiveCommerce.Scheduling.Plans;

/// <summary>Brings a plan's file in: all of it or nothing, or only says what would become of it.</summary>
internal static class ImportPlan
{
    internal const int LargestFile = 1 << 20;

    internal static readonly RejectionKind HasFaults = new("csv.has_faults", 400, "Lines of the file have faults, and nothing was imported.");
    internal static readonly RejectionKind NotUtf8 = new("csv.not_utf8", 400, "The file is not UTF-8 text.");
    internal static readonly RejectionKind TooManyLines = new("csv.too_many_lines", 400, "The file holds more than one import takes.");

    /// <param name="IsDryRun">Nothing was stored.</param>
    /// <param name="Created">New sessions.</param>
    /// <param name="Changed">Sessions that were there and are now as the file has them.</param>
    /// <param name="Unchanged">Sessions that were so already.</param>
    /// <param name="FaultCount">All faults; above zero only in a dry run.</param>
    /// <param name="Faults">The first hundred, by line.</param>
    internal sealed record Report(bool IsDryRun, int Created, int Changed, int Unchanged, int FaultCount, IReadOnlyList<Fault> Faults);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/plans/import", async (string? dryRun, HttpRequest request, Caller caller, ImportPlanHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, request, dryRun, ct)).ToHttp())
        .Describe(nameof(ImportPlan), "Plans and edits sessions from a CSV file: all of it, or nothing if any line is refused.",
            "UTF-8, comma-separated, RFC 4180 quotes, at most 1 MiB and 1,000 lines. Columns, in any order and case: title, tier, owner (a unit's path), brands (codes), host, room, channels, " +
            "startsLocal and endsLocal (on the wall's clock); optional id (of the session to edit), theme, coHosts, timeZone (the owner's if empty), status (not looked at). " +
            "Several in one field are parted by semicolons; hosts, rooms and channels by name or id. What an export writes, an import takes. dryRun=true judges every line and stores nothing.")
        .WithMetadata(new RequestSizeLimitAttribute(LargestFile))
        .Accepts<Stream>("text/csv")
        .Allow(Permission.ManagePlan)
        .Gives<Report>()
        .Rejects(HasFaults, NotUtf8, TooManyLines);
}

internal sealed class ImportPlanHandler(SchedulingDb db, TimeProvider clock)
{
    public async Task<Result<ImportPlan.Report>> Handle(Caller caller, HttpRequest request, string? dryRun, CancellationToken ct)
    {
        var faults = new Faults().Check(dryRun is null or "true" or "false", "?dryRun", "value.unknown", "Must be true or false.");
        if (faults.Count > 0) return faults.ToRejection();
        if (request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true) return CommonRejections.UnsupportedMediaType.Because("Send text/csv.");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        var bytes = body.ToArray();
        if (caller.Write is { IdempotencyKey: not null } write)
            write.RequestHash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"), .. bytes]));
        if (TextOf(bytes) is not { } text) return ImportPlan.NotUtf8.Because("Bytes that are not UTF-8 are in it.");
        var isDryRun = dryRun == "true";
        var records = CsvTable.Read(text, PlanFile.Columns, PlanFile.Needed, faults);
        if (records.Count > PlanFile.MostLines) return ImportPlan.TooManyLines.Because($"{records.Count} sessions; split the file after {PlanFile.MostLines}.");
        if (records.Count == 0 && faults.Count == 0) faults.Add("line 1", "csv.empty", "There is nothing under the header.");
        if (records.Count == 0) return isDryRun ? Reported(isDryRun, new Counts(0, 0, 0), faults) : Refused(faults);
        // The body may run again: what it finds is its own.
        var stored = await db.InTransaction<ImportPlan.Report>(caller.Write, async work =>
        {
            var found = new Faults();
            foreach (var fault in faults.List) found.Add(fault.Pointer, fault.Code, fault.Detail);
            var counts = await Store(work, caller, records, found);
            if (isDryRun) return Undone(Reported(isDryRun, counts, found));
            return found.Count > 0 ? Refused(found) : Reported(isDryRun, counts, found);
        }, ct);
        return stored.Rejection?.More.GetValueOrDefault(nameof(ImportPlan.Report)) is ImportPlan.Report report ? report : stored;
    }

    private async Task<Counts> Store(UnitOfWork work, Caller caller, IReadOnlyList<CsvRecord> records, Faults faults)
    {
        var headquarters = UnitPath.Headquarters(caller.Path);
        var tree = new { Scope = headquarters, ScopeEnd = UnitPath.End(headquarters), HeadquartersPath = headquarters };
        var file = new PlanFile(
            new PlanLookup(
                await work.Query<UnitRow>(PlanSql.Units, new { caller.Scope, caller.ScopeEnd }),
                await work.Query<BrandRow>(PlanSql.Brands, tree),
                await work.Query<ResourceRow>(PlanSql.Resources, tree)),
            faults);
        var lines = records.Select(file.Read).OfType<PlanLine>().ToList();
        foreach (var again in lines.Where(l => l.SessionId is not null).GroupBy(l => l.SessionId).SelectMany(g => g.Skip(1)))
            faults.Add($"line {again.Line}", "csv.id_repeated", $"Session {again.SessionId} is on an earlier line already.");
        var known = await TakeTurns(work, caller, lines);
        var counts = new Counts(0, 0, 0);
        // What makes way comes before what needs the room; else in the order of the file.
        foreach (var line in lines.OrderBy(l => l.SessionId is null))
        {
            var (outcome, refusal) = line.SessionId is not { } id
                ? (new Counts(1, 0, 0), await Create(work, caller, line))
                : known.TryGetValue(id, out var session)
                    ? await Edit(work, caller, session, line)
                    : (default, SessionRejections.Unknown(id));
            if (refusal is null) counts = new Counts(counts.Created + outcome.Created, counts.Changed + outcome.Changed, counts.Unchanged + outcome.Unchanged);
            else faults.Add($"line {line.Line}", refusal.Kind.Code, refusal.Detail);
        }
        return counts;
    }

    /// <summary>The sessions the lines name, read after the locks of all they and the new ones need were taken.</summary>
    private static async Task<Dictionary<Guid, SessionRow>> TakeTurns(UnitOfWork work, Caller caller, List<PlanLine> lines)
    {
        var key = new { caller.Scope, caller.ScopeEnd, Ids = Sql.Json(lines.Select(l => l.SessionId).OfType<Guid>().Distinct()) };
        var seen = await work.Query<SessionRow>(SessionsByIds, key);
        foreach (var reseller in lines.Select(l => l.Owner.Id).Concat(seen.Select(s => s.OwnerUnitId)).Distinct().Order()) await work.Execute(UnitSql.TakeTurn, new { Id = reseller });
        await SessionChange.HoldBrands(work, UnitPath.Headquarters(caller.Path), lines.SelectMany(l => l.Plan.BrandIds).Concat(seen.SelectMany(s => s.BrandList)));
        await Bookings.TakeTurn(work, lines.SelectMany(l => l.Plan.ResourceIds).Concat(seen.SelectMany(s => s.ResourceIds)));
        return (await work.Query<SessionRow>(SessionsByIds, key)).ToDictionary(s => s.Id);
    }

    private async Task<Rejection?> Create(UnitOfWork work, Caller caller, PlanLine line) => (await SessionPlanning.Create(work, new NewSession
    {
        Id = clock.NewId(),
        Tier = line.Tier,
        Owner = line.Owner,
        Plan = line.Plan,
        Status = SessionApproval.IsGivenBy(caller, line.Tier, line.Owner.Path) ? SessionStatus.Scheduled : SessionStatus.Submitted,
    })).Rejection;

    private static async Task<(Counts, Rejection?)> Edit(UnitOfWork work, Caller caller, SessionRow session, PlanLine line)
    {
        if (line.Owner.Id != session.OwnerUnitId || line.Tier != session.Tier) return (default, OwnerStays.Because("Plan another session instead."));
        // A file says nothing of goals and phases: they stay as they are.
        var goals = session.Goals is null ? null : Sql.FromJson<SessionGoals>(session.Goals);
        var days = session.Days;
        var plan = line.Plan with
        {
            Goals = goals is null ? null : new GoalsEntry(goals.Views, goals.ConversionRate, goals.AverageOrderValueMinor, goals.SalesMinor),
            Phases = new PhaseDays(days.Preparation, days.Reservoir, days.Review, days.WarmUp),
        };
        if (SeriesTemplate.Of(plan).Fits(session, new SeriesOccurrence(session.OccurrenceOn!, plan.StartsAt, plan.EndsAt))) return (new Counts(0, 0, 1), null);
        return (new Counts(0, 1, 0), await SessionReplanning.Replan(work, caller, session with { IsDetached = session.SeriesId is not null }, plan));
    }

    private static readonly string SessionsByIds = $"SELECT {SessionSql.Columns} FROM Sessions WHERE {Sql.InScope} AND Id IN {Sql.Ids}";

    private static readonly RejectionKind OwnerStays = new("session.owner_stays", 409, "A session keeps its owner and its tier.");

    private static string? TextOf(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ImportPlan.Report Reported(bool isDryRun, Counts counts, Faults faults) => new(isDryRun, counts.Created, counts.Changed, counts.Unchanged, faults.Count, faults.List);

    /// <summary>Rolls back and brings the report along; nobody outside sees it as a refusal.</summary>
    private static Rejection Undone(ImportPlan.Report report) => new RejectionKind("plan.dry_run", 409, "Nothing was imported.").Because("A dry run.").With(nameof(ImportPlan.Report), report);

    private static Rejection Refused(Faults faults) =>
        (ImportPlan.HasFaults.Because($"{faults.Count} faults; see faults for each.") with { Faults = faults.List }).With("faultCount", faults.Count);

    private readonly record struct Counts(int Created, int Changed, int Unchanged);
}

using System.Reflection;
using System.Text.Json;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LiveCommerce.Hosting;

/// <summary>One decision that changed something.</summary>
/// <param name="At">When.</param>
/// <param name="Service">Where.</param>
/// <param name="ActorId">Who: the member or client program; <c>system</c> for what the product decided by itself.</param>
/// <param name="ActorName">For people.</param>
/// <param name="ActorPath">Path of the actor's unit at that time.</param>
/// <param name="Action">What: the endpoint's name, or that of what the system did.</param>
/// <param name="Subject">To what: the request's path, or the thing's.</param>
/// <param name="SubjectId">Id of what was changed, if it has one.</param>
/// <param name="SubjectPath">Path of the unit it belonged to at that time; the actor's if it belongs to none below.</param>
/// <param name="Origin">Address the request came from.</param>
/// <param name="Before">The members that changed, as they were; null if there was nothing before.</param>
/// <param name="After">The members that changed, as they became. Never a secret.</param>
public sealed record AuditEntry(
    DateTimeOffset At,
    string Service,
    string ActorId,
    string ActorName,
    string ActorPath,
    string Action,
    string Subject,
    string? SubjectId,
    string SubjectPath,
    string? Origin,
    JsonElement? Before,
    JsonElement? After);

/// <summary>A table of decisions, read as pages and as a file.</summary>
/// <param name="table">Has the columns of <see cref="AuditRecord"/>.</param>
/// <param name="service">SQL that says which service an entry is of: a column or a literal.</param>
public sealed class AuditTrail(string table, string service)
{
    private static readonly string[] Header =
        ["at", "service", "actorId", "actorName", "actorPath", "action", "subject", "subjectId", "subjectPath", "origin", "before", "after"];

    private readonly string _page =
        $"SELECT Seq, At, {service} AS Service, ActorId, ActorName, ActorPath, Action, Subject, SubjectId, SubjectPath, Origin, BeforeJson, AfterJson FROM {table} " +
        "WHERE SubjectPath >= @Scope AND SubjectPath < @ScopeEnd AND At >= @From AND At < @To AND (@Actor IS NULL OR ActorId = @Actor) " +
        "AND (@Action IS NULL OR Action = @Action) AND (@Subject IS NULL OR SubjectId = @Subject OR Subject = @Subject) " +
        $"AND Seq > @After ORDER BY Seq {Sql.Page}";

    /// <param name="routes">Of the service.</param>
    /// <param name="db">Holds the table.</param>
    /// <param name="path">Of the pages; the file is there too, with .csv behind it.</param>
    /// <param name="name">Of the endpoints, behind Read and Export.</param>
    /// <param name="summary">What they give, without a full stop.</param>
    public void Map(IEndpointRouteBuilder routes, ServiceDb db, string path, string name, string summary)
    {
        routes.MapGet(path, async (Caller caller, AuditQuery query, PageRequest page, CancellationToken ct) =>
                page.ToPage(await db.Query<AuditRecord>(_page, query.Parameters(caller, page.After, page.Limit), ct), r => r.Seq, ToView))
            .Describe($"Read{name}", $"{summary}, oldest first.", AuditQuery.Description)
            .Allow(Permission.ReadAudit).Paged().Gives<PageOf<AuditEntry>>().Rejects(CommonRejections.Invalid);
        routes.MapGet($"{path}.csv", (Caller caller, AuditQuery query) => new CsvAnswer<AuditRecord>(
                $"{name.ToLowerInvariant()}.csv", Header, db.Stream<AuditRecord>(_page, query.Parameters(caller, null, null), r => r.Seq), Write))
            .Describe($"Export{name}", $"{summary}, as a file.", $"{AuditQuery.Description} Columns: {string.Join(", ", Header)}; the last two are JSON.")
            .Allow(Permission.ReadAudit).GivesCsv().Rejects(CommonRejections.Invalid);
    }

    private static void Write(CsvLine line, AuditRecord row) => line
        .Add(row.At).Add(row.Service).Add(row.ActorId).Add(row.ActorName).Add(row.ActorPath).Add(row.Action).Add(row.Subject)
        .Add(row.SubjectId).Add(row.SubjectPath).Add(row.Origin).Add(row.BeforeJson).Add(row.AfterJson);

    private static AuditEntry ToView(AuditRecord row) => new(
        row.At, row.Service, row.ActorId, row.ActorName, row.ActorPath, row.Action, row.Subject, row.SubjectId, row.SubjectPath, row.Origin,
        Parse(row.BeforeJson), Parse(row.AfterJson));

    private static JsonElement? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}

/// <summary><c>?from=&amp;to=&amp;actor=&amp;action=&amp;subject=</c>, each of which may be left out.</summary>
internal sealed class AuditQuery
{
    internal const string Description =
        "Filters: from and to (RFC 3339 with an offset; to is exclusive), actor (an id, or system), action (the name of an endpoint), subject (the id of what was changed, or a request's path).";

    private const int Longest = 400;

    private DateTimeOffset _from = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _to = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private string? _actor;
    private string? _action;
    private string? _subject;

    public static ValueTask<AuditQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var faults = new Faults();
        var query = context.Request.Query;
        var asked = new AuditQuery();
        asked._from = Instant("from") ?? asked._from;
        asked._to = Instant("to") ?? asked._to;
        (asked._actor, asked._action, asked._subject) = (Text("actor"), Text("action"), Text("subject"));
        if (faults.Count == 0) faults.Order(asked._from, asked._to, "?to");
        return faults.Count == 0 ? ValueTask.FromResult<AuditQuery?>(asked) : throw new RejectionException(faults.ToRejection());

        DateTimeOffset? Instant(string name)
        {
            if (!query.TryGetValue(name, out var text)) return null;
            if (ApiJson.TryParse(text.ToString(), out var at)) return at;
            faults.Add($"?{name}", "time.invalid", "Must be an RFC 3339 time with an offset, such as 2026-11-11T20:00:00Z; write + as %2B.");
            return null;
        }

        string? Text(string name)
        {
            if (!query.TryGetValue(name, out var text)) return null;
            faults.Text(text, $"?{name}", Longest);
            return text;
        }
    }

    internal object Parameters(Caller caller, long? after, int? limit) => new
    {
        caller.Scope,
        caller.ScopeEnd,
        From = _from,
        To = _to,
        Actor = _actor,
        Action = _action,
        Subject = _subject,
        After = after,
        Limit = limit,
    };
}

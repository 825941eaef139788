using LiveCommerce.Contracts.Audit;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LiveCommerce.Hosting;

/// <summary>Tells of every decision, so that one service can show those of all: one event for all that commit together.</summary>
internal static class AuditNews
{
    // An entry may hold a whole document.
    private const int PageSize = 50;

    private const string Page =
        "SELECT Seq, EntryId, At, ActorId, ActorName, ActorPath, Action, Subject, SubjectId, SubjectPath, Origin, BeforeJson, AfterJson FROM AuditTrail " +
        $"WHERE Seq > @After ORDER BY Seq {Sql.Page}";

    private const string Name = "UPDATE AuditTrail SET EntryId = @EntryId WHERE Seq = @Seq AND EntryId IS NULL";

    /// <param name="Entries">How many were told again.</param>
    public sealed record RetoldEntries(int Entries);

    public static void Publish(UnitOfWork work, string service, AuditRecord entry) =>
        work.PublishTogether(ToDecision(entry), entries => new AuditRecorded { Service = service, Entries = entries });

    /// <summary>The operator has the whole trail told once more, so that one that was restored, or began later, is complete.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServiceDb db, string service) => routes
        .MapPost("/operations/republish-audit", async (Caller caller, CancellationToken ct) => (await Republish(db, caller, ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe($"Republish{service}Audit", "Publishes every entry of this service's audit trail again, those from before an upgrade too; whoever has an entry ignores it.")
        .Allow(Permission.Operate)
        .Gives<RetoldEntries>(StatusCodes.Status202Accepted);

    private static async Task<Result<RetoldEntries>> Republish(ServiceDb db, Caller caller, CancellationToken ct)
    {
        var (count, after) = (0, 0L);
        while (true)
        {
            var page = await db.InTransaction<IReadOnlyList<AuditRecord>>(async work =>
            {
                var rows = await work.Query<AuditRecord>(Page, new { After = after, Limit = PageSize });
                var named = new List<AuditRecord>();
                foreach (var row in rows) named.Add(await Named(work, row));
                if (named.Count > 0) work.Publish(new AuditRecorded { Service = db.Service, Entries = [.. named.Select(ToDecision)] });
                return named;
            }, ct);
            count += page.Value.Count;
            if (page.Value.Count < PageSize) break;
            after = page.Value[^1].Seq;
        }
        // Recorded last: asked again after a crash half-way, it starts over, which harms nobody.
        return await db.InTransaction<RetoldEntries>(caller.Write, _ => Task.FromResult<Result<RetoldEntries>>(new RetoldEntries(count)), ct);
    }

    /// <summary>An entry is known by its id, so one that has none yet gets one for ever. Of two who give it one, the second reads the first's.</summary>
    private static async Task<AuditRecord> Named(UnitOfWork work, AuditRecord entry)
    {
        if (entry.EntryId != Guid.Empty) return entry;
        var named = entry with { EntryId = Guid.CreateVersion7(entry.At) };
        return await work.Execute(Name, named) == 1 ? named : (await work.Query<AuditRecord>(Page, new { After = entry.Seq - 1, Limit = 1 }))[0];
    }

    private static AuditedDecision ToDecision(AuditRecord entry) => new()
    {
        EntryId = entry.EntryId,
        At = entry.At,
        ActorId = entry.ActorId,
        ActorName = entry.ActorName,
        ActorPath = entry.ActorPath,
        Action = entry.Action,
        Subject = entry.Subject,
        SubjectId = entry.SubjectId,
        SubjectPath = entry.SubjectPath,
        Origin = entry.Origin,
        BeforeJson = entry.BeforeJson,
        AfterJson = entry.AfterJson,
    };
}

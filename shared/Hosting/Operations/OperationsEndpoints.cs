using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Hosting;

/// <summary>What every service offers its operator and its headquarters: set-aside messages, dead letters and the audit trail.</summary>
internal static class OperationsEndpoints
{
    private static readonly RejectionKind MessageNotFound = new("message.not_found", 404, "No such message is set aside.");

    private const string SetAside =
        "SELECT Seq, MessageId, Type, Body, CreatedAt, Failures, LastError, SetAsideAt FROM Outbox " +
        $"WHERE SetAsideAt IS NOT NULL AND Seq > @After ORDER BY Seq {Sql.Page}";

    private const string Resend =
        "UPDATE Outbox SET SetAsideAt = NULL, Failures = 0, DeliverAfter = @Now WHERE Seq = @Seq AND SetAsideAt IS NOT NULL";

    private const string ResendAll = "UPDATE Outbox SET SetAsideAt = NULL, Failures = 0, DeliverAfter = @Now WHERE SetAsideAt IS NOT NULL";

    public sealed record SetAsideMessage
    {
        public long Seq { get; init; }

        public Guid MessageId { get; init; }

        public string Type { get; init; } = "";

        public string Body { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public int Failures { get; init; }

        public string? LastError { get; init; }

        public DateTimeOffset SetAsideAt { get; init; }
    }

    /// <param name="Resent">Messages that are on their way again.</param>
    public sealed record ResentMessages(int Resent);

    public static void Map(IEndpointRouteBuilder routes, IServiceModule module, IServiceProvider services)
    {
        var db = services.GetServices<ServiceDb>().Single(d => d.Service == module.Name);
        var service = module.GetType().Name.Replace("Module", "");
        routes.MapGet("/operations/set-aside", async (PageRequest page, CancellationToken ct) =>
                page.ToPage(await db.Query<SetAsideMessage>(SetAside, new { page.After, page.Limit }, ct), r => r.Seq, r => r))
            .Describe($"List{service}SetAside", "Messages that could not be sent, after all their tries.")
            .Allow(Permission.Operate).Paged().Gives<PageOf<SetAsideMessage>>();
        routes.MapPost("/operations/set-aside/{seq:long}/resend", async (long seq, Caller caller, CancellationToken ct) =>
                (await db.InTransaction<Done>(caller.Write, async work =>
                    await work.Execute(Resend, new { Seq = seq, work.Now }) == 1 ? new Done() : MessageNotFound.Because($"Message {seq} is not set aside."), ct))
                .ToHttp(StatusCodes.Status202Accepted))
            .Describe($"Resend{service}SetAside", "Sends a set-aside message again.")
            .Allow(Permission.Operate).Gives<Done>(StatusCodes.Status202Accepted).Rejects(MessageNotFound);
        routes.MapPost("/operations/set-aside/resend", async (Caller caller, CancellationToken ct) =>
                (await db.InTransaction<ResentMessages>(caller.Write, async work => new ResentMessages(await work.Execute(ResendAll, new { work.Now })), ct))
                .ToHttp(StatusCodes.Status202Accepted))
            .Describe($"Resend{service}AllSetAside", "Sends every set-aside message of this service again.")
            .Allow(Permission.Operate).Gives<ResentMessages>(StatusCodes.Status202Accepted);
        new AuditTrail("AuditTrail", $"'{module.Name}'").Map(
            routes, db, "/audit", $"{service}Audit", "Every decision made in this service at the caller's unit and below, or about what belongs there");
        AuditNews.Map(routes, db, service);
        DeadLetterEndpoints.Map(routes, module, service);
    }
}

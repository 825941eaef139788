using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps each session's status and phases: windows that hang on it are worked out from there whenever they are asked for.</summary>
internal sealed class OnSessionChanged(CouponsDb db, BusOptions bus) : Reaction(db, bus),
    IConsumer<SessionScheduled>,
    IConsumer<SessionRescheduled>,
    IConsumer<SessionEdited>,
    IConsumer<SessionEnteredWarmUp>,
    IConsumer<SessionWentLive>,
    IConsumer<SessionEnded>,
    IConsumer<SessionCancelled>,
    IConsumer<SessionDisplaced>,
    IConsumer<SessionFlagged>,
    IConsumer<SessionUnflagged>,
    IConsumer<SessionEnteredReview>,
    IConsumer<SessionClosed>
{
    public Task Consume(ConsumeContext<SessionScheduled> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionRescheduled> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionEdited> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionEnteredWarmUp> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionWentLive> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionEnded> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionCancelled> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionDisplaced> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionFlagged> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionUnflagged> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionEnteredReview> context) => React(context, (e, work) => Apply(e.Session, work));

    public Task Consume(ConsumeContext<SessionClosed> context) => React(context, (e, work) => Apply(e.Session, work));

    private static Task Apply(SessionState session, UnitOfWork work) => SessionSql.Replica.Keep(work, new
    {
        Id = session.SessionId,
        session.Version,
        Status = session.Status.ToString(),
        session.OwnerPath,
        Phases = Sql.Json(session.Phases),
    });
}

internal sealed record SessionRow
{
    public long Version { get; init; }

    public SessionStatus Status { get; init; }

    public string OwnerPath { get; init; } = "";

    public string Phases { get; init; } = "";

    public BoundSession Parse() => new(Version, Status, OwnerPath, Sql.FromJson<SessionPhases>(Phases));
}

internal static class SessionSql
{
    internal const string ById = "SELECT Version, Status, OwnerPath, Phases FROM Sessions WHERE Id = @Id";
    internal const string Owners = $"SELECT Id, OwnerPath FROM Sessions WHERE Id IN {Sql.Ids}";

    internal static readonly Replica Replica = new("Sessions", ["Status", "OwnerPath", "Phases"], ofUnit: "OwnerPath");
}

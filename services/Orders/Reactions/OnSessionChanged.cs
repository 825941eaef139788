using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;
using MassTransit;

namespace LiveCommerce.Orders.Reactions;

/// <summary>Keeps whose each session is, and when it streams.</summary>
internal sealed class OnSessionChanged(OrdersDb db, BusOptions bus) : Reaction(db, bus),
    IConsumer<SessionScheduled>, IConsumer<SessionRescheduled>, IConsumer<SessionEdited>, IConsumer<SessionEnteredWarmUp>,
    IConsumer<SessionWentLive>, IConsumer<SessionEnded>, IConsumer<SessionCancelled>,
    IConsumer<SessionDisplaced>, IConsumer<SessionFlagged>, IConsumer<SessionUnflagged>, IConsumer<SessionEnteredReview>, IConsumer<SessionClosed>
{
    public Task Consume(ConsumeContext<SessionScheduled> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionRescheduled> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionEdited> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionEnteredWarmUp> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionWentLive> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionEnded> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionCancelled> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionDisplaced> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionFlagged> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionUnflagged> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionEnteredReview> context) => React(context, (m, work) => Apply(m.Session, work));

    public Task Consume(ConsumeContext<SessionClosed> context) => React(context, (m, work) => Apply(m.Session, work));

    private static Task Apply(SessionState session, UnitOfWork work) => SessionSql.Replica.Keep(work, new
    {
        Id = session.SessionId,
        session.Version,
        Path = session.OwnerPath,
        session.Title,
        Tier = session.Tier.ToString(),
        Status = session.Status.ToString(),
        session.Phases.LiveStartsAt,
        session.Phases.LiveEndsAt,
    });
}

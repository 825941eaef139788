using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Lineups.Reactions;

/// <summary>Every session event carries the session's whole state, so all of them mean the same here.</summary>
internal sealed class OnSessionChanged(LineupsDb db, BusOptions bus) : Reaction(db, bus),
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
    public Task Consume(ConsumeContext<SessionScheduled> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionRescheduled> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionEdited> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionEnteredWarmUp> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionWentLive> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionEnded> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionCancelled> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionDisplaced> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionFlagged> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionUnflagged> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionEnteredReview> context) => React(context, (m, work) => Keep(work, m.Session));

    public Task Consume(ConsumeContext<SessionClosed> context) => React(context, (m, work) => Keep(work, m.Session));

    private static Task Keep(UnitOfWork work, SessionState session) => SessionSql.Replica.Keep(work, SessionRow.Parameters(session));
}

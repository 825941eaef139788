using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using MassTransit;

namespace LiveCommerce.Messaging;

/// <summary>
/// Keeps what a service has to know of sessions. Every session event carries the session's whole state, so all of them mean
/// the same. Every service that follows sessions derives its <c>OnSessionChanged</c> from it, which gives it a queue of its own.
/// </summary>
public abstract class SessionReaction(ServiceDb db, BusOptions bus) : Reaction(db, bus),
    IConsumer<SessionScheduled>, IConsumer<SessionRescheduled>, IConsumer<SessionEdited>, IConsumer<SessionEnteredWarmUp>,
    IConsumer<SessionWentLive>, IConsumer<SessionEnded>, IConsumer<SessionCancelled>, IConsumer<SessionDisplaced>,
    IConsumer<SessionFlagged>, IConsumer<SessionUnflagged>, IConsumer<SessionEnteredReview>, IConsumer<SessionClosed>
{
    public Task Consume(ConsumeContext<SessionScheduled> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionRescheduled> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionEdited> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionEnteredWarmUp> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionWentLive> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionEnded> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionCancelled> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionDisplaced> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionFlagged> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionUnflagged> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionEnteredReview> context) => React(context, (e, work) => Keep(e.Session, work));

    public Task Consume(ConsumeContext<SessionClosed> context) => React(context, (e, work) => Keep(e.Session, work));

    /// <summary>Keeps the state if it is newer than what is held.</summary>
    protected abstract Task Keep(SessionState session, UnitOfWork work);
}

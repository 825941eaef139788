using LiveCommerce.Contracts.Audit;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Organization.Reactions;

/// <summary>Keeps the decisions of all services in one place. An entry never changes, so the first telling of it is kept.</summary>
internal sealed class OnAuditRecorded(OrganizationDb db, BusOptions bus) : Reaction(db, bus), IConsumer<AuditRecorded>
{
    private const string Insert =
        "INSERT INTO AuditEntries (EntryId, Service, At, ActorId, ActorName, ActorPath, Action, Subject, SubjectId, SubjectPath, Origin, BeforeJson, AfterJson) " +
        "SELECT @EntryId, @Service, @At, @ActorId, @ActorName, @ActorPath, @Action, @Subject, @SubjectId, @SubjectPath, @Origin, @BeforeJson, @AfterJson " +
        "WHERE NOT EXISTS (SELECT 1 FROM AuditEntries WHERE EntryId = @EntryId)";

    public Task Consume(ConsumeContext<AuditRecorded> context) => React(context, Apply);

    private static async Task Apply(AuditRecorded told, UnitOfWork work)
    {
        foreach (var e in told.Entries)
        {
            await work.Execute(Insert, new
            {
                e.EntryId,
                told.Service,
                e.At,
                e.ActorId,
                e.ActorName,
                e.ActorPath,
                e.Action,
                e.Subject,
                e.SubjectId,
                e.SubjectPath,
                e.Origin,
                e.BeforeJson,
                e.AfterJson,
            });
        }
    }
}

using LiveCommerce.Contracts.Audit;
using LiveCommerce.Data;
using LiveCommerce.Messaging;

namespace LiveCommerce.Hosting;

/// <summary>Tells of every decision, so that one service can show those of all: one event for all that commit together.</summary>
internal static class AuditNews
{
    public static void Publish(UnitOfWork work, string service, AuditRecord entry) => work.PublishTogether(
        new AuditedDecision
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
        },
        entries => new AuditRecorded { Service = service, Entries = entries });
}

using MassTransit;

namespace LiveCommerce.Contracts.Audit;

/// <summary>Decisions of one service that were committed together. Published by what all services share, hence in a folder of its own.</summary>
/// <remarks>Additive changes only. A changed meaning is a new record.</remarks>
[MessageUrn("live-commerce:audit:audit-recorded")]
[EntityName("audit.audit-recorded")]
public sealed record AuditRecorded
{
    /// <summary>The service in which they were made.</summary>
    public required string Service { get; init; }

    /// <summary>In the order they were made. An entry never changes.</summary>
    public required IReadOnlyList<AuditedDecision> Entries { get; init; }
}

/// <summary>One decision that changed something.</summary>
public sealed record AuditedDecision
{
    public required Guid EntryId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The member or client program, as its access token named it.</summary>
    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Path of the actor's unit at that time.</summary>
    public required string ActorPath { get; init; }

    /// <summary>The endpoint's name, such as ScheduleSession.</summary>
    public required string Action { get; init; }

    /// <summary>The request's path.</summary>
    public required string Subject { get; init; }

    /// <summary>Id of what was changed.</summary>
    public string? SubjectId { get; init; }

    /// <summary>Path of the unit it belonged to at that time.</summary>
    public required string SubjectPath { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Origin { get; init; }

    /// <summary>A JSON object: the members that changed, as they were.</summary>
    public string? BeforeJson { get; init; }

    /// <summary>A JSON object: the members that changed, as they became. Whole if there was nothing before.</summary>
    public string? AfterJson { get; init; }
}

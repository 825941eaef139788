using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Resources;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>Something of another session that is in the way.</summary>
internal sealed record Collision
{
    /// <summary>What both need; null if the other session is in a slot that a group broadcast would block.</summary>
    public Guid? ResourceId { get; init; }

    /// <summary>Null if there is no resource.</summary>
    public ResourceKind? ResourceKind { get; init; }

    public Guid SessionId { get; init; }

    public string Title { get; init; } = "";

    public SessionTier Tier { get; init; }

    public SessionStatus Status { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Exclusive. A session on the air past it keeps the resource until it ends.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>The end, and the room's turnaround after it.</summary>
    public DateTimeOffset BusyUntil { get; init; }
}

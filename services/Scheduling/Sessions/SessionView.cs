using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>A live session.</summary>
internal sealed record SessionView : IVersioned
{
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required string Title { get; init; }

    public required string? Theme { get; init; }

    public required SessionTier Tier { get; init; }

    public required SessionStatus Status { get; init; }

    public required Guid OwnerUnitId { get; init; }

    public required string OwnerPath { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    public required IReadOnlyList<SessionChannel> Channels { get; init; }

    public required Guid HostId { get; init; }

    public required IReadOnlyList<Guid> CoHostIds { get; init; }

    /// <summary>People who take part without hosting.</summary>
    public required IReadOnlyList<Guid> CrewIds { get; init; }

    public required Guid RoomId { get; init; }

    /// <summary>Of a group broadcast: the units, with all below them, it keeps its time free for; empty for the whole tree.</summary>
    public required IReadOnlyList<Guid> CoversUnitIds { get; init; }

    /// <summary>As planned; what really happened is in the phases.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>As planned; exclusive.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public required SessionGoals? Goals { get; init; }

    public required SessionPhases Phases { get; init; }

    public required Guid? MandateId { get; init; }

    public required DateTimeOffset? WentLiveAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary><c>missed</c>: cancelled by itself, because a day after its planned end it had not gone live.</summary>
    public required string? CancelReason { get; init; }

    public required string? RejectReason { get; init; }

    /// <summary>When it first entered the plan. With Draft, Submitted or Rejected: it was changed since, and has to be approved again.</summary>
    public required DateTimeOffset? ApprovedAt { get; init; }

    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Since when something speaks against its taking place.</summary>
    public required DateTimeOffset? FlaggedAt { get; init; }

    /// <summary>The code of what does.</summary>
    public required string? FlagReason { get; init; }

    /// <summary>While displaced: the session that took its slot.</summary>
    public required Guid? DisplacedBySessionId { get; init; }

    public required DateTimeOffset? DisplacedAt { get; init; }

    public required Guid? SeriesId { get; init; }

    /// <summary>Which occurrence of the series it is, in local time.</summary>
    public required string? OccurrenceOn { get; init; }

    /// <summary>Edited by itself: edits of the whole series leave it alone.</summary>
    public required bool IsDetached { get; init; }

    /// <summary>Reported by the lineup; does not change the version.</summary>
    public required DateTimeOffset? LineupFinalAt { get; init; }

    /// <summary>Reported by the price list; does not change the version.</summary>
    public required DateTimeOffset? PriceListPublishedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Organization;
using MassTransit;

namespace LiveCommerce.Contracts.Scheduling;

/// <summary>From the top of the pyramid down.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SessionTier>))]
public enum SessionTier
{
    GroupBroadcast,
    RegionalBroadcast,
    BrandBroadcast,
    ResellerBroadcast,
}

/// <summary>Where a session is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SessionStatus>))]
public enum SessionStatus
{
    Scheduled,
    WarmUp,
    Live,
    Ended,
    Cancelled,
}

/// <summary>
/// The instants a session's phases begin. While planned, from the plan; once live, <see cref="LiveStartsAt"/> is when it
/// really went live; once ended, <see cref="LiveEndsAt"/> is when it really ended.
/// </summary>
public sealed record SessionPhases
{
    public required DateTimeOffset PreparationStartsAt { get; init; }

    public required DateTimeOffset WarmUpStartsAt { get; init; }

    public required DateTimeOffset ReservoirStartsAt { get; init; }

    public required DateTimeOffset LiveStartsAt { get; init; }

    public required DateTimeOffset LiveEndsAt { get; init; }

    public required DateTimeOffset ReviewEndsAt { get; init; }
}

/// <summary>One account the session streams on.</summary>
public sealed record SessionChannel(Guid ChannelId, ChannelKind Kind);

/// <summary>A session as it now stands. Every session event carries it; older versions are to be ignored.</summary>
public sealed record SessionState
{
    public required Guid SessionId { get; init; }

    /// <summary>Rises by one with each change of this session.</summary>
    public required long Version { get; init; }

    public required string Title { get; init; }

    public required SessionTier Tier { get; init; }

    public required SessionStatus Status { get; init; }

    public required Guid OwnerUnitId { get; init; }

    public required string OwnerPath { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    /// <summary>The mandate a reseller streams under.</summary>
    public Guid? MandateId { get; init; }

    public required Guid HostId { get; init; }

    public required IReadOnlyList<SessionChannel> Channels { get; init; }

    /// <summary>What windows relative to the session hang on.</summary>
    public required SessionPhases Phases { get; init; }

    /// <summary>Set once live.</summary>
    public DateTimeOffset? WentLiveAt { get; init; }

    /// <summary>Set once ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A session entered the plan.</summary>
[MessageUrn("live-commerce:scheduling:session-scheduled")]
[EntityName("scheduling.session-scheduled")]
public sealed record SessionScheduled(SessionState Session);

/// <summary>Its times moved; windows and price lists bound to it move with it.</summary>
[MessageUrn("live-commerce:scheduling:session-rescheduled")]
[EntityName("scheduling.session-rescheduled")]
public sealed record SessionRescheduled(SessionState Session);

/// <summary>Its details changed, its times did not.</summary>
[MessageUrn("live-commerce:scheduling:session-edited")]
[EntityName("scheduling.session-edited")]
public sealed record SessionEdited(SessionState Session);

/// <summary>Its warm-up began.</summary>
[MessageUrn("live-commerce:scheduling:session-entered-warm-up")]
[EntityName("scheduling.session-entered-warm-up")]
public sealed record SessionEnteredWarmUp(SessionState Session);

/// <summary>It is on the air.</summary>
[MessageUrn("live-commerce:scheduling:session-went-live")]
[EntityName("scheduling.session-went-live")]
public sealed record SessionWentLive(SessionState Session);

/// <summary>It is off the air.</summary>
[MessageUrn("live-commerce:scheduling:session-ended")]
[EntityName("scheduling.session-ended")]
public sealed record SessionEnded(SessionState Session);

/// <summary>It will not take place.</summary>
[MessageUrn("live-commerce:scheduling:session-cancelled")]
[EntityName("scheduling.session-cancelled")]
public sealed record SessionCancelled(SessionState Session);

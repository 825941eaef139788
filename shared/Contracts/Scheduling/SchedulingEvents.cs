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
/// <remarks>A session is told of from its approval on: nobody hears of one that is a draft, submitted or rejected, nor of one cancelled as such.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<SessionStatus>))]
public enum SessionStatus
{
    /// <summary>Being written; books nothing.</summary>
    Draft,

    /// <summary>Waits for approval; holds its slot.</summary>
    Submitted,

    /// <summary>Not approved; books nothing.</summary>
    Rejected,

    /// <summary>In the plan.</summary>
    Scheduled,

    /// <summary>Its slot was taken by a session of a higher tier; it needs another one. To other services also one that was changed and has to be approved again: it has no time that holds.</summary>
    Displaced,

    /// <summary>In the plan, its warm-up has begun.</summary>
    WarmUp,

    /// <summary>On the air.</summary>
    Live,

    /// <summary>Off the air.</summary>
    Ended,

    /// <summary>Off the air and under review.</summary>
    InReview,

    /// <summary>Done with.</summary>
    Closed,

    /// <summary>Will not take place.</summary>
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

    public IReadOnlyList<Guid> CoHostIds { get; init; } = [];

    public Guid? RoomId { get; init; }

    public required IReadOnlyList<SessionChannel> Channels { get; init; }

    /// <summary>What windows relative to the session hang on.</summary>
    public required SessionPhases Phases { get; init; }

    /// <summary>Set once live.</summary>
    public DateTimeOffset? WentLiveAt { get; init; }

    /// <summary>Set once ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Set while something speaks against its taking place, such as a revoked mandate; it does not go live so.</summary>
    public DateTimeOffset? FlaggedAt { get; init; }

    /// <summary>Minor units of the owner's currency; null without goals.</summary>
    public long? SalesGoalMinor { get; init; }
}

/// <summary>A time at which nothing is in a session's way.</summary>
/// <param name="StartsAt">Inclusive.</param>
/// <param name="EndsAt">Exclusive.</param>
public sealed record FreeSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

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

/// <summary>A session of a higher tier took its slot. What is bound to it stays so; it waits for another time.</summary>
/// <param name="Session">As it now stands.</param>
/// <param name="BySessionId">The session that took the slot.</param>
/// <param name="Alternatives">Times that were free for it then, nearest first.</param>
[MessageUrn("live-commerce:scheduling:session-displaced")]
[EntityName("scheduling.session-displaced")]
public sealed record SessionDisplaced(SessionState Session, Guid BySessionId, IReadOnlyList<FreeSlot> Alternatives);

/// <summary>Something speaks against its taking place; unless that is put right by its start, it does not go live.</summary>
/// <param name="Session">As it now stands.</param>
/// <param name="Reason">The code of what speaks against it, such as <c>mandate.revoked</c>.</param>
[MessageUrn("live-commerce:scheduling:session-flagged")]
[EntityName("scheduling.session-flagged")]
public sealed record SessionFlagged(SessionState Session, string Reason);

/// <summary>What spoke against it was put right.</summary>
[MessageUrn("live-commerce:scheduling:session-unflagged")]
[EntityName("scheduling.session-unflagged")]
public sealed record SessionUnflagged(SessionState Session);

/// <summary>It is on the air.</summary>
[MessageUrn("live-commerce:scheduling:session-went-live")]
[EntityName("scheduling.session-went-live")]
public sealed record SessionWentLive(SessionState Session);

/// <summary>It is off the air.</summary>
[MessageUrn("live-commerce:scheduling:session-ended")]
[EntityName("scheduling.session-ended")]
public sealed record SessionEnded(SessionState Session);

/// <summary>Its review began.</summary>
[MessageUrn("live-commerce:scheduling:session-entered-review")]
[EntityName("scheduling.session-entered-review")]
public sealed record SessionEnteredReview(SessionState Session);

/// <summary>Its review is over.</summary>
[MessageUrn("live-commerce:scheduling:session-closed")]
[EntityName("scheduling.session-closed")]
public sealed record SessionClosed(SessionState Session);

/// <summary>It will not take place.</summary>
[MessageUrn("live-commerce:scheduling:session-cancelled")]
[EntityName("scheduling.session-cancelled")]
public sealed record SessionCancelled(SessionState Session);

/// <summary>What a session's checklist came to. A later correction is told with a higher version.</summary>
[MessageUrn("live-commerce:scheduling:session-scored")]
[EntityName("scheduling.session-scored")]
public sealed record SessionScored
{
    public required Guid SessionId { get; init; }

    /// <summary>Rises with each correction of the score; not the session's version.</summary>
    public required long Version { get; init; }

    public required string OwnerPath { get; init; }

    public required int Points { get; init; }

    public required int MostPoints { get; init; }

    public required IReadOnlyList<ScoreLine> Lines { get; init; }
}

/// <summary>One task's part in a score.</summary>
/// <param name="Code">What the checklist calls the task.</param>
/// <param name="Title">For people.</param>
/// <param name="DueAt">The deadline the task was judged by.</param>
/// <param name="DoneAt">When it was done; null if it was not.</param>
/// <param name="Points">What it was worth; 0 if it does not count.</param>
/// <param name="Deducted">Of those, how many were lost.</param>
/// <param name="Reason">Why, for people; null if none was lost.</param>
public sealed record ScoreLine(string Code, string Title, DateTimeOffset DueAt, DateTimeOffset? DoneAt, int Points, int Deducted, string? Reason);

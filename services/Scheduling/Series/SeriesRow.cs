using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Sessions that recur by a rule.</summary>
internal sealed record SeriesRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid OwnerUnitId { get; init; }

    /// <summary>The owner unit's, as it is now.</summary>
    public string OwnerPath { get; init; } = "";

    public SessionTier Tier { get; init; }

    public Guid? MandateId { get; init; }

    /// <summary>JSON of <see cref="SeriesTemplate"/>.</summary>
    public string Template { get; init; } = "";

    public string RuleText { get; init; } = "";

    /// <summary>The first occurrence, on the wall's clock.</summary>
    public string StartsOn { get; init; } = "";

    public int DurationMinutes { get; init; }

    public string TimeZone { get; init; } = "";

    /// <summary>JSON array of days.</summary>
    public string Exceptions { get; init; } = "[]";

    /// <summary>The series this one was parted from.</summary>
    public Guid? FollowsId { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public SeriesTemplate Plan => Sql.FromJson<SeriesTemplate>(Template);

    public SeriesPattern Pattern => SeriesPattern.Read(new Faults(), RuleText, StartsOn, DurationMinutes, TimeZone, Sql.FromJson<string[]>(Exceptions))
        ?? throw new InvalidOperationException($"Series {Id} is stored with a pattern that cannot be read.");

    public SeriesRow With(SeriesPattern pattern) => this with
    {
        RuleText = pattern.Rule.ToString(),
        StartsOn = WallClock.Text(pattern.StartsOn),
        DurationMinutes = pattern.DurationMinutes,
        TimeZone = pattern.Zone.Id,
        Exceptions = Sql.Json(pattern.Exceptions.Order().Select(WallClock.DateText)),
    };

    public SeriesRow With(SeriesTemplate template) => this with { Template = Sql.Json(template) };

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new
    {
        Id,
        Version,
        OwnerUnitId,
        Tier = Tier.ToString(),
        MandateId,
        Template,
        RuleText,
        StartsOn,
        DurationMinutes,
        TimeZone,
        Exceptions,
        FollowsId,
        CancelledAt,
        CreatedAt,
    };

    public SeriesView ToView(IReadOnlyList<OccurrenceView>? occurrences = null) => new()
    {
        Id = Id,
        Version = Version,
        OwnerUnitId = OwnerUnitId,
        OwnerPath = OwnerPath,
        Tier = Tier,
        MandateId = MandateId,
        Plan = Plan,
        Rule = RuleText,
        StartsLocal = StartsOn,
        DurationMinutes = DurationMinutes,
        TimeZone = TimeZone,
        Exceptions = Sql.FromJson<string[]>(Exceptions),
        FollowsId = FollowsId,
        CancelledAt = CancelledAt,
        CreatedAt = CreatedAt,
        Occurrences = occurrences,
    };
}

/// <summary>Why an occurrence could not be put into the plan as the series has it.</summary>
internal sealed record RefusalRow
{
    public Guid SeriesId { get; init; }

    public string OccurrenceOn { get; init; } = "";

    public string Code { get; init; } = "";

    public string Detail { get; init; } = "";

    /// <summary>JSON array of <see cref="Collision"/>.</summary>
    public string Conflicts { get; init; } = "[]";

    /// <summary>JSON array of <see cref="FreeSlot"/>.</summary>
    public string FreeSlots { get; init; } = "[]";

    public static RefusalRow Of(Guid seriesId, string on, Rejection rejection) => new()
    {
        SeriesId = seriesId,
        OccurrenceOn = on,
        Code = rejection.Kind.Code,
        Detail = rejection.Detail,
        Conflicts = Sql.Json(rejection.More.GetValueOrDefault("conflicts") as IEnumerable<Collision> ?? []),
        FreeSlots = Sql.Json(rejection.More.GetValueOrDefault("freeSlots") as IEnumerable<FreeSlot> ?? []),
    };

    public OccurrenceRefusal ToView() => new(Code, Detail, Sql.FromJson<Collision[]>(Conflicts), Sql.FromJson<FreeSlot[]>(FreeSlots));
}

/// <summary>Sessions that recur by a rule.</summary>
internal sealed record SeriesView : IVersioned
{
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required Guid OwnerUnitId { get; init; }

    public required string OwnerPath { get; init; }

    public required SessionTier Tier { get; init; }

    public required Guid? MandateId { get; init; }

    /// <summary>What its sessions have in common.</summary>
    public required SeriesTemplate Plan { get; init; }

    public required string Rule { get; init; }

    public required string StartsLocal { get; init; }

    public required int DurationMinutes { get; init; }

    public required string TimeZone { get; init; }

    /// <summary>Days left out.</summary>
    public required IReadOnlyList<string> Exceptions { get; init; }

    /// <summary>The series this one was parted from, by an edit of this and following occurrences.</summary>
    public required Guid? FollowsId { get; init; }

    public required DateTimeOffset? CancelledAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By day; left out of lists.</summary>
    public required IReadOnlyList<OccurrenceView>? Occurrences { get; init; }
}

/// <summary>One occurrence of a series.</summary>
/// <param name="On">Its day, by which it is named.</param>
/// <param name="StartsAt">The session's, or without one when it would begin.</param>
/// <param name="EndsAt">Exclusive.</param>
/// <param name="SessionId">Null if it could not be put into the plan, or was taken out of it.</param>
/// <param name="Status">The session's.</param>
/// <param name="IsDetached">Edited by itself: edits of the whole series leave it alone.</param>
/// <param name="Refusal">Why it is not as the series has it. With a session, that stands as it was before.</param>
internal sealed record OccurrenceView(
    string On, DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? SessionId, SessionStatus? Status, bool IsDetached, OccurrenceRefusal? Refusal);

/// <param name="Code">As a request would have been refused.</param>
/// <param name="Detail">For people.</param>
/// <param name="Conflicts">Every booking in the way then.</param>
/// <param name="FreeSlots">What was free then, nearest first.</param>
internal sealed record OccurrenceRefusal(string Code, string Detail, IReadOnlyList<Collision> Conflicts, IReadOnlyList<FreeSlot> FreeSlots);

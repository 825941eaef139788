using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>A live session.</summary>
internal sealed record SessionRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public string Title { get; init; } = "";

    public string? Theme { get; init; }

    public SessionTier Tier { get; init; }

    public SessionStatus Status { get; init; }

    public Guid OwnerUnitId { get; init; }

    /// <summary>The owner unit's.</summary>
    public string Path { get; init; } = "";

    /// <summary>JSON array of ids.</summary>
    public string BrandIds { get; init; } = "[]";

    /// <summary>JSON array of <see cref="SessionChannel"/>.</summary>
    public string Channels { get; init; } = "[]";

    public Guid HostId { get; init; }

    /// <summary>JSON array of ids.</summary>
    public string CoHostIds { get; init; } = "[]";

    /// <summary>JSON array of ids of people who take part without hosting.</summary>
    public string CrewIds { get; init; } = "[]";

    public Guid RoomId { get; init; }

    /// <summary>JSON array of ids of the units a group broadcast keeps its time free for; an empty one is the whole tree.</summary>
    public string CoversUnitIds { get; init; } = "[]";

    /// <summary>As planned.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>As planned; exclusive.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>JSON of <see cref="SessionGoals"/>.</summary>
    public string? Goals { get; init; }

    public int PreparationDays { get; init; }

    public int WarmUpDays { get; init; }

    public int ReservoirDays { get; init; }

    public int ReviewDays { get; init; }

    /// <summary>As planned; kept because due work is judged by it.</summary>
    public DateTimeOffset WarmUpStartsAt { get; init; }

    public Guid? MandateId { get; init; }

    public DateTimeOffset? WentLiveAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? CancelReason { get; init; }

    public string? RejectReason { get; init; }

    /// <summary>For the first time. Null: nobody outside has heard of it.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Since when something speaks against its taking place.</summary>
    public DateTimeOffset? FlaggedAt { get; init; }

    /// <summary>The code of what does.</summary>
    public string? FlagReason { get; init; }

    /// <summary>The session that took its slot; set while displaced.</summary>
    public Guid? DisplacedBySessionId { get; init; }

    public DateTimeOffset? DisplacedAt { get; init; }

    public Guid? SeriesId { get; init; }

    /// <summary>Which occurrence of the series it is: a day, <c>yyyy-MM-dd</c>, that stays when the session moves.</summary>
    public string? OccurrenceOn { get; init; }

    /// <summary>Edited by itself: the series leaves it alone.</summary>
    public bool IsDetached { get; init; }

    public DateTimeOffset? LineupFinalAt { get; init; }

    public DateTimeOffset? PriceListPublishedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<Guid> BrandList => Sql.FromJson<Guid[]>(BrandIds);

    public IReadOnlyList<SessionChannel> ChannelList => Sql.FromJson<SessionChannel[]>(Channels);

    public IReadOnlyList<Guid> CoHostList => Sql.FromJson<Guid[]>(CoHostIds);

    public IReadOnlyList<Guid> CrewList => Sql.FromJson<Guid[]>(CrewIds);

    public IReadOnlyList<Guid> CoversUnitList => Sql.FromJson<Guid[]>(CoversUnitIds);

    /// <summary>Everything it books, each once: a host may be in the crew as well.</summary>
    public IReadOnlyList<Guid> ResourceIds => [.. new[] { HostId, RoomId }.Concat(CoHostList).Concat(ChannelList.Select(c => c.ChannelId)).Concat(CrewList).Distinct()];

    /// <summary>Not in the table yet.</summary>
    public bool IsNew => Seq == 0;

    /// <summary>Of its room, for who has read it together with the lock on it; not a column. Null: not looked up.</summary>
    public int? TurnaroundMinutes { get; init; }

    public bool IsPublished => ApprovedAt.HasValue;

    /// <summary>It was approved, and is now something that has to be approved again.</summary>
    public bool AsksAgain => IsPublished && Status is SessionStatus.Draft or SessionStatus.Submitted or SessionStatus.Rejected;

    /// <summary>When its resources are its own, as far as is known.</summary>
    public Window Occupies => new(WentLiveAt ?? StartsAt, LiveEndsAt);

    private DateTimeOffset LiveEndsAt => EndedAt ?? (WentLiveAt > EndsAt ? WentLiveAt.Value : EndsAt);

    /// <summary>In order whatever happened: a phase that had not begun when the session went live early begins with it.</summary>
    public SessionPhases Phases
    {
        get
        {
            var live = WentLiveAt ?? StartsAt;
            return new SessionPhases
            {
                PreparationStartsAt = NotAfter(live, StartsAt.AddDays(-PreparationDays)),
                WarmUpStartsAt = NotAfter(live, WarmUpStartsAt),
                ReservoirStartsAt = NotAfter(live, StartsAt.AddDays(-ReservoirDays)),
                LiveStartsAt = live,
                LiveEndsAt = LiveEndsAt,
                ReviewEndsAt = LiveEndsAt.AddDays(ReviewDays),
            };
        }
    }

    /// <summary>The session at another time. One in its warm-up falls back if that now lies ahead again.</summary>
    public SessionRow MovedTo(DateTimeOffset startsAt, DateTimeOffset endsAt, PhaseLengths days, DateTimeOffset now)
    {
        var warmUpStartsAt = startsAt.AddDays(-days.WarmUp);
        return this with
        {
            StartsAt = startsAt,
            EndsAt = endsAt,
            PreparationDays = days.Preparation,
            WarmUpDays = days.WarmUp,
            ReservoirDays = days.Reservoir,
            ReviewDays = days.Review,
            WarmUpStartsAt = warmUpStartsAt,
            Status = Status == SessionStatus.WarmUp && warmUpStartsAt > now ? SessionStatus.Scheduled : Status,
        };
    }

    public PhaseLengths Days => new(PreparationDays, WarmUpDays, ReservoirDays, ReviewDays);

    public SessionView ToView() => new()
    {
        Id = Id,
        Version = Version,
        Title = Title,
        Theme = Theme,
        Tier = Tier,
        Status = Status,
        OwnerUnitId = OwnerUnitId,
        OwnerPath = Path,
        BrandIds = BrandList,
        Channels = ChannelList,
        HostId = HostId,
        CoHostIds = CoHostList,
        CrewIds = CrewList,
        RoomId = RoomId,
        CoversUnitIds = CoversUnitList,
        StartsAt = StartsAt,
        EndsAt = EndsAt,
        Goals = Goals is null ? null : Sql.FromJson<SessionGoals>(Goals),
        Phases = Phases,
        MandateId = MandateId,
        WentLiveAt = WentLiveAt,
        EndedAt = EndedAt,
        CancelReason = CancelReason,
        RejectReason = RejectReason,
        ApprovedAt = ApprovedAt,
        ClosedAt = ClosedAt,
        FlaggedAt = FlaggedAt,
        FlagReason = FlagReason,
        DisplacedBySessionId = DisplacedBySessionId,
        DisplacedAt = DisplacedAt,
        SeriesId = SeriesId,
        OccurrenceOn = OccurrenceOn,
        IsDetached = IsDetached,
        LineupFinalAt = LineupFinalAt,
        PriceListPublishedAt = PriceListPublishedAt,
        CreatedAt = CreatedAt,
    };

    public SessionState ToState() => new()
    {
        SessionId = Id,
        Version = Version,
        Title = Title,
        Tier = Tier,
        // What others hang on it waits for a time that holds, as with one that lost its slot.
        Status = AsksAgain ? SessionStatus.Displaced : Status,
        OwnerUnitId = OwnerUnitId,
        OwnerPath = Path,
        BrandIds = BrandList,
        MandateId = MandateId,
        HostId = HostId,
        CoHostIds = CoHostList,
        RoomId = RoomId,
        Channels = ChannelList,
        Phases = Phases,
        WentLiveAt = WentLiveAt,
        EndedAt = EndedAt,
        FlaggedAt = FlaggedAt,
        SalesGoalMinor = Goals is null ? null : Sql.FromJson<SessionGoals>(Goals).SalesMinor,
    };

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new
    {
        Id,
        Version,
        Title,
        Theme,
        Tier = Tier.ToString(),
        Status = Status.ToString(),
        OwnerUnitId,
        Path,
        BrandIds,
        Channels,
        HostId,
        CoHostIds,
        CrewIds,
        RoomId,
        CoversUnitIds,
        StartsAt,
        EndsAt,
        Goals,
        PreparationDays,
        WarmUpDays,
        ReservoirDays,
        ReviewDays,
        WarmUpStartsAt,
        MandateId,
        WentLiveAt,
        EndedAt,
        CancelReason,
        RejectReason,
        ApprovedAt,
        ClosedAt,
        FlaggedAt,
        FlagReason,
        DisplacedBySessionId,
        DisplacedAt,
        SeriesId,
        OccurrenceOn,
        IsDetached,
        CreatedAt,
    };

    private static DateTimeOffset NotAfter(DateTimeOffset latest, DateTimeOffset at) => at < latest ? at : latest;
}

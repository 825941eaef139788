using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
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

    public Guid RoomId { get; init; }

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

    public DateTimeOffset? LineupFinalAt { get; init; }

    public DateTimeOffset? PriceListPublishedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<Guid> BrandList => Sql.FromJson<Guid[]>(BrandIds);

    public IReadOnlyList<SessionChannel> ChannelList => Sql.FromJson<SessionChannel[]>(Channels);

    public IReadOnlyList<Guid> CoHostList => Sql.FromJson<Guid[]>(CoHostIds);

    public IReadOnlyList<Guid> ResourceIds => [HostId, .. CoHostList, RoomId, .. ChannelList.Select(c => c.ChannelId)];

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
    public SessionRow MovedTo(DateTimeOffset startsAt, DateTimeOffset endsAt, PhaseDays days, DateTimeOffset now)
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

    public PhaseDays Days => new(PreparationDays, ReservoirDays, ReviewDays, WarmUpDays);

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
        RoomId = RoomId,
        StartsAt = StartsAt,
        EndsAt = EndsAt,
        Goals = Goals is null ? null : Sql.FromJson<SessionGoals>(Goals),
        Phases = Phases,
        MandateId = MandateId,
        WentLiveAt = WentLiveAt,
        EndedAt = EndedAt,
        CancelReason = CancelReason,
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
        Status = Status,
        OwnerUnitId = OwnerUnitId,
        OwnerPath = Path,
        BrandIds = BrandList,
        MandateId = MandateId,
        HostId = HostId,
        Channels = ChannelList,
        Phases = Phases,
        WentLiveAt = WentLiveAt,
        EndedAt = EndedAt,
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
        RoomId,
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
        CreatedAt,
    };

    private static DateTimeOffset NotAfter(DateTimeOffset latest, DateTimeOffset at) => at < latest ? at : latest;
}

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

    public required Guid RoomId { get; init; }

    /// <summary>As planned; what really happened is in the phases.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>As planned; exclusive.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public required SessionGoals? Goals { get; init; }

    public required SessionPhases Phases { get; init; }

    public required Guid? MandateId { get; init; }

    public required DateTimeOffset? WentLiveAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required string? CancelReason { get; init; }

    /// <summary>Reported by the lineup; does not change the version.</summary>
    public required DateTimeOffset? LineupFinalAt { get; init; }

    /// <summary>Reported by the price list; does not change the version.</summary>
    public required DateTimeOffset? PriceListPublishedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal static class SessionSql
{
    private const string Columns =
        "Seq, Id, Version, Title, Theme, Tier, Status, OwnerUnitId, Path, BrandIds, Channels, HostId, CoHostIds, RoomId, StartsAt, EndsAt, Goals, " +
        "PreparationDays, WarmUpDays, ReservoirDays, ReviewDays, WarmUpStartsAt, MandateId, WentLiveAt, EndedAt, CancelReason, LineupFinalAt, PriceListPublishedAt, CreatedAt";

    internal const string ById = $"SELECT {Columns} FROM Sessions WHERE Id = @Id";
    internal const string InScopeById = $"{ById} AND {Sql.InScope}";

    /// <summary>Broadcasts of the units above are published downwards.</summary>
    internal const string Page =
        $"SELECT {Columns} FROM Sessions WHERE ({Sql.InScope} OR (Tier IN ('GroupBroadcast', 'RegionalBroadcast') AND Path IN {Sql.Ids})) AND StartsAt < @To AND EndsAt > @From " +
        $"AND (@Tier IS NULL OR Tier = @Tier) AND (@Status IS NULL OR Status = @Status) AND Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string All = $"SELECT {Columns} FROM Sessions WHERE Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string Insert =
        "INSERT INTO Sessions (Id, Version, Title, Theme, Tier, Status, OwnerUnitId, Path, BrandIds, Channels, HostId, CoHostIds, RoomId, StartsAt, EndsAt, Goals, " +
        "PreparationDays, WarmUpDays, ReservoirDays, ReviewDays, WarmUpStartsAt, MandateId, WentLiveAt, EndedAt, CancelReason, CreatedAt) " +
        "VALUES (@Id, @Version, @Title, @Theme, @Tier, @Status, @OwnerUnitId, @Path, @BrandIds, @Channels, @HostId, @CoHostIds, @RoomId, @StartsAt, @EndsAt, @Goals, " +
        "@PreparationDays, @WarmUpDays, @ReservoirDays, @ReviewDays, @WarmUpStartsAt, @MandateId, @WentLiveAt, @EndedAt, @CancelReason, @CreatedAt)";

    /// <summary>Leaves alone what other services report.</summary>
    internal const string Update =
        "UPDATE Sessions SET Version = Version + 1, Title = @Title, Theme = @Theme, Status = @Status, BrandIds = @BrandIds, Channels = @Channels, " +
        "HostId = @HostId, CoHostIds = @CoHostIds, RoomId = @RoomId, StartsAt = @StartsAt, EndsAt = @EndsAt, Goals = @Goals, " +
        "PreparationDays = @PreparationDays, WarmUpDays = @WarmUpDays, ReservoirDays = @ReservoirDays, ReviewDays = @ReviewDays, WarmUpStartsAt = @WarmUpStartsAt, " +
        "MandateId = @MandateId, WentLiveAt = @WentLiveAt, EndedAt = @EndedAt, CancelReason = @CancelReason WHERE Id = @Id AND Version = @Version";

    /// <summary>The row count decides: whoever rescheduled or cancelled it first leaves nothing to enter.</summary>
    internal const string EnterWarmUp =
        "UPDATE Sessions SET Version = Version + 1, Status = 'WarmUp' WHERE Id = @Id AND Status = 'Scheduled' AND WarmUpStartsAt <= @Now";

    internal const string NoteLineup =
        "UPDATE Sessions SET LineupVersion = @Version, LineupFinalAt = @FinalizedAt WHERE Id = @SessionId AND LineupVersion < @Version";

    internal const string NotePriceList =
        "UPDATE Sessions SET PriceListVersion = @Version, PriceListPublishedAt = @PublishedAt WHERE Id = @SessionId AND PriceListVersion < @Version";
}

internal static class SessionRejections
{
    internal static readonly RejectionKind NotFound = new("session.not_found", 404, "No such session within the caller's reach.");
    internal static readonly RejectionKind IllegalTransition = new("session.illegal_transition", 409, "The session's status does not allow that.");
    internal static readonly RejectionKind TierNotAllowed = new("session.tier_not_allowed", 409, "A unit of that kind does not own sessions of that tier.");
    internal static readonly RejectionKind BrandUnknown = new("session.brand_unknown", 409, "The headquarters has no such brand.");
    internal static readonly RejectionKind ResourceNotUsable = new("session.resource_not_usable", 409, "A host, room or channel is not there, not of that kind, or not of a unit above or below the owner.");
    internal static readonly RejectionKind StartsInPast = new("session.starts_in_past", 409, "A session is planned ahead.");
    internal static readonly RejectionKind StartsTooLate = new("session.starts_too_late", 409, "A session is planned at most 400 days ahead.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No session {id}.");
}

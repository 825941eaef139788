using LiveCommerce.Data;

namespace LiveCommerce.Scheduling.Sessions;

internal static class SessionSql
{
    private const string Written =
        "Id, Version, Title, Theme, Tier, Status, OwnerUnitId, Path, BrandIds, Channels, HostId, CoHostIds, CrewIds, RoomId, CoversUnitIds, StartsAt, EndsAt, Goals, " +
        "PreparationDays, WarmUpDays, ReservoirDays, ReviewDays, WarmUpStartsAt, MandateId, WentLiveAt, EndedAt, CancelReason, RejectReason, ApprovedAt, ClosedAt, " +
        "FlaggedAt, FlagReason, DisplacedBySessionId, DisplacedAt, SeriesId, OccurrenceOn, IsDetached, CreatedAt";

    internal const string Columns = $"Seq, {Written}, LineupFinalAt, PriceListPublishedAt";

    internal const string ById = $"SELECT {Columns} FROM Sessions WHERE Id = @Id";
    internal const string ByIds = $"SELECT {Columns} FROM Sessions WHERE Id IN {Sql.Ids} ORDER BY Id";
    internal const string HeldById = $"SELECT {Columns} FROM Sessions{Sql.Held} WHERE Id = @Id";
    internal const string InScopeById = $"{ById} AND {Sql.InScope}";

    /// <summary>Broadcasts of the units above are published downwards, once they are in the plan.</summary>
    internal const string Page =
        $"SELECT {Columns} FROM Sessions WHERE ({Sql.InScope} OR (Tier IN ('GroupBroadcast', 'RegionalBroadcast') AND ApprovedAt IS NOT NULL AND Path IN {Sql.Ids})) " +
        $"AND StartsAt < @To AND EndsAt > @From AND (@Tier IS NULL OR Tier = @Tier) AND (@Status IS NULL OR Status = @Status) " +
        $"AND (@Flagged IS NULL OR (@Flagged = 1 AND FlaggedAt IS NOT NULL) OR (@Flagged = 0 AND FlaggedAt IS NULL)) AND Seq > @After ORDER BY Seq {Sql.Page}";

    /// <summary>What of a unit is planned and has not begun, whoever changes one of them next being waited for.</summary>
    internal const string AheadOfUnit =
        $"SELECT {Columns} FROM Sessions{Sql.Held} WHERE Path = @Path AND Status IN ('Submitted', 'Scheduled', 'WarmUp', 'Displaced') ORDER BY StartsAt, Id";

    /// <summary>What others have heard of.</summary>
    internal const string Published = $"SELECT {Columns} FROM Sessions WHERE ApprovedAt IS NOT NULL AND Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string Insert =
        $"INSERT INTO Sessions ({Written}) " +
        "VALUES (@Id, @Version, @Title, @Theme, @Tier, @Status, @OwnerUnitId, @Path, @BrandIds, @Channels, @HostId, @CoHostIds, @CrewIds, @RoomId, @CoversUnitIds, @StartsAt, @EndsAt, @Goals, " +
        "@PreparationDays, @WarmUpDays, @ReservoirDays, @ReviewDays, @WarmUpStartsAt, @MandateId, @WentLiveAt, @EndedAt, @CancelReason, @RejectReason, @ApprovedAt, @ClosedAt, " +
        "@FlaggedAt, @FlagReason, @DisplacedBySessionId, @DisplacedAt, @SeriesId, @OccurrenceOn, @IsDetached, @CreatedAt)";

    /// <summary>Leaves alone what other services report.</summary>
    internal const string Update =
        "UPDATE Sessions SET Version = Version + 1, Title = @Title, Theme = @Theme, Status = @Status, BrandIds = @BrandIds, Channels = @Channels, " +
        "HostId = @HostId, CoHostIds = @CoHostIds, CrewIds = @CrewIds, RoomId = @RoomId, CoversUnitIds = @CoversUnitIds, StartsAt = @StartsAt, EndsAt = @EndsAt, Goals = @Goals, " +
        "PreparationDays = @PreparationDays, WarmUpDays = @WarmUpDays, ReservoirDays = @ReservoirDays, ReviewDays = @ReviewDays, WarmUpStartsAt = @WarmUpStartsAt, " +
        "MandateId = @MandateId, WentLiveAt = @WentLiveAt, EndedAt = @EndedAt, CancelReason = @CancelReason, RejectReason = @RejectReason, ApprovedAt = @ApprovedAt, " +
        "ClosedAt = @ClosedAt, FlaggedAt = @FlaggedAt, FlagReason = @FlagReason, DisplacedBySessionId = @DisplacedBySessionId, DisplacedAt = @DisplacedAt, " +
        "SeriesId = @SeriesId, OccurrenceOn = @OccurrenceOn, IsDetached = @IsDetached WHERE Id = @Id AND Version = @Version";

    internal const string NoteLineup =
        "UPDATE Sessions SET LineupVersion = @Version, LineupFinalAt = @FinalizedAt WHERE Id = @SessionId AND LineupVersion < @Version";

    internal const string NotePriceList =
        "UPDATE Sessions SET PriceListVersion = @Version, PriceListPublishedAt = @PublishedAt WHERE Id = @SessionId AND PriceListVersion < @Version";
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Mandates;

/// <summary>What is known here of a mandate.</summary>
internal sealed record MandateRow
{
    public const int MinutesADay = 1_440;

    public Guid Id { get; init; }

    public Guid ResellerId { get; init; }

    /// <summary>JSON array of ids.</summary>
    public string BrandIds { get; init; } = "[]";

    /// <summary>JSON array of channel kinds.</summary>
    public string Channels { get; init; } = "[]";

    public DateTimeOffset OpensAt { get; init; }

    public DateTimeOffset ClosesAt { get; init; }

    public int? SessionsPerWeek { get; init; }

    /// <summary>Minute of the reseller's local day, 0 to 1,440.</summary>
    public int? EarliestMinute { get; init; }

    /// <summary>Minute of the local day; not after the earliest: of the day after.</summary>
    public int? LatestMinute { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public IReadOnlyList<Guid> BrandList => Sql.FromJson<Guid[]>(BrandIds);

    public IReadOnlyList<ChannelKind> ChannelList => Sql.FromJson<ChannelKind[]>(Channels);

    /// <summary>By the clock on the wall, so an hour that summer time skips or repeats counts as the clock shows it. Hours over midnight belong to the day they begin on.</summary>
    public bool IsWithinHours(DateTimeOffset startsAt, DateTimeOffset endsAt, TimeZoneInfo zone)
    {
        if (EarliestMinute is null && LatestMinute is null) return true;
        var (from, to) = (EarliestMinute ?? 0, LatestMinute ?? MinutesADay);
        if (to <= from) to += MinutesADay;
        var (start, end) = (TimeZoneInfo.ConvertTime(startsAt, zone).DateTime, TimeZoneInfo.ConvertTime(endsAt, zone).DateTime);
        return IsOn(start.Date) || IsOn(start.Date.AddDays(-1));

        bool IsOn(DateTime day) => start >= day.AddMinutes(from) && end <= day.AddMinutes(to);
    }
}

internal static class MandateSql
{
    private const string Columns = "Id, ResellerId, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, EarliestMinute, LatestMinute, RevokedAt";

    internal const string ById = $"SELECT {Columns} FROM Mandates WHERE Id = @Id";

    /// <summary>The one that closes first is used up first.</summary>
    internal const string OfReseller = $"SELECT {Columns} FROM Mandates WHERE ResellerId = @ResellerId AND RevokedAt IS NULL ORDER BY ClosesAt, Seq";

    /// <summary>In the order of <see cref="OfReseller"/>, those revoked too.</summary>
    internal const string AllOfReseller = $"SELECT {Columns} FROM Mandates WHERE ResellerId = @ResellerId ORDER BY ClosesAt, Seq";

    internal const string Version = "SELECT Version FROM Mandates WHERE Id = @MandateId";

    internal const string Insert =
        "INSERT INTO Mandates (Id, Version, ResellerId, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, EarliestMinute, LatestMinute, RevokedAt) " +
        "VALUES (@MandateId, @Version, @ResellerId, @BrandIds, @Channels, @OpensAt, @ClosesAt, @SessionsPerWeek, @EarliestMinute, @LatestMinute, @RevokedAt)";

    internal const string Update =
        "UPDATE Mandates SET Version = @Version, ResellerId = @ResellerId, BrandIds = @BrandIds, Channels = @Channels, OpensAt = @OpensAt, " +
        "ClosesAt = @ClosesAt, SessionsPerWeek = @SessionsPerWeek, EarliestMinute = @EarliestMinute, LatestMinute = @LatestMinute, RevokedAt = @RevokedAt WHERE Id = @MandateId AND Version < @Version";

    /// <summary>As <see cref="SessionsBetween"/>, one by one, of the mandates in <c>@Ids</c>.</summary>
    internal const string PlannedBetween =
        $"SELECT MandateId, StartsAt FROM Sessions WHERE MandateId IN {Sql.Ids} AND Status NOT IN ('Draft', 'Rejected', 'Displaced', 'Cancelled') AND FlaggedAt IS NULL " +
        "AND StartsAt >= @OpensAt AND StartsAt < @ClosesAt AND Id <> @SessionId";

    /// <summary>Those that hold a slot, or did until they ended. One that is flagged will not take place as things are.</summary>
    internal const string SessionsBetween =
        "SELECT COUNT(*) FROM Sessions WHERE MandateId = @MandateId AND Status NOT IN ('Draft', 'Rejected', 'Displaced', 'Cancelled') AND FlaggedAt IS NULL " +
        "AND StartsAt >= @OpensAt AND StartsAt < @ClosesAt AND Id <> @SessionId";

    /// <summary>When those began that count whatever becomes of the mandate: on the air, or ended.</summary>
    internal const string Streamed =
        "SELECT MandateId, StartsAt FROM Sessions WHERE MandateId IN (SELECT Id FROM Mandates WHERE ResellerId = @ResellerId) AND Status IN ('Live', 'Ended', 'InReview', 'Closed') AND StartsAt >= @From";
}

internal static class MandateRejections
{
    internal static readonly RejectionKind Missing = new("mandate.missing", 409, "A reseller streams only under a mandate of its own.");
    internal static readonly RejectionKind Revoked = new("mandate.revoked", 409, "The mandate was revoked.");
    internal static readonly RejectionKind BrandNotCovered = new("mandate.brand_not_covered", 409, "The mandate does not name every brand of the session.");
    internal static readonly RejectionKind ChannelNotCovered = new("mandate.channel_not_covered", 409, "The mandate does not allow every channel of the session.");
    internal static readonly RejectionKind OutsideDates = new("mandate.outside_dates", 409, "The session is not wholly within the mandate's dates.");
    internal static readonly RejectionKind OutsideHours = new("mandate.outside_hours", 409, "The session is not wholly within the mandate's hours, on the reseller's clock.");
    internal static readonly RejectionKind SessionsPerWeek = new("mandate.sessions_per_week", 409, "The mandate's sessions of that week are used up.");

    internal static readonly RejectionKind[] All = [Missing, Revoked, BrandNotCovered, ChannelNotCovered, OutsideDates, OutsideHours, SessionsPerWeek];
}

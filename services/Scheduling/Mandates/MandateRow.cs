using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Mandates;

/// <summary>What is known here of a mandate.</summary>
internal sealed record MandateRow
{
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
}

internal static class MandateSql
{
    private const string Columns = "Id, ResellerId, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, EarliestMinute, LatestMinute, RevokedAt";

    internal const string ById = $"SELECT {Columns} FROM Mandates WHERE Id = @Id";

    /// <summary>The one that closes first is used up first.</summary>
    internal const string OfReseller = $"SELECT {Columns} FROM Mandates WHERE ResellerId = @ResellerId AND RevokedAt IS NULL ORDER BY ClosesAt, Seq";

    internal const string Version = "SELECT Version FROM Mandates WHERE Id = @MandateId";

    internal const string Insert =
        "INSERT INTO Mandates (Id, Version, ResellerId, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, EarliestMinute, LatestMinute, RevokedAt) " +
        "VALUES (@MandateId, @Version, @ResellerId, @BrandIds, @Channels, @OpensAt, @ClosesAt, @SessionsPerWeek, @EarliestMinute, @LatestMinute, @RevokedAt)";

    internal const string Update =
        "UPDATE Mandates SET Version = @Version, ResellerId = @ResellerId, BrandIds = @BrandIds, Channels = @Channels, OpensAt = @OpensAt, " +
        "ClosesAt = @ClosesAt, SessionsPerWeek = @SessionsPerWeek, EarliestMinute = @EarliestMinute, LatestMinute = @LatestMinute, RevokedAt = @RevokedAt WHERE Id = @MandateId AND Version < @Version";

    /// <summary>Those that hold a slot, or did until they ended.</summary>
    internal const string SessionsBetween =
        "SELECT COUNT(*) FROM Sessions WHERE MandateId = @MandateId AND Status NOT IN ('Draft', 'Rejected', 'Displaced', 'Cancelled') AND StartsAt >= @OpensAt AND StartsAt < @ClosesAt AND Id <> @SessionId";
}

internal static class MandateRejections
{
    internal static readonly RejectionKind Missing = new("mandate.missing", 409, "A reseller streams only under a mandate of its own.");
    internal static readonly RejectionKind Revoked = new("mandate.revoked", 409, "The mandate was revoked.");
    internal static readonly RejectionKind BrandNotCovered = new("mandate.brand_not_covered", 409, "The mandate does not name every brand of the session.");
    internal static readonly RejectionKind ChannelNotCovered = new("mandate.channel_not_covered", 409, "The mandate does not allow every channel of the session.");
    internal static readonly RejectionKind OutsideDates = new("mandate.outside_dates", 409, "The session is not wholly within the mandate's dates.");
    internal static readonly RejectionKind SessionsPerWeek = new("mandate.sessions_per_week", 409, "The mandate's sessions of that week are used up.");

    internal static readonly RejectionKind[] All = [Missing, Revoked, BrandNotCovered, ChannelNotCovered, OutsideDates, SessionsPerWeek];
}

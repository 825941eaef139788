using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Claims;

/// <summary>How a coupon stands at an instant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CouponStatus>))]
internal enum CouponStatus
{
    /// <summary>Its redemption window has not opened.</summary>
    Claimed,

    /// <summary>It can be spent.</summary>
    Effective,

    /// <summary>One order holds it, until its deadline.</summary>
    Locked,

    Redeemed,

    /// <summary>Its redemption window has closed, or its session was cancelled.</summary>
    Expired,

    /// <summary>Taken back on purpose, by itself or with its whole campaign.</summary>
    Voided,
}

internal record CouponRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid CampaignId { get; init; }

    public string CustomerId { get; init; } = "";

    /// <summary>The credited unit.</summary>
    public string Path { get; init; } = "";

    /// <summary>The unit whose shop claimed it.</summary>
    public string ClaimedFrom { get; init; } = "";

    public Guid? SessionId { get; init; }

    public Guid? ChannelId { get; init; }

    public string? GuideId { get; init; }

    public string? SourceLink { get; init; }

    public CouponOrigin Origin { get; init; }

    /// <summary>Of the batch of codes it was claimed with.</summary>
    public long? CodeSerial { get; init; }

    /// <summary>The quota it was drawn from.</summary>
    public long NodeSeq { get; init; }

    public DateTimeOffset ClaimedAt { get; init; }

    public CouponState State { get; init; }

    public Guid? OrderId { get; init; }

    public long? DiscountMinor { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Why it was voided.</summary>
    public string? Reason { get; init; }

    /// <summary>True if an order holds it and its deadline has not passed.</summary>
    public bool IsHeldAt(DateTimeOffset now) => State == CouponState.Locked && now < LockedUntil;

    public CouponView ToView(Campaign campaign, DateTimeOffset now)
    {
        var window = campaign.RedemptionWindowAt(now, ClaimedAt);
        var isUsed = IsHeldAt(now) || State == CouponState.Redeemed;
        return new CouponView(
            Id, Version, CampaignId, CustomerId, StatusAt(campaign, window.State, now), Origin, ClaimedAt, SessionId, ChannelId, GuideId, SourceLink,
            isUsed ? OrderId : null, isUsed ? DiscountMinor : null, isUsed ? LockedUntil : null, window.Window.OpensAt, window.Window.ClosesAt, Reason);
    }

    private CouponStatus StatusAt(Campaign campaign, WindowState window, DateTimeOffset now) => State switch
    {
        CouponState.Voided => CouponStatus.Voided,
        CouponState.Redeemed => CouponStatus.Redeemed,
        CouponState.Locked when now < LockedUntil => CouponStatus.Locked,
        _ when campaign.Status == CampaignStatus.Deactivated => CouponStatus.Voided,
        _ => window switch
        {
            WindowState.NotStarted => CouponStatus.Claimed,
            WindowState.Open => CouponStatus.Effective,
            _ => CouponStatus.Expired,
        },
    };
}

/// <summary>A coupon, with the versions its campaign and that one's session have.</summary>
internal sealed record MarkedCoupon : CouponRow
{
    public long CampaignVersion { get; init; }

    public DateTimeOffset CampaignChangedAt { get; init; }

    public long? SessionVersion { get; init; }

    public CampaignMark Mark => new()
    {
        CampaignId = CampaignId,
        CampaignVersion = CampaignVersion,
        CampaignChangedAt = CampaignChangedAt,
        SessionVersion = SessionVersion,
    };
}

/// <summary>One coupon of one customer.</summary>
/// <param name="Id">Chosen by the shop.</param>
/// <param name="Version">Rises with each lock, redemption, release and roll-back.</param>
/// <param name="CampaignId">Where it is from.</param>
/// <param name="CustomerId">The shop's own id of the customer.</param>
/// <param name="Status">By the clock and the campaign's windows.</param>
/// <param name="Origin">How it came to the customer.</param>
/// <param name="ClaimedAt">When it came to the customer.</param>
/// <param name="SessionId">The session it was claimed through.</param>
/// <param name="ChannelId">The channel it was claimed through.</param>
/// <param name="GuideId">The guide whose link led there.</param>
/// <param name="SourceLink">The link or place that led there.</param>
/// <param name="OrderId">The order that holds or spent it.</param>
/// <param name="DiscountMinor">Minor units that order gets off.</param>
/// <param name="LockedUntil">The lock's deadline.</param>
/// <param name="OpensAt">Redemption window, inclusive.</param>
/// <param name="ClosesAt">Redemption window, exclusive.</param>
/// <param name="Reason">Why it was voided.</param>
internal sealed record CouponView(
    Guid Id,
    long Version,
    Guid CampaignId,
    string CustomerId,
    CouponStatus Status,
    CouponOrigin Origin,
    DateTimeOffset ClaimedAt,
    Guid? SessionId,
    Guid? ChannelId,
    string? GuideId,
    string? SourceLink,
    Guid? OrderId,
    long? DiscountMinor,
    DateTimeOffset? LockedUntil,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt,
    string? Reason) : IVersioned;

internal static class CouponSql
{
    internal const string Columns =
        "k.Seq, k.Id, k.Version, k.CampaignId, k.CustomerId, k.Path, k.ClaimedFrom, k.SessionId, k.ChannelId, k.GuideId, k.SourceLink, k.Origin, k.CodeSerial, k.NodeSeq, " +
        "k.ClaimedAt, k.State, k.OrderId, k.DiscountMinor, k.LockedUntil, k.Reason";

    internal const string Rows = $"SELECT {Columns} FROM Coupons k";

    private const string Marked =
        $"SELECT {Columns}, c.Version AS CampaignVersion, c.ChangedAt AS CampaignChangedAt, s.Version AS SessionVersion FROM Coupons k";

    private const string WithCampaign = "JOIN Campaigns c ON c.Id = k.CampaignId LEFT JOIN Sessions s ON s.Id = c.SessionId";

    internal const string ById = $"{Marked} {WithCampaign} WHERE k.Id = @Id";

    internal const string Hold = $"{Marked}{Sql.Held} {WithCampaign} WHERE k.Id IN {Sql.Ids}";

    /// <summary>
    /// Credited to the caller's scope, or claimed from within it; for shops (<c>@Ids</c>: their unit and those above)
    /// also what a campaign above lets them take.
    /// </summary>
    internal const string PageOfCustomer =
        $"{Marked} {WithCampaign} WHERE k.CustomerId = @CustomerId AND k.Seq > @After AND ((k.Path >= @Scope AND k.Path < @ScopeEnd) " +
        $"OR (k.ClaimedFrom >= @Scope AND k.ClaimedFrom < @ScopeEnd) OR c.Path IN {Sql.Ids}) ORDER BY k.Seq {Sql.Page}";

    /// <summary>
    /// What a shop's customer can bring to a cart: in no order's hands, or in those of one that let its deadline pass. The newest
    /// first; only what carts need to know, for they are many and ask often.
    /// </summary>
    internal const string UsableOfCustomer =
        "SELECT k.Seq, k.Id, k.CampaignId, k.CustomerId, k.NodeSeq, k.ClaimedAt, k.State, k.OrderId, k.LockedUntil, " +
        $"c.Version AS CampaignVersion, c.ChangedAt AS CampaignChangedAt, s.Version AS SessionVersion FROM Coupons k {WithCampaign} " +
        "WHERE k.CustomerId = @CustomerId AND (k.State = 'Free' OR (k.State = 'Locked' AND k.LockedUntil <= @At)) " +
        "AND c.Status <> 'Deactivated' AND ((c.Path >= @Scope AND c.Path < @ScopeEnd) OR @Scope LIKE CONCAT(c.Path, '%')) " +
        $"ORDER BY k.ClaimedAt DESC, k.Seq DESC {Sql.Page}";

    internal const string Several = $"{Marked} {WithCampaign} WHERE k.Id IN {Sql.Ids}";
}

internal static class CouponRejections
{
    internal static readonly RejectionKind NotFound = new("coupon.not_found", 404, "No such coupon within the caller's reach.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No coupon {id}.");
}

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

    Voided,
}

internal sealed record CouponRow
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

    public DateTimeOffset ClaimedAt { get; init; }

    public CouponState State { get; init; }

    public Guid? OrderId { get; init; }

    public long? DiscountMinor { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>True if an order holds it and its deadline has not passed.</summary>
    public bool IsHeldAt(DateTimeOffset now) => State == CouponState.Locked && now < LockedUntil;

    public CouponView ToView(Campaign campaign, DateTimeOffset now)
    {
        var window = campaign.RedemptionWindowAt(now);
        var isUsed = IsHeldAt(now) || State == CouponState.Redeemed;
        return new CouponView(
            Id, Version, CampaignId, CustomerId, StatusAt(window.State, now), ClaimedAt, SessionId, ChannelId, GuideId,
            isUsed ? OrderId : null, isUsed ? DiscountMinor : null, isUsed ? LockedUntil : null, window.Window.OpensAt, window.Window.ClosesAt);
    }

    private CouponStatus StatusAt(WindowState window, DateTimeOffset now) => State switch
    {
        CouponState.Voided => CouponStatus.Voided,
        CouponState.Redeemed => CouponStatus.Redeemed,
        CouponState.Locked when now < LockedUntil => CouponStatus.Locked,
        _ => window switch
        {
            WindowState.NotStarted => CouponStatus.Claimed,
            WindowState.Open => CouponStatus.Effective,
            _ => CouponStatus.Expired,
        },
    };
}

/// <summary>One coupon of one customer.</summary>
/// <param name="Id">Chosen by the shop.</param>
/// <param name="Version">Rises with each lock, redemption, release and roll-back.</param>
/// <param name="CampaignId">Where it is from.</param>
/// <param name="CustomerId">The shop's own id of the customer.</param>
/// <param name="Status">By the clock and the campaign's windows.</param>
/// <param name="ClaimedAt">When it was taken.</param>
/// <param name="SessionId">The session it was claimed through.</param>
/// <param name="ChannelId">The channel it was claimed through.</param>
/// <param name="GuideId">The guide whose link led there.</param>
/// <param name="OrderId">The order that holds or spent it.</param>
/// <param name="DiscountMinor">Minor units that order gets off.</param>
/// <param name="LockedUntil">The lock's deadline.</param>
/// <param name="OpensAt">Redemption window, inclusive.</param>
/// <param name="ClosesAt">Redemption window, exclusive.</param>
internal sealed record CouponView(
    Guid Id,
    long Version,
    Guid CampaignId,
    string CustomerId,
    CouponStatus Status,
    DateTimeOffset ClaimedAt,
    Guid? SessionId,
    Guid? ChannelId,
    string? GuideId,
    Guid? OrderId,
    long? DiscountMinor,
    DateTimeOffset? LockedUntil,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt) : IVersioned;

internal static class CouponSql
{
    internal const string Rows =
        "SELECT Seq, Id, Version, CampaignId, CustomerId, Path, ClaimedFrom, SessionId, ChannelId, GuideId, ClaimedAt, State, OrderId, DiscountMinor, LockedUntil FROM Coupons";

    internal const string ById = $"{Rows} WHERE Id = @Id";

    /// <summary>
    /// Credited to the caller's scope, or claimed from within it; for shops (<c>@Ids</c>: their unit and those above)
    /// also what a campaign above lets them take.
    /// </summary>
    internal const string PageOfCustomer =
        $"{Rows} WHERE CustomerId = @CustomerId AND Seq > @After AND ({Sql.InScope} OR (ClaimedFrom >= @Scope AND ClaimedFrom < @ScopeEnd) " +
        $"OR EXISTS (SELECT 1 FROM Campaigns c WHERE c.Id = Coupons.CampaignId AND c.Path IN {Sql.Ids})) ORDER BY Seq {Sql.Page}";

    /// <summary>Takes the row's lock: whoever decides about the coupon next, sees what this transaction leaves.</summary>
    internal const string Hold = "UPDATE Coupons SET Version = Version WHERE Id = @Id";

    internal const string Change =
        "UPDATE Coupons SET Version = @Version, State = @State, OrderId = @OrderId, DiscountMinor = @DiscountMinor, LockedUntil = @LockedUntil " +
        "WHERE Id = @Id AND Version = @Version - 1";
}

internal static class CouponRejections
{
    internal static readonly RejectionKind NotFound = new("coupon.not_found", 404, "No such coupon within the caller's reach.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No coupon {id}.");
}

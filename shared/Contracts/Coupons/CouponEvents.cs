using System.Text.Json.Serialization;
using MassTransit;

namespace LiveCommerce.Contracts.Coupons;

/// <summary>Where a campaign is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CampaignStatus>))]
public enum CampaignStatus
{
    Draft,
    Issuing,

    /// <summary>No more claims; claimed coupons stay valid.</summary>
    Stopped,
}

/// <summary>A campaign as it now stands. Older versions are to be ignored.</summary>
[MessageUrn("live-commerce:coupons:campaign-changed")]
[EntityName("coupons.campaign-changed")]
public sealed record CampaignChanged
{
    public required Guid CampaignId { get; init; }

    public required long Version { get; init; }

    public required string Name { get; init; }

    public required CampaignStatus Status { get; init; }

    public required Guid OwnerUnitId { get; init; }

    public required string OwnerPath { get; init; }

    /// <summary>The session the campaign's windows hang on, if any.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Coupons there are to claim in all.</summary>
    public required long Stock { get; init; }
}

/// <summary>One coupon a customer took.</summary>
public sealed record ClaimedCoupon
{
    public required Guid CouponId { get; init; }

    public required Guid CampaignId { get; init; }

    /// <summary>The session the claim came through, if any.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The unit credited with the claim: the session's owner, else the campaign's.</summary>
    public required string UnitPath { get; init; }

    /// <summary>The shop's own id of the customer.</summary>
    public required string CustomerId { get; init; }

    public Guid? ChannelId { get; init; }

    /// <summary>The shopping guide whose link led here.</summary>
    public string? GuideId { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }
}

/// <summary>Coupons were claimed. One event carries all claims that were committed together.</summary>
[MessageUrn("live-commerce:coupons:coupons-claimed")]
[EntityName("coupons.coupons-claimed")]
public sealed record CouponsClaimed(IReadOnlyList<ClaimedCoupon> Claims);

/// <summary>A coupon's use by one order, as it now stands. Older versions are to be ignored.</summary>
public sealed record CouponUse
{
    public required Guid CouponId { get; init; }

    /// <summary>Rises by one with each change of this coupon.</summary>
    public required long Version { get; init; }

    public required Guid CampaignId { get; init; }

    public Guid? SessionId { get; init; }

    public required string UnitPath { get; init; }

    public required string CustomerId { get; init; }

    /// <summary>The order it is or was used for.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>Minor units taken off the order. Never negative.</summary>
    public required long DiscountMinor { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A coupon is held for one order, until its deadline.</summary>
[MessageUrn("live-commerce:coupons:coupon-locked")]
[EntityName("coupons.coupon-locked")]
public sealed record CouponLocked(CouponUse Use, DateTimeOffset LockedUntil);

/// <summary>A coupon was spent.</summary>
[MessageUrn("live-commerce:coupons:coupon-redeemed")]
[EntityName("coupons.coupon-redeemed")]
public sealed record CouponRedeemed(CouponUse Use);

/// <summary>A held coupon was given back: the order was cancelled or the deadline passed.</summary>
[MessageUrn("live-commerce:coupons:coupon-released")]
[EntityName("coupons.coupon-released")]
public sealed record CouponReleased(CouponUse Use);

/// <summary>A spent coupon was given back, after a full refund.</summary>
[MessageUrn("live-commerce:coupons:coupon-rolled-back")]
[EntityName("coupons.coupon-rolled-back")]
public sealed record CouponRolledBack(CouponUse Use);

/// <summary>An order named a coupon that it cannot use.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="OrderVersion">The order's version that asked.</param>
/// <param name="CouponId">The coupon it named; may not exist.</param>
/// <param name="Code">Why, as the API would have answered: <c>coupon.already_locked</c>, …</param>
[MessageUrn("live-commerce:coupons:coupon-refused")]
[EntityName("coupons.coupon-refused")]
public sealed record CouponRefused(Guid OrderId, long OrderVersion, Guid CouponId, string Code);

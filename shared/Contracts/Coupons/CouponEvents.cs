using System.Text.Json.Serialization;
using MassTransit;

namespace LiveCommerce.Contracts.Coupons;

/// <summary>Where a campaign is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CampaignStatus>))]
public enum CampaignStatus
{
    Draft,

    /// <summary>Fit to start; coupons cannot be taken yet.</summary>
    Approved,

    /// <summary>Coupons can be claimed and issued.</summary>
    Issuing,

    /// <summary>Issuing for now suspended; coupons in customers' hands stay valid.</summary>
    Paused,

    /// <summary>No more coupons; those in customers' hands stay valid.</summary>
    Stopped,

    /// <summary>No more coupons, and every coupon that no order holds or has spent is void.</summary>
    Deactivated,
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

    public required string Currency { get; init; }

    /// <summary>Minor units all its coupons together may take off. Null: not limited.</summary>
    public long? BudgetMinor { get; init; }

    /// <summary>When it came to stand so.</summary>
    public DateTimeOffset? ChangedAt { get; init; }
}

/// <summary>How a coupon came to its customer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CouponOrigin>))]
public enum CouponOrigin
{
    /// <summary>The customer took it.</summary>
    Claim,

    /// <summary>It was pushed to a list of customers.</summary>
    Issue,

    /// <summary>The customer entered a code.</summary>
    Code,
}

/// <summary>One coupon that came to a customer.</summary>
public sealed record ClaimedCoupon
{
    public required Guid CouponId { get; init; }

    public required Guid CampaignId { get; init; }

    /// <summary>The session the claim came through, if any.</summary>
    public Guid? SessionId { get; init; }

    public required CouponOrigin Origin { get; init; }

    /// <summary>The unit credited: the session's owner; else the unit whose shop asked, if it is below the campaign's owner; else that owner.</summary>
    public required string UnitPath { get; init; }

    /// <summary>The shop's own id of the customer.</summary>
    public required string CustomerId { get; init; }

    public Guid? ChannelId { get; init; }

    /// <summary>The shopping guide whose link led here.</summary>
    public string? GuideId { get; init; }

    /// <summary>The link or place that led here, in the shop's own words.</summary>
    public string? SourceLink { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }
}

/// <summary>Coupons came to customers. One event carries all claims that were committed together.</summary>
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

    /// <summary>Minor units of the discount that refunds have undone, from 0 to the discount.</summary>
    public long RolledBackMinor { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Deadline of the lock; null when it is not locked.</summary>
    public DateTimeOffset? LockedUntil { get; init; }
}

/// <summary>Coupons are held for orders, until their deadlines. One event carries all that were committed together.</summary>
[MessageUrn("live-commerce:coupons:coupons-locked")]
[EntityName("coupons.coupons-locked")]
public sealed record CouponsLocked(IReadOnlyList<CouponUse> Uses);

/// <summary>Coupons were spent.</summary>
[MessageUrn("live-commerce:coupons:coupons-redeemed")]
[EntityName("coupons.coupons-redeemed")]
public sealed record CouponsRedeemed(IReadOnlyList<CouponUse> Uses);

/// <summary>Held coupons were given back: the order was cancelled or the deadline passed.</summary>
[MessageUrn("live-commerce:coupons:coupons-released")]
[EntityName("coupons.coupons-released")]
public sealed record CouponsReleased(IReadOnlyList<CouponUse> Uses);

/// <summary>Spent coupons were given back to their customers, after a refund.</summary>
[MessageUrn("live-commerce:coupons:coupons-rolled-back")]
[EntityName("coupons.coupons-rolled-back")]
public sealed record CouponsRolledBack(IReadOnlyList<CouponUse> Uses);

/// <summary>Refunds undid a part of what coupons took off; the coupons stay spent. See <see cref="CouponUse.RolledBackMinor"/>.</summary>
[MessageUrn("live-commerce:coupons:coupons-refunded-in-part")]
[EntityName("coupons.coupons-refunded-in-part")]
public sealed record CouponsRefundedInPart(IReadOnlyList<CouponUse> Uses);

/// <summary>A coupon was taken back on purpose. The coupons of a campaign that is deactivated are void without an event of their own.</summary>
[MessageUrn("live-commerce:coupons:coupon-voided")]
[EntityName("coupons.coupon-voided")]
public sealed record CouponVoided
{
    public required Guid CouponId { get; init; }

    /// <summary>The coupon's version.</summary>
    public required long Version { get; init; }

    public required Guid CampaignId { get; init; }

    public required string CustomerId { get; init; }

    /// <summary>In the words of who did it.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>One coupon an order cannot use.</summary>
/// <param name="CouponId">The coupon it named; may not exist.</param>
/// <param name="Code">Why, as the API would have answered: <c>coupon.already_locked</c>, …</param>
public sealed record RefusedCoupon(Guid CouponId, string Code);

/// <summary>An order named coupons it cannot use. It gets all of them or none.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="OrderVersion">The order's version that asked.</param>
/// <param name="Coupons">Each coupon the order named that is in the way; never empty.</param>
[MessageUrn("live-commerce:coupons:coupons-refused")]
[EntityName("coupons.coupons-refused")]
public sealed record CouponsRefused(Guid OrderId, long OrderVersion, IReadOnlyList<RefusedCoupon> Coupons);

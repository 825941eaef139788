using System.Text.Json.Serialization;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

[JsonConverter(typeof(JsonStringEnumConverter<RedemptionStatus>))]
internal enum RedemptionStatus
{
    /// <summary>The order holds the coupon, until the deadline.</summary>
    Locked,

    /// <summary>The order spent it.</summary>
    Redeemed,

    /// <summary>Given back unspent, or the deadline passed.</summary>
    Released,

    /// <summary>Spent, then given back.</summary>
    RolledBack,
}

/// <summary>The use of one coupon by one order.</summary>
internal sealed record RedemptionRow
{
    public Guid OrderId { get; init; }

    public Guid CouponId { get; init; }

    public string CustomerId { get; init; } = "";

    /// <summary>The unit whose shop asked for it.</summary>
    public string Path { get; init; } = "";

    public long LinesMinor { get; init; }

    public RedemptionStatus Status { get; init; }

    public long DiscountMinor { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset LockedUntil { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>True if it was released because its deadline had passed, and not on demand.</summary>
    public bool HasLapsed => Status == RedemptionStatus.Released && LockedUntil <= ChangedAt;

    public RedemptionView ToView() => new(OrderId, CouponId, Status, DiscountMinor, Currency, LockedUntil);

    public object ToParameters() => new
    {
        OrderId,
        CouponId,
        CustomerId,
        Path,
        LinesMinor,
        Status = Status.ToString(),
        DiscountMinor,
        Currency,
        LockedUntil,
        ChangedAt,
    };
}

/// <summary>The use of one coupon by one order.</summary>
/// <param name="OrderId">The shop's order.</param>
/// <param name="CouponId">The coupon.</param>
/// <param name="Status">How far it got.</param>
/// <param name="DiscountMinor">Minor units off the order; never more than its lines.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="LockedUntil">Deadline of the lock, exclusive.</param>
internal sealed record RedemptionView(Guid OrderId, Guid CouponId, RedemptionStatus Status, long DiscountMinor, string Currency, DateTimeOffset LockedUntil);

internal static class RedemptionSql
{
    internal const string ByOrder =
        "SELECT OrderId, CouponId, CustomerId, Path, LinesMinor, Status, DiscountMinor, Currency, LockedUntil, ChangedAt FROM Redemptions WHERE OrderId = @OrderId";

    internal const string Update =
        "UPDATE Redemptions SET Status = @Status, DiscountMinor = @DiscountMinor, LockedUntil = @LockedUntil, ChangedAt = @ChangedAt WHERE OrderId = @OrderId";

    internal const string Insert =
        "INSERT INTO Redemptions (OrderId, CouponId, CustomerId, Path, LinesMinor, Status, DiscountMinor, Currency, LockedUntil, ChangedAt) " +
        "VALUES (@OrderId, @CouponId, @CustomerId, @Path, @LinesMinor, @Status, @DiscountMinor, @Currency, @LockedUntil, @ChangedAt)";
}

internal static class RedemptionRejections
{
    internal static readonly RejectionKind NotFound = new("redemption.not_found", 404, "No such redemption within the caller's reach.");
    internal static readonly RejectionKind IdReused = new("redemption.id_reused", 409, "The order already uses a coupon with other content.");
    internal static readonly RejectionKind IllegalTransition = new("redemption.illegal_transition", 409, "The redemption's status does not allow this.");
    internal static readonly RejectionKind WrongCustomer = new("coupon.wrong_customer", 409, "The coupon is another customer's.");
    internal static readonly RejectionKind NotEffectiveYet = new("coupon.not_effective_yet", 409, "The redemption window has not opened.");
    internal static readonly RejectionKind Expired = new("coupon.expired", 410, "The redemption window has closed.");
    internal static readonly RejectionKind AlreadyLocked = new("coupon.already_locked", 409, "Another order holds the coupon.");
    internal static readonly RejectionKind AlreadyRedeemed = new("coupon.already_redeemed", 409, "The coupon was spent.");
    internal static readonly RejectionKind BelowMinimumSpend = new("coupon.below_minimum_spend", 409, "The order is too small for the coupon.");
    internal static readonly RejectionKind Voided = new("coupon.voided", 409, "The coupon was taken back.");

    internal static Rejection Unknown(Guid orderId) => NotFound.Because($"No redemption by order {orderId}.");
}

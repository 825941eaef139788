using System.Text.Json.Serialization;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

[JsonConverter(typeof(JsonStringEnumConverter<RedemptionStatus>))]
internal enum RedemptionStatus
{
    /// <summary>The order holds its coupons, until the deadline.</summary>
    Locked,

    /// <summary>The order spent them.</summary>
    Redeemed,

    /// <summary>Given back unspent, or the deadline passed.</summary>
    Released,

    /// <summary>Spent, then the order was refunded in full, or every coupon was given back.</summary>
    RolledBack,
}

/// <summary>The use of coupons by one order, as stored.</summary>
internal sealed record RedemptionRow
{
    public Guid OrderId { get; init; }

    public string CustomerId { get; init; } = "";

    /// <summary>The unit whose shop asked for it.</summary>
    public string Path { get; init; } = "";

    /// <summary>Of what the shop asked for; empty if it came with the order's event, or was released before it was locked.</summary>
    public string RequestHash { get; init; } = "";

    public long LinesMinor { get; init; }

    public RedemptionStatus Status { get; init; }

    public long DiscountMinor { get; init; }

    /// <summary>Money given back so far, of what the order cost after the discount.</summary>
    public long RefundedMinor { get; init; }

    /// <summary>Of the discount, undone by refunds.</summary>
    public long RolledBackMinor { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset LockedUntil { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>True if it was released because its deadline had passed, and not on demand.</summary>
    [JsonIgnore]
    public bool HasLapsed => Status == RedemptionStatus.Released && LockedUntil <= ChangedAt;

    /// <summary>Minor units the customer pays: what a refund is measured by.</summary>
    [JsonIgnore]
    public long PaidMinor => LinesMinor - DiscountMinor;
}

/// <summary>One coupon's part in an order.</summary>
internal sealed record UseRow
{
    public Guid OrderId { get; init; }

    public Guid CouponId { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>In the order of application.</summary>
    public int Position { get; init; }

    public long DiscountMinor { get; init; }

    public long RolledBackMinor { get; init; }

    /// <summary>True once the customer has the coupon back after a refund.</summary>
    public bool IsReturned { get; init; }

    /// <summary>Minor units off each line of the order, as JSON.</summary>
    public string Lines { get; init; } = "[]";
}

/// <summary>The use of coupons by one order.</summary>
/// <param name="OrderId">The shop's order.</param>
/// <param name="Status">How far it got.</param>
/// <param name="DiscountMinor">Minor units off the order; never more than its lines, nor below their floor prices.</param>
/// <param name="RolledBackMinor">Of those, undone by refunds.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="LockedUntil">Deadline of the lock, exclusive.</param>
/// <param name="Coupons">In the order of application.</param>
/// <param name="Lines">In the order of the shop's lines.</param>
internal sealed record RedemptionView(
    Guid OrderId,
    RedemptionStatus Status,
    long DiscountMinor,
    long RolledBackMinor,
    string Currency,
    DateTimeOffset LockedUntil,
    IReadOnlyList<UsedCoupon> Coupons,
    IReadOnlyList<DiscountedLine> Lines);

/// <param name="CouponId">The coupon.</param>
/// <param name="DiscountMinor">Minor units it takes off.</param>
/// <param name="Gift">What comes with the order for it.</param>
/// <param name="IsReturned">True once the customer has it back after a refund.</param>
internal sealed record UsedCoupon(Guid CouponId, long DiscountMinor, Gift? Gift, bool IsReturned);

/// <param name="DiscountMinor">Minor units off this line, by all coupons.</param>
internal sealed record DiscountedLine(long DiscountMinor);

internal static class RedemptionSql
{
    internal const string Hold =
        "SELECT OrderId, CustomerId, Path, RequestHash, LinesMinor, Status, DiscountMinor, RefundedMinor, RolledBackMinor, Currency, LockedUntil, ChangedAt " +
        $"FROM Redemptions{Sql.Held} WHERE OrderId IN {Sql.Ids}";

    internal const string Uses =
        "SELECT OrderId, CouponId, CampaignId, Position, DiscountMinor, RolledBackMinor, IsReturned, Lines " +
        $"FROM Uses WHERE OrderId IN {Sql.Ids} ORDER BY OrderId, Position";

    private static readonly string Rows = Sql.Listed(
        "OfOrder", "NewStatus", "NewRefundedMinor", "NewRolledBackMinor", "CustomerId", "Path", "RequestHash", "LinesMinor", "DiscountMinor", "Currency");

    private static readonly string UseRows = Sql.Listed(
        "OfOrder", "OfCoupon", "NewRolledBackMinor", "NewIsReturned", "CampaignId", "Position", "DiscountMinor", "Lines");

    internal static readonly string Insert =
        "INSERT INTO Redemptions (OrderId, CustomerId, Path, RequestHash, LinesMinor, Status, DiscountMinor, RefundedMinor, RolledBackMinor, Currency, LockedUntil, ChangedAt) " +
        "SELECT r.OfOrder, r.CustomerId, r.Path, r.RequestHash, r.LinesMinor, r.NewStatus, r.DiscountMinor, r.NewRefundedMinor, r.NewRolledBackMinor, r.Currency, @LockedUntil, @Now " +
        $"FROM ({Rows}) AS r";

    internal static readonly string Update =
        "UPDATE Redemptions SET Status = r.NewStatus, RefundedMinor = r.NewRefundedMinor, RolledBackMinor = r.NewRolledBackMinor, LockedUntil = @LockedUntil, ChangedAt = @Now " +
        $"FROM ({Rows}) AS r WHERE Redemptions.OrderId = r.OfOrder";

    internal static readonly string InsertUses =
        "INSERT INTO Uses (OrderId, CouponId, CampaignId, Position, DiscountMinor, RolledBackMinor, IsReturned, Lines) " +
        $"SELECT r.OfOrder, r.OfCoupon, r.CampaignId, r.Position, r.DiscountMinor, r.NewRolledBackMinor, r.NewIsReturned, r.Lines FROM ({UseRows}) AS r";

    internal static readonly string UpdateUses =
        $"UPDATE Uses SET RolledBackMinor = r.NewRolledBackMinor, IsReturned = r.NewIsReturned FROM ({UseRows}) AS r WHERE Uses.OrderId = r.OfOrder AND Uses.CouponId = r.OfCoupon";

    /// <summary>What <see cref="Insert"/> and <see cref="Update"/> read.</summary>
    internal static object?[] Row(RedemptionRow row) =>
        [row.OrderId, row.Status.ToString(), row.RefundedMinor, row.RolledBackMinor, row.CustomerId, row.Path, row.RequestHash, row.LinesMinor, row.DiscountMinor, row.Currency];

    /// <summary>What <see cref="InsertUses"/> and <see cref="UpdateUses"/> read.</summary>
    internal static object?[] Row(UseRow row) =>
        [row.OrderId, row.CouponId, row.RolledBackMinor, row.IsReturned ? 1 : 0, row.CampaignId, row.Position, row.DiscountMinor, row.Lines];
}

internal static class HeldCouponSql
{
    private static readonly string Rows = Sql.Listed("OfCoupon", "WasVersion", "NewVersion", "NewState", "NewOrderId", "NewDiscountMinor", "NewReason");

    /// <summary>The rows are held: one that is not updated is a fault of ours.</summary>
    internal static readonly string Change =
        "UPDATE Coupons SET Version = r.NewVersion, State = r.NewState, OrderId = r.NewOrderId, DiscountMinor = r.NewDiscountMinor, LockedUntil = @LockedUntil, Reason = r.NewReason " +
        $"FROM ({Rows}) AS r WHERE Coupons.Id = r.OfCoupon AND Coupons.Version = r.WasVersion";

    internal static object?[] Row(HeldCoupon coupon) =>
        [coupon.Row.Id, coupon.WasVersion, coupon.Row.Version, coupon.Row.State.ToString(), coupon.Row.OrderId, coupon.Row.DiscountMinor, coupon.Row.Reason];
}

internal static class RedemptionRejections
{
    internal static readonly RejectionKind NotFound = new("redemption.not_found", 404, "No such redemption within the caller's reach.");
    internal static readonly RejectionKind IdReused = new("redemption.id_reused", 409, "The order already uses coupons with other content.");
    internal static readonly RejectionKind AlreadyReleased = new("redemption.already_released", 409, "The order was released before it was locked.");
    internal static readonly RejectionKind IllegalTransition = new("redemption.illegal_transition", 409, "The redemption's status does not allow this.");
    internal static readonly RejectionKind WrongCustomer = new("coupon.wrong_customer", 409, "The coupon is another customer's.");
    internal static readonly RejectionKind NotEffectiveYet = new("coupon.not_effective_yet", 409, "The redemption window has not opened.");
    internal static readonly RejectionKind Expired = new("coupon.expired", 410, "The redemption window has closed.");
    internal static readonly RejectionKind AlreadyLocked = new("coupon.already_locked", 409, "Another order holds the coupon.");
    internal static readonly RejectionKind AlreadyRedeemed = new("coupon.already_redeemed", 409, "The coupon was spent.");
    internal static readonly RejectionKind BudgetSpent = new("coupon.budget_spent", 409, "The discount budget does not suffice.");
    internal static readonly RejectionKind Voided = new("coupon.voided", 409, "The coupon was taken back.");

    internal static Rejection Unknown(Guid orderId) => NotFound.Because($"No redemption by order {orderId}.");
}

using LiveCommerce.Contracts.Orders;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Orders;

internal sealed record OrderRow
{
    internal const string NoCoupons = "[]";

    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public OrderStatus Status { get; init; }

    /// <summary>Path of the headquarters, for lists in order of arrival.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The unit credited with the order.</summary>
    public string Path { get; init; } = "";

    /// <summary>The unit whose shop placed it; sees the order whoever is credited.</summary>
    public string ShopPath { get; init; } = "";

    public string ShopOrderNo { get; init; } = "";

    public string CustomerId { get; init; } = "";

    public AttributedBy AttributedBy { get; init; }

    public Guid? SessionId { get; init; }

    public Guid? ChannelId { get; init; }

    public string? GuideId { get; init; }

    public Guid? AskedChannelId { get; init; }

    public string? AskedGuideId { get; init; }

    /// <summary>JSON: the coupons it names, in its order. What became of them is in <see cref="CouponUseRow"/>.</summary>
    public string CouponIds { get; init; } = NoCoupons;

    public string Currency { get; init; } = "";

    /// <summary>JSON: nobody asks for a line without its order.</summary>
    public string Lines { get; init; } = "";

    public long LinesMinor { get; init; }

    public long DiscountMinor { get; init; }

    public long PayableMinor { get; init; }

    public long RefundedMinor { get; init; }

    public bool WasPaid { get; init; }

    public bool IsCancelledAfterPayment { get; init; }

    public bool IsRefundedAbovePayable { get; init; }

    public DateTimeOffset PlacedAt { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? ShippedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    public DateTimeOffset? RefundedAt { get; init; }

    public bool HasCoupons => CouponIds != NoCoupons;

    public IReadOnlyList<Guid> Coupons => HasCoupons ? Sql.FromJson<IReadOnlyList<Guid>>(CouponIds) : [];

    public OrderRow With(OrderTruth truth) => this with
    {
        Status = truth.Status,
        WasPaid = truth.WasPaid,
        RefundedMinor = truth.RefundedMinor,
        PaidAt = truth.PaidAt,
        ShippedAt = truth.ShippedAt,
        DeliveredAt = truth.DeliveredAt,
        CompletedAt = truth.CompletedAt,
        CancelledAt = truth.CancelledAt,
        RefundedAt = truth.RefundedAt,
        IsCancelledAfterPayment = truth.IsCancelledAfterPayment,
        IsRefundedAbovePayable = truth.IsRefundedAbovePayable,
    };

    /// <param name="uses">What is known of its coupons, in any order.</param>
    public OrderView ToView(IReadOnlyList<CouponUseRow> uses) => new(
        Id, Version, Status, ShopOrderNo, Path, SessionId, ChannelId, GuideId, CustomerId,
        CouponView.Of(Coupons, uses),
        Currency, LinesMinor, DiscountMinor, PayableMinor, RefundedMinor, WasPaid,
        PlacedAt, PaidAt, ShippedAt, DeliveredAt, CompletedAt, CancelledAt, RefundedAt,
        Sql.FromJson<IReadOnlyList<OrderLine>>(Lines),
        new AttributionView(AttributedBy, AttributeOrder.Explain(AttributedBy)),
        [.. Warnings()]);

    public OrderState ToState() => new()
    {
        OrderId = Id,
        Version = Version,
        Status = Status,
        UnitPath = Path,
        ShopPath = ShopPath,
        SessionId = SessionId,
        ChannelId = ChannelId,
        GuideId = GuideId,
        CustomerId = CustomerId,
        CouponIds = Coupons,
        Currency = Currency,
        LinesMinor = LinesMinor,
        DiscountMinor = DiscountMinor,
        RefundedMinor = RefundedMinor,
        WasPaid = WasPaid,
        PlacedAt = PlacedAt,
        Lines = Sql.FromJson<IReadOnlyList<OrderLine>>(Lines),
    };

    /// <summary>All that <see cref="OrderSql.Insert"/> and <see cref="OrderSql.Update"/> write. Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new
    {
        Id,
        Version,
        Status = Status.ToString(),
        Tenant,
        Path,
        ShopPath,
        ShopOrderNo,
        CustomerId,
        AttributedBy = AttributedBy.ToString(),
        SessionId,
        ChannelId,
        GuideId,
        AskedChannelId,
        AskedGuideId,
        CouponIds,
        Currency,
        Lines,
        LinesMinor,
        DiscountMinor,
        PayableMinor,
        RefundedMinor,
        WasPaid,
        IsCancelledAfterPayment,
        IsRefundedAbovePayable,
        PlacedAt,
        PaidAt,
        ShippedAt,
        DeliveredAt,
        CompletedAt,
        CancelledAt,
        RefundedAt,
    };

    private IEnumerable<WarningView> Warnings()
    {
        if (IsCancelledAfterPayment)
            yield return new("order.cancelled_after_payment", "It was reported as cancelled although it had been paid; refunds give the money back.");
        if (IsRefundedAbovePayable)
            yield return new("order.refunded_above_payable", "More was reported as refunded than was payable; the excess is left out.");
    }
}

/// <summary>An order as it now stands.</summary>
internal sealed record OrderView(
    Guid Id,
    long Version,
    OrderStatus Status,
    string ShopOrderNo,
    string UnitPath,
    Guid? SessionId,
    Guid? ChannelId,
    string? GuideId,
    string CustomerId,
    IReadOnlyList<CouponView> Coupons,
    string Currency,
    long LinesMinor,
    long DiscountMinor,
    long PayableMinor,
    long RefundedMinor,
    bool WasPaid,
    DateTimeOffset PlacedAt,
    DateTimeOffset? PaidAt,
    DateTimeOffset? ShippedAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? CompletedAt,
    DateTimeOffset? CancelledAt,
    DateTimeOffset? RefundedAt,
    IReadOnlyList<OrderLine> Lines,
    AttributionView Attribution,
    IReadOnlyList<WarningView> Warnings);

/// <summary>Why the order is credited to its unit.</summary>
internal sealed record AttributionView(AttributedBy By, string Explanation);

/// <summary>Something a person should look at; nothing was refused.</summary>
internal sealed record WarningView(string Code, string Detail);

internal static class OrderSql
{
    private const string Columns =
        "Seq, Id, Version, Status, Tenant, Path, ShopPath, ShopOrderNo, CustomerId, AttributedBy, SessionId, ChannelId, GuideId, " +
        "AskedChannelId, AskedGuideId, CouponIds, Currency, Lines, LinesMinor, DiscountMinor, PayableMinor, " +
        "RefundedMinor, WasPaid, IsCancelledAfterPayment, IsRefundedAbovePayable, PlacedAt, PaidAt, ShippedAt, DeliveredAt, CompletedAt, " +
        "CancelledAt, RefundedAt";

    private const string Visible = $"({Sql.InScope} OR (ShopPath >= @Scope AND ShopPath < @ScopeEnd))";

    internal const string Insert =
        "INSERT INTO Orders (Id, Version, Status, Tenant, Path, ShopPath, ShopOrderNo, CustomerId, AttributedBy, SessionId, ChannelId, GuideId, " +
        "AskedChannelId, AskedGuideId, CouponIds, Currency, Lines, LinesMinor, DiscountMinor, PayableMinor, RefundedMinor, WasPaid, " +
        "IsCancelledAfterPayment, IsRefundedAbovePayable, PlacedAt) " +
        "VALUES (@Id, @Version, @Status, @Tenant, @Path, @ShopPath, @ShopOrderNo, @CustomerId, @AttributedBy, @SessionId, @ChannelId, @GuideId, " +
        "@AskedChannelId, @AskedGuideId, @CouponIds, @Currency, @Lines, @LinesMinor, @DiscountMinor, @PayableMinor, @RefundedMinor, @WasPaid, " +
        "@IsCancelledAfterPayment, @IsRefundedAbovePayable, @PlacedAt)";

    /// <summary>Only under <see cref="Lock"/>.</summary>
    internal const string Update =
        "UPDATE Orders SET Version = @Version, Status = @Status, Path = @Path, AttributedBy = @AttributedBy, SessionId = @SessionId, " +
        "ChannelId = @ChannelId, GuideId = @GuideId, RefundedMinor = @RefundedMinor, WasPaid = @WasPaid, " +
        "IsCancelledAfterPayment = @IsCancelledAfterPayment, IsRefundedAbovePayable = @IsRefundedAbovePayable, PaidAt = @PaidAt, " +
        "ShippedAt = @ShippedAt, DeliveredAt = @DeliveredAt, CompletedAt = @CompletedAt, CancelledAt = @CancelledAt, RefundedAt = @RefundedAt " +
        "WHERE Id = @Id";

    /// <summary>The row count says whether the order is there; whoever else would change it waits.</summary>
    internal const string Lock = "UPDATE Orders SET Version = Version WHERE Id = @Id";

    /// <summary>Everything placing an order has to know: a row for each of its coupons that is there, else one.</summary>
    internal const string Setting =
        "SELECT (SELECT COUNT(*) FROM Orders WHERE Id = @Id) AS Placed, " +
        "(SELECT Path FROM Sessions WHERE Id = @SessionId) AS SessionPath, " +
        "(SELECT Currency FROM Units WHERE Path = @ShopPath) AS Currency, " +
        "c.Id AS ClaimId, CASE WHEN c.ClaimedMicros IS NULL THEN 0 ELSE 1 END AS IsClaimed, c.Path AS ClaimPath, c.SessionId AS ClaimSessionId, c.ChannelId AS ClaimChannelId, c.GuideId AS ClaimGuideId, " +
        $"c.CustomerId AS ClaimCustomerId FROM (SELECT 1 AS One) o LEFT JOIN Coupons c ON c.Id IN {Sql.Ids}";

    internal const string ById = $"SELECT {Columns} FROM Orders WHERE Id = @Id";
    internal const string ByIdInScope = $"SELECT {Columns} FROM Orders WHERE Id = @Id AND {Visible}";

    internal const string Page =
        $"SELECT {Columns} FROM Orders WHERE Tenant = @Tenant AND Seq > @After AND {Visible} " +
        "AND (@SessionId IS NULL OR SessionId = @SessionId) AND (@Status IS NULL OR Status = @Status) " +
        $"ORDER BY Seq {Sql.Page}";

    internal const string LockByCoupons = $"UPDATE Orders SET Version = Version WHERE Id IN ({NamingCoupons})";
    internal const string ByCoupons = $"SELECT {Columns} FROM Orders WHERE Id IN ({NamingCoupons})";

    /// <summary>For the figures: whether a coupon was spent on the order, be it rolled back since.</summary>
    internal const string CountCoupons = $"UPDATE Orders SET IsCouponSpent = {IsCouponSpent} WHERE Id IN {Sql.Ids} AND IsCouponSpent <> {IsCouponSpent}";

    private const string NamingCoupons = $"SELECT OrderId FROM CouponUses WHERE CouponId IN {Sql.Ids} AND IsNamed = 1";

    private const string IsCouponSpent =
        "(CASE WHEN EXISTS (SELECT 1 FROM CouponUses u WHERE u.OrderId = Orders.Id AND u.IsNamed = 1 AND u.State IN ('Redeemed', 'RolledBack')) THEN 1 ELSE 0 END)";
}

internal static class OrderRejections
{
    internal static readonly RejectionKind NotFound = new("order.not_found", 404, "No such order within the caller's reach.");
    internal static readonly RejectionKind IdReused = new("order.id_reused", 409, "The id belongs to an order with other content.");
    internal static readonly RejectionKind SessionUnknown = new("order.session_unknown", 409, "The order names a session that the shop's unit does not take part in.");
    internal static readonly RejectionKind WrongCurrency = new("order.wrong_currency", 409, "The order is not in the shop's currency.");
    internal static readonly RejectionKind ReportIdReused = new("report.id_reused", 409, "The id belongs to a report with other content.");
    internal static readonly RejectionKind TooManyReports = new("order.too_many_reports", 409, "No order takes that many reports.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No order {id}.");
}

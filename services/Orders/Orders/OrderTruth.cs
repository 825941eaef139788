using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Orders;

namespace LiveCommerce.Orders.Orders;

/// <summary>What a shop can report of an order it placed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReportKind>))]
internal enum ReportKind
{
    Paid,
    Shipped,
    Delivered,
    Completed,
    Cancelled,

    /// <summary>Money given back; the only kind with an amount.</summary>
    Refunded,
}

/// <summary>One report. Its id makes it the same report however often it comes.</summary>
internal sealed record OrderReport(Guid ReportId, ReportKind Kind, DateTimeOffset At, long? RefundMinor);

/// <summary>
/// Where an order stands, as a pure function of the <em>set</em> of its reports: the order of their arrival, their
/// repetition and the gaps between them make no difference.
/// </summary>
internal sealed record OrderTruth
{
    public required OrderStatus Status { get; init; }

    /// <summary>A payment was reported, or something that only happens after one.</summary>
    public required bool WasPaid { get; init; }

    /// <summary>Minor units; the sum of the refunds, never above the payable amount.</summary>
    public required long RefundedMinor { get; init; }

    /// <summary>The earliest payment; if none was reported, the earliest report that presumes one.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? ShippedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>The latest refund.</summary>
    public DateTimeOffset? RefundedAt { get; init; }

    /// <summary>Recorded, without effect: money that was paid comes back by refunds only.</summary>
    public required bool IsCancelledAfterPayment { get; init; }

    /// <summary>More was reported as refunded than was payable.</summary>
    public required bool IsRefundedAbovePayable { get; init; }

    /// <param name="payableMinor">Minor units: lines less discount.</param>
    /// <param name="reports">In any order, with any repetition.</param>
    public static OrderTruth Fold(long payableMinor, IEnumerable<OrderReport> reports)
    {
        // Ids are checked against other content when reports come in; should two reporters still disagree, the choice must not hang on arrival.
        var set = reports.OrderBy(r => r.Kind).ThenBy(r => r.At).ThenBy(r => r.RefundMinor).DistinctBy(r => r.ReportId).ToList();
        var afterwards = First(set, r => r.Kind != ReportKind.Cancelled);
        var cancelledAt = First(set, r => r.Kind == ReportKind.Cancelled);
        var refunds = set.Where(r => r.Kind == ReportKind.Refunded).ToList();
        var refundedMinor = refunds.Sum(r => r.RefundMinor ?? 0);
        var (shippedAt, deliveredAt, completedAt) = (Of(set, ReportKind.Shipped), Of(set, ReportKind.Delivered), Of(set, ReportKind.Completed));
        var wasPaid = afterwards is not null;
        return new OrderTruth
        {
            Status = refunds.Count > 0 && refundedMinor >= payableMinor ? OrderStatus.Refunded
                : completedAt is not null ? OrderStatus.Completed
                : deliveredAt is not null ? OrderStatus.Delivered
                : shippedAt is not null ? OrderStatus.Shipped
                : wasPaid ? OrderStatus.Paid
                : cancelledAt is not null ? OrderStatus.Cancelled
                : OrderStatus.Placed,
            WasPaid = wasPaid,
            RefundedMinor = Math.Min(refundedMinor, payableMinor),
            PaidAt = Of(set, ReportKind.Paid) ?? afterwards,
            ShippedAt = shippedAt,
            DeliveredAt = deliveredAt,
            CompletedAt = completedAt,
            CancelledAt = cancelledAt,
            RefundedAt = refunds.Count == 0 ? null : refunds.Max(r => r.At),
            IsCancelledAfterPayment = wasPaid && cancelledAt is not null,
            IsRefundedAbovePayable = refundedMinor > payableMinor,
        };
    }

    private static DateTimeOffset? Of(List<OrderReport> set, ReportKind kind) => First(set, r => r.Kind == kind);

    private static DateTimeOffset? First(List<OrderReport> set, Func<OrderReport, bool> which) =>
        set.Where(which).Select(r => (DateTimeOffset?)r.At).Min();
}

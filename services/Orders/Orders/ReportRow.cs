using LiveCommerce.Kernel;

namespace LiveCommerce.Orders.Orders;

internal sealed record ReportRow
{
    public Guid ReportId { get; init; }

    public string ReporterPath { get; init; } = "";

    public ReportKind Kind { get; init; }

    public DateTimeOffset At { get; init; }

    public long? RefundMinor { get; init; }

    /// <summary>
    /// Reports may come before the order, when nobody knows yet whose it will be: those of a shop without authority over
    /// the order's shop are then left out.
    /// </summary>
    public bool CountsFor(OrderRow order) => UnitPath.Covers(ReporterPath, order.ShopPath);

    public OrderReport ToReport() => new(ReportId, Kind, At, RefundMinor);
}

internal static class ReportSql
{
    internal const string Insert =
        "INSERT INTO OrderReports (OrderId, ReportId, ReporterPath, Kind, At, RefundMinor, IsFolded) " +
        "VALUES (@OrderId, @ReportId, @ReporterPath, @Kind, @At, @RefundMinor, @IsFolded)";

    internal const string OfOrder = "SELECT ReportId, ReporterPath, Kind, At, RefundMinor FROM OrderReports WHERE OrderId = @OrderId";

    /// <summary>The row count says whether any came before the order; one that is just coming is waited for.</summary>
    internal const string TakeWaiting = "UPDATE OrderReports SET IsFolded = 1 WHERE OrderId = @Id";
}

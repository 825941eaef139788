using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Orders;

/// <summary>A shop tells what became of an order: late, twice, out of order, or before the order itself.</summary>
internal static class ReportOrder
{
    /// <summary>Reports an order takes, far more than any has.</summary>
    internal const int MostReports = 200;

    /// <param name="Kind">What happened.</param>
    /// <param name="At">When it happened in the shop.</param>
    /// <param name="RefundMinor">Minor units given back; with Refunded, and only with it.</param>
    internal sealed record Request(ReportKind Kind, DateTimeOffset At, long? RefundMinor = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Known(Kind, "/kind").Check((Kind == ReportKind.Refunded) == RefundMinor.HasValue,
                "/refundMinor", "report.refund_amount", "Required for a refund, and only for one.");
            if (RefundMinor is { } amount) faults.Range(amount, 1, PlaceOrder.MostMinor, "/refundMinor");
        }
    }

    /// <summary>The report is kept until its order comes.</summary>
    internal sealed record WaitingView(Guid OrderId, bool Waiting);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/orders/{orderId:guid}/reports/{reportId:guid}", async (
            Guid orderId, Guid reportId, Body<Request> body, Caller caller, ReportOrderHandler handler, CancellationToken ct) =>
        {
            var result = await handler.Handle(caller, orderId, reportId, body.Value, ct);
            if (!result.IsRejected && result.Value.Order is null)
                return ((Result<WaitingView>)new WaitingView(orderId, Waiting: true)).ToHttp(StatusCodes.Status202Accepted);
            var isNew = !result.IsRejected && result.Value.IsNew;
            return result.Map(r => r.Order!.ToView(r.Uses)).ToHttp(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        })
        .Describe(nameof(ReportOrder), "Takes a report under the shop's own id for it; safe to repeat.",
            "The order's state is a function of the set of its reports: neither their order nor repeats matter. " +
            "A report that comes before its order waits for it (202).")
        .Allow(Permission.ReportOrders)
        .Example(new Request(ReportKind.Refunded, new DateTimeOffset(2026, 11, 11, 12, 5, 0, TimeSpan.Zero), 5_000))
        .Gives<OrderView>(StatusCodes.Status201Created).Gives<OrderView>().Gives<WaitingView>(StatusCodes.Status202Accepted)
        .Rejects(OrderRejections.NotFound, OrderRejections.ReportIdReused, OrderRejections.TooManyReports);
}

/// <summary>The order after a report, if it is there, what is known of its coupons, and whether the report was new.</summary>
internal sealed record ReportedOrder(OrderRow? Order, IReadOnlyList<CouponUseRow> Uses, bool IsNew);

internal sealed class ReportOrderHandler(OrdersDb db)
{
    public Task<Result<ReportedOrder>> Handle(Caller caller, Guid orderId, Guid reportId, ReportOrder.Request body, CancellationToken ct) =>
        db.InTransaction<ReportedOrder>(caller.Write, async work =>
        {
            var order = await Lock(work, orderId);
            if (order is not null && !caller.Covers(order.ShopPath)) return OrderRejections.Unknown(orderId);
            var reports = await work.Query<ReportRow>(ReportSql.OfOrder, new { OrderId = orderId });
            var mine = new OrderReport(reportId, body.Kind, body.At, body.RefundMinor);
            if (reports.FirstOrDefault(r => r.ReportId == reportId && (r.ReporterPath == caller.Path || (order is not null && r.CountsFor(order)))) is { } seen)
            {
                return seen.ToReport() == mine
                    ? await Answer(work, order, isNew: false)
                    : OrderRejections.ReportIdReused.Because($"Report {reportId} was sent with other content.");
            }
            // Anybody may leave a report for an order that is yet to come; only those that may turn out to count fill its room.
            var counted = reports.Count(r => order is null ? UnitPath.SameChain(r.ReporterPath, caller.Path) : r.CountsFor(order));
            if (counted >= ReportOrder.MostReports) return OrderRejections.TooManyReports.Because($"Order {orderId} has {counted}.");
            await work.Execute(ReportSql.Insert, new
            {
                OrderId = orderId,
                ReportId = reportId,
                ReporterPath = caller.Path,
                Kind = body.Kind.ToString(),
                body.At,
                body.RefundMinor,
                IsFolded = order is not null,
            });
            // The order may be coming at this moment; it looks for reports after it is written, as this looks for it.
            order ??= await Lock(work, orderId);
            if (order is null || !caller.Covers(order.ShopPath)) return await Answer(work, null, isNew: true);
            var truth = OrderTruth.Fold(order.PayableMinor, reports.Where(r => r.CountsFor(order)).Select(r => r.ToReport()).Append(mine));
            var next = OrderNews.Advance(work, order, truth);
            if (next != order) await work.Execute(OrderSql.Update, next.ToParameters());
            return await Answer(work, next, isNew: true);
        }, ct);

    private static async Task<ReportedOrder> Answer(UnitOfWork work, OrderRow? order, bool isNew) =>
        new(order, order is null ? [] : await OrderCoupons.Read(work, order), isNew);

    private static async Task<OrderRow?> Lock(UnitOfWork work, Guid id) =>
        await work.Execute(OrderSql.Lock, new { Id = id }) == 0 ? null : await work.Find<OrderRow>(OrderSql.ById, new { Id = id });
}

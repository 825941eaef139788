using LiveCommerce.Contracts.Orders;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Orders.Attribution;

namespace LiveCommerce.Orders.Orders;

/// <summary>A shop tells of a new order.</summary>
internal static class PlaceOrder
{
    /// <summary>
    /// The largest order, in minor units: a sum over 90 million of them does not overflow.
    /// </summary>
    internal const long MostMinor = 100_000_000_000;

    /// <param name="ShopOrderNo">The shop's own number, 1 to 64 characters.</param>
    /// <param name="CustomerId">The shop's own id of the customer.</param>
    /// <param name="SessionId">The session it was ordered in, if the shop knows; else the coupon's claim tells.</param>
    /// <param name="ChannelId">The channel, if known.</param>
    /// <param name="GuideId">The shopping guide whose link led here; else the coupon's claim tells.</param>
    /// <param name="CouponId">The coupon to spend.</param>
    /// <param name="Currency">ISO 4217; the shop's unit's.</param>
    /// <param name="Lines">1 to 100.</param>
    /// <param name="DiscountMinor">Minor units taken off the lines; 0 to their sum.</param>
    /// <param name="PlacedAt">When the customer ordered.</param>
    internal sealed record Request(
        string ShopOrderNo, string CustomerId, string Currency, IReadOnlyList<Line> Lines, long DiscountMinor, DateTimeOffset PlacedAt,
        Guid? SessionId = null, Guid? ChannelId = null, string? GuideId = null, Guid? CouponId = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(ShopOrderNo, "/shopOrderNo", 64).Text(CustomerId, "/customerId", 64).Currency(Currency, "/currency")
                .OptionalText(GuideId, "/guideId", 64).Size(Lines, 1, 100, "/lines");
            for (var i = 0; i < Lines.Count; i++) Lines[i].Validate(faults, $"/lines/{i}");
            if (faults.Count > 0) return;
            var sum = LinesMinor;
            faults.Check(sum <= MostMinor, "/lines", "order.too_large", $"The lines must not come to more than {MostMinor} minor units.")
                .Range(DiscountMinor, 0, sum, "/discountMinor");
        }

        internal long LinesMinor => Lines.Sum(l => l.Quantity * l.UnitPriceMinor);
    }

    /// <param name="ProductCode">The product's code in the catalogue, 1 to 64 characters.</param>
    /// <param name="Quantity">1 to 1,000.</param>
    /// <param name="UnitPriceMinor">Minor units a piece, before any coupon.</param>
    internal sealed record Line(string ProductCode, int Quantity, long UnitPriceMinor)
    {
        internal void Validate(Faults faults, string pointer) => faults
            .Text(ProductCode, $"{pointer}/productCode", 64)
            .Range(Quantity, 1, 1000, $"{pointer}/quantity")
            .Range(UnitPriceMinor, 0, MostMinor, $"{pointer}/unitPriceMinor");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/orders/{orderId:guid}", async (Guid orderId, Body<Request> body, Caller caller, PlaceOrderHandler handler, CancellationToken ct) =>
        {
            var result = await handler.Handle(caller, orderId, body.Value, ct);
            var isNew = !result.IsRejected && result.Value.IsNew;
            return result.Map(r => r.Order.ToView()).ToHttp(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        })
        .Describe(nameof(PlaceOrder), "Takes a new order under the shop's own id for it; safe to repeat.")
        .Allow(Permission.ReportOrders)
        .Example(new Request("20261111-000042", "customer-7", "CNY", [new Line("10001", 2, 19_900)], 5_000, new DateTimeOffset(2026, 11, 11, 12, 5, 0, TimeSpan.Zero)))
        .Gives<OrderView>(StatusCodes.Status201Created).Gives<OrderView>()
        .Rejects(OrderRejections.IdReused, OrderRejections.SessionUnknown, OrderRejections.WrongCurrency);
}

/// <summary>An order, and whether this request made it.</summary>
internal sealed record PlacedOrder(OrderRow Order, bool IsNew);

internal sealed class PlaceOrderHandler(OrdersDb db)
{
    public Task<Result<PlacedOrder>> Handle(Caller caller, Guid id, PlaceOrder.Request body, CancellationToken ct)
    {
        // Whatever needs no database is done before the writer's turn.
        var asked = Ask(caller, id, body);
        return db.InTransaction<PlacedOrder>(caller.Write, async work =>
        {
            var setting = (await work.Find<SettingRow>(OrderSql.Setting, new { asked.Id, body.SessionId, asked.ShopPath, body.CouponId }))!;
            if (setting.Placed > 0) return await Repeat(work, asked);
            if (body.SessionId is { } session && (setting.SessionPath is null || !caller.Sees(setting.SessionPath)))
                return OrderRejections.SessionUnknown.Because($"No session {session} that {caller.Path} takes part in.");
            if (setting.Currency is { } currency && currency != body.Currency)
                return OrderRejections.WrongCurrency.Because($"{caller.Path} sells in {currency}.");
            var order = AttributeOrder.To(asked with { Path = setting.SessionPath ?? asked.Path }, setting.Claim);
            await work.Execute(OrderSql.Insert, order.ToParameters());
            work.Publish(new OrderPlaced(order.ToState()));
            if (body.CouponId is not null) order = await CatchUpWithCoupon(work, order, setting.Claim is not null);
            if (await work.Execute(ReportSql.TakeWaiting, new { order.Id }) > 0) order = await CatchUpWithReports(work, order);
            return new PlacedOrder(order, IsNew: true);
        }, ct);
    }

    private static OrderRow Ask(Caller caller, Guid id, PlaceOrder.Request body) => new()
    {
        Id = id,
        Version = 1,
        Status = OrderStatus.Placed,
        Tenant = UnitPath.Headquarters(caller.Path),
        Path = caller.Path,
        ShopPath = caller.Path,
        ShopOrderNo = body.ShopOrderNo,
        CustomerId = body.CustomerId,
        AttributedBy = body.SessionId is null ? AttributedBy.Shop : AttributedBy.Explicit,
        SessionId = body.SessionId,
        ChannelId = body.ChannelId,
        GuideId = body.GuideId,
        AskedChannelId = body.ChannelId,
        AskedGuideId = body.GuideId,
        CouponId = body.CouponId,
        Currency = body.Currency,
        Lines = Sql.Json(body.Lines),
        LinesMinor = body.LinesMinor,
        DiscountMinor = body.DiscountMinor,
        PayableMinor = body.LinesMinor - body.DiscountMinor,
        PlacedAt = body.PlacedAt,
    };

    private static async Task<Result<PlacedOrder>> Repeat(UnitOfWork work, OrderRow asked)
    {
        var order = (await work.Find<OrderRow>(OrderSql.ById, new { asked.Id }))!;
        var askedSession = order.AttributedBy == AttributedBy.Explicit ? order.SessionId : null;
        var same = order.ShopPath == asked.ShopPath && order.ShopOrderNo == asked.ShopOrderNo && order.CustomerId == asked.CustomerId
            && askedSession == asked.SessionId && order.AskedChannelId == asked.AskedChannelId && order.AskedGuideId == asked.AskedGuideId
            && order.CouponId == asked.CouponId && order.Currency == asked.Currency && order.Lines == asked.Lines
            && order.DiscountMinor == asked.DiscountMinor && order.PlacedAt == asked.PlacedAt;
        return same ? new PlacedOrder(order, IsNew: false) : OrderRejections.IdReused.Because($"Order {asked.Id} was placed with other content.");
    }

    /// <summary>
    /// The coupon's events may be there before the order, or be coming at this moment: looked for after the order is
    /// written, by statements that wait, while those events look for the order after they are written.
    /// </summary>
    private static async Task<OrderRow> CatchUpWithCoupon(UnitOfWork work, OrderRow order, bool isClaimKnown)
    {
        if (!isClaimKnown && await work.Execute(CouponSql.Lock, new { Id = order.CouponId }) > 0 &&
            await work.Find<CouponRow>(CouponSql.ClaimById, new { Id = order.CouponId }) is { } claim)
            order = await AttributeOrder.Again(work, order, claim);
        var use = new { OrderId = order.Id, order.CouponId };
        if (await work.Execute(CouponUseSql.Lock, use) == 0) return order;
        await work.Execute(CouponUseSql.CopyToOrder, use);
        return (await work.Find<OrderRow>(OrderSql.ById, new { order.Id }))!;
    }

    private static async Task<OrderRow> CatchUpWithReports(UnitOfWork work, OrderRow order)
    {
        var reports = await work.Query<ReportRow>(ReportSql.OfOrder, new { OrderId = order.Id });
        var truth = OrderTruth.Fold(order.PayableMinor, reports.Where(r => r.CountsFor(order)).Select(r => r.ToReport()));
        var next = OrderNews.Advance(work, order, truth);
        if (next != order) await work.Execute(OrderSql.Update, next.ToParameters());
        return next;
    }

    private sealed class SettingRow
    {
        public long Placed { get; init; }

        public string? SessionPath { get; init; }

        public string? Currency { get; init; }

        public Guid? ClaimId { get; init; }

        public string? ClaimPath { get; init; }

        public Guid? ClaimSessionId { get; init; }

        public Guid? ClaimChannelId { get; init; }

        public string? ClaimGuideId { get; init; }

        public string? ClaimCustomerId { get; init; }

        public CouponRow? Claim => ClaimId is null
            ? null
            : new CouponRow
            {
                Id = ClaimId.Value,
                Path = ClaimPath!,
                SessionId = ClaimSessionId,
                ChannelId = ClaimChannelId,
                GuideId = ClaimGuideId,
                CustomerId = ClaimCustomerId!,
            };
    }
}

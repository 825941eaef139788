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

    internal const int MostCoupons = 5;

    /// <param name="ShopOrderNo">The shop's own number, 1 to 64 characters.</param>
    /// <param name="CustomerId">The shop's own id of the customer.</param>
    /// <param name="SessionId">The session it was ordered in, if the shop knows; else the coupons' claims tell.</param>
    /// <param name="ChannelId">The channel, if known.</param>
    /// <param name="GuideId">The shopping guide whose link led here; else the coupons' claims tell.</param>
    /// <param name="CouponIds">The coupons to spend, all of them or none; up to 5, each once. For credit the first whose claim names a session counts.</param>
    /// <param name="Currency">ISO 4217; the shop's unit's.</param>
    /// <param name="Lines">1 to 100.</param>
    /// <param name="DiscountMinor">Minor units taken off the lines; 0 to their sum.</param>
    /// <param name="PlacedAt">When the customer ordered.</param>
    internal sealed record Request(
        string ShopOrderNo, string CustomerId, string Currency, IReadOnlyList<Line> Lines, long DiscountMinor, DateTimeOffset PlacedAt,
        Guid? SessionId = null, Guid? ChannelId = null, string? GuideId = null, IReadOnlyList<Guid>? CouponIds = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(ShopOrderNo, "/shopOrderNo", 64).Text(CustomerId, "/customerId", 64).Currency(Currency, "/currency")
                .OptionalText(GuideId, "/guideId", 64).Size(Lines, 1, 100, "/lines");
            if (CouponIds is not null) faults.Size(CouponIds, 0, MostCoupons, "/couponIds").Distinct(CouponIds, "/couponIds");
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
            return result.Map(r => r.Order.ToView(r.Uses)).ToHttp(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        })
        .Describe(nameof(PlaceOrder), "Takes a new order under the shop's own id for it; safe to repeat.",
            "An order gets all the coupons it names or none. If some are refused, the others of the order show coupon.refused_together.")
        .Allow(Permission.ReportOrders)
        .Example(new Request("20261111-000042", "customer-7", "CNY", [new Line("10001", 2, 19_900)], 5_000, new DateTimeOffset(2026, 11, 11, 12, 5, 0, TimeSpan.Zero)))
        .Gives<OrderView>(StatusCodes.Status201Created).Gives<OrderView>()
        .Rejects(OrderRejections.IdReused, OrderRejections.SessionUnknown, OrderRejections.WrongCurrency);
}

/// <summary>An order, what is known of its coupons, and whether this request made it.</summary>
internal sealed record PlacedOrder(OrderRow Order, IReadOnlyList<CouponUseRow> Uses, bool IsNew);

internal sealed class PlaceOrderHandler(OrdersDb db)
{
    public Task<Result<PlacedOrder>> Handle(Caller caller, Guid id, PlaceOrder.Request body, CancellationToken ct)
    {
        // Whatever needs no database is done before the writer's turn.
        var asked = Ask(caller, id, body);
        return db.InTransaction<PlacedOrder>(caller.Write, async work =>
        {
            var settings = await work.Query<SettingRow>(OrderSql.Setting, new { asked.Id, body.SessionId, asked.ShopPath, Ids = asked.CouponIds });
            var setting = settings[0];
            if (setting.Placed > 0) return await Repeat(work, asked);
            if (body.SessionId is { } session && (setting.SessionPath is null || !caller.Sees(setting.SessionPath)))
                return OrderRejections.SessionUnknown.Because($"No session {session} that {caller.Path} takes part in.");
            if (setting.Currency is { } currency && currency != body.Currency)
                return OrderRejections.WrongCurrency.Because($"{caller.Path} sells in {currency}.");
            var claims = settings.Select(s => s.Claim).OfType<CouponRow>().ToList();
            var order = AttributeOrder.To(asked with { Path = setting.SessionPath ?? asked.Path }, claims);
            await work.Execute(OrderSql.Insert, order.ToParameters());
            work.Publish(new OrderPlaced(order.ToState()));
            var uses = order.HasCoupons ? await NameCoupons(work, order) : [];
            if (claims.Count < order.Coupons.Count) order = await CatchUpWithClaims(work, order, claims);
            if (await work.Execute(ReportSql.TakeWaiting, new { order.Id }) > 0) order = await CatchUpWithReports(work, order);
            return new PlacedOrder(order, uses, IsNew: true);
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
        CouponIds = body.CouponIds is { Count: > 0 } ? Sql.Json(body.CouponIds) : OrderRow.NoCoupons,
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
            && order.CouponIds == asked.CouponIds && order.Currency == asked.Currency && order.Lines == asked.Lines
            && order.DiscountMinor == asked.DiscountMinor && order.PlacedAt == asked.PlacedAt;
        if (same) return new PlacedOrder(order, await OrderCoupons.Read(work, order), IsNew: false);
        return OrderRejections.IdReused.Because($"Order {asked.Id} was placed with other content.");
    }

    /// <summary>
    /// The coupons' uses may be there before the order, or be coming at this moment: looked for after the order is written,
    /// by statements that wait, while the reaction to them looks for the order after they are written.
    /// </summary>
    private static async Task<IReadOnlyList<CouponUseRow>> NameCoupons(UnitOfWork work, OrderRow order)
    {
        var coupons = order.Coupons;
        if (await work.Execute(CouponUseSql.InsertNamed, new { Rows = Sql.Json(coupons.Select(id => new { OrderId = order.Id, CouponId = id })) }) == coupons.Count)
            return [];
        await work.Execute(CouponUseSql.Name, new { OrderId = order.Id, Ids = order.CouponIds });
        await work.Execute(OrderSql.CountCoupons, new { Ids = Sql.Json(new[] { order.Id }) });
        return await OrderCoupons.Read(work, order);
    }

    /// <summary>Leaves word that the order waits for claims; one that came meanwhile, or is just coming, is used at once.</summary>
    private static async Task<OrderRow> CatchUpWithClaims(UnitOfWork work, OrderRow order, List<CouponRow> known)
    {
        var missing = order.Coupons.Except(known.Select(c => c.Id)).ToList();
        var ids = new { Ids = Sql.Json(missing) };
        if (await work.Execute(CouponSql.Lock, ids) < missing.Count)
            await work.Execute(CouponSql.InsertAwaited, new { Rows = Sql.Json(missing.Select(id => new { CouponId = id })) });
        var late = await work.Query<CouponRow>(CouponSql.ClaimsById, ids);
        return late.Count == 0 ? order : await AttributeOrder.Again(work, order, known.Concat(late));
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

        /// <summary>False for a coupon that is there, but whose claim was not heard of.</summary>
        public bool IsClaimed { get; init; }

        public string? ClaimPath { get; init; }

        public Guid? ClaimSessionId { get; init; }

        public Guid? ClaimChannelId { get; init; }

        public string? ClaimGuideId { get; init; }

        public string? ClaimCustomerId { get; init; }

        public CouponRow? Claim => ClaimId is null || !IsClaimed
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

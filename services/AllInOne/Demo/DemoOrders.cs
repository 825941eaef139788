namespace LiveCommerce.AllInOne.Demo;

/// <summary>An order the simulated shop will report, with all that becomes of it.</summary>
internal sealed record DemoOrder
{
    public required int Number { get; init; }

    public required Guid Id { get; init; }

    public required int Customer { get; init; }

    public Guid? SessionId { get; init; }

    public Guid? CouponId { get; init; }

    public string? GuideId { get; init; }

    /// <summary>Which shop reports it: -1 the headquarters', else a region's.</summary>
    public required int Shop { get; init; }

    public required IReadOnlyList<(DemoProduct Product, int Quantity)> Lines { get; init; }

    public bool IsPaid { get; init; }

    public long LinesMinor => Lines.Sum(l => l.Product.LivePriceMinor * l.Quantity);

    public long DiscountMinor => CouponId is null ? 0 : DemoSession.CouponMinor;

    public long PayableMinor => LinesMinor - DiscountMinor;

    /// <summary>Given back in the end: nothing, a part, or all of it.</summary>
    public long RefundMinor { get; init; }

    public bool IsRefundedInFull => RefundMinor == PayableMinor;
}

/// <summary>
/// The crowd, made up by a fixed rule: nine orders in ten name the session, one in twenty only carries a coupon claimed
/// there, one in twenty is a plain order of a region's shop; six in ten use a coupon, seven in ten came through a guide, one in
/// twelve is never paid, one paid order in twenty is refunded in part and one in thirty in full.
/// </summary>
internal static class DemoOrders
{
    public static IReadOnlyList<DemoOrder> Make(MainJob job, Guid sessionId, IReadOnlyList<DemoProduct> lineup)
    {
        var random = new Random(20261111);
        var orders = new List<DemoOrder>(job.Scale.Orders);
        for (var i = 0; i < job.Scale.Orders; i++)
        {
            var shopOnly = i % 20 == 19;
            var byClaim = i % 20 == 18;
            // Coupon users are the first customers, one order each; the others come from half as many, so that some buy twice.
            var withCoupon = !shopOnly && (byClaim || random.Next(10) < 6) && i < job.Scale.Customers;
            var lines = new List<(DemoProduct, int)>();
            do lines.Add((lineup[random.Next(lineup.Count)], 1 + random.Next(2)));
            while (lines.Sum(l => l.Item1.LivePriceMinor * l.Item2) < DemoSession.ThresholdMinor || random.Next(3) == 0);
            var order = new DemoOrder
            {
                Number = i,
                Id = job.Ids.Of("order", i),
                Customer = withCoupon ? i : random.Next(Math.Max(1, job.Scale.Customers / 2)),
                SessionId = shopOnly || (byClaim && withCoupon) ? null : sessionId,
                CouponId = withCoupon ? job.Ids.Of("claim", i) : null,
                GuideId = random.Next(10) < 7 ? $"guide-{random.Next(1, 40)}" : null,
                Shop = shopOnly ? i / 20 % job.Scale.Regions : -1,
                Lines = lines,
                IsPaid = i % 12 != 11,
            };
            if (order.IsPaid && i % 20 == 7) order = order with { RefundMinor = order.PayableMinor / 3 };
            if (order.IsPaid && i % 30 == 11 % 30) order = order with { RefundMinor = order.PayableMinor };
            orders.Add(order);
        }
        return orders;
    }
}

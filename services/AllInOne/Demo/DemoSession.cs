using System.Globalization;
using System.Text.Json.Nodes;

namespace LiveCommerce.AllInOne.Demo;

/// <summary>Step three: one session from warm-up to refunds, and what it came to.</summary>
internal sealed class DemoSession(MainJob job, DemoGroup group, DemoMonth month, DemoCatalogue catalogue)
{
    /// <summary>The campaign: 30 yuan off 200.</summary>
    public const long CouponMinor = 30_00;

    public const long ThresholdMinor = 200_00;

    private const int ItemsInLineup = 60;

    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(5);

    private readonly Api _planner = group.Headquarters.Member;
    private readonly List<DemoCheck> _checks = [];
    private Guid _campaignId;
    private IReadOnlyList<DemoProduct> _lineup = [];
    private long _secondClaimsRefused;

    public async Task<DemoOutcome> LiveThrough(Action<string, double> progress, CancellationToken ct)
    {
        Check("A double-booked host is refused", "session.conflict", month.DoubleBookingCode ?? "");
        Check("… and the session it collides with is named", true, month.DoubleBookingNamesTheOther);
        progress("Lineup, prices, campaign", 0);
        await PutTogether(ct);
        await StartCampaign(ct);
        await Postpone(ct);
        progress("Lineup, prices, campaign", 1);

        var customers = Enumerable.Range(0, job.Scale.Customers).ToList();
        await InParallel("Claims in the warm-up", customers, Claim, progress, ct);
        await SessionAction("go-live", ct);
        var orders = DemoOrders.Make(job, month.SessionId, _lineup);
        await InParallel("Orders on the air", orders, PlaceAndPay, progress, ct);
        await SessionAction("end", ct);
        await InParallel("Shipping and refunds", orders, ShipAndRefund, progress, ct);

        progress("Sums agree", 0);
        var outcome = await Agree(orders, ct);
        progress("Sums agree", 1);
        return outcome;
    }

    private async Task PutTogether(CancellationToken ct)
    {
        var byCode = catalogue.Products.ToDictionary(p => p.Code);
        var page = await MainJob.Heard(
            () => _planner.Get($"/lineups/products?limit={ItemsInLineup}", ct),
            a => a.Json!["items"]!.AsArray().Count == Math.Min(ItemsInLineup, catalogue.Products.Count), ct);
        var products = page.Json!["items"]!.AsArray().Select(i => (Id: (Guid)i!["id"]!, Product: byCode[(string)i["code"]!])).ToList();
        _lineup = [.. products.Select(p => p.Product)];
        var path = $"/lineups/sessions/{month.SessionId}";
        // 0 stands for "there is none yet"; a repeat of the run finds what it wrote before, and leaves it if it was done with it.
        var known = await _planner.Try(HttpMethod.Get, $"{path}/lineup", null, ct);
        if (!known.IsSuccess || (string?)known.Json!["status"] != "Final")
        {
            var lineup = await _planner.Put($"{path}/lineup", new
            {
                items = products.Select((p, i) => new
                {
                    productId = p.Id,
                    kind = i % 5 == 0 ? "Hot" : i % 10 == 9 ? "Benefit" : "Regular",
                    minutes = 3,
                    livePriceMinor = p.Product.LivePriceMinor,
                    liveStock = 10_000,
                    perCustomerLimit = 5,
                }),
            }, ct, ifMatch: known.IsSuccess ? $"\"{(long)known.Json!["version"]!}\"" : "\"0\"");
            var version = (long)lineup.Json!["version"]!;
            await _planner.Post($"{path}/lineup/finalize", job.Ids.Key($"finalize-{version}"), null, ct, ifMatch: $"\"{version}\"");
        }
        await _planner.Post($"{path}/price-list/publish", job.Ids.Key("price-list"), null, ct);
    }

    private async Task StartCampaign(CancellationToken ct)
    {
        var campaign = await _planner.Post("/coupons/campaigns", job.Ids.Key("campaign"), new
        {
            name = "30 off 200",
            ownerUnitId = group.Headquarters.Id,
            sessionId = month.SessionId,
            benefit = new { kind = "Threshold", steps = new[] { new { minimumSpendMinor = ThresholdMinor, amountMinor = CouponMinor } } },
            stock = job.Scale.Customers,
            perCustomerLimit = 1,
            claimWindow = new { opens = new { phase = "WarmUpStart" }, closes = new { phase = "LiveEnd" } },
            redemptionWindow = new { opens = new { phase = "LiveStart" }, closes = new { phase = "LiveEnd", offsetMinutes = 1440 } },
            lockMinutes = 30,
        }, ct);
        _campaignId = campaign.Id;
        await group.Admin.Post($"/coupons/campaigns/{_campaignId}/approve", job.Ids.Key("campaign/approve"), null, ct);
        await _planner.Post($"/coupons/campaigns/{_campaignId}/start", job.Ids.Key("campaign/start"), null, ct);
    }

    /// <summary>Nobody touches the coupons or the price list; both must move with the session.</summary>
    private async Task Postpone(CancellationToken ct)
    {
        var startsAt = month.StartsAt.AddHours(1);
        await _planner.Post($"/scheduling/sessions/{month.SessionId}/reschedule", job.Ids.Key("reschedule"), new { startsAt, endsAt = startsAt + month.Length }, ct);
        var campaign = await MainJob.Heard(() => _planner.Get($"/coupons/campaigns/{_campaignId}", ct), a => At(a.Json!["redemptionWindow"]!["opensAt"]) == startsAt, ct);
        var prices = await MainJob.Heard(() => _planner.Get($"/lineups/sessions/{month.SessionId}/price-list", ct), a => At(a.Json!["opensAt"]) == startsAt, ct);
        Check("Coupons follow the rescheduled session", startsAt, At(campaign.Json!["redemptionWindow"]!["opensAt"]));
        Check("The price list follows the rescheduled session", startsAt, At(prices.Json!["opensAt"]));
    }

    private Task SessionAction(string action, CancellationToken ct) =>
        _planner.Post($"/scheduling/sessions/{month.SessionId}/{action}", job.Ids.Key(action), null, ct);

    private async Task Claim(int customer, CancellationToken ct)
    {
        await group.Shop.Put($"/coupons/claims/{job.Ids.Of("claim", customer)}", ClaimBody(customer), ct);
        if (customer % 100 != 0) return;
        // Now and then the answer got lost and the shop asks again; or the customer wants a second one.
        await group.Shop.Put($"/coupons/claims/{job.Ids.Of("claim", customer)}", ClaimBody(customer), ct);
        var second = await group.Shop.Try(HttpMethod.Put, $"/coupons/claims/{job.Ids.Of("second-claim", customer)}", ClaimBody(customer), ct);
        if (!second.IsSuccess) Interlocked.Increment(ref _secondClaimsRefused);
    }

    private object ClaimBody(int customer) => new
    {
        campaignId = _campaignId,
        customerId = Customer(customer),
        sessionId = month.SessionId,
        channelId = group.Headquarters.ChannelId,
        guideId = ClaimGuide(customer),
    };

    private static string Customer(int number) => $"customer-{number}";

    private static string? ClaimGuide(int customer) => customer % 2 == 0 ? $"guide-{1 + customer % 40}" : null;

    private async Task PlaceAndPay(DemoOrder order, CancellationToken ct)
    {
        var shop = order.Shop < 0 ? group.Shop : group.RegionShops[order.Shop];
        var verdict = order.IsPaid ? "Paid" : "Cancelled";
        // Reports overtake the order they speak of, and come twice.
        if (order.Number % 25 == 3) await Report(shop, order, verdict, ct);
        await shop.Put($"/orders/orders/{order.Id}", new
        {
            shopOrderNo = $"SO-{order.Number:D6}",
            customerId = Customer(order.Customer),
            sessionId = order.SessionId,
            channelId = order.SessionId is null ? (Guid?)null : group.Headquarters.ChannelId,
            guideId = order.GuideId,
            couponIds = order.CouponId is { } coupon ? new[] { coupon } : [],
            currency = "CNY",
            lines = order.Lines.Select(l => new { productCode = l.Product.Code, quantity = l.Quantity, unitPriceMinor = l.Product.LivePriceMinor }),
            discountMinor = order.DiscountMinor,
            placedAt = job.Start,
        }, ct);
        await Report(shop, order, verdict, ct);
        if (order.Number % 10 == 2) await Report(shop, order, verdict, ct);
    }

    private async Task ShipAndRefund(DemoOrder order, CancellationToken ct)
    {
        if (!order.IsPaid) return;
        var shop = order.Shop < 0 ? group.Shop : group.RegionShops[order.Shop];
        if (order.Number % 7 == 0) await Report(shop, order, "Delivered", ct);
        await Report(shop, order, "Shipped", ct);
        await Report(shop, order, "Delivered", ct);
        if (order.RefundMinor > 0) await Report(shop, order, "Refunded", ct, order.RefundMinor);
    }

    private async Task Report(Api shop, DemoOrder order, string kind, CancellationToken ct, long? refundMinor = null) =>
        await shop.Put($"/orders/orders/{order.Id}/reports/{job.Ids.Of($"report/{kind}", order.Number)}", new { kind, at = job.Start, refundMinor }, ct);

    private async Task<DemoOutcome> Agree(IReadOnlyList<DemoOrder> orders, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var session = (await _planner.Get($"/orders/figures/sessions/{month.SessionId}", ct)).Json!;
            var tree = (await _planner.Get($"/orders/figures/units/{group.Headquarters.Id}", ct)).Json!;
            var campaign = (await _planner.Get($"/coupons/campaigns/{_campaignId}", ct)).Json!;
            var checks = new List<DemoCheck>(_checks);
            Compare(checks, orders, session, tree, campaign);
            AddUp(checks, tree, await OwnFigures(ct));
            var waited = TimeProvider.System.GetElapsedTime(since);
            if (checks.All(c => c.Holds) || waited > TimeSpan.FromSeconds(60))
            {
                checks.Add(new DemoCheck("Sums agree within 5 s of the last request", "yes", waited <= LongestSettling ? "yes" : $"no, after {waited.TotalSeconds:N1} s"));
                return new DemoOutcome(Figures(session, tree), checks, waited);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }
    }

    private void Compare(List<DemoCheck> checks, IReadOnlyList<DemoOrder> orders, JsonNode session, JsonNode tree, JsonNode campaign)
    {
        void Same(string what, long expected, JsonNode? found) => checks.Add(new DemoCheck(what, $"{expected:N0}", $"{(long?)found:N0}"));
        var inSession = orders.Where(o => o.SessionId is not null || o.CouponId is not null).ToList();
        var paid = inSession.Where(o => o.IsPaid).ToList();
        var gross = paid.Sum(o => o.PayableMinor);
        var refunds = paid.Sum(o => o.RefundMinor);
        Same("Claims = coupons of the campaign", job.Scale.Customers, campaign["claimed"]);
        Same("Claims as Orders counts them", job.Scale.Customers, session["claims"]);
        Same("Second claims refused", (job.Scale.Customers + 99) / 100, _secondClaimsRefused);
        Same("Coupons redeemed = paid orders with a coupon, less full refunds", paid.Count(o => o.CouponId is not null && !o.IsRefundedInFull), session["couponsRedeemed"]);
        Same("Orders placed", inSession.Count, session["ordersPlaced"]);
        Same("Orders paid", paid.Count, session["orders"]);
        Same("Orders cancelled", inSession.Count(o => !o.IsPaid), session["ordersCancelled"]);
        Same("Buyers", paid.Select(o => o.Customer).Distinct().Count(), session["buyers"]);
        Same("Gross, fen", gross, session["grossMinor"]);
        Same("Refunds, fen", refunds, session["refundedMinor"]);
        Same("Net = gross − refunds, fen", gross - refunds, session["netMinor"]);
        Same("Gross through guides, fen", paid.Where(o => Guide(o) is not null).Sum(o => o.PayableMinor), session["guideGrossMinor"]);
        Same("Tree gross, fen", orders.Where(o => o.IsPaid).Sum(o => o.PayableMinor), tree["grossMinor"]);
    }

    /// <summary>What each unit of the whole tree was credited with itself, by its own answer.</summary>
    private async Task<IReadOnlyList<JsonNode>> OwnFigures(CancellationToken ct)
    {
        var own = new List<JsonNode>();
        foreach (var unit in (DemoUnit[])[group.Headquarters, .. group.Regions, .. group.Resellers])
            own.Add((await _planner.Get($"/orders/figures/units/{unit.Id}", ct)).Json!["own"]!);
        return own;
    }

    private static void AddUp(List<DemoCheck> checks, JsonNode tree, IReadOnlyList<JsonNode> own)
    {
        foreach (var figure in (string[])["claims", "orders", "grossMinor", "netMinor", "couponsRedeemed"])
        {
            var total = (long)tree[figure]!;
            var parts = (long)tree["own"]![figure]! + tree["children"]!.AsArray().Sum(c => (long)c![figure]!);
            checks.Add(new DemoCheck($"Roll-up of {figure} = own + children", $"{parts:N0}", $"{total:N0}"));
            checks.Add(new DemoCheck($"Roll-up of {figure} = all {own.Count} units' own", $"{own.Sum(o => (long)o[figure]!):N0}", $"{total:N0}"));
        }
    }

    private static string? Guide(DemoOrder order) => order.GuideId ?? (order.CouponId is null ? null : ClaimGuide(order.Customer));

    private static List<(string, string)> Figures(JsonNode session, JsonNode tree)
    {
        static string Yuan(JsonNode? minor) => minor is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"¥{(decimal)minor / 100:N2}");
        static string Share(JsonNode? share) => share is null ? "–" : $"{(decimal)share:P1}";
        return
        [
            ("Claims", $"{(long)session["claims"]!:N0}"),
            ("Redemption rate", Share(session["redemptionRate"])),
            ("Orders paid", $"{(long)session["orders"]!:N0}"),
            ("Buyers", $"{(long)session["buyers"]!:N0}"),
            ("GMV gross", Yuan(session["grossMinor"])),
            ("GMV net of refunds", Yuan(session["netMinor"])),
            ("Average order value, per order", Yuan(session["averageOrderValueMinor"])),
            ("Average order value, per customer", Yuan(session["averageCustomerValueMinor"])),
            ("Share sold through guides", Share(session["guideShare"])),
            ("GMV gross of the whole tree", Yuan(tree["grossMinor"])),
        ];
    }

    private async Task InParallel<T>(string what, IReadOnlyList<T> items, Func<T, CancellationToken, Task> act, Action<string, double> progress, CancellationToken ct)
    {
        var done = 0;
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = job.Scale.Parallel, CancellationToken = ct }, async (item, token) =>
        {
            await act(item, token);
            var now = Interlocked.Increment(ref done);
            if (now % 50 == 0 || now == items.Count) progress(what, (double)now / items.Count);
        });
    }

    private void Check<T>(string what, T expected, T found) => _checks.Add(new DemoCheck(what, $"{expected}", $"{found}"));

    private static DateTimeOffset At(JsonNode? node) => node is null ? default : DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture).ToUniversalTime();
}

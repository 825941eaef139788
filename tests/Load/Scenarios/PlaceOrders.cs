using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>Every request a new order of three lines.</summary>
internal sealed class PlaceOrders : Scenario
{
    private long _orders;

    public override string Expected => "201";

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        // The service needs to know the unit before it takes its orders.
        await tenant.SendOnceKnown(HttpMethod.Get, $"/orders/figures/units/{tenant.HeadquartersId}");
    }

    public override Call? Next(int connection)
    {
        var clock = TimeProvider.System;
        var number = Interlocked.Increment(ref _orders);
        return new Call(
            "PUT",
            $"/orders/orders/{clock.NewId()}",
            $$"""
            {"shopOrderNo":"shop-{{number}}","customerId":"customer-{{number}}","currency":"CNY","lines":[{"productCode":"skirt-1","quantity":1,"unitPriceMinor":19900},{"productCode":"sweater-2","quantity":2,"unitPriceMinor":29900},{"productCode":"scarf-3","quantity":1,"unitPriceMinor":9900}],"discountMinor":0,"placedAt":"{{clock.Now():O}}"}
            """);
    }

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var accepted = all.Count(Expected);
        var placed = (long)(await tenant.Send(HttpMethod.Get, $"/orders/figures/units/{tenant.HeadquartersId}"))["ordersPlaced"]!;
        return new Verdict(0, accepted == placed ? [] : [$"{accepted} orders were accepted, but the figures count {placed}"]);
    }
}

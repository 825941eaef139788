using System.Collections.Concurrent;
using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>
/// Two requests an order: it locks a coupon for its cart, and redeems it. The coupons are claimed before each turn,
/// outside the measured time.
/// </summary>
internal sealed class LockAndRedeem : Scenario
{
    /// <summary>Orders a second no turn is expected to exceed at first; later turns go by those before them.</summary>
    private const double FirstGuess = 8_000;

    private readonly ConcurrentQueue<(Guid Coupon, string Customer)> _coupons = [];
    private readonly ConcurrentDictionary<int, Guid> _locked = [];
    private Guid _campaign;
    private long _customers;
    private double _perSecond = FirstGuess;
    private (int Coupons, TimeSpan Time)? _turn;

    public override string Expected => "200";

    public override int Connections => 128;

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        _campaign = await Campaigns.Start(tenant, Campaigns.LargeStock);
    }

    public override async Task PrepareTurn(IReadOnlyList<HttpConnection> connections, TimeSpan turn)
    {
        if (_turn is var (had, time)) _perSecond = Math.Max(1_000, 2 * (had - _coupons.Count) / time.TotalSeconds);
        var left = (long)(_perSecond * turn.TotalSeconds) - _coupons.Count;
        var claims = new (Guid Coupon, string Customer)[connections.Count];
        var seen = await Measurement.Run(connections, TimeSpan.FromMinutes(10), i =>
        {
            if (claims[i].Customer is not null) _coupons.Enqueue(claims[i]);
            claims[i] = default;
            if (Interlocked.Decrement(ref left) < 0) return null;
            claims[i] = (TimeProvider.System.NewId(), $"customer-{Interlocked.Increment(ref _customers)}");
            return Campaigns.Claim(_campaign, claims[i].Customer, claims[i].Coupon);
        });
        if (seen.Except("201") > 0) throw new InvalidOperationException($"Not every claim was accepted: {string.Join(", ", seen.Answers)}.");
        _turn = (_coupons.Count, turn);
    }

    public override Call? Next(int connection)
    {
        if (_locked.TryRemove(connection, out var order)) return new Call("POST", $"/coupons/redemptions/{order}/redeem");
        if (!_coupons.TryDequeue(out var held)) return null;
        _locked[connection] = order = TimeProvider.System.NewId();
        return new Call(
            "PUT",
            $"/coupons/redemptions/{order}",
            $$"""{"couponIds":["{{held.Coupon}}"],"customerId":"{{held.Customer}}","lines":[{"productCode":"skirt-1","quantity":1,"unitPriceMinor":19900},{"productCode":"sweater-2","quantity":2,"unitPriceMinor":29900}]}""");
    }
}

using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>
/// Every request a new customer who claims a coupon of the same campaign. Afterwards a campaign of small stock is
/// hammered far beyond it: what was claimed is counted on both sides.
/// </summary>
internal sealed class ClaimCoupons : Scenario
{
    private const long LargeStock = 1_000_000_000;
    private const long SmallStock = 1_000;
    private const long SmallRequests = 5_000;

    private Guid _campaign;
    private long _customers;

    public override string Expected => "201";

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        _campaign = await StartCampaign(tenant, LargeStock);
    }

    public override Call Next() => Claim(_campaign);

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var faults = new List<string>();
        var oversold = await Compare(tenant, _campaign, LargeStock, all, faults);

        var small = await StartCampaign(tenant, SmallStock);
        var left = SmallRequests;
        var scarce = await Measurement.Run(connections, TimeSpan.FromMinutes(1), () => Interlocked.Decrement(ref left) >= 0 ? Claim(small) : null);
        oversold += await Compare(tenant, small, SmallStock, scarce, faults);
        var accepted = scarce.Answers.GetValueOrDefault(Expected);
        if (accepted < SmallStock) faults.Add($"only {accepted} of a stock of {SmallStock} were claimed by {scarce.Requests} customers");
        foreach (var (answer, count) in scarce.Answers.Where(a => a.Key != Expected && a.Key != "409 claim.out_of_stock"))
            faults.Add($"{count} claims of the small stock answered {answer}");
        return new Verdict(oversold, faults);
    }

    private static async Task<Guid> StartCampaign(Tenant tenant, long stock)
    {
        var now = TimeProvider.System.Now();
        var window = new { opens = new { at = now.AddMinutes(-1) }, closes = new { at = now.AddDays(1) } };
        var campaign = await tenant.SendOnceKnown(HttpMethod.Post, "/coupons/campaigns", new
        {
            name = $"Stock of {stock}",
            ownerUnitId = tenant.HeadquartersId,
            benefit = new { kind = "AmountOff", amountMinor = 1000 },
            stock,
            perCustomerLimit = 1,
            claimWindow = window,
            redemptionWindow = window,
        });
        var id = (Guid)campaign["id"]!;
        await tenant.AsAdmin(HttpMethod.Post, $"/coupons/campaigns/{id}/approve");
        await tenant.Send(HttpMethod.Post, $"/coupons/campaigns/{id}/start");
        return id;
    }

    private async Task<long> Compare(Tenant tenant, Guid campaign, long stock, Measurement seen, List<string> faults)
    {
        var accepted = seen.Answers.GetValueOrDefault(Expected);
        var claimed = (long)(await tenant.Send(HttpMethod.Get, $"/coupons/campaigns/{campaign}"))["claimed"]!;
        if (accepted != claimed) faults.Add($"{accepted} claims were accepted, but the campaign counts {claimed}");
        return Math.Max(0, Math.Max(accepted, claimed) - stock);
    }

    private Call Claim(Guid campaign) => new(
        "PUT",
        $"/coupons/claims/{TimeProvider.System.NewId()}",
        $$"""{"campaignId":"{{campaign}}","customerId":"customer-{{Interlocked.Increment(ref _customers)}}"}""");
}

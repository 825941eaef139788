namespace LiveCommerce.Load.Scenarios;

/// <summary>
/// Every request a new customer who claims a coupon of one of some campaigns. Afterwards a campaign of small stock is
/// hammered far beyond it: what was claimed is counted on both sides.
/// </summary>
/// <param name="campaigns">So many, in turn.</param>
/// <param name="existing">So many coupons of other campaigns and customers are in the table before.</param>
internal sealed class ClaimCoupons(int campaigns, long existing) : Scenario
{
    private const long SmallStock = 1_000;
    private const long SmallRequests = 5_000;

    private readonly List<Guid> _campaigns = [];
    private long _customers;

    public override string Expected => "201";

    public override int Connections => 128;

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        while (_campaigns.Count < campaigns) _campaigns.Add(await Campaigns.Start(tenant, Campaigns.LargeStock));
        if (existing > 0) ExistingCoupons.Fill(tenant.DataFolder, existing);
    }

    public override Call? Next(int connection)
    {
        var customer = Interlocked.Increment(ref _customers);
        return Campaigns.Claim(_campaigns[(int)(customer % _campaigns.Count)], $"customer-{customer}");
    }

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var faults = new List<string>();
        var oversold = await Compare(tenant, _campaigns, Campaigns.LargeStock, all, faults);

        var small = await Campaigns.Start(tenant, SmallStock);
        var left = SmallRequests;
        var scarce = await Measurement.Run(
            connections, TimeSpan.FromMinutes(1), c => Interlocked.Decrement(ref left) >= 0 ? Campaigns.Claim(small, $"late-{Interlocked.Increment(ref _customers)}") : null);
        oversold += await Compare(tenant, [small], SmallStock, scarce, faults);
        var accepted = scarce.Count(Expected);
        if (accepted < SmallStock) faults.Add($"only {accepted} of a stock of {SmallStock} were claimed by {scarce.Requests} customers");
        foreach (var (answer, count) in scarce.Answers.Where(a => a.Key != Expected && a.Key != ClaimExhausted.OutOfStock))
            faults.Add($"{count} claims of the small stock answered {answer}");
        return new Verdict(oversold, faults);
    }

    private async Task<long> Compare(Tenant tenant, IReadOnlyList<Guid> from, long stock, Measurement seen, List<string> faults)
    {
        var (accepted, claimed, oversold) = (seen.Count(Expected), 0L, 0L);
        foreach (var campaign in from)
        {
            var taken = await Campaigns.Claimed(tenant, campaign);
            (claimed, oversold) = (claimed + taken, oversold + Math.Max(0, taken - stock));
        }
        if (accepted != claimed) faults.Add($"{accepted} claims were accepted, but the campaigns count {claimed}");
        return Math.Max(oversold, Math.Max(0, accepted - (stock * from.Count)));
    }
}

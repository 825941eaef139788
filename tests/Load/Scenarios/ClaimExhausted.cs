namespace LiveCommerce.Load.Scenarios;

/// <summary>Every request a new customer who is too late: the one coupon of the campaign is gone.</summary>
internal sealed class ClaimExhausted : Scenario
{
    public const string OutOfStock = "409 claim.out_of_stock";

    private Guid _campaign;
    private long _customers;

    public override string Expected => OutOfStock;

    public override int Connections => 128;

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        _campaign = await Campaigns.Start(tenant, stock: 1);
        await tenant.AsShop(Campaigns.Claim(_campaign, "first"));
    }

    public override Call? Next(int connection) => Campaigns.Claim(_campaign, $"customer-{Interlocked.Increment(ref _customers)}");

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var claimed = await Campaigns.Claimed(tenant, _campaign);
        return new Verdict(claimed - 1, claimed == 1 ? [] : [$"the campaign of stock 1 counts {claimed} claims"]);
    }
}

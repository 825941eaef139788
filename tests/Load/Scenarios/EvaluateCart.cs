namespace LiveCommerce.Load.Scenarios;

/// <summary>Every request asks what a cart of 20 lines costs with the coupons one customer has, each of a campaign of its own.</summary>
/// <param name="coupons">How many the customer has.</param>
internal sealed class EvaluateCart(int coupons) : Scenario
{
    private const string Customer = "customer-1";
    private const int Groups = 5;

    private static readonly object[] Benefits =
    [
        new { kind = "AmountOff", amountMinor = 1500 },
        new { kind = "PercentOff", percent = 10, capMinor = 8000 },
        new { kind = "Threshold", steps = new[] { new { minimumSpendMinor = 10_000, amountMinor = 800 }, new { minimumSpendMinor = 30_000, amountMinor = 4000 } } },
        new { kind = "AmountOff", amountMinor = 3000, minimumSpendMinor = 25_000 },
        new { kind = "Gift", gift = new { productCode = "scarf-3", quantity = 1, worthMinor = 5900 } },
    ];

    private static readonly string Cart =
        $$"""{"customerId":"{{Customer}}","lines":[{{string.Join(',', Enumerable.Range(1, 20).Select(i => $$"""{"productCode":"sku-{{i}}","quantity":{{1 + (i % 3)}},"unitPriceMinor":{{900 + (137 * i)}}}"""))}}]}""";

    public override string Expected => "200";

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        for (var i = 0; i < coupons; i++)
        {
            // Every sixth combines with none.
            var group = i % (Groups + 1) == Groups ? null : $"group-{i % (Groups + 1)}";
            await tenant.AsShop(Campaigns.Claim(await Campaigns.Start(tenant, Campaigns.LargeStock, Benefits[i % Benefits.Length], group), Customer));
        }
    }

    public override Call? Next(int connection) => new Call("POST", "/coupons/evaluations", Cart);

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var answer = await tenant.AsShop(Next(0)!.Value);
        var (seen, discount) = (answer["coupons"]!.AsArray().Count, (long)answer["best"]!["discountMinor"]!);
        var faults = new List<string>();
        if (seen != coupons) faults.Add($"{seen} coupons were weighed instead of {coupons}");
        if (discount <= 0) faults.Add("the best choice takes nothing off");
        return new Verdict(0, faults);
    }
}

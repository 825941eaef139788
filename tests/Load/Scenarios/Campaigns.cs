using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>Campaigns for scenarios to claim from, and their count of what was claimed.</summary>
internal static class Campaigns
{
    /// <summary>More than any run can take.</summary>
    public const long LargeStock = 1_000_000_000;

    private static readonly object AmountOff = new { kind = "AmountOff", amountMinor = 1000 };

    /// <summary>Creates a campaign, has it approved and starts it.</summary>
    /// <param name="tenant">Whose headquarters owns it.</param>
    /// <param name="stock">Its stock; a customer may claim one.</param>
    /// <param name="benefit">As in the API; absent: 10.00 off.</param>
    /// <param name="group">Coupons of different groups combine, those of one exclude each other; null: combines with none.</param>
    public static async Task<Guid> Start(Tenant tenant, long stock, object? benefit = null, string? group = null)
    {
        var now = TimeProvider.System.Now();
        var window = new { opens = new { at = now.AddMinutes(-1) }, closes = new { at = now.AddDays(1) } };
        var body = new Dictionary<string, object>
        {
            ["name"] = $"Stock of {stock}",
            ["ownerUnitId"] = tenant.HeadquartersId,
            ["benefit"] = benefit ?? AmountOff,
            ["stock"] = stock,
            ["perCustomerLimit"] = 1,
            ["claimWindow"] = window,
            ["redemptionWindow"] = window,
        };
        if (group is not null) body["stacking"] = new { group };
        var id = (Guid)(await tenant.SendOnceKnown(HttpMethod.Post, "/coupons/campaigns", body))["id"]!;
        await tenant.AsAdmin(HttpMethod.Post, $"/coupons/campaigns/{id}/approve");
        await tenant.Send(HttpMethod.Post, $"/coupons/campaigns/{id}/start");
        return id;
    }

    public static async Task<long> Claimed(Tenant tenant, Guid campaign) =>
        (long)(await tenant.Send(HttpMethod.Get, $"/coupons/campaigns/{campaign}"))["claimed"]!;

    public static Call Claim(Guid campaign, string customer) => Claim(campaign, customer, TimeProvider.System.NewId());

    public static Call Claim(Guid campaign, string customer, Guid coupon) =>
        new("PUT", $"/coupons/claims/{coupon}", $$"""{"campaignId":"{{campaign}}","customerId":"{{customer}}"}""");
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;

namespace LiveCommerce.Coupons.Tests.Carts;

/// <summary>Numbers a property can make up and make smaller; what they mean is said here.</summary>
internal sealed record LinePlan(byte Product, byte Quantity, ushort Price, byte Scale);

internal sealed record CouponPlan(byte Campaign, byte Kind, byte Scale, ushort Amount, byte Percent, ushort Minimum, byte Scope, byte Group, byte Priority);

internal static class CartPlan
{
    internal static readonly Guid Session = Id(900);
    private static readonly string[] Categories = ["Apparel", "Apparel/Topwear", "Apparel/Topwear/Shirts", "Footwear"];
    private static readonly long?[] Floors = [null, 5, 50, null, 3_000, 50_000_000_000, null, 50];

    internal static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    internal static Cart Cart(IEnumerable<LinePlan> plans, int most = 8) => new([.. plans.Take(most).Select(Line)], Session);

    /// <summary>A product has one brand, category and floor; its price may differ between lines.</summary>
    internal static PricedLine Line(LinePlan plan)
    {
        var product = plan.Product % Floors.Length;
        // Half of the products with a floor are sold close to it, so that it gets in the way.
        var price = Floors[product] is { } floor && plan.Scale / 4 % 2 == 1 ? floor + plan.Price % (floor / 4 + 2) : Scaled(plan.Price, plan.Scale);
        var line = new CartLine($"P{product}", plan.Quantity % 5 + 1, price);
        return PricedLine.Of(line, product == 6 ? null : Id(product % 3), product == 7 ? null : Categories[product % 4], Floors[product]);
    }

    /// <summary>Coupons of one campaign have the terms of its first.</summary>
    internal static CartCoupon[] Coupons(IEnumerable<CouponPlan> plans, int most = 6)
    {
        var campaigns = new Dictionary<int, CartCoupon>();
        var coupons = new List<CartCoupon>();
        foreach (var plan in plans.Take(most))
        {
            var campaign = plan.Campaign % 9;
            if (!campaigns.ContainsKey(campaign))
                campaigns[campaign] = new CartCoupon(Guid.Empty, Id(100 + campaign), Terms(plan), ScopeOf(plan.Scope), new Stacking(plan.Group % 9 == 8 ? null : $"g{plan.Group % 9}", plan.Priority % 3 - 1));
            coupons.Add(campaigns[campaign] with { CouponId = Id(1_000 - coupons.Count) });
        }
        return [.. coupons];
    }

    private static Benefit Terms(CouponPlan plan)
    {
        var amount = 1 + Scaled(plan.Amount, plan.Scale);
        long? minimum = plan.Minimum % 2 == 0 ? null : 1 + Scaled(plan.Minimum, (byte)(plan.Scale / 4));
        return (plan.Kind % 5) switch
        {
            0 or 1 => new Benefit(BenefitKind.AmountOff, AmountMinor: amount, MinimumSpendMinor: minimum),
            2 => new Benefit(BenefitKind.PercentOff, Percent: plan.Percent % 100 + 1, CapMinor: amount, MinimumSpendMinor: minimum),
            3 => new Benefit(BenefitKind.Threshold, Steps: [new(amount + plan.Minimum + 1, amount), new(2 * amount + 3 * plan.Minimum + 4, 2 * amount)]),
            _ => new Benefit(BenefitKind.Gift, Gift: new Gift("MUG", 1, amount), MinimumSpendMinor: minimum),
        };
    }

    private static CampaignScope? ScopeOf(byte scope) => (scope % 8) switch
    {
        0 => new CampaignScope { Categories = ["Apparel"] },
        1 => new CampaignScope { Categories = ["Apparel/Topwear"], BrandIds = [Id(0)] },
        2 => new CampaignScope { ProductCodes = ["P1", "P4", "P6"] },
        3 => new CampaignScope { BrandIds = [Id(1), Id(2)] },
        4 => new CampaignScope { SessionIds = [Session] },
        5 => new CampaignScope { SessionIds = [Id(901)] },
        _ => null,
    };

    private static long Scaled(ushort value, byte scale) => (scale % 4) switch
    {
        0 => value % 10,
        1 => value % 300,
        2 => value,
        _ => value * 2_000_000L,
    };
}

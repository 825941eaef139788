using LiveCommerce.Coupons.Carts;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Tests.Carts;

internal sealed class CartLineTests
{
    [Test]
    public void ACartHasOneToAHundredLines()
    {
        Assert.That(Faults([]), Is.EqualTo(new[] { "/lines list.length" }));
        Assert.That(Faults(Lines(100)), Is.Empty);
        Assert.That(Faults(Lines(101)), Is.EqualTo(new[] { "/lines list.length" }));
    }

    [Test]
    public void EveryFaultOfALine_IsListed() => Assert.That(
        Faults([new("A", 1, 0), new("", 0, -1), new(new string('x', 65), 1001, Money.MaxMinor + 1)]),
        Is.EqualTo(new[]
        {
            "/lines/1/productCode text.invalid", "/lines/1/quantity number.out_of_range", "/lines/1/unitPriceMinor money.out_of_range",
            "/lines/2/productCode text.invalid", "/lines/2/quantity number.out_of_range", "/lines/2/unitPriceMinor money.out_of_range",
        }));

    [Test]
    public void TheWholeCart_IsAnAmountOfMoney()
    {
        Assert.That(Faults([new("A", 1000, Money.MaxMinor / 1000)]), Is.Empty);
        Assert.That(Faults([new("A", 1000, Money.MaxMinor / 1000), new("B", 1, 1)]), Is.EqualTo(new[] { "/lines money.out_of_range" }));
        Assert.That(Faults([.. Enumerable.Repeat(new CartLine("A", 1000, Money.MaxMinor), 100)]), Is.EqualTo(new[] { "/lines money.out_of_range" }), "no overflow");
    }

    [Test]
    public void AmountAndFloor_AreForAllPieces() => Assert.That(
        PricedLine.Of(new CartLine("A", 3, 500), category: "Apparel", floorPriceMinor: 200),
        Is.EqualTo(new PricedLine("A", 1500, 600, null, "Apparel")));

    private static CartLine[] Lines(int count) => [.. Enumerable.Range(0, count).Select(i => new CartLine($"P{i}", 1, 100))];

    private static IEnumerable<string> Faults(CartLine[] lines)
    {
        var faults = new Faults();
        CartLine.Validate(lines, faults, "/lines");
        return faults.List.Select(f => $"{f.Pointer} {f.Code}");
    }
}

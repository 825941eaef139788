using System.Text;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Lineups.Tests;

internal sealed class ProductNewsTests
{
    [Test]
    public async Task AnImportTellsWhatItAddedAndChanged_AndNothingElse()
    {
        await using var world = await World.Start();
        var told = world.Listen<ProductsChanged>();
        await Import(world, "code,name,brand,masterCategory,subCategory,listPriceMinor,floorPriceMinor\nA,Coat,nordic,Apparel,Topwear,10000,6000\nB,Scarf,,,,5000,\n");
        Assert.That(Lines(told), Is.EqualTo(new[] { $"/aurora/ A 1 {world.BrandId} Apparel/Topwear 6000", "/aurora/ B 1   " }));

        told.Clear();
        await Import(world, "code,name,floorPriceMinor\nA,Coat,6000\nB,Scarf,3000\nC,Sample,\n");
        Assert.That(Lines(told), Is.EqualTo(new[] { "/aurora/ B 2   3000", "/aurora/ C 1   " }), "A is as it was");

        told.Clear();
        await Import(world, "code,name\nA,Winter coat\nB,Scarf\n");
        Assert.That(Lines(told), Is.EqualTo(new[] { $"/aurora/ A 2 {world.BrandId} Apparel/Topwear 6000" }), "whatever changed, its version rises");
    }

    [Test]
    public async Task AnImportThatChangesNothing_OrIsRefused_TellsNothing()
    {
        await using var world = await World.Start();
        await Import(world, World.Catalogue);
        var told = world.Listen<ProductsChanged>();
        await Import(world, World.Catalogue);
        await world.Import(World.Catalogue + "E,New,1,2,\n");
        await world.Host.Settle();
        Assert.That(told, Is.Empty);
    }

    [Test]
    public async Task ALargeImport_IsToldInMessagesOfFiveHundred_EachProductOnce()
    {
        await using var world = await World.Start();
        var told = world.Listen<ProductsChanged>();
        await Import(world, Many(1_234));
        Assert.That(told.Select(m => m.Products.Count).Order(), Is.EqualTo(new[] { 234, 500, 500 }));
        Assert.That(told.SelectMany(m => m.Products).Select(p => p.Code).Distinct().Count(), Is.EqualTo(1_234));
    }

    [Test]
    public async Task RepublishingTellsAllProducts_OfEveryHeadquarters_AtTheVersionsTheyHave()
    {
        await using var world = await World.Start();
        await Import(world, Many(700));
        await Import(world, "code,name\nP0,Renamed\n");
        await world.Products(at: World.Foreign);
        var told = world.Listen<ProductsChanged>();
        Assert.That((await world.At("/", Role.Operator).Post("/lineups/operations/republish")).Status, Is.EqualTo(202));
        await world.Host.Settle();
        Assert.That(told.Where(m => m.HeadquartersPath == World.Hq).SelectMany(m => m.Products).ToDictionary(p => p.Code, p => p.Version),
            Is.EquivalentTo(Enumerable.Range(0, 700).ToDictionary(i => $"P{i}", i => i == 0 ? 2L : 1L)));
        Assert.That(told.Where(m => m.HeadquartersPath == World.Foreign).SelectMany(m => m.Products).Select(p => p.Code), Is.EquivalentTo(new[] { "A", "B", "C", "D" }));
        Assert.That(told.Select(m => m.Products.Count), Is.All.LessThanOrEqualTo(500));
    }

    private static async Task Import(World world, string csv)
    {
        Assert.That((await world.Import(csv)).Status, Is.EqualTo(200));
        await world.Host.Settle();
    }

    private static string Many(int count)
    {
        var csv = new StringBuilder("code,name\n");
        for (var i = 0; i < count; i++) csv.Append($"P{i},Product {i}\n");
        return csv.ToString();
    }

    private static IEnumerable<string> Lines(IEnumerable<ProductsChanged> told) => told
        .SelectMany(m => m.Products.Select(p => $"{m.HeadquartersPath} {p.Code} {p.Version} {p.BrandId} {p.Category} {p.FloorPriceMinor}")).Order(StringComparer.Ordinal);
}

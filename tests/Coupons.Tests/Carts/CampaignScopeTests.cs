using System.Text.Json;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Tests.Carts;

internal sealed class CampaignScopeTests
{
    private static readonly Guid Brand = new(1, 0, 0, new byte[8]);
    private static readonly Guid Other = new(2, 0, 0, new byte[8]);

    [Test]
    public void ALine_CountsIfAnyListNamesIt()
    {
        var scope = new CampaignScope { BrandIds = [Brand], Categories = ["Apparel/Topwear"], ProductCodes = ["A1"] };
        Assert.That(scope.Covers("B2", Brand, null));
        Assert.That(scope.Covers("B2", Other, "Apparel/Topwear"));
        Assert.That(scope.Covers("A1", null, null));
        Assert.That(scope.Covers("B2", Other, "Footwear"), Is.False);
        Assert.That(scope.Covers("a1", null, null), Is.False, "codes are compared as they are");
    }

    [TestCase("Apparel", "Apparel", true)]
    [TestCase("Apparel", "Apparel/Topwear/Shirts", true)]
    [TestCase("Apparel/Topwear", "Apparel/Topwear/Shirts", true)]
    [TestCase("Apparel/Topwear", "Apparel", false)]
    [TestCase("Apparel/Top", "Apparel/Topwear", false)]
    [TestCase("Topwear", "Apparel/Topwear", false)]
    [TestCase("Apparel", null, false)]
    public void ACategory_CoversItselfAndWhatIsBelow(string named, string? category, bool covered) =>
        Assert.That(new CampaignScope { Categories = [named] }.Covers("X", null, category), Is.EqualTo(covered));

    [Test]
    public void AListThatIsNotGiven_LimitsNothing()
    {
        var scope = new CampaignScope();
        Assert.That(scope.CoversEveryLine() && scope.Covers("X", null, null) && scope.CoversSession(null) && scope.CoversChannel(Other) && scope.CoversSegments([]));
        Assert.That(new CampaignScope { SessionIds = [Brand] }.CoversEveryLine(), "where it is sold is not what is sold");
    }

    [Test]
    public void SessionChannelAndSegment_MustBeNamed()
    {
        var scope = new CampaignScope { SessionIds = [Brand], ChannelIds = [Brand], Segments = ["gold", "staff"] };
        Assert.That((scope.CoversSession(Brand), scope.CoversSession(Other), scope.CoversSession(null)), Is.EqualTo((true, false, false)));
        Assert.That((scope.CoversChannel(Brand), scope.CoversChannel(Other), scope.CoversChannel(null)), Is.EqualTo((true, false, false)));
        Assert.That((scope.CoversSegments(["new", "gold"]), scope.CoversSegments(["new"]), scope.CoversSegments(null)), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void AskingAboutALine_AllocatesNothing()
    {
        var scope = new CampaignScope { BrandIds = [Brand], Categories = ["Apparel/Topwear"], ProductCodes = ["A1"] };
        var found = scope.Covers("B2", Other, "Apparel/Topwear/Shirts/Casual") && scope.CoversSegments(["gold"]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) found &= scope.Covers("B2", Other, "Apparel/Topwear/Shirts/Casual");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That((found, allocated), Is.EqualTo((true, 0)));
    }

    [Test]
    public void AScopeReadBack_MatchesAsBefore()
    {
        var scope = new CampaignScope { Categories = ["Apparel"], SessionIds = [Brand] };
        var back = JsonSerializer.Deserialize<CampaignScope>(JsonSerializer.Serialize(scope, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;
        Assert.That(back.Covers("X", null, "Apparel/Topwear") && !back.Covers("X", null, "Footwear") && !back.CoversSession(Other) && back.CoversChannel(Other));
    }

    [Test]
    public void EveryFault_IsListed()
    {
        var scope = new CampaignScope
        {
            BrandIds = [],
            Categories = ["", "/Apparel", "Apparel//Shirts", "Apparel/", "Apparel/ Shirts", new string('x', 321), "Apparel/Topwear"],
            ProductCodes = ["A1", "A1", new string('x', 65)],
            SessionIds = [Brand, Brand],
            ChannelIds = [.. Enumerable.Range(1, 201).Select(i => new Guid(i, 0, 0, new byte[8]))],
            Segments = [" gold"],
        };
        string[] expected =
        [
            "/scope/brandIds list.length",
            .. Enumerable.Range(0, 6).Select(i => $"/scope/categories/{i} scope.category_invalid"),
            "/scope/productCodes list.repeats",
            "/scope/productCodes/2 text.invalid",
            "/scope/sessionIds list.repeats",
            "/scope/channelIds list.length",
            "/scope/segments/0 text.invalid",
        ];
        Assert.That(Faults(f => scope.Validate(f, "/scope")), Is.EquivalentTo(expected));
    }

    [Test]
    public void ASoundScope_HasNoFaults() => Assert.That(Faults(f => new CampaignScope
    {
        BrandIds = [Brand],
        Categories = ["Apparel", "Apparel/Topwear", new string('x', 320)],
        ProductCodes = ["A1"],
        SessionIds = [.. Enumerable.Range(1, 200).Select(i => new Guid(i, 0, 0, new byte[8]))],
        Segments = ["gold"],
    }.Validate(f, "/scope")), Is.Empty);

    [Test]
    public void StackingHasRanges()
    {
        Assert.That(Faults(f => new Stacking().Validate(f, "/stacking")), Is.Empty);
        Assert.That(Faults(f => new Stacking(new string('x', 32), -1000).Validate(f, "/stacking")), Is.Empty);
        Assert.That(Faults(f => new Stacking(new string('x', 33), 1001).Validate(f, "/stacking")),
            Is.EqualTo(new[] { "/stacking/group text.invalid", "/stacking/priority number.out_of_range" }));
    }

    private static IEnumerable<string> Faults(Action<Faults> validate)
    {
        var faults = new Faults();
        validate(faults);
        return faults.List.Select(f => $"{f.Pointer} {f.Code}");
    }
}

using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class UnitTests
{
    [Test]
    public async Task AuthorityCoversTheUnitAndWhatIsBelow_NeverSidewaysUpOrAcross()
    {
        await using var tree = await Tree.Grow();
        var north = tree.Admin(Tree.NorthPath);
        Assert.Multiple(async () =>
        {
            Assert.That((await north.Get($"/organization/units/{tree.North}")).Status, Is.EqualTo(200), "own");
            Assert.That((await north.Get($"/organization/units/{tree.R7}")).Status, Is.EqualTo(200), "child");
            Assert.That((await north.Get($"/organization/units/{tree.South}")).Code, Is.EqualTo("unit.not_found"), "sibling");
            Assert.That((await north.Get($"/organization/units/{tree.S1}")).Code, Is.EqualTo("unit.not_found"), "sibling's child");
            Assert.That((await north.Get($"/organization/units/{tree.Aurora}")).Code, Is.EqualTo("unit.not_found"), "parent");
            Assert.That((await north.Get($"/organization/units/{tree.East}")).Code, Is.EqualTo("unit.not_found"), "foreign tenant");
        });
        var list = (await north.Get("/organization/units")).Json["items"]!.AsArray().Select(u => (string)u!["path"]!);
        Assert.That(list, Is.EqualTo(new[] { Tree.NorthPath, Tree.R7Path }));
    }

    [Test]
    public async Task UnitsAreAddedAndEditedOnlyWithinReach()
    {
        await using var tree = await Tree.Grow();
        var north = tree.Admin(Tree.NorthPath);
        foreach (var parentId in new[] { tree.South, tree.Aurora, tree.East, Guid.Empty })
        {
            var added = await north.Post("/organization/units", new { parentId, code = "r9", name = "R9", kind = "Reseller", resellerKind = "Dealer" });
            Assert.That((added.Status, added.Code), Is.EqualTo((404, "unit.not_found")));
            var edited = await north.Put($"/organization/units/{parentId}", new { name = "Mine", timeZone = "Asia/Shanghai" }, ("If-Match", "\"1\""));
            Assert.That((edited.Status, edited.Code), Is.EqualTo((404, "unit.not_found")));
        }
        Assert.That(await tree.Add(Tree.NorthPath, tree.North, "r9", "Reseller", "Dealer"), Is.Not.EqualTo(Guid.Empty));
    }

    [Test]
    public async Task ACodeThatBeginsLikeAnothersIsNotBelowIt()
    {
        await using var tree = await Tree.Grow();
        var id = await tree.Add(Tree.Hq, tree.Aurora, "north2", "Region");
        Assert.That((await tree.Admin(Tree.NorthPath).Get($"/organization/units/{id}")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task ARegionHangsUnderHeadquartersOnly_AndNothingUnderAReseller()
    {
        await using var tree = await Tree.Grow();
        var hq = tree.Admin(Tree.Hq);
        Assert.That((await hq.Post("/organization/units", new { parentId = tree.North, code = "x", name = "X", kind = "Region" })).Code, Is.EqualTo("unit.wrong_parent"));
        Assert.That((await hq.Post("/organization/units", new { parentId = tree.R7, code = "x", name = "X", kind = "Reseller", resellerKind = "Agent" })).Code, Is.EqualTo("unit.wrong_parent"));
        Assert.That((await hq.Post("/organization/units", new { parentId = tree.Aurora, code = "north", name = "X", kind = "Region" })).Code, Is.EqualTo("unit.code_taken"));
        await tree.Add(Tree.Hq, tree.Aurora, "own", "Reseller", "ServiceProvider");
    }

    [Test]
    public async Task AnEditNeedsTheVersionThatWasRead()
    {
        await using var tree = await Tree.Grow();
        var hq = tree.Admin(Tree.Hq);
        var body = new { name = "Far North", timeZone = "Asia/Harbin" };
        Assert.That((await hq.Put($"/organization/units/{tree.North}", body)).Status, Is.EqualTo(428));
        var edited = await hq.Put($"/organization/units/{tree.North}", body, ("If-Match", "\"1\""));
        Assert.That((edited.Status, edited.ETag), Is.EqualTo((200, "\"2\"")), edited.Content);
        Assert.That((await hq.Put($"/organization/units/{tree.North}", body, ("If-Match", "\"1\""))).Code, Is.EqualTo("request.version_mismatch"));
    }

    [Test]
    public async Task OnlyTheOperatorOpensHeadquarters_AndACodeOnce()
    {
        await using var tree = await Tree.Grow();
        var body = new
        {
            code = "aurora",
            name = "Again",
            timeZone = "Asia/Shanghai",
            currency = "CNY",
            admin = new { signInName = "somebody", displayName = "Somebody", password = "a-long-enough-secret" },
        };
        Assert.That((await tree.Admin(Tree.Hq).Post("/organization/headquarters", body)).Code, Is.EqualTo("access.forbidden"));
        Assert.That((await tree.Host.At("/", Role.Operator).Post("/organization/headquarters", body)).Code, Is.EqualTo("unit.code_taken"));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Members WHERE SignInName = 'somebody'"), Is.Zero, "refused as a whole");
        Assert.That((await tree.Host.At("/", Role.Operator).Get("/organization/units")).Code, Is.EqualTo("access.forbidden"), "and sees no tenant's business");
    }
}

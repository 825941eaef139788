using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class ActivationTests
{
    [Test]
    public async Task NothingIsAddedUnderADeactivatedUnit_UntilItIsBack()
    {
        await using var tree = await Tree.Grow();
        var hq = tree.Admin(Tree.Hq);
        var brand = await tree.Brand(Tree.Hq, "women");
        var off = await hq.Post($"/organization/units/{tree.North}/deactivate");
        Assert.That((off.Status, off.ETag, (bool)off.Json["isActive"]!), Is.EqualTo((200, "\"2\"", false)), off.Content);
        Assert.That(await Refused(tree, brand), Is.All.EqualTo("unit.inactive"));
        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/units/{tree.S1}/move", new { parentId = tree.North }, ("If-Match", "\"1\""))).Code, Is.EqualTo("unit.inactive"));

        var on = await hq.Post($"/organization/units/{tree.North}/reactivate");
        Assert.That((on.ETag, (bool)on.Json["isActive"]!), Is.EqualTo(("\"3\"", true)));
        Assert.That(await Refused(tree, brand), Is.All.Null);
    }

    [Test]
    public async Task AskedTwiceItIsToldOnce()
    {
        await using var tree = await Tree.GrowBeside(new RepublishTests.RecorderModule());
        var hq = tree.Admin(Tree.Hq);
        var first = await hq.Post($"/organization/units/{tree.R7}/deactivate");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => hq.Post($"/organization/units/{tree.R7}/deactivate")));
        Assert.That(answers, Is.All.EqualTo(first));
        await tree.Host.Settle();
        Assert.That(RepublishTests.Seen(tree).OfType<UnitChanged>().Where(u => u.UnitId == tree.R7).Select(u => (u.Version, u.IsActive)), Is.EquivalentTo(new[] { (1L, true), (2, false) }));
    }

    [Test]
    public async Task OnlyWhoStandsAboveDoesIt()
    {
        await using var tree = await Tree.Grow();
        foreach (var (path, unit, code) in new[]
        {
            (Tree.NorthPath, tree.North, "unit.own_unit"), (Tree.Hq, tree.Aurora, "unit.own_unit"), (Tree.R7Path, tree.North, "unit.not_found"),
            (Tree.SouthPath, tree.North, "unit.not_found"), (Tree.Foreign, tree.North, "unit.not_found"),
        })
        {
            Assert.That((await tree.Admin(path).Post($"/organization/units/{unit}/deactivate")).Code, Is.EqualTo(code), path);
            Assert.That((await tree.Admin(path).Post($"/organization/units/{unit}/reactivate")).Code, Is.EqualTo(code), path);
        }
        Assert.That((await tree.Admin(Tree.NorthPath).Post($"/organization/units/{tree.R7}/deactivate")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task TheOperatorPutsAHeadquartersOutOfUse_AndBack()
    {
        await using var tree = await Tree.GrowBeside(new RepublishTests.RecorderModule());
        var operators = tree.Host.At("/", Role.Operator);
        var program = Tree.Created(await tree.Admin(Tree.NorthPath).Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } }));
        var off = await operators.Post($"/organization/headquarters/{tree.Aurora}/deactivate");
        Assert.That((off.Status, off.ETag, (bool)off.Json["isActive"]!), Is.EqualTo((200, "\"2\"", false)), off.Content);
        var again = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => operators.Post($"/organization/headquarters/{tree.Aurora}/deactivate")));
        Assert.That(again, Is.All.EqualTo(off));
        await tree.Host.Settle();
        foreach (var path in new[] { Tree.Hq, Tree.NorthPath, Tree.R7Path })
            Assert.That((await tree.Admin(path).Get("/organization/units")).Code, Is.EqualTo("access.unit_inactive"), path);
        Assert.That(await SuspensionTests.SignIn(tree, "admin@aurora", "a-long-enough-secret"), Is.EqualTo((403, "sign_in.unit_inactive")));
        Assert.That(await SuspensionTests.SignIn(tree, (string)program.Json["signInName"]!, (string)program.Json["secret"]!), Is.EqualTo((403, "sign_in.unit_inactive")));
        Assert.That((await tree.Admin(Tree.Foreign).Get("/organization/units")).Status, Is.EqualTo(200), "another tenant notices nothing");

        var on = await operators.Post($"/organization/headquarters/{tree.Aurora}/reactivate");
        Assert.That((on.Status, on.ETag), Is.EqualTo((200, "\"3\"")), on.Content);
        await tree.Host.Settle();
        Assert.That((await tree.Admin(Tree.R7Path).Get("/organization/units")).Status, Is.EqualTo(200));
        Assert.That((await SuspensionTests.SignIn(tree, "admin@aurora", "a-long-enough-secret")).Item1, Is.EqualTo(200));
        Assert.That(RepublishTests.Seen(tree).OfType<UnitChanged>().Where(u => u.UnitId == tree.Aurora).Select(u => (u.Version, u.IsActive)), Is.EquivalentTo(new[] { (1L, true), (2, false), (3, true) }));
    }

    [Test]
    public async Task WhatTheOperatorDoesToAHeadquarters_NobodyElseDoes_AndToNoOtherUnit()
    {
        await using var tree = await Tree.Grow();
        foreach (var verb in new[] { "deactivate", "reactivate" })
        {
            foreach (var id in new[] { tree.North, tree.R7, Guid.Empty })
                Assert.That((await tree.Host.At("/", Role.Operator).Post($"/organization/headquarters/{id}/{verb}")).Code, Is.EqualTo("unit.not_found"));
            Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/headquarters/{tree.Aurora}/{verb}")).Code, Is.EqualTo("access.forbidden"));
        }
    }

    [Test]
    public async Task AKindOfResellerIsEdited_OfAResellerOnly()
    {
        await using var tree = await Tree.Grow();
        var hq = tree.Admin(Tree.Hq);
        var body = new { name = "R7", timeZone = "Asia/Shanghai", resellerKind = "ServiceProvider" };
        Assert.That((string?)(await hq.Put($"/organization/units/{tree.R7}", body, ("If-Match", "\"1\""))).Json["resellerKind"], Is.EqualTo("ServiceProvider"));
        Assert.That((await hq.Put($"/organization/units/{tree.North}", body, ("If-Match", "\"1\""))).Faults, Is.EqualTo(new[] { "/resellerKind" }));
        var kept = await hq.Put($"/organization/units/{tree.R7}", new { name = "R8", timeZone = "Asia/Shanghai" }, ("If-Match", "\"2\""));
        Assert.That((string?)kept.Json["resellerKind"], Is.EqualTo("ServiceProvider"));
    }

    private static async Task<IEnumerable<string?>> Refused(Tree tree, Guid brand)
    {
        var hq = tree.Admin(Tree.Hq);
        var code = $"x{tree.Host.Clock.GetUtcNow().Ticks}";
        return (await Task.WhenAll(
            hq.Post("/organization/units", new { parentId = tree.North, code, name = "X", kind = "Reseller", resellerKind = "Agent" }),
            hq.Post("/organization/members", new { unitId = tree.R7, signInName = "someone", displayName = "Someone", password = "a-long-enough-secret", roles = new[] { "Planner" } }),
            hq.Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } }),
            tree.Mandate(Tree.Hq, tree.R7, brand))).Select(a => a.Code);
    }
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class MoveTests
{
    private const string Moved = "/aurora/south/r7/";

    [Test]
    public async Task AUnitMovesWithItsMembersAndMandates_AndScopeFollows()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var mandate = Tree.Created(await tree.Mandate(Tree.NorthPath, tree.R7, brand)).Id;
        var member = Tree.Created(await Member(tree, tree.R7, "member-r7")).Id;

        var moved = await Move(tree, Tree.Hq, tree.R7, tree.South, 1);
        Assert.That((moved.Status, moved.ETag), Is.EqualTo((200, "\"2\"")), moved.Content);
        Assert.That(((string?)moved.Json["path"], (Guid)moved.Json["parentId"]!), Is.EqualTo((Moved, tree.South)));
        foreach (var (path, status) in new[] { (Tree.Hq, 200), (Tree.SouthPath, 200), (Moved, 200), (Tree.NorthPath, 404), (Tree.S1Path, 404), (Tree.Foreign, 404) })
        {
            Assert.That((await tree.Admin(path).Get($"/organization/units/{tree.R7}")).Status, Is.EqualTo(status), path);
            Assert.That((await tree.Admin(path).Get($"/organization/mandates/{mandate}")).Status, Is.EqualTo(status), path);
            var members = (await tree.Admin(path).Get("/organization/members?limit=200")).Json["items"]!.AsArray();
            Assert.That(members.Any(m => (Guid)m!["id"]! == member), Is.EqualTo(status == 200), path);
        }
        Assert.That((await tree.Admin(Tree.SouthPath).Get($"/organization/mandates/{mandate}")).ETag, Is.EqualTo("\"2\""));
    }

    [Test]
    public async Task ARegionHasNowhereToGo_AndAResellerGoesUnderARegionOrHeadquarters()
    {
        await using var tree = await Tree.Grow();
        Assert.That((await Move(tree, Tree.Hq, tree.North, tree.South, 1)).Code, Is.EqualTo("unit.wrong_parent"));
        Assert.That((await Move(tree, Tree.Hq, tree.R7, tree.S1, 1)).Code, Is.EqualTo("unit.wrong_parent"));
        Assert.That((await Move(tree, Tree.Hq, tree.Aurora, tree.South, 1)).Code, Is.EqualTo("unit.headquarters_stays"));
        var up = await Move(tree, Tree.Hq, tree.R7, tree.Aurora, 1);
        Assert.That((string?)up.Json["path"], Is.EqualTo("/aurora/r7/"), up.Content);
        var same = await Move(tree, Tree.Hq, tree.R7, tree.Aurora, 1);
        Assert.That((same.Status, same.ETag), Is.EqualTo((200, "\"2\"")), "where it hangs already");
    }

    [Test]
    public async Task BothUnitAndParentMustBeWithinReach()
    {
        await using var tree = await Tree.Grow();
        Assert.That((await Move(tree, Tree.NorthPath, tree.R7, tree.South, 1)).Code, Is.EqualTo("unit.not_found"), "a parent beside");
        Assert.That((await Move(tree, Tree.NorthPath, tree.R7, tree.Aurora, 1)).Code, Is.EqualTo("unit.not_found"), "a parent above");
        Assert.That((await Move(tree, Tree.SouthPath, tree.R7, tree.South, 1)).Code, Is.EqualTo("unit.not_found"), "a unit beside");
        Assert.That((await Move(tree, Tree.Hq, tree.R7, tree.Borealis, 1)).Code, Is.EqualTo("unit.not_found"), "another tenant");
        Assert.That((await Move(tree, Tree.Hq, tree.R7, tree.South, 7)).Status, Is.EqualTo(412));
        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/units/{tree.R7}/move", new { parentId = tree.South })).Status, Is.EqualTo(428));
    }

    [Test]
    public async Task APlaceIsOneUnitsForEver()
    {
        await using var tree = await Tree.Grow();
        await tree.Add(Tree.Hq, tree.South, "r7", "Reseller", "Dealer");
        Assert.That((await Move(tree, Tree.Hq, tree.R7, tree.South, 1)).Code, Is.EqualTo("unit.code_taken"));
        await Move(tree, Tree.Hq, tree.R7, tree.Aurora, 1);
        var again = await tree.Admin(Tree.Hq).Post("/organization/units", new { parentId = tree.North, code = "r7", name = "Another", kind = "Reseller", resellerKind = "Dealer" });
        Assert.That((again.Status, again.Code), Is.EqualTo((409, "unit.path_taken")), again.Content);
        var home = await Move(tree, Tree.Hq, tree.R7, tree.North, 2);
        Assert.That((string?)home.Json["path"], Is.EqualTo(Tree.R7Path), home.Content);
    }

    [Test]
    public async Task EveryUnitAndMandateThatMovedIsTold_WithWhereItStoodBefore()
    {
        await using var tree = await Tree.GrowBeside(new RepublishTests.RecorderModule());
        var mandate = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, await tree.Brand(Tree.Hq, "women"))).Id;
        await Move(tree, Tree.Hq, tree.R7, tree.South, 1);
        await Move(tree, Tree.Hq, tree.R7, tree.Aurora, 2);
        await tree.Host.Settle();
        var told = RepublishTests.Seen(tree);
        var last = told.OfType<UnitChanged>().Single(u => u.UnitId == tree.R7 && u.Version == 3);
        Assert.That((last.Path, last.ParentId), Is.EqualTo(("/aurora/r7/", (Guid?)tree.Aurora)));
        Assert.That(last.FormerPaths, Is.EqualTo(new[] { Tree.R7Path, Moved }));
        Assert.That(told.OfType<MandateChanged>().Where(m => m.MandateId == mandate).Select(m => (m.Version, m.ResellerPath)), Is.EquivalentTo(new[]
        {
            (1L, Tree.R7Path), (2, Moved), (3, "/aurora/r7/"),
        }));
    }

    [Test]
    public async Task WhoeverIsAddedWhileAUnitMoves_StandsWhereItStands()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var hq = tree.Admin(Tree.Hq);
        for (var i = 0; i < 6; i++)
        {
            var parent = i % 2 == 0 ? tree.South : tree.North;
            var round = i;
            var answers = await Task.WhenAll(
                Move(tree, Tree.Hq, tree.R7, parent, 1 + round),
                Member(tree, tree.R7, $"member-{round}"),
                tree.Mandate(Tree.Hq, tree.R7, brand),
                hq.Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } }),
                hq.Post("/organization/units", new { parentId = parent, code = $"n{round}", name = "New", kind = "Reseller", resellerKind = "Agent" }));
            Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { 200, 201, 201, 201, 201 }), string.Join('\n', answers.Select(a => a.Content)));
        }
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Members m JOIN Units u ON u.Id = m.UnitId WHERE m.Path <> u.Path"), Is.Zero);
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Mandates m JOIN Units u ON u.Id = m.ResellerId WHERE m.Path <> u.Path"), Is.Zero);
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Mandates"), Is.EqualTo(6));
    }

    [Test]
    public async Task OneOfManyMovesOfAVersionWins()
    {
        await using var tree = await Tree.Grow();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Move(tree, Tree.Hq, tree.R7, i % 2 == 0 ? tree.South : tree.Aurora, 1)));
        Assert.That(answers.Select(a => a.ETag).Where(e => e is not null).Distinct(), Is.EqualTo(new[] { "\"2\"" }));
        Assert.That(answers.Count(a => a.Status == 412), Is.EqualTo(6), "half wanted what happened");
    }

    /// <summary>Whatever is moved, a path is the chain of codes, each is one unit's, and once held never another's.</summary>
    [TestCase(1), TestCase(2), TestCase(3)]
    public async Task RandomMovesKeepEveryPathTheChainOfItsCodes(int seed)
    {
        await using var tree = await Tree.Grow();
        var random = new Random(seed);
        List<Guid> parents = [tree.Aurora, tree.North, tree.South, await tree.Add(Tree.Hq, tree.Aurora, "west", "Region")];
        List<Guid> resellers = [tree.R7, tree.S1];
        Dictionary<string, Guid> holders = [];
        for (var step = 0; step < 40; step++)
        {
            if (random.Next(4) == 0)
            {
                var added = await tree.Admin(Tree.Hq).Post("/organization/units", new
                {
                    parentId = parents[random.Next(parents.Count)],
                    code = $"r{random.Next(5)}",
                    name = "R",
                    kind = "Reseller",
                    resellerKind = "Agent",
                });
                if (added.Status == 201) resellers.Add(added.Id);
                else Assert.That(added.Code, Is.EqualTo("unit.code_taken").Or.EqualTo("unit.path_taken"), added.Content);
            }
            var unit = resellers[random.Next(resellers.Count)];
            var etag = (await tree.Admin(Tree.Hq).Get($"/organization/units/{unit}")).ETag!;
            var moved = await tree.Admin(Tree.Hq).Post($"/organization/units/{unit}/move", new { parentId = parents[random.Next(parents.Count)] }, ("If-Match", etag));
            Assert.That(moved.Status == 200 || moved.Code is "unit.code_taken" or "unit.path_taken", moved.Content);
            var units = (await tree.Admin(Tree.Hq).Get("/organization/units?limit=200")).Json["items"]!.AsArray()
                .ToDictionary(u => (Guid)u!["id"]!, u => (Path: (string)u!["path"]!, Code: (string)u["code"]!, Parent: (Guid?)u["parentId"]));
            foreach (var (id, u) in units)
            {
                Assert.That(u.Path, Is.EqualTo(UnitPath.Child(u.Parent is { } parent ? units[parent].Path : UnitPath.Root, u.Code)));
                Assert.That(holders.TryAdd(u.Path, id) || holders[u.Path] == id, $"{u.Path} was another's");
            }
        }
    }

    private static Task<Answer> Move(Tree tree, string caller, Guid unit, Guid parent, int version) =>
        tree.Admin(caller).Post($"/organization/units/{unit}/move", new { parentId = parent }, ("If-Match", $"\"{version}\""));

    private static Task<Answer> Member(Tree tree, Guid unit, string name) => tree.Admin(Tree.Hq).Post("/organization/members", new
    {
        unitId = unit,
        signInName = name,
        displayName = name,
        password = "a-long-enough-secret",
        roles = new[] { "Planner" },
    });
}

using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class MandateTests
{
    [TestCase(Tree.Hq)]
    [TestCase(Tree.NorthPath)]
    public async Task AUnitAboveTheResellerGrants_AndTheResellerReads(string grantor)
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var granted = Tree.Created(await tree.Mandate(grantor, tree.R7, brand));
        Assert.That(granted.ETag, Is.EqualTo("\"1\""));
        Assert.That((string?)granted.Json["resellerPath"], Is.EqualTo(Tree.R7Path));
        Assert.That((DateTimeOffset)granted.Json["opensAt"]!, Is.EqualTo(new DateTimeOffset(2026, 10, 31, 16, 0, 0, TimeSpan.Zero)));
        foreach (var path in new[] { Tree.Hq, Tree.NorthPath, Tree.R7Path })
            Assert.That((await tree.Host.At(path, Role.Planner).Get($"/organization/mandates/{granted.Id}")).Content, Is.EqualTo(granted.Content));
    }

    [Test]
    public async Task NobodyBesideBelowOrAbroadSeesOrRevokesIt()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var id = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, brand)).Id;
        foreach (var path in new[] { Tree.SouthPath, Tree.S1Path, Tree.Foreign })
        {
            var other = tree.Admin(path);
            Assert.That((await other.Get($"/organization/mandates/{id}")).Code, Is.EqualTo("mandate.not_found"), path);
            Assert.That((await other.Post($"/organization/mandates/{id}/revoke")).Code, Is.EqualTo("mandate.not_found"), path);
            Assert.That((await other.Get("/organization/mandates")).Json["items"]!.AsArray(), Is.Empty, path);
            Assert.That((await other.Get($"/organization/mandates?resellerId={tree.R7}")).Json["items"]!.AsArray(), Is.Empty, path);
            Assert.That((await tree.Mandate(path, tree.R7, brand)).Code, Is.EqualTo("unit.not_found"), path);
        }
        Assert.That((await tree.Admin(Tree.R7Path).Post($"/organization/mandates/{id}/revoke")).Code, Is.EqualTo("mandate.own_unit"));
        Assert.That((await tree.Mandate(Tree.R7Path, tree.R7, brand)).Code, Is.EqualTo("mandate.own_unit"));
    }

    [Test]
    public async Task OnlyAResellerTakesAMandate()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        Assert.That((await tree.Mandate(Tree.Hq, tree.North, brand)).Code, Is.EqualTo("mandate.not_a_reseller"));
        Assert.That((await tree.Mandate(Tree.Hq, Guid.Empty, brand)).Code, Is.EqualTo("unit.not_found"));
    }

    [Test]
    public async Task EveryUnknownBrandIsNamed_AndAForeignOneIsUnknown()
    {
        await using var tree = await Tree.Grow();
        var known = await tree.Brand(Tree.Hq, "women");
        var foreign = await tree.Brand(Tree.Foreign, "women");
        var answer = await tree.Mandate(Tree.Hq, tree.R7, Guid.Empty, known, foreign);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((409, "mandate.brand_unknown")), answer.Content);
        Assert.That(answer.Faults, Is.EqualTo(new[] { "/brandIds/0", "/brandIds/2" }));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Mandates"), Is.Zero);
    }

    [Test]
    public async Task RevokingTwiceAnswersTheSame()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var id = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, brand)).Id;
        var first = await tree.Admin(Tree.Hq).Post($"/organization/mandates/{id}/revoke");
        tree.Host.Clock.Advance(TimeSpan.FromHours(1));
        var second = await tree.Admin(Tree.NorthPath).Post($"/organization/mandates/{id}/revoke");
        Assert.That((first.Status, first.ETag), Is.EqualTo((200, "\"2\"")), first.Content);
        Assert.That((DateTimeOffset)first.Json["revokedAt"]!, Is.EqualTo(ManualClock.Start));
        Assert.That(second, Is.EqualTo(first));
        Assert.That((await tree.Admin(Tree.Hq).Get($"/organization/mandates/{id}")).Content, Is.EqualTo(first.Content));
    }

    [Test]
    public async Task TheListFiltersByReseller()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var r7 = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, brand)).Id;
        var s1 = Tree.Created(await tree.Mandate(Tree.Hq, tree.S1, brand)).Id;
        var hq = tree.Admin(Tree.Hq);
        Assert.That(await Ids(hq, ""), Is.EqualTo(new[] { r7, s1 }));
        Assert.That(await Ids(hq, $"?resellerId={tree.S1}"), Is.EqualTo(new[] { s1 }));
        Assert.That(await Ids(tree.Admin(Tree.NorthPath), ""), Is.EqualTo(new[] { r7 }));
        Assert.That((await hq.Get("/organization/mandates?resellerId=north")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task LimitsMayBeLeftOut()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var granted = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/mandates", new
        {
            resellerId = tree.R7,
            brandIds = new[] { brand },
            channels = new[] { "OfflineTerminal" },
            opensAt = "2026-11-01T00:00:00Z",
            closesAt = "2026-11-01T00:00:01Z",
        }));
        Assert.That(granted.Json["sessionsPerWeek"], Is.Null);
        Assert.That(granted.Json["couponQuota"], Is.Null);
        Assert.That(granted.Json["revokedAt"], Is.Null);
    }

    private static async Task<IEnumerable<Guid>> Ids(HttpClient client, string query) =>
        (await client.Get($"/organization/mandates{query}")).Json["items"]!.AsArray().Select(m => (Guid)m!["id"]!);
}

using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class BrandTests
{
    [Test]
    public async Task HeadquartersKeepsItsBrands_AndEveryUnitBelowReadsThem()
    {
        await using var tree = await Tree.Grow();
        var added = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/brands", new { code = "women", name = "Women", grade = "A" }));
        Assert.That(added.ETag, Is.EqualTo("\"1\""));
        Assert.That((string?)added.Json["headquartersPath"], Is.EqualTo(Tree.Hq));

        foreach (var path in new[] { Tree.Hq, Tree.NorthPath, Tree.R7Path })
        {
            var reader = tree.Host.At(path, Role.Storefront);
            Assert.That((await reader.Get($"/organization/brands/{added.Id}")).Content, Is.EqualTo(added.Content));
            Assert.That((await reader.Get("/organization/brands")).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task AnotherTenantSeesNoBrand()
    {
        await using var tree = await Tree.Grow();
        var id = await tree.Brand(Tree.Hq, "women");
        var foreign = tree.Admin(Tree.Foreign);
        Assert.That((await foreign.Get($"/organization/brands/{id}")).Code, Is.EqualTo("brand.not_found"));
        Assert.That((await foreign.Put($"/organization/brands/{id}", new { name = "Mine", grade = "A" }, ("If-Match", "\"1\""))).Code, Is.EqualTo("brand.not_found"));
        Assert.That((await foreign.Get("/organization/brands")).Json["items"]!.AsArray(), Is.Empty);
        await tree.Brand(Tree.Foreign, "women");
    }

    [TestCase(Tree.NorthPath)]
    [TestCase(Tree.R7Path)]
    [TestCase("/")]
    public async Task NobodyButHeadquartersKeepsBrands(string path)
    {
        await using var tree = await Tree.Grow();
        Assert.That((await tree.Admin(path).Post("/organization/brands", new { code = "women", name = "Women", grade = "A" })).Code, Is.EqualTo("brand.headquarters_only"));
    }

    [Test]
    public async Task ARegionReadsABrandButDoesNotEditIt()
    {
        await using var tree = await Tree.Grow();
        var id = await tree.Brand(Tree.Hq, "women");
        var answer = await tree.Admin(Tree.NorthPath).Put($"/organization/brands/{id}", new { name = "North's", grade = "C" }, ("If-Match", "\"1\""));
        Assert.That(answer.Code, Is.EqualTo("brand.headquarters_only"));
    }

    [Test]
    public async Task ACodeIsTakenOnceAHeadquarters()
    {
        await using var tree = await Tree.Grow();
        await tree.Brand(Tree.Hq, "women");
        var again = await tree.Admin(Tree.Hq).Post("/organization/brands", new { code = "women", name = "Other", grade = "B" });
        Assert.That(again.Code, Is.EqualTo("brand.code_taken"));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Brands"), Is.EqualTo(1));
    }

    [Test]
    public async Task AnEditNeedsTheVersionThatWasRead()
    {
        await using var tree = await Tree.Grow();
        var id = await tree.Brand(Tree.Hq, "women");
        var admin = tree.Admin(Tree.Hq);
        var body = new { name = "Women's", grade = "B" };
        Assert.That((await admin.Put($"/organization/brands/{id}", body)).Code, Is.EqualTo("request.if_match_required"));
        Assert.That((await admin.Put($"/organization/brands/{id}", body, ("If-Match", "\"7\""))).Code, Is.EqualTo("request.version_mismatch"));
        Assert.That((await admin.Put($"/organization/brands/{id}", body, ("If-Match", "nonsense"))).Code, Is.EqualTo("request.version_mismatch"));
        var edited = await admin.Put($"/organization/brands/{id}", body, ("If-Match", "\"1\""));
        Assert.That((edited.Status, edited.ETag, (string?)edited.Json["grade"]), Is.EqualTo((200, "\"2\"", "B")), edited.Content);
        Assert.That((await admin.Put($"/organization/brands/{id}", body, ("If-Match", "\"1\""))).Status, Is.EqualTo(412));
        Assert.That((await admin.Get($"/organization/brands/{id}")).Content, Is.EqualTo(edited.Content));
    }

    [TestCase(Role.Planner)]
    [TestCase(Role.Storefront)]
    [TestCase(Role.Operator)]
    public async Task OnlyAdminsAddBrands(Role role)
    {
        await using var tree = await Tree.Grow();
        Assert.That((await tree.Host.At(Tree.Hq, role).Post("/organization/brands", new { code = "women", name = "Women", grade = "A" })).Code, Is.EqualTo("access.forbidden"));
        Assert.That((await tree.Host.Anonymous().Post("/organization/brands", new { code = "women", name = "Women", grade = "A" })).Code, Is.EqualTo("access.unauthenticated"));
    }
}

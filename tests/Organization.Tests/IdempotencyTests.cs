using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class IdempotencyTests
{
    private static readonly object Women = new { code = "women", name = "Women", grade = "A" };

    [Test]
    public async Task TheSameKeyAndBodyGiveTheFirstAnswer_EvenAfterTheThingHasChanged()
    {
        await using var tree = await Tree.Grow();
        var admin = tree.Admin(Tree.Hq);
        var first = Tree.Created(await admin.Post("/organization/brands", Women, ("Idempotency-Key", "k1")));
        await admin.Put($"/organization/brands/{first.Id}", new { name = "Ladies", grade = "B" }, ("If-Match", "\"1\""));
        tree.Host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.That(await admin.Post("/organization/brands", Women, ("Idempotency-Key", "k1")), Is.EqualTo(first));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Brands"), Is.EqualTo(1));
    }

    [Test]
    public async Task TheSameKeyWithAnotherRequestIsRefused()
    {
        await using var tree = await Tree.Grow();
        var admin = tree.Admin(Tree.Hq);
        Tree.Created(await admin.Post("/organization/brands", Women, ("Idempotency-Key", "k1")));
        var otherBody = await admin.Post("/organization/brands", new { code = "men", name = "Men", grade = "A" }, ("Idempotency-Key", "k1"));
        Assert.That((otherBody.Status, otherBody.Code), Is.EqualTo((422, "request.idempotency_key_reused")));
        var otherRoute = await admin.Post("/organization/units", new { parentId = tree.Aurora, code = "west", name = "West", kind = "Region" }, ("Idempotency-Key", "k1"));
        Assert.That(otherRoute.Code, Is.EqualTo("request.idempotency_key_reused"));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Brands"), Is.EqualTo(1));
    }

    [Test]
    public async Task TheSameKeyForAnotherVersionIsRefused()
    {
        await using var tree = await Tree.Grow();
        var id = await tree.Brand(Tree.Hq, "women");
        var admin = tree.Admin(Tree.Hq);
        var body = new { name = "Ladies", grade = "B" };
        Assert.That((await admin.Put($"/organization/brands/{id}", body, ("If-Match", "\"1\""), ("Idempotency-Key", "k1"))).Status, Is.EqualTo(200));
        Assert.That((await admin.Put($"/organization/brands/{id}", body, ("If-Match", "\"1\""), ("Idempotency-Key", "k1"))).Status, Is.EqualTo(200), "a repeat");
        Assert.That((await admin.Put($"/organization/brands/{id}", body, ("If-Match", "\"2\""), ("Idempotency-Key", "k1"))).Code, Is.EqualTo("request.idempotency_key_reused"));
    }

    [Test]
    public async Task AKeyBelongsToItsCaller()
    {
        await using var tree = await Tree.Grow();
        var mine = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/brands", Women, ("Idempotency-Key", "k1")));
        var theirs = Tree.Created(await tree.Admin(Tree.Foreign).Post("/organization/brands", Women, ("Idempotency-Key", "k1")));
        Assert.That(theirs.Id, Is.Not.EqualTo(mine.Id));
    }

    [Test]
    public async Task ARefusalIsNotRemembered()
    {
        await using var tree = await Tree.Grow();
        var mandate = async () => await tree.Admin(Tree.Hq).Post($"/organization/mandates/{Guid.Empty}/revoke", null, ("Idempotency-Key", "k1"));
        Assert.That((await mandate()).Status, Is.EqualTo(404));
        Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/brands", Women, ("Idempotency-Key", "k1")));
    }

    [TestCase(0)]
    [TestCase(201)]
    public async Task AKeyHasALength(int length)
    {
        await using var tree = await Tree.Grow();
        var answer = await tree.Admin(Tree.Hq).Post("/organization/brands", Women, ("Idempotency-Key", new string('k', length)));
        Assert.That((answer.Status, answer.Faults.SingleOrDefault()), Is.EqualTo((400, "Idempotency-Key")), answer.Content);
    }

    [Test]
    public async Task EveryPostThatCreatesRepeatsItsAnswer()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        (string Noun, object Body)[] requests =
        [
            ("units", new { parentId = tree.Aurora, code = "west", name = "West", kind = "Region" }),
            ("members", new { unitId = tree.North, signInName = "x@north", displayName = "X", password = "a-long-enough-secret", roles = new[] { "Admin", "Analyst" } }),
            ("mandates", new { resellerId = tree.R7, brandIds = new[] { brand }, channels = new[] { "VideoAccount" }, opensAt = "2026-11-01T00:00:00+08:00", closesAt = "2026-12-01T00:00:00+08:00" }),
        ];
        foreach (var (noun, body) in requests)
        {
            var first = Tree.Created(await tree.Host.At(Tree.Hq, Role.Admin).Post($"/organization/{noun}", body, ("Idempotency-Key", noun)));
            Assert.That(await tree.Host.At(Tree.Hq, Role.Admin).Post($"/organization/{noun}", body, ("Idempotency-Key", noun)), Is.EqualTo(first));
        }
    }
}

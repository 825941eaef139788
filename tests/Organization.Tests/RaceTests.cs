using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class RaceTests
{
    private const int Racers = 16;

    [Test]
    public async Task ExactlyOneOfTwoAdminsAddsACode()
    {
        await using var tree = await Tree.Grow();
        for (var i = 0; i < 10; i++)
        {
            var code = $"race-{i}";
            var unit = new { parentId = tree.Aurora, code, name = code, kind = "Region" };
            var brand = new { code, name = code, grade = "A" };
            var units = await Task.WhenAll(Post(tree, 2, "units", _ => unit));
            var brands = await Task.WhenAll(Post(tree, 2, "brands", _ => brand));
            Assert.That(units.Select(a => a.Status), Is.EquivalentTo(new[] { 201, 409 }));
            Assert.That(units.Single(a => a.Status == 409).Code, Is.EqualTo("unit.code_taken"));
            Assert.That(brands.Select(a => a.Status), Is.EquivalentTo(new[] { 201, 409 }));
            Assert.That(brands.Single(a => a.Status == 409).Code, Is.EqualTo("brand.code_taken"));
        }
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Brands"), Is.EqualTo(10));
    }

    [Test]
    public async Task ASignInNameHasOneWinner()
    {
        await using var tree = await Tree.Grow();
        var member = new { unitId = tree.North, signInName = "wanted", displayName = "Wanted", password = "a-long-enough-secret", roles = new[] { "Planner" } };
        var answers = await Task.WhenAll(Post(tree, Racers, "members", _ => member));
        Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Code == "member.name_taken"), Is.EqualTo(Racers - 1));
    }

    [Test]
    public async Task ParallelRepeatsUnderOneKeyMakeOneRowAndOneAnswer()
    {
        await using var tree = await Tree.Grow();
        var before = await tree.Count("SELECT COUNT(*) FROM AuditTrail");
        var brand = new { code = "women", name = "Women", grade = "A" };
        var answers = await Task.WhenAll(Post(tree, Racers, "brands", _ => brand, ("Idempotency-Key", "once")));
        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Tree.Created(answers[0]);
        Assert.That(await tree.Count("SELECT COUNT(*) FROM Brands"), Is.EqualTo(1));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM AuditTrail"), Is.EqualTo(before + 1));
    }

    [Test]
    public async Task OneOfManyEditsOfAVersionWins()
    {
        await using var tree = await Tree.Grow();
        var id = await tree.Brand(Tree.Hq, "women");
        var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(i =>
            tree.Admin(Tree.Hq).Put($"/organization/brands/{id}", new { name = $"Name {i}", grade = "A" }, ("If-Match", "\"1\""))));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Status == 412), Is.EqualTo(Racers - 1));
        var read = await tree.Admin(Tree.Hq).Get($"/organization/brands/{id}");
        Assert.That(read.Content, Is.EqualTo(answers.Single(a => a.Status == 200).Content));
    }

    [Test]
    public async Task AMandateIsRevokedOnce_WhoeverAsksAtTheSameTime()
    {
        await using var tree = await Tree.Grow();
        var id = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, await tree.Brand(Tree.Hq, "women"))).Id;
        var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(i => tree.Admin(i % 2 == 0 ? Tree.Hq : Tree.NorthPath).Post($"/organization/mandates/{id}/revoke")));
        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Assert.That((answers[0].Status, answers[0].ETag), Is.EqualTo((200, "\"2\"")));
    }

    private static IEnumerable<Task<Answer>> Post(Tree tree, int racers, string noun, Func<int, object> body, params (string, string)[] headers) =>
        Enumerable.Range(0, racers).Select(i => tree.Host.At(Tree.Hq, Role.Admin).Post($"/organization/{noun}", body(i), headers)).ToList();
}

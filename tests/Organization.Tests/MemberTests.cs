using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class MemberTests
{
    private const string Password = "a-long-enough-secret";

    [Test]
    public async Task AMemberSignsIn_AndIsAtItsUnitWithItsRoles()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var added = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members", Planner(tree.North, "planner@north")));
        Assert.That(added.Content, Does.Not.Contain(Password).And.Not.Contain("ash"));
        Assert.That((string?)added.Json["path"], Is.EqualTo(Tree.NorthPath));

        var member = await SignIn(tree, "planner@north", Password);
        Assert.That((await member.Get("/organization/members/me")).Content, Is.EqualTo(added.Content));
        Assert.That((await member.Get($"/organization/units/{tree.R7}")).Status, Is.EqualTo(200));
        Assert.That((await member.Get($"/organization/units/{tree.South}")).Status, Is.EqualTo(404));
        Assert.That((await member.Get("/organization/members")).Code, Is.EqualTo("access.forbidden"));
    }

    [Test]
    public async Task MembersAreAddedAndListedOnlyWithinReach()
    {
        await using var tree = await Tree.Grow();
        var north = tree.Admin(Tree.NorthPath);
        foreach (var unitId in new[] { tree.Aurora, tree.South, tree.S1, tree.East, Guid.Empty })
        {
            Assert.That((await north.Post("/organization/members", Planner(unitId, "somebody"))).Code, Is.EqualTo("unit.not_found"));
            Assert.That((await north.Post("/organization/programs", new { unitId, name = "Shop", roles = new[] { "Storefront" } })).Code, Is.EqualTo("unit.not_found"));
        }
        Tree.Created(await north.Post("/organization/members", Planner(tree.R7, "planner@r7")));
        Tree.Created(await tree.Admin(Tree.SouthPath).Post("/organization/members", Planner(tree.South, "planner@south")));
        Assert.That(await Names(north), Is.EqualTo(new[] { "planner@r7" }));
        Assert.That(await Names(tree.Admin(Tree.Hq)), Is.EqualTo(new[] { "admin@aurora", "planner@r7", "planner@south" }));
        Assert.That(await Names(tree.Admin(Tree.Foreign)), Is.EqualTo(new[] { "admin@borealis" }));
    }

    [Test]
    public async Task ASignInNameIsTakenOnce_EvenAcrossTenants()
    {
        await using var tree = await Tree.Grow();
        Assert.That((await tree.Admin(Tree.Hq).Post("/organization/members", Planner(tree.North, "admin@borealis"))).Code, Is.EqualTo("member.name_taken"));
        Assert.That((await tree.Admin(Tree.Hq).Post("/organization/members", Planner(tree.North, "operator"))).Code, Is.EqualTo("member.name_taken"));
    }

    [TestCase("Operator")]
    [TestCase("Storefront")]
    public async Task NobodyHandsOutRolesThatAreNotForMembers(string role)
    {
        await using var tree = await Tree.Grow();
        var answer = await tree.Admin(Tree.Hq).Post("/organization/members", new { unitId = tree.North, signInName = "x@north", displayName = "X", password = Password, roles = new[] { "Planner", role } });
        Assert.That((answer.Status, answer.Faults.Single()), Is.EqualTo((400, "/roles/1")), answer.Content);
    }

    [Test]
    public async Task AProgramSignsInWithTheSecretThatWasShownOnce()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var body = new { unitId = tree.R7, name = "R7's shop", roles = new[] { "Storefront" } };
        var added = Tree.Created(await tree.Admin(Tree.NorthPath).Post("/organization/programs", body, ("Idempotency-Key", "p1")));
        var secret = (string)added.Json["secret"]!;
        Assert.That(secret, Has.Length.EqualTo(40));
        Assert.That((string?)added.Json["signInName"], Is.EqualTo($"program-{added.Id}"));

        var shop = await SignIn(tree, $"program-{added.Id}", secret);
        var self = await shop.Get("/organization/members/me");
        Assert.That(((bool)self.Json["isProgram"]!, (string)self.Json["path"]!), Is.EqualTo((true, Tree.R7Path)));
        Assert.That((await shop.Post("/organization/units", new { parentId = tree.R7, code = "x", name = "X", kind = "Reseller", resellerKind = "Agent" })).Code, Is.EqualTo("access.forbidden"));

        var again = await tree.Admin(Tree.NorthPath).Post("/organization/programs", body, ("Idempotency-Key", "p1"));
        Assert.That(again.Content, Is.EqualTo(added.Content), "a caller that lost the answer still gets the secret");
        Assert.That(await tree.Count($"SELECT COUNT(*) FROM IdempotencyKeys WHERE Response LIKE '%{secret}%'"), Is.Zero, "which is stored nowhere");
        Assert.That((await tree.Admin(Tree.NorthPath).Get("/organization/members")).Content, Does.Not.Contain(secret));
        var other = Tree.Created(await tree.Admin(Tree.NorthPath).Post("/organization/programs", body));
        Assert.That((string)other.Json["secret"]!, Is.Not.EqualTo(secret));
    }

    [Test]
    public async Task AProgramIsAStorefrontAndNothingElse()
    {
        await using var tree = await Tree.Grow();
        var answer = await tree.Admin(Tree.Hq).Post("/organization/programs", new { unitId = tree.R7, name = "", roles = new[] { "Admin" } });
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/name", "/roles/0" }));
    }

    [Test]
    public async Task WhoeverSignedInElsewhereIsNoMemberHere()
    {
        await using var tree = await Tree.Grow();
        Assert.That((await tree.Host.At(Tree.Hq, Role.Analyst).Get("/organization/members/me")).Code, Is.EqualTo("member.not_found"));
    }

    internal static async Task<HttpClient> SignIn(Tree tree, string signInName, string secret)
    {
        var token = await tree.Host.Anonymous().Post("/organization/tokens", new { signInName, secret });
        Assert.That(token.Status, Is.EqualTo(200), token.Content);
        var client = tree.Host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new((string)token.Json["tokenType"]!, (string)token.Json["accessToken"]!);
        return client;
    }

    private static object Planner(Guid unitId, string signInName) =>
        new { unitId, signInName, displayName = "Planner", password = Password, roles = new[] { "Planner" } };

    private static async Task<IEnumerable<string>> Names(HttpClient client) =>
        (await client.Get("/organization/members")).Json["items"]!.AsArray().Select(m => (string)m!["signInName"]!);
}

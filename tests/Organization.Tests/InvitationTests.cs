using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class InvitationTests
{
    private const string Password = "chosen-by-the-member";

    [Test]
    public async Task WhoIsInvitedChoosesAPassword_AndSignsInWithIt()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var invited = Tree.Created(await tree.Admin(Tree.NorthPath).Post("/organization/members/invite", Body(tree.R7, "planner@r7"), ("Idempotency-Key", "i1")));
        var token = (string)invited.Json["token"]!;
        Assert.That(invited.Json["member"]!["invitedUntil"]!.GetValue<DateTimeOffset>() - tree.Host.Clock.GetUtcNow(), Is.EqualTo(TimeSpan.FromDays(7)).Within(TimeSpan.FromSeconds(1)));
        Assert.That((await tree.Host.Anonymous().Post("/organization/tokens", new { signInName = "planner@r7", secret = Password })).Code, Is.EqualTo("sign_in.refused"), "not before");

        var again = await tree.Admin(Tree.NorthPath).Post("/organization/members/invite", Body(tree.R7, "planner@r7"), ("Idempotency-Key", "i1"));
        Assert.That(again.Content, Is.EqualTo(invited.Content), "a caller that lost the answer still gets the token");
        Assert.That(await tree.Count($"SELECT COUNT(*) FROM IdempotencyKeys WHERE Response LIKE '%{token}%'"), Is.Zero, "which is stored nowhere");
        Assert.That(await tree.Count($"SELECT COUNT(*) FROM AuditTrail WHERE AfterJson LIKE '%{token}%'"), Is.Zero);

        var accepted = await Accept(tree, token);
        Assert.That((accepted.Status, accepted.Json["invitedUntil"]), Is.EqualTo((200, (object?)null)), accepted.Content);
        var member = await MemberTests.SignIn(tree, "planner@r7", Password);
        Assert.That((string?)(await member.Get("/organization/members/me")).Json["path"], Is.EqualTo(Tree.R7Path));
        Assert.That((await Accept(tree, token)).Code, Is.EqualTo("invitation.not_found"), "it works once");
    }

    [Test]
    public async Task AnInvitationRunsOut_AndANewOneEndsIt()
    {
        await using var tree = await Tree.Grow();
        var invited = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members/invite", Body(tree.North, "late@north")));
        var id = (Guid)invited.Json["member"]!["id"]!;
        tree.Host.Clock.Advance(TimeSpan.FromDays(7));
        Assert.That((await Accept(tree, (string)invited.Json["token"]!)).Status, Is.EqualTo(410));
        var second = await tree.Admin(Tree.NorthPath).Post($"/organization/members/{id}/invite");
        Assert.That(second.Status, Is.EqualTo(200), second.Content);
        Assert.That((await Accept(tree, (string)invited.Json["token"]!)).Code, Is.EqualTo("invitation.not_found"));
        Assert.That((await Accept(tree, (string)second.Json["token"]!)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WhoForgotThePasswordIsInvitedAgain_AndTheOldOneHoldsUntilThen()
    {
        await using var tree = await Tree.Grow();
        var id = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members", new
        {
            unitId = tree.North,
            signInName = "x@north",
            displayName = "X",
            password = "the-forgotten-one",
            roles = new[] { "Planner" },
        })).Id;
        var invited = await tree.Admin(Tree.Hq).Post($"/organization/members/{id}/invite");
        Assert.That(await StatusOf(tree, "x@north", "the-forgotten-one"), Is.EqualTo(200));
        Assert.That((await Accept(tree, (string)invited.Json["token"]!)).Status, Is.EqualTo(200));
        Assert.That((await StatusOf(tree, "x@north", "the-forgotten-one"), await StatusOf(tree, "x@north", Password)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task OfManyWhoAcceptAtOnce_OneDoes()
    {
        await using var tree = await Tree.Grow();
        var token = (string)Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members/invite", Body(tree.North, "race@north"))).Json["token"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Accept(tree, token, $"chosen-by-number-{i}")));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Code), Is.All.EqualTo("invitation.not_found"));
    }

    [Test]
    public async Task InvitationsThatAreNoneOpenNothing()
    {
        await using var tree = await Tree.Grow();
        var token = (string)Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members/invite", Body(tree.North, "y@north"))).Json["token"]!;
        var other = (string)Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members/invite", Body(tree.North, "z@north"))).Json["token"]!;
        foreach (var wrong in new[] { "x", token[..^1], $"{token}x", $"{token[..22]}{other[22..]}", new string('A', 64), "😀", new string('x', 200) })
            Assert.That((await Accept(tree, wrong)).Code, Is.EqualTo("invitation.not_found"), wrong);
        Assert.That((await tree.Host.Anonymous().Post("/organization/invitations/accept", new { token = "", password = "short" })).Faults, Is.EquivalentTo(new[] { "/token", "/password" }));
        Assert.That(await BadInput.WrongAnswers(tree.Host.Anonymous(), HttpMethod.Post, "/organization/invitations/accept"), Is.Empty);
        Assert.That(await BadInput.WrongAnswers(tree.Admin(Tree.Hq), HttpMethod.Post, "/organization/members/invite"), Is.Empty);
        var faults = await tree.Admin(Tree.Hq).Post("/organization/members/invite", new { unitId = tree.North, signInName = "a b", displayName = "", roles = new[] { "Operator", "Operator" } });
        Assert.That(faults.Faults, Is.EquivalentTo(new[] { "/signInName", "/displayName", "/roles", "/roles/0", "/roles/1" }));
    }

    [Test]
    public async Task NobodyInvitesBeyondTheirReach_NorAProgram()
    {
        await using var tree = await Tree.Grow();
        foreach (var unitId in new[] { tree.Aurora, tree.South, tree.East })
            Assert.That((await tree.Admin(Tree.NorthPath).Post("/organization/members/invite", Body(unitId, "q@q"))).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await tree.Admin(Tree.Hq).Post("/organization/members/invite", Body(tree.North, "admin@borealis"))).Code, Is.EqualTo("member.name_taken"));
        var program = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } })).Id;
        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/members/{program}/invite")).Code, Is.EqualTo("member.is_program"));
        Assert.That((await tree.Admin(Tree.SouthPath).Post($"/organization/members/{program}/invite")).Code, Is.EqualTo("member.not_found"));
    }

    private static object Body(Guid unitId, string signInName) => new { unitId, signInName, displayName = "Invited", roles = new[] { "Planner" } };

    private static Task<Answer> Accept(Tree tree, string token, string password = Password) =>
        tree.Host.Anonymous().Post("/organization/invitations/accept", new { token, password });

    private static async Task<int> StatusOf(Tree tree, string signInName, string secret) =>
        (await tree.Host.Anonymous().Post("/organization/tokens", new { signInName, secret })).Status;
}

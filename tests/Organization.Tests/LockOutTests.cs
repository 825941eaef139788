using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class LockOutTests
{
    private const string Password = "a-long-enough-secret";

    /// <summary>What a deployment behind a proxy says of itself.</summary>
    private const string BehindAProxy = "ForwardedHeaders_Enabled=true";

    [TestCase("admin@aurora")]
    [TestCase("nobody@aurora")]
    public async Task AfterFiveFailuresANameIsLocked_WhetherItIsSomebodysOrNot(string name)
    {
        await using var tree = await Tree.Grow();
        for (var i = 0; i < 5; i++) Assert.That(await Try(tree, name), Is.EqualTo((401, "sign_in.refused", (TimeSpan?)null)));
        Assert.That(await Try(tree, name, Password), Is.EqualTo((429, "sign_in.locked", TimeSpan.FromMinutes(1))), "the right secret is not even looked at");
        tree.Host.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await Try(tree, name), Is.EqualTo((429, "sign_in.locked", TimeSpan.FromSeconds(1))));
        tree.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var minutes in new[] { 2, 4, 8, 15, 15 })
        {
            Assert.That((await Try(tree, name)).Code, Is.EqualTo("sign_in.refused"), "one more try");
            Assert.That(await Try(tree, name), Is.EqualTo((429, "sign_in.locked", TimeSpan.FromMinutes(minutes))));
            tree.Host.Clock.Advance(TimeSpan.FromMinutes(minutes));
        }
    }

    [Test]
    public async Task SuccessForgivesTheFailuresBefore_AndSoDoesADay()
    {
        await using var tree = await Tree.Grow();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++) await Try(tree, "admin@aurora");
            Assert.That((await Try(tree, "admin@aurora", Password)).Status, Is.EqualTo(200));
        }
        for (var i = 0; i < 4; i++) await Try(tree, "admin@aurora");
        tree.Host.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        Assert.That((await Try(tree, "admin@aurora")).Code, Is.EqualTo("sign_in.refused"));
        Assert.That((await Try(tree, "admin@aurora", Password)).Status, Is.EqualTo(200));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM SignInFailures"), Is.Zero, "what is forgiven is forgotten");
    }

    [Test]
    public async Task ALockIsForTheAddressThatGuessed_AndLeavesTheOwnerAlone()
    {
        await using var tree = await Tree.Grow(BehindAProxy);
        for (var i = 0; i < 5; i++) Assert.That((await Try(tree, "admin@aurora", from: "198.51.100.7")).Status, Is.EqualTo(401));
        Assert.That((await Try(tree, "admin@aurora", Password, from: "198.51.100.7")).Code, Is.EqualTo("sign_in.locked"));
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Status, Is.EqualTo(200));
        Assert.That((await Try(tree, "admin@aurora", Password, from: "198.51.100.7")).Code, Is.EqualTo("sign_in.locked"), "what the owner does elsewhere forgives nobody");
    }

    [Test]
    public async Task ManyAddressesTogetherLockANameForStrangers_NotWhereItWasSignedInBefore()
    {
        await using var tree = await Tree.Grow(BehindAProxy);
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Status, Is.EqualTo(200));
        foreach (var name in new[] { "admin@aurora", "nobody@aurora" })
        {
            for (var i = 1; i <= 50; i++) Assert.That((await Try(tree, name, from: $"198.51.100.{i}")).Code, Is.EqualTo("sign_in.refused"));
            Assert.That(await Try(tree, name, Password, from: "198.51.100.99"), Is.EqualTo((429, "sign_in.locked", TimeSpan.FromMinutes(1))));
        }
        for (var round = 0; round < 2; round++)
            Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Status, Is.EqualTo(200), "the owner comes in as ever");
        Assert.That((await Try(tree, "admin@aurora", Password, from: "198.51.100.99")).Code, Is.EqualTo("sign_in.locked"), "and opens the door to nobody by that");
        for (var i = 0; i < 5; i++) await Try(tree, "admin@aurora", from: "203.0.113.1");
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Code, Is.EqualTo("sign_in.locked"), "to be known is no leave to guess");

        tree.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.2")).Status, Is.EqualTo(200));
        Assert.That((await Try(tree, "admin@aurora", from: "198.51.100.99")).Code, Is.EqualTo("sign_in.refused"));
        Assert.That((await Try(tree, "admin@aurora", from: "198.51.100.99")).Code, Is.EqualTo("sign_in.refused"), "an owner at a new place starts the count anew");
    }

    [Test]
    public async Task AnAddressIsForgottenAfterNinetyDays()
    {
        await using var tree = await Tree.Grow(BehindAProxy);
        await Try(tree, "admin@aurora", Password, from: "203.0.113.1");
        tree.Host.Clock.Advance(TimeSpan.FromDays(89));
        await Try(tree, "admin@aurora", Password, from: "203.0.113.1");
        tree.Host.Clock.Advance(TimeSpan.FromDays(89));
        for (var i = 1; i <= 50; i++) await Try(tree, "admin@aurora", from: $"198.51.100.{i}");
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Status, Is.EqualTo(200), "each sign-in counts anew");
        tree.Host.Clock.Advance(TimeSpan.FromDays(90));
        for (var i = 1; i <= 50; i++) await Try(tree, "admin@aurora", from: $"198.51.100.{i}");
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Code, Is.EqualTo("sign_in.locked"));
    }

    [Test]
    public async Task ANetworkOfTheNewerProtocolIsOneAddress()
    {
        await using var tree = await Tree.Grow(BehindAProxy);
        for (var i = 1; i <= 5; i++) await Try(tree, "admin@aurora", from: $"2001:db8:1:2::{i}");
        Assert.That((await Try(tree, "admin@aurora", Password, from: "2001:db8:1:2:ffff::9")).Code, Is.EqualTo("sign_in.locked"));
        Assert.That((await Try(tree, "admin@aurora", Password, from: "2001:db8:1:3::1")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WithoutAProxyNobodyChoosesTheirAddress()
    {
        await using var tree = await Tree.Grow();
        for (var i = 1; i <= 5; i++) await Try(tree, "admin@aurora", from: $"198.51.100.{i}");
        Assert.That((await Try(tree, "admin@aurora", Password, from: "203.0.113.1")).Code, Is.EqualTo("sign_in.locked"));
    }

    [Test]
    public async Task ALockIsOfOneName()
    {
        await using var tree = await Tree.Grow();
        for (var i = 0; i < 5; i++) await Try(tree, "admin@aurora");
        Assert.That((await Try(tree, "admin@aurora", Password)).Status, Is.EqualTo(429));
        Assert.That((await Try(tree, "admin@borealis", Password)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ACrowdOfGuessesGetsNoMoreTriesThanOneAfterTheOther()
    {
        await using var tree = await Tree.Grow();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Try(tree, "admin@aurora")));
        Assert.That(answers.Count(a => a.Code == "sign_in.refused"), Is.EqualTo(5));
        Assert.That(answers.Count(a => a.Code == "sign_in.locked"), Is.EqualTo(27));
    }

    [Test]
    public async Task ACrowdOfTheRightSecretAllGetsIn()
    {
        await using var tree = await Tree.Grow();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Try(tree, "admin@aurora", Password)));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task NamesThatWereTriedAreNotKeptAsTheyWereTyped_NorForLong()
    {
        await using var tree = await Tree.Grow();
        for (var i = 0; i < 3; i++) await Try(tree, $"my-password-{i}");
        Assert.That(await tree.Count("SELECT COUNT(*) FROM SignInFailures WHERE NameHash LIKE '%password%'"), Is.Zero);
        Assert.That(await tree.Count("SELECT COUNT(*) FROM SignInFailures"), Is.EqualTo(6), "of the name, and of the name from there");
        tree.Host.Clock.Advance(TimeSpan.FromDays(2));
        await Try(tree, "somebody-else");
        Assert.That(await tree.Count("SELECT COUNT(*) FROM SignInFailures"), Is.EqualTo(2));
    }

    [Test]
    public async Task AMemberChangesTheirPassword_AndEveryTokenOfBeforeEnds()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        await SuspensionTests.Add(tree, "planner@north", "Planner");
        var member = await MemberTests.SignIn(tree, "planner@north", Password);
        var elsewhere = await MemberTests.SignIn(tree, "planner@north", Password);
        Assert.That((await Change(member, "wrong", "another-long-secret")).Code, Is.EqualTo("member.wrong_password"));
        Assert.That((await Change(member, "", "short")).Faults, Is.EquivalentTo(new[] { "/oldPassword", "/newPassword" }));
        var changed = await Change(member, Password, "another-long-secret");
        Assert.That((changed.Status, changed.ETag), Is.EqualTo((200, "\"2\"")), changed.Content);
        Assert.That(changed.Content, Does.Not.Contain("another-long-secret"));
        await tree.Host.Settle();
        foreach (var client in new[] { member, elsewhere }) Assert.That((await client.Get("/organization/units")).Code, Is.EqualTo("access.unauthenticated"));
        Assert.That((await Try(tree, "planner@north", Password)).Status, Is.EqualTo(401));
        Assert.That((await (await MemberTests.SignIn(tree, "planner@north", "another-long-secret")).Get("/organization/units")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WhoGuessesTheOldPasswordIsLockedOutToo()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        await SuspensionTests.Add(tree, "planner@north", "Planner");
        var member = await MemberTests.SignIn(tree, "planner@north", Password);
        for (var i = 0; i < 5; i++) await Change(member, "a-guess", "another-long-secret");
        Assert.That((await Change(member, Password, "another-long-secret")).Code, Is.EqualTo("sign_in.locked"));
        Assert.That(await BadInput.WrongAnswers(member, HttpMethod.Put, "/organization/members/me/password"), Is.Empty);
    }

    [Test]
    public async Task WhoeverSignedInElsewhereHasNoPasswordHere_NorHasAShop()
    {
        await using var tree = await Tree.Grow();
        Assert.That((await Change(tree.Admin(Tree.Hq), Password, Password)).Code, Is.EqualTo("member.not_found"));
        Assert.That((await Change(tree.Host.At(Tree.R7Path, Role.Storefront), Password, Password)).Code, Is.EqualTo("access.forbidden"));
    }

    private static Task<Answer> Change(HttpClient client, string oldPassword, string newPassword) =>
        client.Put("/organization/members/me/password", new { oldPassword, newPassword });

    private static async Task<(int Status, string? Code, TimeSpan? Wait)> Try(Tree tree, string signInName, string secret = "a-wrong-password", string? from = null)
    {
        var answer = await tree.Host.Anonymous().Post("/organization/tokens", new { signInName, secret }, from is null ? [] : [("X-Forwarded-For", from)]);
        return (answer.Status, answer.Code, answer.RetryAfter);
    }
}

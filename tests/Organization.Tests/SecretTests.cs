using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

internal sealed class SecretTests
{
    [Test]
    public async Task BothSecretsHoldWhileTheyOverlap_AndThenOnlyTheNewOne()
    {
        await using var tree = await Tree.Grow();
        var (id, name, first) = await Program(tree);
        var rotated = await Rotate(tree, id, new { overlapMinutes = 60 }, ("Idempotency-Key", "r1"));
        var second = (string)rotated.Json["secret"]!;
        Assert.That(second, Is.Not.EqualTo(first).And.Length.EqualTo(40));
        Assert.That(rotated.Json["program"]!["oldSecretUntil"]!.GetValue<DateTimeOffset>(), Is.EqualTo(tree.Host.Clock.GetUtcNow().AddHours(1)));
        Assert.That((await Rotate(tree, id, new { overlapMinutes = 60 }, ("Idempotency-Key", "r1"))).Content, Is.EqualTo(rotated.Content), "a caller that lost the answer still gets the secret");
        Assert.That(await tree.Count($"SELECT COUNT(*) FROM IdempotencyKeys WHERE Response LIKE '%{second}%'"), Is.Zero);
        Assert.That((await tree.Admin(Tree.Hq).Get("/organization/audit?limit=200")).Content, Does.Not.Contain(second).And.Not.Contain(first));
        tree.Host.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.That((await Status(tree, name, first), await Status(tree, name, second)), Is.EqualTo((200, 200)));
        tree.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await Status(tree, name, first), await Status(tree, name, second)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task ARequestWithAPassword_IsRecognisedByAHashThatIsAsSlowToGuessAsThePasswords()
    {
        await using var tree = await Tree.Grow();
        string Body(string password) => $$"""{"unitId":"{{tree.North}}","signInName":"new@north","displayName":"New","password":"{{password}}","roles":["Planner"]}""";
        var first = Tree.Created(await Add(Body("a-long-enough-secret"), "k1"));
        Assert.That((await Add(Body("a-long-enough-secret"), "k1")).Content, Is.EqualTo(first.Content));
        Assert.That((await Add(Body("another-long-secret"), "k1")).Code, Is.EqualTo("request.idempotency_key_reused"));
        var kept = await tree.Host.Services.GetRequiredService<OrganizationDb>().Scalar<string>("SELECT RequestHash FROM IdempotencyKeys WHERE KeyText = 'k1'");
        var quick = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"POST /organization/members\n\n{Body("a-long-enough-secret")}")));
        Assert.That(kept, Is.Not.EqualTo(quick).And.Length.EqualTo(quick.Length));

        Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/brands", """{"code":"women","name":"Women","grade":"A"}""", ("Idempotency-Key", "k2")));
        Assert.That(
            await tree.Host.Services.GetRequiredService<OrganizationDb>().Scalar<string>("SELECT RequestHash FROM IdempotencyKeys WHERE KeyText = 'k2'"),
            Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData("POST /organization/brands\n\n{\"code\":\"women\",\"name\":\"Women\",\"grade\":\"A\"}"u8))), "others stay quick");

        Task<Answer> Add(string body, string key) => tree.Admin(Tree.Hq).Post("/organization/members", body, ("Idempotency-Key", key));
    }

    [Test]
    public async Task ASecretOlderThanTheOldOneEndsAtOnce()
    {
        await using var tree = await Tree.Grow();
        var (id, name, first) = await Program(tree);
        var second = (string)(await Rotate(tree, id, new { })).Json["secret"]!;
        var third = (string)(await Rotate(tree, id, new { })).Json["secret"]!;
        Assert.That((await Status(tree, name, first), await Status(tree, name, second), await Status(tree, name, third)), Is.EqualTo((401, 200, 200)));
    }

    [Test]
    public async Task WithoutOverlapTheOldSecretEndsAtOnce_AndItsTokensToo()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var (id, name, first) = await Program(tree);
        var shop = await MemberTests.SignIn(tree, name, first);
        var second = (string)(await Rotate(tree, id, new { overlapMinutes = 5 })).Json["secret"]!;
        await tree.Host.Settle();
        Assert.That((await shop.Get("/organization/brands")).Status, Is.EqualTo(200), "an orderly rotation disturbs nobody");
        var third = (string)(await Rotate(tree, id, new { overlapMinutes = 0 })).Json["secret"]!;
        await tree.Host.Settle();
        Assert.That((await shop.Get("/organization/brands")).Code, Is.EqualTo("access.unauthenticated"));
        Assert.That((await Status(tree, name, second), await Status(tree, name, third)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task OfManyRotationsAtOnce_EachSecretThatWasShownIsTheNewestOrTheOneBefore()
    {
        await using var tree = await Tree.Grow();
        var (id, name, _) = await Program(tree);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Rotate(tree, id, new { })));
        var rotated = answers.Where(a => a.Status == 200).OrderBy(a => (long)a.Json["program"]!["version"]!).Select(a => (string)a.Json["secret"]!).ToList();
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Code), Is.All.EqualTo("request.lost_race"));
        Assert.That(rotated, Is.Unique.And.Not.Empty);
        foreach (var secret in rotated.TakeLast(2)) Assert.That(await Status(tree, name, secret), Is.EqualTo(200));
    }

    [Test]
    public async Task OnlyProgramsWithinReachAreRotated()
    {
        await using var tree = await Tree.Grow();
        var (id, _, _) = await Program(tree);
        var member = await SuspensionTests.Add(tree, "planner@north", "Planner");
        Assert.That((await Rotate(tree, member, new { })).Code, Is.EqualTo("program.not_found"));
        foreach (var path in new[] { Tree.SouthPath, Tree.Foreign })
            Assert.That((await tree.Admin(path).Post($"/organization/programs/{id}/rotate", new { })).Code, Is.EqualTo("program.not_found"));
        foreach (var minutes in new[] { -1, 10_081 })
            Assert.That((await Rotate(tree, id, new { overlapMinutes = minutes })).Faults, Is.EqualTo(new[] { "/overlapMinutes" }));
    }

    private static async Task<(Guid Id, string Name, string Secret)> Program(Tree tree)
    {
        var added = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } }));
        return (added.Id, (string)added.Json["signInName"]!, (string)added.Json["secret"]!);
    }

    private static Task<Answer> Rotate(Tree tree, Guid id, object body, params (string, string)[] headers) =>
        tree.Admin(Tree.NorthPath).Post($"/organization/programs/{id}/rotate", body, headers);

    private static async Task<int> Status(Tree tree, string signInName, string secret) => (await SuspensionTests.SignIn(tree, signInName, secret)).Item1;
}

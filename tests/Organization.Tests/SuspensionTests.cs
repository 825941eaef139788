using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

internal sealed class SuspensionTests
{
    private const string Password = "a-long-enough-secret";

    [Test]
    public async Task WhoIsSuspendedIsShutOut_AndSignsInAgainOnceReinstated()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var id = await Add(tree, "planner@north", "Planner");
        var member = await MemberTests.SignIn(tree, "planner@north", Password);
        Assert.That((await member.Get("/organization/units")).Status, Is.EqualTo(200));

        var suspended = await tree.Admin(Tree.NorthPath).Post($"/organization/members/{id}/suspend");
        Assert.That((suspended.Status, (bool)suspended.Json["isSuspended"]!, suspended.ETag), Is.EqualTo((200, true, "\"2\"")), suspended.Content);
        Assert.That(await tree.Admin(Tree.Hq).Post($"/organization/members/{id}/suspend"), Is.EqualTo(suspended), "twice is once");
        await tree.Host.Settle();
        var refused = await member.Get("/organization/units");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((401, "access.suspended")), refused.Content);
        Assert.That(await SignIn(tree, "planner@north", Password), Is.EqualTo((403, "sign_in.suspended")));
        Assert.That(await SignIn(tree, "planner@north", "a-wrong-password"), Is.EqualTo((401, "sign_in.refused")), "only who knows the secret is told");

        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/members/{id}/reinstate")).ETag, Is.EqualTo("\"3\""));
        await tree.Host.Settle();
        Assert.That((await member.Get("/organization/units")).Code, Is.EqualTo("access.unauthenticated"), "an old token does not come back");
        Assert.That((await (await MemberTests.SignIn(tree, "planner@north", Password)).Get("/organization/units")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AProgramIsSuspendedLikeAMember()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var added = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } }));
        var shop = await MemberTests.SignIn(tree, (string)added.Json["signInName"]!, (string)added.Json["secret"]!);
        await tree.Admin(Tree.Hq).Post($"/organization/members/{added.Id}/suspend");
        await tree.Host.Settle();
        Assert.That((await shop.Get("/organization/brands")).Code, Is.EqualTo("access.suspended"));
        Assert.That(await SignIn(tree, (string)added.Json["signInName"]!, (string)added.Json["secret"]!), Is.EqualTo((403, "sign_in.suspended")));
    }

    // Another instance has taken the event: only the database knows, and this one looks there in time.
    [Test]
    public async Task WhatAnotherInstanceHeard_IsHonouredWithinHalfAMinute()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var id = await Add(tree, "planner@north", "Planner");
        await tree.Host.Settle();
        var member = await MemberTests.SignIn(tree, "planner@north", Password);
        Assert.That((await member.Get("/organization/units")).Status, Is.EqualTo(200));
        await tree.Host.Services.GetRequiredService<OrganizationDb>().InTransaction<Done>(async work =>
        {
            await work.Execute("UPDATE AccessMembers SET IsSuspended = 1, Version = 2, ChangedAt = @Now WHERE MemberId = @Id", new { work.Now, Id = id });
            return new Done();
        });
        tree.Host.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That((await member.Get("/organization/units")).Status, Is.EqualTo(200), "no look into the database for each request");
        tree.Host.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.That((await member.Get("/organization/units")).Code, Is.EqualTo("access.suspended"));
    }

    [Test]
    public async Task EventsMayComeLateTwiceAndInAnyOrder()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var id = await Add(tree, "planner@north", "Planner");
        await tree.Host.Settle();
        var member = await MemberTests.SignIn(tree, "planner@north", Password);
        foreach (var (version, isSuspended) in new[] { (9L, true), (8, false), (9, true), (2, false) }) await tree.Host.Deliver(Changed(version, isSuspended));
        Assert.That((await member.Get("/organization/units")).Code, Is.EqualTo("access.suspended"));
        await tree.Host.Deliver(Changed(10, isSuspended: false));
        await tree.Host.Deliver(Changed(9, isSuspended: true));
        Assert.That((await member.Get("/organization/units")).Status, Is.EqualTo(200));

        MemberChanged Changed(long version, bool isSuspended) => new()
        {
            MemberId = id,
            Version = version,
            UnitId = tree.North,
            Path = Tree.NorthPath,
            DisplayName = "Planner",
            Roles = ["Planner"],
            IsProgram = false,
            IsSuspended = isSuspended,
            TokensFrom = 1,
        };
    }

    [Test]
    public async Task ATokenFollowsItsUnit_AndEndsWithIt()
    {
        await using var tree = await Tree.Grow();
        var r7 = tree.Host.At(Tree.R7Path, tree.R7, Role.Admin);
        Assert.That(await Units(r7), Is.EqualTo(new[] { Tree.R7Path }));
        await tree.Host.Deliver(Changed(tree.R7, 5, "/aurora/south/r7/", isActive: true));
        Assert.That(await Units(r7), Is.Empty, "it stands elsewhere now, where the rows have not moved here");
        Assert.That(await Units(tree.Host.At("/aurora/old/", tree.North, Role.Admin)), Is.SupersetOf(new[] { Tree.NorthPath }));

        await tree.Host.Deliver(Changed(tree.South, 5, Tree.SouthPath, isActive: false));
        Assert.That((await r7.Get("/organization/units")).Code, Is.EqualTo("access.unit_inactive"), "a unit above is gone");
        Assert.That((await tree.Host.At("/aurora/south/unheard-of/", Guid.Parse("0199a000-0000-7000-8000-00000000ffff"), Role.Admin).Get("/organization/units")).Code, Is.EqualTo("access.unit_inactive"));
        Assert.That((await tree.Admin(Tree.Hq).Get("/organization/units")).Status, Is.EqualTo(200));
        await tree.Host.Deliver(Changed(tree.South, 6, Tree.SouthPath, isActive: true));
        Assert.That((await r7.Get("/organization/units")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task NobodySuspendsBeyondTheirReach()
    {
        await using var tree = await Tree.Grow();
        var id = await Add(tree, "planner@north", "Planner");
        foreach (var path in new[] { Tree.SouthPath, Tree.R7Path, Tree.Foreign })
        {
            Assert.That((await tree.Admin(path).Post($"/organization/members/{id}/suspend")).Code, Is.EqualTo("member.not_found"));
            Assert.That((await tree.Admin(path).Post($"/organization/members/{id}/reinstate")).Code, Is.EqualTo("member.not_found"));
            Assert.That((await tree.Admin(path).Get($"/organization/members/{id}")).Code, Is.EqualTo("member.not_found"));
        }
    }

    [Test]
    public async Task TheLastAdministratorOfAHeadquartersStays()
    {
        await using var tree = await Tree.Grow();
        var first = await IdOf(tree, "admin@aurora");
        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/members/{first}/suspend")).Code, Is.EqualTo("member.last_admin"));
        Assert.That((await Edit(tree, first, 1, "Planner")).Code, Is.EqualTo("member.last_admin"));
        // Neither one at a region, nor one who has not accepted yet, takes the place.
        await Add(tree, "admin@north", "Admin");
        Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members/invite", new { unitId = tree.Aurora, signInName = "later@aurora", displayName = "X", roles = new[] { "Admin" } }));
        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/members/{first}/suspend")).Code, Is.EqualTo("member.last_admin"));
        await Add(tree, "second@aurora", "Admin", tree.Aurora);
        Assert.That((await tree.Admin(Tree.Hq).Post($"/organization/members/{first}/suspend")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task OfManyWhoTakeAdministratorsAwayAtOnce_NoneTakesTheLast()
    {
        await using var tree = await Tree.Grow();
        var ids = new List<Guid> { await IdOf(tree, "admin@aurora") };
        for (var i = 0; i < 5; i++) ids.Add(await Add(tree, $"admin-{i}@aurora", "Admin", tree.Aurora));
        var answers = await Task.WhenAll(ids.Select((id, i) => i % 2 == 0
            ? tree.Host.At(Tree.Hq, Role.Admin).Post($"/organization/members/{id}/suspend")
            : Edit(tree, id, 1, "Analyst")));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(ids.Count - 1));
        Assert.That(answers.Single(a => a.Status != 200).Code, Is.EqualTo("member.last_admin"));
    }

    [Test]
    public async Task OtherRolesEndTheTokensOfBefore_AndAnotherNameDoesNot()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var id = await Add(tree, "planner@north", "Planner");
        var member = await MemberTests.SignIn(tree, "planner@north", Password);
        Assert.That((await Edit(tree, id, 1, "Planner")).ETag, Is.EqualTo("\"2\""));
        await tree.Host.Settle();
        Assert.That((await member.Get("/organization/units")).Status, Is.EqualTo(200));
        Assert.That((await Edit(tree, id, 1, "Admin")).Status, Is.EqualTo(412), "of an older version");
        var edited = await Edit(tree, id, 2, "Admin");
        Assert.That(edited.Json["roles"]!.AsArray().Select(r => (string)r!), Is.EqualTo(new[] { "Admin" }), edited.Content);
        await tree.Host.Settle();
        Assert.That((await member.Get("/organization/units")).Code, Is.EqualTo("access.unauthenticated"));
        var admin = await MemberTests.SignIn(tree, "planner@north", Password);
        Assert.That((await admin.Get($"/organization/members/{id}")).ETag, Is.EqualTo("\"3\""));
        Assert.That((await admin.Put($"/organization/members/{id}", new { displayName = "Me", roles = new[] { "Admin", "Planner" } }, ("If-Match", "\"3\""))).Code, Is.EqualTo("member.own_roles"));
        Assert.That((await admin.Put($"/organization/members/{id}", new { displayName = "Me", roles = new[] { "Admin" } }, ("If-Match", "\"3\""))).Status, Is.EqualTo(200), "a name of one's own");
    }

    [Test]
    public async Task EditsOfMembersAreChecked()
    {
        await using var tree = await Tree.Grow();
        var id = await Add(tree, "planner@north", "Planner");
        var path = $"/organization/members/{id}";
        Assert.That((await tree.Admin(Tree.Hq).Put(path, new { displayName = "", roles = new[] { "Operator" } }, ("If-Match", "\"1\""))).Faults, Is.EquivalentTo(new[] { "/displayName", "/roles/0" }));
        Assert.That((await Edit(tree, id, 1, "Storefront")).Faults, Is.EqualTo(new[] { "/roles/0" }), "a person is no shop");
        Assert.That((await tree.Admin(Tree.Hq).Put(path, new { displayName = "X", roles = new[] { "Planner" } })).Status, Is.EqualTo(428));
        var program = Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/programs", new { unitId = tree.R7, name = "Shop", roles = new[] { "Storefront" } })).Id;
        Assert.That((await Edit(tree, program, 1, "Planner")).Faults, Is.EqualTo(new[] { "/roles/0" }), "nor a shop a person");
        Assert.That(await BadInput.WrongAnswers(tree.Admin(Tree.Hq), HttpMethod.Put, path, ("If-Match", "\"1\"")), Is.Empty);
    }

    internal static async Task<Guid> Add(Tree tree, string signInName, string role, Guid? unitId = null) => Tree.Created(await tree.Admin(Tree.Hq).Post(
        "/organization/members", new { unitId = unitId ?? tree.North, signInName, displayName = "M", password = Password, roles = new[] { role } })).Id;

    internal static async Task<(int, string?)> SignIn(Tree tree, string signInName, string secret)
    {
        var answer = await tree.Host.Anonymous().Post("/organization/tokens", new { signInName, secret });
        return (answer.Status, answer.Code);
    }

    private static Task<Answer> Edit(Tree tree, Guid id, long version, string role) =>
        tree.Host.At(Tree.Hq, Role.Admin).Put($"/organization/members/{id}", new { displayName = "M", roles = new[] { role } }, ("If-Match", $"\"{version}\""));

    private static async Task<Guid> IdOf(Tree tree, string signInName) =>
        (Guid)(await tree.Admin(Tree.Hq).Get("/organization/members")).Json["items"]!.AsArray().Single(m => (string)m!["signInName"]! == signInName)!["id"]!;

    private static async Task<IEnumerable<string>> Units(HttpClient client) =>
        (await client.Get("/organization/units")).Json["items"]!.AsArray().Select(u => (string)u!["path"]!);

    private static UnitChanged Changed(Guid id, long version, string path, bool isActive) => new()
    {
        UnitId = id,
        Version = version,
        Path = path,
        Name = "U",
        Kind = UnitKind.Reseller,
        TimeZone = "Asia/Shanghai",
        Currency = "CNY",
        IsActive = isActive,
    };
}

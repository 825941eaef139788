using System.Diagnostics;
using System.Net.Http.Headers;
using LiveCommerce.AllInOne;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.System.Tests;

/// <summary>Who is suspended is shut out of every service, however the services are put into processes.</summary>
internal sealed class SuspensionTests
{
    private const string Password = "a-long-enough-secret";

    /// <summary>One request of each service that an analyst may make.</summary>
    private static readonly string[] Reads = ["/organization/units", "/scheduling/sessions", "/lineups/products", "/coupons/campaigns", "/orders/orders"];

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("live-commerce-system-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task InOneProcess_ASuspendedMembersTokenOpensNothingAnyMore()
    {
        await using var host = await TestHost.Start([.. Modules.All]);
        host.Clock.Set(TimeProvider.System.GetUtcNow());
        var (member, admin, id) = await Join(host.Anonymous(), host.Folder);
        foreach (var path in Reads) Assert.That((await member.Get(path)).Status, Is.EqualTo(200), path);

        Assert.That((await admin.Post($"/organization/members/{id}/suspend")).Status, Is.EqualTo(200));
        await host.Settle();
        foreach (var path in Reads) Assert.That((await member.Get(path)).Code, Is.EqualTo("access.suspended"), path);

        await admin.Post($"/organization/members/{id}/reinstate");
        await host.Settle();
        foreach (var path in Reads) Assert.That((await member.Get(path)).Code, Is.EqualTo("access.unauthenticated"), $"{path}: the old token stays dead");
        var again = await SignIn(host.Anonymous(), "analyst@aurora", Password);
        foreach (var path in Reads) Assert.That((await again.Get(path)).Status, Is.EqualTo(200), path);
    }

    [Test]
    public async Task OfAHeadquartersOutOfUse_EveryServiceRefusesEverybody_UntilTheOperatorPutsItBack()
    {
        await using var host = await TestHost.Start([.. Modules.All]);
        host.Clock.Set(TimeProvider.System.GetUtcNow());
        var (member, admin, id) = await Join(host.Anonymous(), host.Folder);
        var unit = (Guid)(await admin.Get($"/organization/members/{id}")).Json["unitId"]!;
        var operators = host.At("/", Role.Operator);
        Assert.That((await operators.Post($"/organization/headquarters/{unit}/deactivate")).Status, Is.EqualTo(200));
        await host.Settle();
        foreach (var path in Reads) Assert.That((await member.Get(path)).Code, Is.EqualTo("access.unit_inactive"), path);
        Assert.That((await admin.Post($"/organization/units/{unit}/reactivate")).Code, Is.EqualTo("access.unit_inactive"), "nobody below takes it back");

        Assert.That((await operators.Post($"/organization/headquarters/{unit}/reactivate")).Status, Is.EqualTo(200));
        await host.Settle();
        foreach (var path in Reads) Assert.That((await member.Get(path)).Status, Is.EqualTo(200), $"{path}: with the token of before");
    }

    [Test]
    public async Task InHostsOfTheirOwn_EachServiceHonoursItByItsOwnCopy_AlsoWhatAnotherInstanceHeard()
    {
        // All trust one key, as they trust one authority's in production.
        string[] settings = [$"SignIn:KeyFile={Path.Combine(_folder, "key.pem")}"];
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        var hosts = new List<TestHost>();
        foreach (var module in Modules.All) hosts.Add(await TestHost.StartIn(Path.Combine(_folder, module.Name), clock, settings, module));
        var (member, admin, id) = await Join(hosts[0].Anonymous(), hosts[0].Folder);
        var token = member.DefaultRequestHeaders.Authorization;
        var clients = hosts.ConvertAll(h => h.Anonymous());
        foreach (var client in clients) client.DefaultRequestHeaders.Authorization = token;
        for (var i = 0; i < hosts.Count; i++) Assert.That((await clients[i].Get(Reads[i])).Status, Is.EqualTo(200), Reads[i]);

        var suspended = await admin.Post($"/organization/members/{id}/suspend");
        var told = new MemberChanged
        {
            MemberId = id,
            Version = (long)suspended.Json["version"]!,
            UnitId = (Guid)suspended.Json["unitId"]!,
            Path = (string)suspended.Json["path"]!,
            DisplayName = "Analyst",
            Roles = ["Analyst"],
            IsProgram = false,
            IsSuspended = true,
            TokensFrom = (long)suspended.Json["version"]!,
        };
        await hosts[0].Settle();
        for (var i = 1; i < hosts.Count; i++)
        {
            Assert.That((await clients[i].Get(Reads[i])).Status, Is.EqualTo(200), $"{Reads[i]} has not heard of it");
            await hosts[i].Deliver(told);
        }
        for (var i = 0; i < hosts.Count; i++) Assert.That((await clients[i].Get(Reads[i])).Code, Is.EqualTo("access.suspended"), Reads[i]);

        // A second process on the same state starts with it, without having heard anything.
        for (var i = 0; i < hosts.Count; i++)
        {
            await hosts[i].Stop();
            hosts[i] = await TestHost.StartIn(hosts[i].Folder, clock, settings, Modules.All[i]);
            var client = hosts[i].Anonymous();
            client.DefaultRequestHeaders.Authorization = token;
            Assert.That((await client.Get(Reads[i])).Code, Is.EqualTo("access.suspended"), $"{Reads[i]} after a restart");
        }
        foreach (var host in hosts) await host.DisposeAsync();
    }

    [Test]
    public async Task InFiveProcessesOverABroker_EveryServiceHonoursItWithinAMinute()
    {
        await using var services = await FiveServices.Start(_folder);
        var (member, admin, id) = await Join(services.NewClient(), Path.Combine(_folder, "organization"), services.NewClient);
        foreach (var path in Reads) Assert.That((await member.Get(path)).Status, Is.EqualTo(200), path);
        var waited = Stopwatch.StartNew();
        Assert.That((await admin.Post($"/organization/members/{id}/suspend")).Status, Is.EqualTo(200));
        foreach (var path in Reads)
        {
            while ((await member.Get(path)).Code != "access.suspended")
                Assert.That(waited.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)), path);
        }
        TestContext.Out.WriteLine($"Honoured everywhere after {waited.Elapsed.TotalSeconds:F1} s");
    }

    /// <summary>A tenant with an administrator and an analyst, both signed in.</summary>
    private static async Task<(HttpClient Member, HttpClient Admin, Guid Id)> Join(HttpClient anonymous, string folder, Func<HttpClient>? another = null)
    {
        HttpClient Another() => another?.Invoke() ?? new HttpClient { BaseAddress = anonymous.BaseAddress };
        var secret = (await File.ReadAllTextAsync(Path.Combine(folder, "operator-secret.txt"))).Trim();
        var operators = await SignIn(anonymous, "operator", secret);
        var unit = await operators.Post("/organization/headquarters", new
        {
            code = "aurora",
            name = "Aurora",
            timeZone = "Asia/Shanghai",
            currency = "CNY",
            admin = new { signInName = "admin@aurora", displayName = "Admin", password = Password },
        });
        Assert.That(unit.Status, Is.EqualTo(201), unit.Content);
        var admin = await SignIn(Another(), "admin@aurora", Password);
        var added = await admin.Post("/organization/members", new { unitId = unit.Id, signInName = "analyst@aurora", displayName = "Analyst", password = Password, roles = new[] { "Analyst" } });
        Assert.That(added.Status, Is.EqualTo(201), added.Content);
        return (await SignIn(Another(), "analyst@aurora", Password), admin, added.Id);
    }

    private static async Task<HttpClient> SignIn(HttpClient client, string signInName, string secret)
    {
        var token = await client.Post("/organization/tokens", new { signInName, secret });
        Assert.That(token.Status, Is.EqualTo(200), token.Content);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token.Json["accessToken"]!);
        return client;
    }
}

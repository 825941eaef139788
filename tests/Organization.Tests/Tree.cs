using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

/// <summary>Two tenants: Aurora with north (reseller r7), south (reseller s1) and a reseller of its own, and Borealis with east.</summary>
internal sealed class Tree : IAsyncDisposable
{
    public const string Hq = "/aurora/";
    public const string NorthPath = "/aurora/north/";
    public const string SouthPath = "/aurora/south/";
    public const string R7Path = "/aurora/north/r7/";
    public const string S1Path = "/aurora/south/s1/";
    public const string Foreign = "/borealis/";

    private static readonly Lazy<Task<Tree>> Seed = new(async () =>
    {
        var tree = await GrowBeside();
        await tree.Host.Settle();
        await tree.Host.Stop();
        return tree;
    });

    private Tree(TestHost host) => Host = host;

    public TestHost Host { get; }

    public Guid Aurora { get; private set; }

    public Guid North { get; private set; }

    public Guid South { get; private set; }

    public Guid R7 { get; private set; }

    public Guid S1 { get; private set; }

    public Guid Borealis { get; private set; }

    public Guid East { get; private set; }

    /// <summary>A tree of one's own: a copy of one grown once, because keys and passwords are slow to make on purpose.</summary>
    public static async Task<Tree> Grow(params IReadOnlyList<string> settings)
    {
        var seed = await Seed.Value;
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        foreach (var file in Directory.GetFiles(seed.Host.Folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new Tree(await TestHost.StartIn(folder, new ManualClock(), settings, new OrganizationModule()))
        {
            Aurora = seed.Aurora,
            North = seed.North,
            South = seed.South,
            R7 = seed.R7,
            S1 = seed.S1,
            Borealis = seed.Borealis,
            East = seed.East,
        };
    }

    /// <summary>Grows in the hearing of another module.</summary>
    public static async Task<Tree> GrowBeside(params IServiceModule[] others)
    {
        var tree = new Tree(await TestHost.Start([new OrganizationModule(), .. others]));
        tree.Aurora = await tree.Open("aurora");
        tree.Borealis = await tree.Open("borealis");
        tree.North = await tree.Add(Hq, tree.Aurora, "north", "Region");
        tree.South = await tree.Add(Hq, tree.Aurora, "south", "Region");
        tree.East = await tree.Add(Foreign, tree.Borealis, "east", "Region");
        tree.R7 = await tree.Add(Hq, tree.North, "r7", "Reseller", "Franchisee");
        tree.S1 = await tree.Add(Hq, tree.South, "s1", "Reseller", "Agent");
        return tree;
    }

    public HttpClient Admin(string path) => Host.At(path, Role.Admin);

    public async Task<Guid> Add(string callerPath, Guid parentId, string code, string kind, string? resellerKind = null) =>
        Created(await Admin(callerPath).Post("/organization/units", new { parentId, code, name = code, kind, resellerKind })).Id;

    public async Task<Guid> Brand(string headquarters, string code) =>
        Created(await Admin(headquarters).Post("/organization/brands", new { code, name = code, grade = "A" })).Id;

    public async Task<Answer> Mandate(string callerPath, Guid resellerId, params Guid[] brandIds) => await Admin(callerPath).Post("/organization/mandates", new
    {
        resellerId,
        brandIds,
        channels = new[] { "MiniProgram", "VideoAccount" },
        opensAt = "2026-11-01T00:00:00+08:00",
        closesAt = "2027-01-01T00:00:00+08:00",
        sessionsPerWeek = 3,
        deepestDiscountPercent = 40,
        couponQuota = 10_000,
    });

    public async Task<long> Count(string sql) => await Host.Services.GetRequiredService<OrganizationDb>().Scalar<long>(sql);

    public static Answer Created(Answer answer)
    {
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer;
    }

    public static void ClearSeed()
    {
        if (Seed.IsValueCreated) Directory.Delete(Seed.Value.Result.Host.Folder, recursive: true);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task<Guid> Open(string code) => Created(await Host.At("/", Role.Operator).Post("/organization/headquarters", new
    {
        code,
        name = code,
        timeZone = "Asia/Shanghai",
        currency = "CNY",
        admin = new { signInName = $"admin@{code}", displayName = "Admin", password = "a-long-enough-secret" },
    })).Id;
}

/// <summary>Leaves nothing behind.</summary>
[SetUpFixture]
internal sealed class SeedOfTrees
{
    [OneTimeTearDown]
    public void Clear() => Tree.ClearSeed();
}

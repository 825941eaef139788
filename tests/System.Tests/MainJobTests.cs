using LiveCommerce.AllInOne.Demo;

namespace LiveCommerce.System.Tests;

/// <summary>
/// The main job of the product, the same script each time: on one process, on five that share nothing but a broker, and on one
/// that is killed in the middle.
/// </summary>
[NonParallelizable]
internal sealed class MainJobTests
{
    private static readonly DemoScale Scale = DemoScale.Seed with { Customers = 400, Orders = 200, Parallel = 16 };

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("live-commerce-system-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task EverySumAgrees_InOneProcess()
    {
        await using var server = await ServerProcess.Start("AllInOne", $"--data {_folder} --empty", new Dictionary<string, string>());
        using var http = new HttpClient { BaseAddress = server.Address };
        AssertSound(await Job(http, _folder, (_, _) => { }).Play(CancellationToken.None));
    }

    [Test]
    public async Task EverySumAgrees_InFiveProcessesOverABroker()
    {
        await using var services = await FiveServices.Start(_folder);
        using var http = services.NewClient();
        AssertSound(await Job(http, Path.Combine(_folder, "organization"), (_, _) => { }).Play(CancellationToken.None));
    }

    [Test]
    public async Task EverySumAgrees_WhenTheProcessIsKilledAgainAndAgain()
    {
        await using var server = await ServerProcess.Start("AllInOne", $"--data {_folder} --empty", new Dictionary<string, string>());
        using var http = new HttpClient { BaseAddress = server.Address };
        (string Step, double At)[] kills = [("Claims in the warm-up", 0.4), ("Orders on the air", 0.2), ("Orders on the air", 0.7), ("Shipping and refunds", 0.5)];
        var next = 0;
        var restarts = Task.CompletedTask;
        var job = Job(http, _folder, (step, share) =>
        {
            lock (kills)
            {
                if (next == kills.Length || !restarts.IsCompleted || kills[next].Step != step || share < kills[next].At) return;
                next++;
                restarts = Task.Run(async () =>
                {
                    await server.Kill();
                    await server.Start();
                });
            }
        });
        var outcome = await job.Play(CancellationToken.None);
        await restarts;
        Assert.That(next, Is.EqualTo(kills.Length), "it was killed every time");
        AssertSound(outcome);
    }

    private static MainJob Job(HttpClient http, string folder, Action<string, double> progress) =>
        new(new Api(http), File.ReadAllText(Path.Combine(folder, "operator-secret.txt")).Trim(), Scale, "system", TimeProvider.System, progress);

    private static void AssertSound(DemoOutcome outcome) => Assert.Multiple(() =>
    {
        // How soon it settles is for the demonstration to show; here the machine may be busy.
        foreach (var check in outcome.Checks.Where(c => !c.What.StartsWith("Sums agree within", StringComparison.Ordinal))) Assert.That(check.Found, Is.EqualTo(check.Expected), check.What);
    });
}

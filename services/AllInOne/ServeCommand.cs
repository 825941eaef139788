using LiveCommerce.AllInOne.Demo;

namespace LiveCommerce.AllInOne;

/// <summary>Serves until told to stop; fills a new folder with a small demonstration group.</summary>
internal static class ServeCommand
{
    /// <summary>Code of the demonstration's headquarters.</summary>
    private const string Group = "aurora";

    public static async Task<int> Run(string folder, string urls, bool empty, IReadOnlyList<string> further, CancellationToken ct)
    {
        await using var server = await EmbeddedServer.Start(folder, urls, further);
        Console.WriteLine($"LiveCommerce listens on {server.Address}, data in {Path.GetFullPath(folder)}");
        if (!server.IsSettled)
        {
            // Killed in the middle, the next start goes on where this one was: every step carries its own key.
            if (!empty) await LoadGroup(server, folder, ct);
            server.Settle(empty ? "" : Group);
        }
        Welcome(server, folder);
        await server.WaitForShutdown(ct);
        return 0;
    }

    private static async Task LoadGroup(EmbeddedServer server, string folder, CancellationToken ct)
    {
        Console.WriteLine("New data folder: loading a small demonstration group …");
        if (!File.Exists(StartFile(folder))) await File.WriteAllTextAsync(StartFile(folder), TimeProvider.System.GetUtcNow().ToString("O"), ct);
        var start = DateTimeOffset.Parse(await File.ReadAllTextAsync(StartFile(folder), ct));
        var job = new MainJob(server.NewApi(), server.OperatorSecret, DemoScale.Seed, Group, TimeProvider.System, (_, _) => { })
        {
            Start = MainJob.Minute(start),
        };
        var outcome = await job.Play(ct);
        foreach (var check in outcome.Checks.Where(c => !c.Holds)) Console.WriteLine($"  {check.What}: expected {check.Expected}, found {check.Found}");
    }

    private static string StartFile(string folder) => Path.Combine(folder, "demo-started.txt");

    private static void Welcome(EmbeddedServer server, string folder)
    {
        var group = server.Group;
        var secret = server.HasOwnSecret ? "as configured" : $"in {Path.Combine(folder, "operator-secret.txt")}";
        Console.WriteLine($"  API reference   {server.Address}/reference/");
        Console.WriteLine($"  Operator        client program 'operator', secret {secret}");
        if (group.Length > 0)
        {
            Console.WriteLine($"  Headquarters    planner@{group}   (administrator: admin@{group})");
            Console.WriteLine($"  Region          north@{group}");
            Console.WriteLine($"  Reseller        r1@{group}");
            Console.WriteLine($"  Password        {MainJob.Password}");
            Console.WriteLine("A first request:");
            Console.WriteLine($"  TOKEN=$(curl -s {server.Address}/organization/tokens -H 'Content-Type: application/json' \\");
            Console.WriteLine($"    -d '{{\"signInName\":\"planner@{group}\",\"secret\":\"{MainJob.Password}\"}}' | sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')");
            Console.WriteLine($"  curl -s {server.Address}/scheduling/sessions -H \"Authorization: Bearer $TOKEN\"");
        }
        Console.WriteLine("Ctrl-C stops.");
    }
}

using LiveCommerce.AllInOne.Demo;
using Spectre.Console;

namespace LiveCommerce.AllInOne;

/// <param name="Folder">Data folder.</param>
/// <param name="Urls">Where to listen.</param>
/// <param name="Customers">Customers who claim; a tenth as many orders.</param>
/// <param name="Catalogue">CSV file of products, or null.</param>
/// <param name="Exit">End after the table.</param>
internal sealed record DemoSettings(string Folder, string Urls, int Customers, string? Catalogue, bool Exit);

/// <summary>Plays the main job at scale against the server it starts, and shows what it came to.</summary>
internal static class DemoCommand
{
    public static async Task<int> Run(DemoSettings settings, CancellationToken ct)
    {
        if (settings.Customers is < 1 or > 1_000_000)
        {
            Console.Error.WriteLine("--customers must be from 1 to 1,000,000.");
            return 2;
        }
        await using var server = await EmbeddedServer.Start(settings.Folder, settings.Urls, []);
        server.Settle("");
        Console.WriteLine($"LiveCommerce listens on {server.Address}, data in {Path.GetFullPath(settings.Folder)}");
        var scale = DemoScale.Month with { Customers = settings.Customers, Orders = Math.Max(1, settings.Customers / 10), CatalogueFile = settings.Catalogue };
        var run = $"demo-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}";
        DemoOutcome outcome;
        try
        {
            outcome = await Play(server, scale, run, ct);
        }
        catch (DemoFailure e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        server.Settle(run);
        Show(outcome);
        // The crowd has gone home: what it took of this process's memory is given back before the server is left to explore.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (settings.Exit) return outcome.IsSound ? 0 : 1;
        Console.WriteLine($"Explore at {server.Address}/reference/ as planner@{run}, north@{run} or r1@{run}, password {MainJob.Password}. Ctrl-C stops.");
        await server.WaitForShutdown(ct);
        return outcome.IsSound ? 0 : 1;
    }

    private static async Task<DemoOutcome> Play(EmbeddedServer server, DemoScale scale, string run, CancellationToken ct)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            var said = new HashSet<string>();
            return await new MainJob(server.NewApi(), server.OperatorSecret, scale, run, TimeProvider.System, (what, share) =>
            {
                lock (said)
                {
                    if (share >= 1 && said.Add(what)) Console.WriteLine($"  {what}: done");
                }
            }).Play(ct);
        }
        return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(context =>
        {
            var tasks = new Dictionary<string, ProgressTask>();
            return new MainJob(server.NewApi(), server.OperatorSecret, scale, run, TimeProvider.System, (what, share) =>
            {
                lock (tasks)
                {
                    if (!tasks.TryGetValue(what, out var task)) tasks[what] = task = context.AddTask(what, maxValue: 1);
                    task.Value = Math.Max(task.Value, share);
                }
            }).Play(ct);
        });
    }

    private static void Show(DemoOutcome outcome)
    {
        var figures = new Table().Title("What the session came to").AddColumns("Figure", "Value");
        figures.Columns[1].RightAligned();
        foreach (var (figure, value) in outcome.Figures) figures.AddRow(figure, value);
        AnsiConsole.Write(figures);
        var checks = new Table().Title("Every sum, worked out twice").AddColumns("Check", "Expected", "Found", "");
        foreach (var check in outcome.Checks)
            checks.AddRow(Markup.Escape(check.What), Markup.Escape(check.Expected), Markup.Escape(check.Found), check.Holds ? "[green]ok[/]" : "[red]WRONG[/]");
        AnsiConsole.Write(checks);
        AnsiConsole.MarkupLine(outcome.IsSound
            ? $"[green]All {outcome.Checks.Count} checks hold[/], {outcome.SettledAfter.TotalSeconds:F1} s after the last request."
            : $"[red]{outcome.Checks.Count(c => !c.Holds)} of {outcome.Checks.Count} checks failed.[/]");
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Calendars;

/// <summary>A calendar parser that is not ours: ical.js, from npm, in tests/Calendars.</summary>
internal static class OtherParser
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Calendars");

    private static readonly Lazy<Task> Installed = new(Install);

    /// <summary>What it reads in a calendar: its properties, and its events with their times as instants.</summary>
    public static async Task<JsonNode> Read(string calendar) => await Ask(new { calendar });

    /// <summary>When a rule recurs, on the wall's clock.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> Expand(IEnumerable<(string Rule, string Start, int Most)> rules) =>
        (await Ask(new { rules = rules.Select(r => new { rule = r.Rule, start = r.Start, most = r.Most }) })).Deserialize<string[][]>()!;

    private static async Task<JsonNode> Ask(object request)
    {
        await Installed.Value;
        var (status, output, errors) = await Run("node", ["read.js"], JsonSerializer.Serialize(request));
        Assert.That(status, Is.Zero, errors);
        return JsonNode.Parse(output)!;
    }

    private static async Task Install()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "ical.js"))) return;
        var (status, output, errors) = await Run("npm", ["ci", "--no-audit", "--no-fund"], "");
        if (status != 0) throw new InvalidOperationException($"npm ci in tests/Calendars failed; tests/run.sh sets it up. {output} {errors}");
    }

    private static async Task<(int Status, string Output, string Errors)> Run(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

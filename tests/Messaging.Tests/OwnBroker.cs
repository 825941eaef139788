using System.Diagnostics;
using LiveCommerce.Support;

namespace LiveCommerce.Messaging.Tests;

/// <summary>A RabbitMQ node of the test's own, which it may kill.</summary>
internal sealed class OwnBroker : IAsyncDisposable
{
    private readonly string _folder = Told.NewFolder();

    private OwnBroker()
    {
    }

    public Uri Address { get; private set; } = new("amqp://none");

    public static async Task<OwnBroker> Start()
    {
        var broker = new OwnBroker();
        await broker.StartAgain();
        return broker;
    }

    /// <summary>On the same ports, with all it had on disk.</summary>
    public async Task StartAgain() => Address = new Uri((await Run("start")).Trim());

    /// <summary>As a power cut would.</summary>
    public Task Kill() => Run("kill");

    public Task<string> Control(params string[] arguments) => Run("ctl", arguments);

    public async ValueTask DisposeAsync()
    {
        await Run("stop");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> Run(string verb, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(Repository.Root, "tests", "broker.sh"), verb, _folder, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"broker.sh {verb}: {await error}{output}");
    }
}

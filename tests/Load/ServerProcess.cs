using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace LiveCommerce.Load;

/// <summary>AllInOne as its own process, on a fresh folder that goes with it, on a free port of 127.0.0.1.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private const int LinesKept = 60;

    private readonly Process _process;
    private readonly Queue<string> _lines = [];

    private ServerProcess(Process process, IPEndPoint address, string folder) => (_process, Address, Folder) = (process, address, folder);

    public IPEndPoint Address { get; }

    public Uri Url => new($"http://{Address}");

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>Processor time it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, MiB; zero where the system does not say.</summary>
    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (double)(1 << 20);
        }
    }

    public string OperatorSecret => File.ReadAllText(Path.Combine(Folder, "operator-secret.txt")).Trim();

    /// <summary>The last lines it has printed.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public static async Task<ServerProcess> Start()
    {
        var program = typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AllInOne").Value!;
        var folder = Directory.CreateTempSubdirectory("live-commerce-load-").FullName;
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments = [program, "--data", folder, "--empty", "--urls", $"http://{address}", "--Load:Baseline=true", "--Logging:LogLevel:Default=Warning"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var server = new ServerProcess(process, address, folder);
        process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await server.UntilReady();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept) _lines.Dequeue();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task UntilReady()
    {
        using var client = new HttpClient { BaseAddress = Url };
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            if (_process.HasExited) throw new InvalidOperationException($"The server ended at once with exit code {_process.ExitCode}:\n{string.Join('\n', Lines)}");
            if (waited.Elapsed > LongestStart) throw new TimeoutException($"The server did not become ready:\n{string.Join('\n', Lines)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}

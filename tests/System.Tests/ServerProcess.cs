using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LiveCommerce.System.Tests;

/// <summary>A service, or AllInOne, as an operating-system process of its own on a free port of 127.0.0.1.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly string _project;
    private readonly string _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<string> _output = [];
    private Process? _process;

    private ServerProcess(string project, string arguments, IReadOnlyDictionary<string, string> environment, int port)
    {
        (_project, _arguments, _environment, Address) = (project, arguments, environment, new Uri($"http://127.0.0.1:{port}"));
    }

    public Uri Address { get; }

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    public static Task<ServerProcess> Start(string project, string arguments, IReadOnlyDictionary<string, string> environment) =>
        Start(project, arguments, environment, FreePort());

    public static async Task<ServerProcess> Start(string project, string arguments, IReadOnlyDictionary<string, string> environment, int port)
    {
        var server = new ServerProcess(project, arguments, environment, port);
        await server.Start();
        return server;
    }

    public static int FreePort()
    {
        while (true)
        {
            // Below the range the kernel hands out by itself, so that no client's socket takes it before the server does.
            var port = Random.Shared.Next(16_384, 32_384);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it, again if need be, with the same folder and port, and waits until it is ready.</summary>
    public async Task Start()
    {
        var start = new ProcessStartInfo("dotnet", $"\"{Repository.Dll(_project)}\" --urls {Address} {_arguments}")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Ready();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await Kill();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_output) _output.Add(line.Data);
    }

    private async Task Ready()
    {
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < TimeSpan.FromMinutes(3))
        {
            if (_process!.HasExited) throw new InvalidOperationException($"{_project} ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using var answer = await Probe.GetAsync(new Uri(Address, "/health/ready"));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        throw new TimeoutException($"{_project} was not ready in three minutes:\n{Output}");
    }
}

internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A service's build output, of the configuration these tests were built in.</summary>
    public static string Dll(string project)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.Combine(Root, "services", project, "bin", configuration, "net10.0", $"LiveCommerce.{project}.dll");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LiveCommerce.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run from inside the repository.");
    }
}

using LiveCommerce.AllInOne.Demo;
using LiveCommerce.Hosting;

namespace LiveCommerce.AllInOne;

/// <summary>The whole product in this process, on a data folder.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private const string OperatorSecretFile = "operator-secret.txt";

    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly FileStream _inUse;

    private EmbeddedServer(WebApplication app, string folder, FileStream inUse) => (_app, _folder, _inUse) = (app, folder, inUse);

    /// <summary>Where it listens, in a form to paste.</summary>
    public string Address => _app.Urls.First().Replace("[::]", "localhost").Replace("0.0.0.0", "localhost");

    /// <summary>True once the demonstration group was loaded, or was not wanted, on this folder.</summary>
    public bool IsSettled => File.Exists(Marker);

    /// <summary>The code of the demonstration group that was loaded last; empty if there is none.</summary>
    public string Group => IsSettled ? File.ReadAllText(Marker).Trim() : "";

    /// <summary>The operator's secret was configured, and so is in no file.</summary>
    public bool HasOwnSecret => _app.Configuration["Operator:Secret"] is not null;

    public string OperatorSecret => _app.Configuration["Operator:Secret"] ?? File.ReadAllText(Path.Combine(_folder, OperatorSecretFile)).Trim();

    private string Marker => Path.Combine(_folder, "settled.txt");

    /// <exception cref="IOException">Another process uses the folder, or the address is taken.</exception>
    public static async Task<EmbeddedServer> Start(string folder, string urls, IReadOnlyList<string> further)
    {
        // SQLite would let two processes share the files, but each would send the other's messages. The system drops the
        // lock however the process ends.
        Directory.CreateDirectory(folder);
        var inUse = new FileStream(Path.Combine(folder, "in-use.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var app = ServiceHost.Build(["--Storage:Folder", folder, "--urls", urls, "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning", .. further], Modules.All);
        try
        {
            await app.StartAsync();
            return new EmbeddedServer(app, folder, inUse);
        }
        catch
        {
            await app.DisposeAsync();
            await inUse.DisposeAsync();
            throw;
        }
    }

    /// <param name="group">Code of the group that was loaded; empty: the folder stays as it is, and is not filled either.</param>
    public void Settle(string group)
    {
        if (group.Length > 0 || !IsSettled) File.WriteAllText(Marker, group);
    }

    public Api NewApi() => new(new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromSeconds(30) });

    /// <summary>Until Ctrl-C or SIGTERM.</summary>
    public Task WaitForShutdown(CancellationToken ct) => _app.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _inUse.DisposeAsync();
    }
}

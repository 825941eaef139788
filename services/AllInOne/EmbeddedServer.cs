using LiveCommerce.AllInOne.Demo;
using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.AllInOne;

/// <summary>The whole product in this process, on a data folder.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private const string OperatorSecretFile = "operator-secret.txt";

    private readonly WebApplication _app;
    private readonly string _folder;

    private EmbeddedServer(WebApplication app, string folder) => (_app, _folder) = (app, folder);

    /// <summary>Where it listens, in a form to paste.</summary>
    public string Address => _app.Urls.First().Replace("[::]", "localhost").Replace("0.0.0.0", "localhost");

    /// <summary>True once the demonstration group was loaded, or was not wanted, on this folder.</summary>
    public bool IsSettled => File.Exists(Marker);

    public string OperatorSecret => File.ReadAllText(Path.Combine(_folder, OperatorSecretFile)).Trim();

    private string Marker => Path.Combine(_folder, "settled.txt");

    /// <exception cref="IOException">Another process uses the folder, or the address is taken.</exception>
    public static async Task<EmbeddedServer> Start(string folder, string urls, IReadOnlyList<string> further)
    {
        var app = ServiceHost.Build(["--Storage:Folder", folder, "--urls", urls, .. further], Modules.All);
        var storage = app.Services.GetRequiredService<StorageOptions>();
        await app.StartAsync();
        return new EmbeddedServer(app, storage.Folder);
    }

    public void Settle() => File.WriteAllText(Marker, "");

    public Api NewApi() => new(new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromSeconds(30) });

    /// <summary>Until Ctrl-C or SIGTERM.</summary>
    public Task WaitForShutdown(CancellationToken ct) => _app.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

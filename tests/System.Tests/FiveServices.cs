using LiveCommerce.Support;

namespace LiveCommerce.System.Tests;

/// <summary>The five services as processes of their own, each with a folder and a database of its own, over a real RabbitMQ.</summary>
internal sealed class FiveServices : IAsyncDisposable
{
    private static readonly string[] Names = ["Organization", "Scheduling", "Lineups", "Coupons", "Orders"];

    private readonly Dictionary<string, ServerProcess> _byPrefix = [];

    // Queues outlive whoever listens: on a shared broker these would hear what earlier ones left behind.
    private readonly OwnBroker _broker;

    private FiveServices(OwnBroker broker) => _broker = broker;

    public static async Task<FiveServices> Start(string folder)
    {
        var ports = Names.ToDictionary(n => n, _ => ServerProcess.FreePort());
        var services = new FiveServices(await OwnBroker.Start());
        var broker = services._broker.Address;
        try
        {
            foreach (var name in Names)
            {
                var environment = new Dictionary<string, string>
                {
                    ["Storage__Folder"] = Path.Combine(folder, name.ToLowerInvariant()),
                    ["Bus__Transport"] = "RabbitMq",
                    ["Bus__Host"] = broker.Host,
                    ["Bus__Port"] = $"{broker.Port}",
                };
                if (name != "Organization") environment["SignIn__Authority"] = $"http://127.0.0.1:{ports["Organization"]}/organization";
                services._byPrefix[name.ToLowerInvariant()] = await ServerProcess.Start(name, "", environment, ports[name]);
            }
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>One address in front of all, as a proxy in production is.</summary>
    public HttpClient NewClient() => new(new ByPrefix(_byPrefix)) { BaseAddress = new Uri("http://front.invalid") };

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _byPrefix.Values) await service.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private sealed class ByPrefix(IReadOnlyDictionary<string, ServerProcess> services) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            request.RequestUri = new Uri(services[path.Split('/')[1]].Address, path);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

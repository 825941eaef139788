namespace LiveCommerce.System.Tests;

/// <summary>The five services as processes of their own, each with a folder and a database of its own, over a real RabbitMQ.</summary>
internal sealed class FiveServices : IAsyncDisposable
{
    private static readonly string[] Names = ["Organization", "Scheduling", "Lineups", "Coupons", "Orders"];

    private readonly Dictionary<string, ServerProcess> _byPrefix = [];

    public static async Task<FiveServices> Start(string folder)
    {
        var broker = Environment.GetEnvironmentVariable("LIVECOMMERCE_TEST_RABBITMQ") is { Length: > 0 } address
            ? new Uri(address)
            : throw new InvalidOperationException("LIVECOMMERCE_TEST_RABBITMQ names no broker. Run the tests with: bash tests/run.sh");
        var ports = Names.ToDictionary(n => n, _ => ServerProcess.FreePort());
        var services = new FiveServices();
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

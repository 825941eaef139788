namespace LiveCommerce.Support;

/// <summary>The working copy the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "LiveCommerce.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No LiveCommerce.sln above the tests."));
}

/// <summary>What <c>tests/run.sh</c> sets up.</summary>
public static class TestBroker
{
    /// <summary>The broker's AMQP address.</summary>
    /// <exception cref="InvalidOperationException">The tests were started without it.</exception>
    public static Uri Address => Environment.GetEnvironmentVariable("LIVECOMMERCE_TEST_RABBITMQ") is { Length: > 0 } address
        ? new Uri(address)
        : throw new InvalidOperationException("This test needs a RabbitMQ broker: run tests/run.sh, or set LIVECOMMERCE_TEST_RABBITMQ to an address such as amqp://guest:guest@127.0.0.1:5672.");

    /// <summary>Configuration of a host that uses the broker at <paramref name="address"/>.</summary>
    public static IReadOnlyList<string> Settings(Uri address, params string[] more) =>
    [
        "Bus:Transport=RabbitMq",
        $"Bus:Host={address.Host}",
        $"Bus:Port={address.Port}",
        $"Bus:User={address.UserInfo.Split(':')[0]}",
        $"Bus:Password={address.UserInfo.Split(':')[1]}",
        .. more,
    ];
}

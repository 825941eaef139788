using LiveCommerce.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Messaging.Tests;

/// <summary>A relay by itself, between a real outbox and a delivery the test has in hand.</summary>
internal sealed class RelayBench : IMessageDelivery, IHostApplicationLifetime, IAsyncDisposable
{
    private readonly IMessageDelivery? _inner;
    private readonly OutboxRelay _relay;
    private int _delivered;

    private RelayBench(string folder, IMessageDelivery? inner, BusOptions options)
    {
        _inner = inner;
        Db = Told.PublisherIn(folder, Clock);
        _relay = new OutboxRelay(Db, this, options, Clock, this, NullLogger.Instance);
    }

    public PublisherDb Db { get; }

    public ManualClock Clock { get; } = new();

    public Func<StoredMessage, CancellationToken, Task> OnDelivery { get; set; } = (_, _) => Task.CompletedTask;

    public Func<StoredMessage, Task> AfterDelivery { get; set; } = _ => Task.CompletedTask;

    public Func<Exception, bool> IsOwn { get; set; } = _ => true;

    /// <summary>Deliveries that succeeded.</summary>
    public int Delivered => Volatile.Read(ref _delivered);

    public CancellationToken ApplicationStarted { get; } = new(canceled: true);

    public CancellationToken ApplicationStopping => default;

    public CancellationToken ApplicationStopped => default;

    public static async Task<RelayBench> In(string folder, IMessageDelivery? inner = null, BusOptions? options = null)
    {
        var bench = new RelayBench(folder, inner, options ?? new BusOptions());
        await bench.Db.Migrate();
        return bench;
    }

    public Task Start() => _relay.StartAsync(CancellationToken.None);

    public Task Stop() => _relay.StopAsync(CancellationToken.None);

    public async Task Deliver(StoredMessage message, CancellationToken ct)
    {
        await OnDelivery(message, ct);
        if (_inner is not null) await _inner.Deliver(message, ct);
        Interlocked.Increment(ref _delivered);
        await AfterDelivery(message);
    }

    public bool IsOwnFault(Exception e) => IsOwn(e);

    public void StopApplication()
    {
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _relay.Dispose();
        await Db.DisposeAsync();
    }
}

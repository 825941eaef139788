using System.Diagnostics;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace LiveCommerce.Messaging;

/// <summary>
/// Knows by a connection of its own whether the broker is there. Holds messages back while it is not, and sees to it that
/// the reactions listen again soon after it has come back.
/// </summary>
/// <remarks>
/// MassTransit 8.4 by itself waits longer after each failure, up to half a minute and with no way back to short waits; an
/// endpoint whose end is broken off it gives up for good and in silence; and after a fall at an unlucky moment it may hold on
/// to a connection that is dead. A message sent into it while the broker is away waits in the same manner, and opens
/// connections meanwhile.
/// </remarks>
internal sealed class BrokerWatch(BusOptions options, IBusControl bus, ILogger<BrokerWatch> log) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an endpoint may be deaf, with the broker there, before it is started anew; twice as long after each time.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(16);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private volatile TaskCompletionSource<CancellationToken> _present = NewPresence();
    private long _lastSent;
    private int _unsent;

    // One message may be late for its own reasons; none sent for as long as any may take is the connection's.
    private bool IsMute => Volatile.Read(ref _unsent) > 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastSent)) > options.DeliveryTimeout;

    /// <summary>Waits until the broker is there.</summary>
    /// <returns>Is cancelled when the broker goes.</returns>
    public Task<CancellationToken> Present(CancellationToken ct) => _present.Task.WaitAsync(ct);

    /// <summary>A message was taken over by the broker.</summary>
    public void Sent()
    {
        Volatile.Write(ref _unsent, 0);
        Volatile.Write(ref _lastSent, Stopwatch.GetTimestamp());
    }

    /// <summary>A message was not, though the broker is there.</summary>
    public void NotSent() => Interlocked.Increment(ref _unsent);

    /// <summary>Ends every connection of the bus and makes new ones; whatever is under way is sent, or handled, again.</summary>
    internal async Task StartBusAnew(CancellationToken ct)
    {
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            limit.CancelAfter(StopLimit);
            await bus.StopAsync(limit.Token);
        }
        Sent();
        await bus.StartAsync(CancellationToken.None).WaitAsync(StartLimit, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await BrokerConnection.Open(options, "watch", stoppingToken);
                await Attend(connection, stoppingToken);
            }
            catch (Exception e)
            {
                if (!stoppingToken.IsCancellationRequested) log.LogDebug(e, "The broker is not to be reached");
            }
            await Rest(stoppingToken);
        }
    }

    private async Task Attend(IConnection connection, CancellationToken stoppingToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var lost = gone.Token;
        connection.ConnectionShutdownAsync += (_, _) => gone.CancelAsync();
        if (!connection.IsOpen) return;
        _present.TrySetResult(lost);
        log.LogInformation("The broker is there");
        try
        {
            await KeepListening(lost);
        }
        finally
        {
            _present = NewPresence();
            await gone.CancelAsync();
            if (!stoppingToken.IsCancellationRequested) log.LogWarning("The broker is away");
        }
    }

    private async Task KeepListening(CancellationToken lost)
    {
        var since = Stopwatch.StartNew();
        var patience = FirstPatience;
        Sent();
        while (!lost.IsCancellationRequested)
        {
            var endpoints = bus.CheckHealth().Endpoints.Values;
            var deaf = endpoints.Where(e => e.Status != BusHealthStatus.Healthy).Select(e => e.ReceiveEndpoint).OfType<ReceiveEndpoint>().ToList();
            if (deaf.Count == 0 && !IsMute)
            {
                since.Restart();
                patience = FirstPatience;
            }
            else if (since.Elapsed > patience)
            {
                // Deaf after a new start too, or no message sent: what the endpoint is given by the bus is dead.
                var isConnection = IsMute || patience > FirstPatience;
                await (isConnection ? StartAnew("The bus", StartBusAnew, lost) : Task.WhenAll(deaf.Select(e => StartAnew(e.InputAddress.AbsolutePath, _ => StartAnew(e), lost))));
                since.Restart();
                patience = patience * 2 < LongestPatience ? patience * 2 : LongestPatience;
            }
            await Rest(lost);
        }
    }

    private async Task StartAnew(string what, Func<CancellationToken, Task> start, CancellationToken lost)
    {
        log.LogWarning("{What} does not listen or send though the broker is there, and is started anew", what);
        try
        {
            await start(lost);
        }
        catch (Exception e)
        {
            if (!lost.IsCancellationRequested) log.LogWarning(e, "{What} could not be started anew", what);
        }
    }

    private static async Task StartAnew(ReceiveEndpoint endpoint)
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await endpoint.Stop(limit.Token);
        endpoint.Start(CancellationToken.None);
    }

    private static TaskCompletionSource<CancellationToken> NewPresence() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task Rest(CancellationToken until)
    {
        try
        {
            await Task.Delay(Pause, TimeProvider.System, until);
        }
        catch (OperationCanceledException)
        {
            // There is something to do, or nothing any more.
        }
    }
}

/// <summary>Connections beside those of the bus.</summary>
internal static class BrokerConnection
{
    /// <summary>A peer that says nothing for twice as long is gone, though nobody closed the connection.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">The broker is down.</exception>
    public static Task<IConnection> Open(BusOptions options, string purpose, CancellationToken ct) => new ConnectionFactory
    {
        HostName = options.Host,
        Port = options.Port,
        VirtualHost = options.VirtualHost,
        UserName = options.User,
        Password = options.Password,
        AutomaticRecoveryEnabled = false,
        RequestedHeartbeat = Heartbeat,
        RequestedConnectionTimeout = Limit,
    }.CreateConnectionAsync($"live-commerce-{purpose}", ct);
}

using System.Diagnostics;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Messaging;

/// <summary>
/// Sends what the outbox holds, many rows in flight, and deletes exactly the confirmed ones. A row that fails by its own
/// fault is put off ever longer and at last set aside; a broker that is down costs rows nothing but time.
/// </summary>
internal sealed class OutboxRelay : BackgroundService
{
    private const string DeleteSent = $"DELETE FROM Outbox WHERE Seq IN {Sql.Ids}";

    private const string PutOff =
        "UPDATE Outbox SET Failures = @Failures, LastError = @Error, DeliverAfter = @Next, SetAsideAt = @SetAsideAt WHERE Seq = @Seq";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromMinutes(5);
    private static readonly ActivitySource Activities = new("LiveCommerce.Relay");

    private readonly ServiceDb _db;
    private readonly IMessageDelivery _delivery;
    private readonly BusOptions _options;
    private readonly TimeProvider _clock;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _wake = new(0, 1);

    public OutboxRelay(ServiceDb db, IMessageDelivery delivery, BusOptions options, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger log)
    {
        (_db, _delivery, _options, _clock, _lifetime, _log) = (db, delivery, options, clock, lifetime, log);
        _db.MessagesCommitted += Wake;
    }

    public string Service => _db.Service;

    /// <summary>Age of the oldest row of the latest batch; zero when nothing waits.</summary>
    public TimeSpan Lag { get; private set; }

    /// <returns>How many rows were taken.</returns>
    public async Task<int> RelayOnce(CancellationToken ct)
    {
        var now = _clock.Now();
        var rows = await _db.Query<StoredMessage>(_db.Dialect.TakeOutbox, new { Now = now, Until = now + Lease, Limit = _options.RelayBatch }, ct);
        Lag = rows.Count == 0 ? TimeSpan.Zero : now - rows[0].CreatedAt;
        if (rows.Count == 0) return 0;
        var errors = await Task.WhenAll(rows.Select(row => Send(row, ct)));
        await _db.InTransaction<Done>(async work =>
        {
            await work.Execute(DeleteSent, new { Ids = Sql.Json(rows.Where((_, i) => errors[i] is null).Select(r => r.Seq)) });
            for (var i = 0; i < rows.Count; i++)
            {
                if (errors[i] is { } error) await MarkFailed(work, rows[i], error);
            }
            return new Done();
        }, CancellationToken.None);
        return rows.Count;
    }

    public override void Dispose()
    {
        _db.MessagesCommitted -= Wake;
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // All modules are up before the first message is handed to any of them.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
        await using (stoppingToken.Register(() => started.TrySetResult()))
            await started.Task;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RelayOnce(stoppingToken) < _options.RelayBatch) await _wake.WaitAsync(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _log.LogWarning(e, "The relay of {Service} will try again", _db.Service);
                await Task.Delay(Poll, TimeProvider.System, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task<Exception?> Send(StoredMessage row, CancellationToken ct)
    {
        using var activity = Activities.StartActivity("relay", ActivityKind.Producer, row.Trace);
        // A publish without a limit waits for ever on a dead broker.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.DeliveryTimeout);
        try
        {
            await _delivery.Deliver(row, limit.Token);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private async Task MarkFailed(UnitOfWork work, StoredMessage row, Exception error)
    {
        var own = _delivery.IsOwnFault(error);
        var failures = row.Failures + (own ? 1 : 0);
        var setAside = failures >= _options.FailuresBeforeSetAside;
        var wait = own ? TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, failures), LongestPutOff.TotalSeconds)) : Poll;
        if (own) _log.LogWarning(error, "Message {MessageId} ({Type}) failed {Failures} times{SetAside}", row.MessageId, row.Type, failures, setAside ? " and is set aside" : "");
        await work.Execute(PutOff, new
        {
            row.Seq,
            Failures = failures,
            Error = error.Message.Length > 1000 ? error.Message[..1000] : error.Message,
            Next = work.Now + wait,
            SetAsideAt = setAside ? work.Now : (DateTimeOffset?)null,
        });
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it between the look and the release.
        }
    }
}

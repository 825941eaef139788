using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Messaging;

/// <summary>
/// Sends what the outbox holds, many rows in flight, and deletes exactly the confirmed ones. Rows do not wait for each
/// other: a slow one takes up its own place and nothing else. A row that fails by its own fault is put off ever longer
/// and at last set aside; a broker that is down costs rows nothing but time.
/// </summary>
internal sealed class OutboxRelay : BackgroundService
{
    private const string DeleteSent = $"DELETE FROM Outbox WHERE Seq IN {Sql.Ids}";

    private const string PutOff =
        "UPDATE Outbox SET Failures = @Failures, LastError = @Error, DeliverAfter = @Next, SetAsideAt = @SetAsideAt WHERE Seq = @Seq";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromMinutes(5);
    private static readonly ActivitySource Activities = new("LiveCommerce.Relay");

    private readonly ServiceDb _db;
    private readonly IMessageDelivery _delivery;
    private readonly BusOptions _options;
    private readonly TimeProvider _clock;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<long, StoredMessage> _inHand = new();
    private readonly Channel<Outcome> _outcomes = Channel.CreateUnbounded<Outcome>(new UnboundedChannelOptions { SingleReader = true });

    // Holds one call at most: a relay that is awake needs no second one.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public OutboxRelay(ServiceDb db, IMessageDelivery delivery, BusOptions options, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger log)
    {
        (_db, _delivery, _options, _clock, _lifetime, _log) = (db, delivery, options, clock, lifetime, log);
        _db.MessagesCommitted += Wake;
    }

    public string Service => _db.Service;

    /// <summary>Age of the oldest row that nothing but the relay keeps waiting, as last seen; zero when none waits.</summary>
    public TimeSpan Lag { get; private set; }

    // Longer than any delivery takes, so that no other process takes a row that is still in hand here.
    private TimeSpan Lease => _options.DeliveryTimeout + _options.DeliveryTimeout + TimeSpan.FromSeconds(30);

    public override void Dispose()
    {
        _db.MessagesCommitted -= Wake;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // All modules are up before the first message is handed to any of them.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
        await using (stoppingToken.Register(() => started.TrySetResult()))
            await started.Task;
        var settling = SettleOutcomes();
        var sending = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                sending.RemoveAll(s => s.IsCompleted);
                var rows = await Take(stoppingToken);
                sending.AddRange(rows.Select(row => Send(row, stoppingToken)));
                if (rows.Count == 0 || _inHand.Count >= _options.RelayBatch) await WaitForWork(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                _log.LogWarning(e, "The relay of {Service} will try again", _db.Service);
                await WaitForPoll(stoppingToken);
            }
        }
        // What was confirmed before the end is deleted, what was broken off is put back.
        await Task.WhenAll(sending);
        _outcomes.Writer.Complete();
        await settling;
    }

    private async Task<IReadOnlyList<StoredMessage>> Take(CancellationToken ct)
    {
        var room = _options.RelayBatch - _inHand.Count;
        if (room <= 0) return [];
        var now = _clock.Now();
        var rows = await _db.Query<StoredMessage>(
            _db.Dialect.TakeOutbox, new { Now = now, Until = now + Lease, Limit = room, Ids = Sql.Json(_inHand.Keys) }, ct);
        foreach (var row in rows) _inHand[row.Seq] = row;
        var oldest = _inHand.Values.Where(r => r is { Failures: 0, Redelivery: 0 }).Select(r => (DateTimeOffset?)r.CreatedAt).Min();
        Lag = now - (oldest ?? now);
        return rows;
    }

    private async Task WaitForWork(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Poll);
        try
        {
            await _wake.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Rows that were put off become due without anybody's call.
        }
    }

    private async Task Send(StoredMessage row, CancellationToken ct)
    {
        using var activity = Activities.StartActivity("relay", ActivityKind.Producer, row.Trace);
        // A publish without a limit waits for ever on a dead broker.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.DeliveryTimeout);
        Exception? error = null;
        try
        {
            await _delivery.Deliver(row, limit.Token);
        }
        catch (Exception e)
        {
            error = e;
        }
        _outcomes.Writer.TryWrite(new Outcome(row, error, error is not null && _delivery.IsOwnFault(error)));
    }

    private async Task SettleOutcomes()
    {
        var group = new List<Outcome>();
        while (await _outcomes.Reader.WaitToReadAsync())
        {
            while (group.Count < _options.RelayBatch && _outcomes.Reader.TryRead(out var outcome)) group.Add(outcome);
            try
            {
                await Settle(group);
            }
            catch (Exception e)
            {
                // Sent but not deleted, they are sent again: whoever listens has an inbox.
                _log.LogWarning(e, "{Count} sent messages of {Service} stay in the outbox and will be sent again", group.Count, _db.Service);
                await WaitForPoll(CancellationToken.None);
            }
            foreach (var outcome in group) _inHand.TryRemove(outcome.Row.Seq, out _);
            group.Clear();
            Wake();
        }
    }

    private Task Settle(IReadOnlyList<Outcome> outcomes) => _db.InTransaction<Done>(async work =>
    {
        await work.Execute(DeleteSent, new { Ids = Sql.Json(outcomes.Where(o => o.Error is null).Select(o => o.Row.Seq)) });
        foreach (var outcome in outcomes)
        {
            if (outcome.Error is not null) await MarkFailed(work, outcome);
        }
        return new Done();
    }, CancellationToken.None);

    private async Task MarkFailed(UnitOfWork work, Outcome outcome)
    {
        var (row, error, own) = outcome;
        var failures = row.Failures + (own ? 1 : 0);
        var setAside = failures >= _options.FailuresBeforeSetAside;
        var wait = own ? TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, failures), LongestPutOff.TotalSeconds)) : Poll;
        if (own) _log.LogWarning(error, "Message {MessageId} ({Type}) failed {Failures} times{SetAside}", row.MessageId, row.Type, failures, setAside ? " and is set aside" : "");
        await work.Execute(PutOff, new
        {
            row.Seq,
            Failures = failures,
            Error = error!.Message.Length > 1000 ? error.Message[..1000] : error.Message,
            Next = work.Now + wait,
            SetAsideAt = setAside ? work.Now : (DateTimeOffset?)null,
        });
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private static async Task WaitForPoll(CancellationToken ct)
    {
        try
        {
            await Task.Delay(Poll, TimeProvider.System, ct);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <param name="Row">What was sent.</param>
    /// <param name="Error">Why it failed; null if it was taken over.</param>
    /// <param name="IsOwn">The failure counts against the row.</param>
    private readonly record struct Outcome(StoredMessage Row, Exception? Error, bool IsOwn);
}

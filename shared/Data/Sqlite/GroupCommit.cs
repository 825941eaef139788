using System.Data.Common;
using System.Threading.Channels;
using LiveCommerce.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Data;

/// <summary>
/// SQLite has one writer whatever one does, and a durable commit is the dearest thing a small write does. So all
/// writers queue to one task, which runs many bodies in one transaction and answers all of them after the one commit.
/// What a body wrote that is refused or throws is taken back, and harms no neighbour.
/// </summary>
/// <remarks>
/// Under a savepoint SQLite copies every page that a body changes: a quarter of the time that writing takes. So a group runs
/// without, and most have nothing to take back. One that has is rolled back and runs again, each body under a savepoint; so do the
/// groups after it, until one had nothing to take back.
/// </remarks>
internal sealed class GroupCommit : ITransactionRunner
{
    /// <summary>Beyond this many pages in the log the writer itself makes room, lest it grow for ever under constant load.</summary>
    private const long MostLogPages = 16_384;

    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromMilliseconds(250);

    private readonly SqliteDialect _dialect;
    private readonly ServiceDbSetup _setup;
    private readonly ILogger _log;
    private readonly Channel<TransactionJob> _queue;
    private readonly WaitLimit _limit;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _startLock = new();
    private bool _stopped;
    private Task? _writer;
    private Task? _checkpointer;
    private bool _hasSavepoints;
    private volatile bool _logIsLong;
    private long _commits;

    public GroupCommit(SqliteDialect dialect, ServiceDbSetup setup, string service)
    {
        _dialect = dialect;
        _setup = setup;
        _log = setup.Logs.CreateLogger($"LiveCommerce.Data.GroupCommit.{service}");
        _limit = setup.Options.NewWaitLimit(setup.Clock);
        _queue = Channel.CreateBounded<TransactionJob>(new BoundedChannelOptions(setup.Options.QueueLimit) { SingleReader = true });
    }

    public long? Commits => Interlocked.Read(ref _commits);

    public async Task Run(TransactionJob job, bool isRequest, CancellationToken ct)
    {
        if (_writer is null) Start();
        if (!isRequest) _limit.Enter();
        else if (!_limit.TryEnter()) throw _setup.Options.Refuse(_limit);
        try
        {
            // A request that was let in finds a place, unless the process is stopping.
            if (_queue.Writer.TryWrite(job)) return;
            if (isRequest) throw _setup.Options.Refuse(_limit);
            await _queue.Writer.WriteAsync(job, ct);
        }
        catch
        {
            _limit.Leave();
            throw;
        }
    }

    /// <summary>Whatever waits is still carried out and answered; whatever comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_startLock) _stopped = true;
        _queue.Writer.TryComplete();
        if (_writer is not null) await _writer;
        _dialect.Dispose();
        await _stop.CancelAsync();
        if (_checkpointer is not null) await _checkpointer;
        _stop.Dispose();
    }

    private void Start()
    {
        lock (_startLock)
        {
            if (_stopped) return;
            // Both outlive the first caller by far and must not go on under its trace.
            using var flow = ExecutionContext.SuppressFlow();
            _writer ??= Task.Run(Write);
            _checkpointer ??= Task.Run(Checkpoint);
        }
    }

    // Microsoft.Data.Sqlite completes every asynchronous call at once: only for the next of the queue does this ever wait.
    private async Task Write()
    {
        var texts = new SqlTexts(_dialect);
        var group = new List<TransactionJob>(_setup.Options.GroupSize);
        PreparedConnection? connection = null;
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < _setup.Options.GroupSize && _queue.Reader.TryRead(out var job)) group.Add(job);
            try
            {
                connection ??= (PreparedConnection)await _dialect.OpenWriter(CancellationToken.None);
                await CommitGroup(connection, texts, group);
                if (_logIsLong) MakeRoom(connection);
            }
            catch (Exception e)
            {
                // Nobody waits for ever: whatever is wrong with the file, each is told, and the next group finds a new connection.
                _log.LogError(e, "The file cannot be written");
                foreach (var job in group) job.Fail(e);
                connection?.Dispose();
                connection = null;
            }
            _limit.Leave(group.Count);
            group.Clear();
        }
        connection?.Dispose();
    }

    private async Task CommitGroup(PreparedConnection connection, SqlTexts texts, List<TransactionJob> group)
    {
        var kept = new List<UnitOfWork>(group.Count);
        var answered = new List<TransactionJob>(group.Count);
        var (isFlushing, hasTakenBack) = (false, false);
        try
        {
            Statement(connection, "BEGIN IMMEDIATE");
            var now = _setup.Clock.Now();
            foreach (var job in group)
            {
                var outcome = await RunOne(connection, texts, job, now);
                hasTakenBack |= outcome is Outcome.TakenBack or Outcome.Threw;
                if (hasTakenBack && !_hasSavepoints) break;
                if (outcome == Outcome.Kept) kept.Add(job.Work!);
                if (outcome is Outcome.Kept or Outcome.Refused or Outcome.TakenBack) answered.Add(job);
            }
            if (hasTakenBack && !_hasSavepoints)
            {
                RollBack(connection);
                _hasSavepoints = true;
                await CommitGroup(connection, texts, group);
                return;
            }
            isFlushing = true;
            if (kept.Count > 0) await UnitOfWork.Flush(kept);
            isFlushing = false;
            Statement(connection, "COMMIT");
            Interlocked.Increment(ref _commits);
            _hasSavepoints = hasTakenBack;
        }
        catch (Exception e)
        {
            RollBack(connection);
            if (isFlushing && answered.Count > 1)
            {
                // One of them sends what cannot be stored. Each on its own, and only that one fails.
                foreach (var job in answered) await CommitGroup(connection, texts, [job]);
                return;
            }
            _log.LogError(e, "A group of {Count} changes was not committed", group.Count);
            foreach (var job in group) job.Fail(e);
            return;
        }
        foreach (var job in answered) job.Complete();
    }

    private async Task<Outcome> RunOne(PreparedConnection connection, SqlTexts texts, TransactionJob job, DateTimeOffset now)
    {
        // Its caller has gone: nobody would read the answer, and those who still wait come sooner.
        if (job.IsAbandoned)
        {
            job.Fail(new OperationCanceledException("The caller went away before its turn."));
            return Outcome.LeftOut;
        }
        var changes = connection.Changes;
        if (_hasSavepoints) Statement(connection, "SAVEPOINT body");
        try
        {
            job.Work = new UnitOfWork(connection, null, texts, now) { Trace = job.Trace };
            var outcome = await job.Run(job.Work) ? Outcome.Kept : connection.Changes == changes ? Outcome.Refused : Outcome.TakenBack;
            if (_hasSavepoints) End(outcome);
            return outcome;
        }
        catch (Exception e)
        {
            if (!_hasSavepoints) return Outcome.Threw;
            End(Outcome.Threw);
            job.Fail(e);
            return Outcome.Threw;
        }

        void End(Outcome outcome)
        {
            if (outcome != Outcome.Kept) Statement(connection, "ROLLBACK TO body");
            Statement(connection, "RELEASE body");
        }
    }

    /// <summary>Moves the log into the file beside the writer, so that no commit has to wait for it.</summary>
    private async Task Checkpoint()
    {
        DbConnection? connection = null;
        using var timer = new PeriodicTimer(CheckpointEvery);
        while (await NextTick(timer))
        {
            try
            {
                connection ??= await _dialect.OpenWriter(CancellationToken.None);
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
                await using var reader = await command.ExecuteReaderAsync();
                if (await reader.ReadAsync() && reader.GetInt64(1) > MostLogPages) _logIsLong = true;
            }
            catch (Exception e)
            {
                _log.LogWarning(e, "The log was not moved into the file; it will be tried again");
                connection?.Dispose();
                connection = null;
            }
        }
        try
        {
            // The last connection to close moves the whole log into the file and leaves that one file behind.
            connection ??= await _dialect.OpenWriter(CancellationToken.None);
        }
        catch (SqliteException e)
        {
            _log.LogWarning(e, "The log stays beside the file");
        }
        connection?.Dispose();
    }

    private async Task<bool> NextTick(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void MakeRoom(DbConnection connection)
    {
        _logIsLong = false;
        try
        {
            Statement(connection, "PRAGMA wal_checkpoint(RESTART)");
        }
        catch (SqliteException e)
        {
            _log.LogWarning(e, "The log stays long for now");
        }
    }

    private static void RollBack(DbConnection connection)
    {
        try
        {
            Statement(connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }

    private static void Statement(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private enum Outcome
    {
        Kept,

        /// <summary>And had written nothing.</summary>
        Refused,

        /// <summary>Refused after it had written.</summary>
        TakenBack,

        Threw,

        LeftOut,
    }
}

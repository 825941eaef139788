using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using LiveCommerce.Kernel;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace LiveCommerce.Data;

/// <summary>What every service's database is made from.</summary>
public sealed record ServiceDbSetup(StorageOptions Options, TimeProvider Clock, ILoggerFactory Logs)
{
    /// <summary>Told of each entry of the audit trail, of which service, in the transaction that makes it.</summary>
    public Action<UnitOfWork, string, AuditRecord>? Audited { get; init; }
}

/// <summary>One service's own database. Each service derives one, so that handlers ask for theirs by type.</summary>
public abstract class ServiceDb : IAsyncDisposable
{
    private const string RememberAnswer =
        "INSERT INTO IdempotencyKeys (Caller, KeyText, RequestHash, Response, CreatedAt) VALUES (@Caller, @KeyText, @RequestHash, @Response, @Now)";

    private const string FindAnswer =
        "SELECT RequestHash, Response FROM IdempotencyKeys WHERE Caller = @Caller AND KeyText = @KeyText";

    private const string Audit =
        "INSERT INTO AuditTrail (EntryId, At, ActorId, ActorName, ActorPath, Action, Subject, SubjectId, SubjectPath, Origin, BeforeJson, AfterJson) " +
        "VALUES (@EntryId, @At, @ActorId, @ActorName, @ActorPath, @Action, @Subject, @SubjectId, @SubjectPath, @Origin, @BeforeJson, @AfterJson)";

    private const int StreamPage = 1000;

    private static readonly JsonSerializerOptions Kept = new() { TypeInfoResolver = Secrets.LeftOut };

    private readonly SqlTexts _texts;
    private readonly ITransactionRunner _runner;
    private readonly ResiliencePipeline _pipeline;
    private readonly ServiceDbSetup _setup;
    private int _disposed;

    protected ServiceDb(string service, ServiceDbSetup setup)
        : this(service, setup, setup.Options.Engine == StorageEngine.SqlServer ? new SqlServerDialect(setup.Options, service) : new SqliteDialect(setup.Options, service))
    {
    }

    private protected ServiceDb(string service, ServiceDbSetup setup, ISqlDialect dialect)
    {
        DapperTypes.Register();
        Service = service;
        _setup = setup;
        Dialect = dialect;
        _texts = new SqlTexts(Dialect);
        _runner = Dialect.CreateRunner(setup, service);
        // A body is a function of the database alone, so running it again after a lost race or a deadlock is safe.
        _pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DbException>(e => Dialect.IsTransient(e) || Dialect.IsUniqueViolation(e)).Handle<CommitInDoubtException>(),
            MaxRetryAttempts = 5,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(5),
            MaxDelay = TimeSpan.FromMilliseconds(500),
        }).Build();
    }

    /// <summary>The service's name: prefix of its routes, its queues and its database.</summary>
    public string Service { get; }

    internal ISqlDialect Dialect { get; }

    internal TimeProvider Clock => _setup.Clock;

    /// <summary>Raised after each commit that left messages in the outbox.</summary>
    public event Action? MessagesCommitted;

    /// <summary>
    /// Goes up with every commit, before anybody is answered: while it stands still, what was read still holds. Null where other
    /// processes write too.
    /// </summary>
    public long? Commits => _runner.Commits;

    /// <summary>Brings the schema up to date. Safe to call from several processes at once.</summary>
    /// <exception cref="InvalidOperationException">A migration that was applied before has been edited since.</exception>
    public Task Migrate(CancellationToken ct = default) =>
        Migrator.Migrate(Dialect, [typeof(ServiceDb).Assembly, GetType().Assembly], _setup.Clock, ct);

    /// <summary>Runs a body for a message, a due row or a start-up step; waits for its turn. Commits a value, rolls back a refusal.</summary>
    public Task<Result<T>> InTransaction<T>(Func<UnitOfWork, Task<Result<T>>> body, CancellationToken ct = default) =>
        Run(work => Noted(work, body), isRequest: false, mayRepeat: true, ct);

    /// <summary>
    /// Runs a body for a request: audited, safe to retry under its Idempotency-Key, and refused at once
    /// (<see cref="CommonRejections.Overloaded"/>) if too much waits. Commits a value, rolls back a refusal.
    /// </summary>
    /// <exception cref="RejectionException">Overloaded, or the outcome is unknown.</exception>
    /// <exception cref="DatabaseUnavailableException">Not to be had.</exception>
    public async Task<Result<T>> InTransaction<T>(WriteContext write, Func<UnitOfWork, Task<Result<T>>> body, CancellationToken ct = default)
    {
        if (write is { IdempotencyKey: null, IsAudited: false }) return await Run(body, isRequest: true, mayRepeat: false, ct);
        var result = await Run(work => Recorded(work, write, body), isRequest: true, mayRepeat: write.IdempotencyKey is not null, ct);
        if (!result.IsRejected || write.IdempotencyKey is null) return result;
        // The first request with this key may have committed while this one ran, and be the very cause of the refusal.
        var seen = await Find<AnswerRow>(FindAnswer, new { Caller = write.ActorId, KeyText = write.IdempotencyKey }, ct);
        return seen is null ? result : Replay<T>(seen, write);
    }

    /// <summary>The first row, read outside any transaction.</summary>
    public Task<T?> Find<T>(string sql, object? args = null, CancellationToken ct = default) where T : class =>
        Read((c, text) => c.QueryFirstOrDefaultAsync<T>(text, args), sql, ct);

    public Task<T?> Scalar<T>(string sql, object? args = null, CancellationToken ct = default) =>
        Read((c, text) => c.ExecuteScalarAsync<T>(text, args), sql, ct);

    public Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null, CancellationToken ct = default) =>
        Read(async (c, text) => (IReadOnlyList<T>)(await c.QueryAsync<T>(text, args)).AsList(), sql, ct);

    /// <summary>
    /// All rows, however many, outside any transaction: a page at a time, so that neither the database nor the memory holds
    /// more than a page of them. Each page is read as it is at that moment.
    /// </summary>
    /// <param name="sql">Pages by <c>Seq &gt; @After … ORDER BY Seq /*page*/</c>.</param>
    /// <param name="args">All but After and Limit.</param>
    /// <param name="seq">A row's place in that order.</param>
    /// <param name="ct">Ends it between two pages.</param>
    public async IAsyncEnumerable<T> Stream<T>(string sql, object args, Func<T, long> seq, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var after = 0L;
        while (true)
        {
            var page = new DynamicParameters(args);
            page.Add("After", after);
            page.Add("Limit", StreamPage);
            var rows = await Query<T>(sql, page, ct);
            foreach (var row in rows) yield return row;
            if (rows.Count < StreamPage) yield break;
            after = seq(rows[^1]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The container knows it under two types, and disposes of it under both.
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _runner.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<T> Read<T>(Func<DbConnection, string, Task<T>> read, string sql, CancellationToken ct)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (s, token) =>
                {
                    var connection = await s.self.Dialect.RentReader(token);
                    try
                    {
                        return await s.read(connection, s.self._texts.For(s.sql));
                    }
                    finally
                    {
                        s.self.Dialect.ReturnReader(connection);
                    }
                },
                (self: this, read, sql),
                ct);
        }
        catch (DbException e) when (Dialect.IsTransient(e))
        {
            throw new DatabaseUnavailableException(Service, e);
        }
    }

    /// <param name="body">What to run.</param>
    /// <param name="isRequest">Somebody waits for the answer: refused at once if too much waits.</param>
    /// <param name="mayRepeat">The body sees for itself that it has run before, and so may run again after a commit in doubt.</param>
    /// <param name="ct">Ends the wait.</param>
    private async Task<Result<T>> Run<T>(Func<UnitOfWork, Task<Result<T>>> body, bool isRequest, bool mayRepeat, CancellationToken ct)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (s, token) =>
                {
                    var job = new TransactionJob<T>(s.body, token);
                    try
                    {
                        await s.self._runner.Run(job, s.isRequest, token);
                    }
                    catch (CommitInDoubtException) when (!s.mayRepeat)
                    {
                        throw OutcomeUnknown();
                    }
                    var result = await job.Done;
                    if (job.Work is { HasMessages: true } && !result.IsRejected) s.self.MessagesCommitted?.Invoke();
                    return result;
                },
                (self: this, body, isRequest, mayRepeat),
                ct);
        }
        catch (DbException e) when (isRequest && Dialect.IsUniqueViolation(e))
        {
            return CommonRejections.LostRace.Because("Gave up after several tries.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        }
        catch (DbException e) when (Dialect.IsTransient(e))
        {
            throw new DatabaseUnavailableException(Service, e);
        }
        catch (CommitInDoubtException) when (isRequest)
        {
            throw OutcomeUnknown();
        }
    }

    private static RejectionException OutcomeUnknown() =>
        new(CommonRejections.OutcomeUnknown.Because("The database's answer to the commit was lost.") with { RetryAfter = TimeSpan.FromSeconds(1) });

    private static Result<T> Replay<T>(AnswerRow seen, WriteContext write) => seen.RequestHash == write.RequestHash
        ? JsonSerializer.Deserialize<T>(seen.Response)!
        : CommonRejections.KeyReused.Because($"Key {write.IdempotencyKey} belongs to an earlier request with other content.");

    private async Task<Result<T>> Recorded<T>(UnitOfWork work, WriteContext write, Func<UnitOfWork, Task<Result<T>>> body)
    {
        if (write.IdempotencyKey is { } key &&
            await work.Find<AnswerRow>(FindAnswer, new { Caller = write.ActorId, KeyText = key }) is { } seen)
        {
            return Replay<T>(seen, write);
        }
        var result = await body(work);
        if (result.IsRejected) return result;
        if (write.IsAudited) await Note(work, AuditRecord.Of(write, work.Now, work.Earlier, work.Later ?? result.Value));
        foreach (var decision in work.Decisions) await Note(work, decision.ToRecord(work.Now));
        if (write.IdempotencyKey is not null)
        {
            await work.Execute(RememberAnswer, new
            {
                Caller = write.ActorId,
                KeyText = write.IdempotencyKey,
                write.RequestHash,
                Response = JsonSerializer.Serialize(result.Value, Kept),
                work.Now,
            });
        }
        return result;
    }

    private async Task<Result<T>> Noted<T>(UnitOfWork work, Func<UnitOfWork, Task<Result<T>>> body)
    {
        var result = await body(work);
        if (!result.IsRejected)
        {
            foreach (var decision in work.Decisions) await Note(work, decision.ToRecord(work.Now));
        }
        return result;
    }

    private async Task Note(UnitOfWork work, AuditRecord entry)
    {
        await work.Execute(Audit, entry);
        _setup.Audited?.Invoke(work, Service, entry);
    }

    private sealed class AnswerRow
    {
        public string RequestHash { get; init; } = "";

        public string Response { get; init; } = "";
    }
}

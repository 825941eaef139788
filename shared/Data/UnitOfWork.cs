using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using LiveCommerce.Kernel;

namespace LiveCommerce.Data;

/// <summary>A message on its way into the outbox.</summary>
public sealed record OutgoingMessage
{
    public required Guid MessageId { get; init; }

    /// <summary>The message's URN.</summary>
    public required string Type { get; init; }

    public required string Body { get; init; }

    /// <summary>A queue, for a redelivery; null publishes to all who listen.</summary>
    public string? Destination { get; init; }

    /// <summary>How often it was put off before; 0 for a new message.</summary>
    public int Redelivery { get; init; }

    public string? Trace { get; init; }

    /// <summary>Null: at once.</summary>
    public DateTimeOffset? DeliverAfter { get; init; }
}

/// <summary>
/// What a transaction's body works with: the database and nothing else. A body must not wait for anything outside it;
/// on SQLite it shares its commit with its neighbours.
/// </summary>
public sealed class UnitOfWork
{
    private const int LongestTrace = 100;

    private const string InsertOutbox =
        "INSERT INTO Outbox (MessageId, Type, Body, Destination, Redelivery, Trace, CreatedAt, DeliverAfter) " +
        "VALUES (@MessageId, @Type, @Body, @Destination, @Redelivery, @Trace, @CreatedAt, @DeliverAfter)";

    private const string AcceptOnce =
        "INSERT INTO Inbox (Consumer, MessageId, ReceivedAt) SELECT @Consumer, @MessageId, @Now " +
        "WHERE NOT EXISTS (SELECT 1 FROM Inbox WHERE MessageId = @MessageId AND Consumer = @Consumer)";

    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;
    private readonly SqlTexts _texts;
    private List<OutgoingMessage>? _outgoing;
    private List<SystemDecision>? _decisions;
    private List<(object Key, object Item, Func<IReadOnlyList<object>, OutgoingMessage> Combine)>? _together;

    internal UnitOfWork(DbConnection connection, DbTransaction? transaction, SqlTexts texts, DateTimeOffset now)
    {
        (_connection, _transaction, _texts, Now) = (connection, transaction, texts, now);
    }

    /// <summary>One instant for the whole body: every window is judged, every row stamped by it.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The trace this body belongs to, for what it sends; null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>See <see cref="Audited"/>.</summary>
    internal object? Earlier { get; private set; }

    /// <summary>See <see cref="Audited"/>.</summary>
    internal object? Later { get; private set; }

    /// <summary>See <see cref="Decided"/>.</summary>
    internal IReadOnlyList<SystemDecision> Decisions => _decisions ?? (IReadOnlyList<SystemDecision>)[];

    /// <summary>True if this body leaves messages for the relay.</summary>
    internal bool HasMessages => _outgoing is not null || _together is not null;

    public Task<T?> Find<T>(string sql, object? args = null) where T : class =>
        _connection.QueryFirstOrDefaultAsync<T>(_texts.For(sql), args, _transaction);

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null) =>
        (await _connection.QueryAsync<T>(_texts.For(sql), args, _transaction)).AsList();

    public Task<T?> Scalar<T>(string sql, object? args = null) =>
        _connection.ExecuteScalarAsync<T>(_texts.For(sql), args, _transaction);

    /// <returns>Rows affected: the outcome of a guarded update.</returns>
    public Task<int> Execute(string sql, object? args = null) =>
        _connection.ExecuteAsync(_texts.For(sql), args, _transaction);

    /// <summary>Updates the row, or inserts it if there is none to update. A race to insert is re-run by the transaction.</summary>
    public async Task Upsert(string update, string insert, object args)
    {
        if (await Execute(update, args) == 0) await Execute(insert, args);
    }

    /// <summary>
    /// For the audit trail: how the thing that this body changes looks to callers before the change, and afterwards, unless
    /// that is what the body answers.
    /// </summary>
    public void Audited(object before, object? after = null) => (Earlier, Later) = (before, after);

    /// <summary>
    /// For the audit trail: what the product itself decides in this body, beside what somebody asked for or because of what
    /// came to be known or due. The view after says why.
    /// </summary>
    /// <param name="action">In the form of an endpoint's name: FlagSession.</param>
    /// <param name="subject">Path of the thing: /scheduling/sessions/….</param>
    /// <param name="before">How it looked to callers.</param>
    /// <param name="after">How it looks now.</param>
    public void Decided(string action, string subject, object before, object after) => (_decisions ??= []).Add(new SystemDecision(action, subject, before, after));

    /// <summary>Stores a message; it is sent after the commit.</summary>
    public void Send(OutgoingMessage message) => (_outgoing ??= []).Add(message);

    /// <summary>
    /// Stores <paramref name="item"/> in a message that carries all items of the same <paramref name="key"/> that
    /// are committed together, for hot paths: one message a commit.
    /// </summary>
    public void SendTogether(object key, object item, Func<IReadOnlyList<object>, OutgoingMessage> combine) =>
        (_together ??= []).Add((key, item, combine));

    /// <summary>Call first in a message handler.</summary>
    /// <returns>False if this consumer has handled the message before: do nothing.</returns>
    public async Task<bool> Accept(string consumer, Guid messageId) =>
        await Execute(AcceptOnce, new { Consumer = consumer, MessageId = messageId, Now }) == 1;

    /// <summary>Something has to happen at <paramref name="dueAt"/>; replaces what was due for the same key.</summary>
    public Task Schedule(string kind, string key, DateTimeOffset dueAt) =>
        Upsert(DueWorkSql.Move, DueWorkSql.Insert, new { Kind = kind, WorkKey = key, DueAt = dueAt });

    public Task Unschedule(string kind, string key) =>
        Execute(DueWorkSql.Delete, new { Kind = kind, WorkKey = key });

    /// <summary>Like <see cref="Schedule"/>, in one statement, for many at the same instant for whose keys nothing is due.</summary>
    public Task ScheduleAll(string kind, IReadOnlyCollection<string> keys, DateTimeOffset dueAt) =>
        Execute(DueWorkSql.InsertMany, new { Kind = kind, Rows = Sql.Json(keys.Select(k => new[] { k })), DueAt = dueAt });

    public Task UnscheduleAll(string kind, IReadOnlyCollection<string> keys) =>
        Execute(DueWorkSql.DeleteMany, new { Kind = kind, Ids = Sql.Json(keys) });

    /// <summary>Writes the outbox rows of everything that commits together.</summary>
    internal static async Task Flush(IReadOnlyList<UnitOfWork> committed)
    {
        Dictionary<object, (Func<IReadOnlyList<object>, OutgoingMessage> Combine, List<object> Items)>? groups = null;
        foreach (var work in committed)
        {
            foreach (var message in work._outgoing ?? []) await work.Insert(message);
            foreach (var (key, item, combine) in work._together ?? [])
            {
                groups ??= [];
                if (!groups.TryGetValue(key, out var group)) groups[key] = group = (combine, []);
                group.Items.Add(item);
            }
        }
        if (groups is null) return;
        foreach (var (combine, items) in groups.Values) await committed[0].Insert(combine(items));
    }

    private Task Insert(OutgoingMessage message) => Execute(InsertOutbox, new
    {
        message.MessageId,
        message.Type,
        message.Body,
        message.Destination,
        message.Redelivery,
        // A caller may bring a trace of another format and any length.
        Trace = message.Trace is { Length: > LongestTrace } trace ? trace[..LongestTrace] : message.Trace,
        CreatedAt = Now,
        DeliverAfter = message.DeliverAfter ?? Now,
    });
}

/// <summary>Shared SQL text in this database's words, worked out once a statement.</summary>
internal sealed class SqlTexts(ISqlDialect dialect)
{
    private readonly ConcurrentDictionary<string, string> _texts = new();

    public string For(string sql) => sql.Contains("/*", StringComparison.Ordinal)
        ? _texts.GetOrAdd(sql, static (text, d) => text
            .Replace(Sql.Page, d.Page).Replace(Sql.Ids, d.Ids).Replace(Sql.Rows, d.Rows).Replace(Sql.Field, d.Field).Replace(Sql.Held, d.Held), dialect)
        : sql;
}

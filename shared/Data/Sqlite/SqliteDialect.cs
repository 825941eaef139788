using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LiveCommerce.Data;

/// <summary>One file a service, write-ahead log, a commit is on disk before it is answered.</summary>
internal sealed class SqliteDialect : ISqlDialect, IDisposable
{
    // Beyond these Microsoft.Data.Sqlite would sleep 150 ms on a busy file; SQLite itself waits better.
    private const string ReaderPragmas = "PRAGMA busy_timeout=5000; PRAGMA query_only=1;";

    private const int UniqueConstraint = 2067;
    private const int PrimaryKeyConstraint = 1555;
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly ConcurrentBag<PreparedConnection> _readers = [];
    private readonly string _file;
    private readonly int _cacheMiB;
    private volatile bool _disposed;

    static SqliteDialect()
    {
        Batteries_V2.Init();
        // Here a connection is one thread's at a time, and nobody asks SQLite how much memory it has: locks for nothing.
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public SqliteDialect(StorageOptions options, string service)
    {
        _file = Path.Combine(options.Folder, $"{service}.db");
        _cacheMiB = options.CacheMiB;
    }

    public string Name => "sqlite";

    public string Page => "LIMIT @Limit";

    public string Ids => "(SELECT value FROM json_each(@Ids))";

    public string Rows => "json_each(@Rows)";

    public string Field => "json_extract";

    // There is one writer.
    public string Held => "";

    // One process owns the file and has one relay for it, so nobody else can take the rows.
    public string TakeOutbox =>
        "SELECT Seq, MessageId, Type, Body, Destination, Redelivery, Trace, Failures, CreatedAt FROM Outbox " +
        "WHERE SetAsideAt IS NULL AND DeliverAfter <= @Now AND @Until IS NOT NULL " +
        "AND Seq NOT IN (SELECT value FROM json_each(@Ids)) ORDER BY Seq LIMIT @Limit";

    public Task CreateDatabase(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_file))!);
        return Task.CompletedTask;
    }

    public async Task<DbConnection> OpenForMigration(CancellationToken ct)
    {
        var connection = await OpenWriter(ct);
        try
        {
            await connection.ExecuteAsync("BEGIN IMMEDIATE");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<DbConnection> OpenWriter(CancellationToken ct) => Task.FromResult<DbConnection>(Open(
        SqliteOpenMode.ReadWriteCreate,
        $"PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-{_cacheMiB * 1024}; PRAGMA temp_store=MEMORY;"));

    public ValueTask<DbConnection> RentReader(CancellationToken ct) =>
        ValueTask.FromResult<DbConnection>(_readers.TryTake(out var reader) ? reader : Open(SqliteOpenMode.ReadOnly, ReaderPragmas));

    public void ReturnReader(DbConnection connection)
    {
        _readers.Add((PreparedConnection)connection);
        if (_disposed) Dispose();
    }

    public bool IsUniqueViolation(Exception e) => e is SqliteException { SqliteExtendedErrorCode: UniqueConstraint or PrimaryKeyConstraint };

    public bool IsTransient(Exception e) => e is SqliteException { SqliteErrorCode: Busy or Locked };

    public ITransactionRunner CreateRunner(ServiceDbSetup setup, string service) => new GroupCommit(this, setup, service);

    public void Dispose()
    {
        _disposed = true;
        while (_readers.TryTake(out var reader)) reader.Dispose();
    }

    private PreparedConnection Open(SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute(pragmas);
            // Else SQLite makes its plan anew for each value that is bound: a fifth of what a reading request costs.
            raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
            return new PreparedConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

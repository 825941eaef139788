using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;

namespace LiveCommerce.Data;

/// <summary>SQL Server 2019 or later, one database a service, any number of instances of the service.</summary>
internal sealed class SqlServerDialect(StorageOptions options, string service) : ISqlDialect
{
    private static readonly HashSet<int> UniqueErrors = [2601, 2627];

    // Deadlock victim, lock time-out, snapshot conflict, time-out, transport faults, and the cloud's "try again" errors.
    private static readonly HashSet<int> TransientErrors = [1205, 1222, 3960, -2, 20, 64, 233, 10053, 10054, 10060, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920];

    private readonly string _connectionString = options.ConnectionString.Replace("{service}", service);
    private readonly SemaphoreSlim _readers = new(HalfOfThePool(options.ConnectionString));

    internal static int HalfOfThePool(string connectionString) => Math.Max(1, new SqlConnectionStringBuilder(connectionString).MaxPoolSize / 2);

    public string Name => "sqlserver";

    public string Page => "OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY";

    // OPENJSON brings the database's collation along, which conflicts with that of the columns that hold codes and paths.
    public string Ids => "(SELECT value COLLATE Latin1_General_BIN2 FROM OPENJSON(@Ids))";

    // Likewise: what JSON_VALUE reads has the collation of what it reads from.
    public string Rows => "(SELECT value COLLATE Latin1_General_BIN2 AS value FROM OPENJSON(@Rows)) AS json";

    public string Field => "JSON_VALUE";

    public string Held => " WITH (UPDLOCK, ROWLOCK)";

    // A lease, not a lock held while the broker answers: DeliverAfter moves past the lease, READPAST skips what others are taking.
    public string TakeOutbox =>
        "WITH due AS (SELECT TOP (@Limit) * FROM Outbox WITH (UPDLOCK, READPAST, ROWLOCK) " +
        "WHERE SetAsideAt IS NULL AND DeliverAfter <= @Now ORDER BY Seq) " +
        "UPDATE due SET DeliverAfter = @Until OUTPUT inserted.Seq, inserted.MessageId, inserted.Type, inserted.Body, inserted.Destination, " +
        "inserted.Redelivery, inserted.Trace, inserted.Failures, inserted.CreatedAt";

    public async Task CreateDatabase(CancellationToken ct)
    {
        var builder = new SqlConnectionStringBuilder(_connectionString);
        var database = builder.InitialCatalog;
        builder.InitialCatalog = "master";
        await using var connection = new SqlConnection(builder.ConnectionString);
        await connection.OpenAsync(ct);
        // Two processes may both find it missing; the second create fails with 1801, and the database is there.
        // Readers see what was committed last and wait for no writer, as on SQLite.
        try
        {
            await connection.ExecuteAsync(
                "IF DB_ID(@database) IS NULL BEGIN DECLARE @sql NVARCHAR(800) = N'CREATE DATABASE ' + QUOTENAME(@database); EXEC (@sql); " +
                "SET @sql = N'ALTER DATABASE ' + QUOTENAME(@database) + N' SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE'; EXEC (@sql); END",
                new { database });
        }
        catch (SqlException e) when (e.Number == 1801)
        {
        }
    }

    public async Task<DbConnection> OpenForMigration(CancellationToken ct)
    {
        // Not from the pool: a session's lock lives on in a pooled connection after it is closed.
        var connection = new SqlConnection(new SqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            // It answers a lock it did not get with a number, not with an error.
            await connection.ExecuteAsync(
                "DECLARE @got INT; EXEC @got = sp_getapplock @Resource = N'live-commerce-migration', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 60000; " +
                "IF @got < 0 THROW 51000, N'Another process has been migrating for a minute.', 1;",
                commandTimeout: 90);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<DbConnection> OpenWriter(CancellationToken ct)
    {
        var connection = new SqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Half of the pool each for reading and for writing: waiting for a turn here is fair and ends, while
    // a pool that is used up answers with an error after fifteen seconds.
    public async ValueTask<DbConnection> RentReader(CancellationToken ct)
    {
        await _readers.WaitAsync(ct);
        try
        {
            return await OpenWriter(ct);
        }
        catch
        {
            _readers.Release();
            throw;
        }
    }

    public void ReturnReader(DbConnection connection)
    {
        connection.Dispose();
        _readers.Release();
    }

    public bool IsUniqueViolation(Exception e) => e is SqlException sql && UniqueErrors.Contains(sql.Number);

    public bool IsTransient(Exception e) => e is SqlException sql && TransientErrors.Contains(sql.Number);

    public ITransactionRunner CreateRunner(ServiceDbSetup setup, string service) => new OwnTransaction(this, setup);
}

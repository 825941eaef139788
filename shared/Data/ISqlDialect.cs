using System.Data.Common;

namespace LiveCommerce.Data;

/// <summary>What differs between the two databases. Everything else is written once.</summary>
internal interface ISqlDialect
{
    /// <summary>Folder of this dialect's migrations.</summary>
    string Name { get; }

    string Page { get; }

    string Ids { get; }

    string Rows { get; }

    string Field { get; }

    string Held { get; }

    /// <summary>
    /// Selects the next due outbox rows but those in <c>@Ids</c>, which the relay has in hand; where several processes
    /// share the table, takes them for <c>@Until</c>.
    /// </summary>
    string TakeOutbox { get; }

    /// <summary>A connection that holds off every other process that migrates, until it closes.</summary>
    Task<DbConnection> OpenForMigration(CancellationToken ct);

    Task CreateDatabase(CancellationToken ct);

    /// <summary>A connection of one's own, open and writable.</summary>
    Task<DbConnection> OpenWriter(CancellationToken ct);

    /// <summary>A connection for reading; returned with <see cref="ReturnReader"/>.</summary>
    ValueTask<DbConnection> RentReader(CancellationToken ct);

    void ReturnReader(DbConnection connection);

    /// <summary>Another writer was first with the same unique key: run again and see its row.</summary>
    bool IsUniqueViolation(Exception e);

    /// <summary>Deadlock, time-out, lost connection: the same body may well succeed if run again.</summary>
    bool IsTransient(Exception e);

    ITransactionRunner CreateRunner(ServiceDbSetup setup, string service);
}

/// <summary>Carries bodies through transactions.</summary>
internal interface ITransactionRunner : IAsyncDisposable
{
    /// <summary>See <see cref="ServiceDb.Commits"/>.</summary>
    long? Commits { get; }

    /// <summary>Runs <paramref name="job"/> and completes it after the commit that holds it.</summary>
    /// <param name="job">What to run.</param>
    /// <param name="isRequest">True: refuse at once if it would wait too long. False: wait for a place.</param>
    Task Run(TransactionJob job, bool isRequest, CancellationToken ct);
}

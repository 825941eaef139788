using LiveCommerce.Kernel;

namespace LiveCommerce.Data;

/// <summary>One transaction a body; the server runs many at once.</summary>
internal sealed class OwnTransaction : ITransactionRunner
{
    private readonly SqlServerDialect _dialect;
    private readonly ServiceDbSetup _setup;
    private readonly SqlTexts _texts;
    private readonly SemaphoreSlim _places;
    private readonly WaitLimit _limit;

    public OwnTransaction(SqlServerDialect dialect, ServiceDbSetup setup)
    {
        _dialect = dialect;
        _setup = setup;
        _texts = new SqlTexts(dialect);
        _limit = setup.Options.NewWaitLimit(setup.Clock);
        _places = new SemaphoreSlim(SqlServerDialect.HalfOfThePool(setup.Options.ConnectionString));
    }

    public long? Commits => null;

    public async Task Run(TransactionJob job, bool isRequest, CancellationToken ct)
    {
        if (!isRequest) _limit.Enter();
        else if (!_limit.TryEnter()) throw _setup.Options.Refuse(_limit);
        try
        {
            await _places.WaitAsync(ct);
            try
            {
                await InOwnTransaction(job, ct);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            _limit.Leave();
        }
    }

    public ValueTask DisposeAsync()
    {
        _places.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task InOwnTransaction(TransactionJob job, CancellationToken ct)
    {
        await using var connection = await _dialect.OpenWriter(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        job.Work = new UnitOfWork(connection, transaction, _texts, _setup.Clock.Now()) { Trace = job.Trace };
        if (await job.Run(job.Work))
        {
            await UnitOfWork.Flush([job.Work]);
            // Past this point the outcome is the server's: a cancelled caller must not leave it in doubt.
            try
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (Exception e)
            {
                // The answer may be what was lost, and not the commit.
                throw new CommitInDoubtException(e);
            }
        }
        job.Complete();
    }
}

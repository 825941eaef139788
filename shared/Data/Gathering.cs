using System.Threading.Channels;
using LiveCommerce.Kernel;

namespace LiveCommerce.Data;

/// <summary>
/// For the hottest path of a service: what many callers ask at the same moment is carried out as one body, with one
/// statement for many rows, in either database. While one batch is under way the next gathers, so a lone caller waits for
/// nobody and a crowd shares. Nobody is answered before the commit that holds their row.
/// </summary>
/// <param name="db">Where the body runs.</param>
/// <param name="options">How many may wait, and how many make a batch.</param>
/// <param name="body">
/// Carries out a batch and answers each item, in order. A refused item must have written nothing: the batch commits all the same.
/// Runs again after a lost race; if it throws, its items are tried one by one, so that one harms no neighbour.
/// </param>
public sealed class Gathering<TItem, TResult>(ServiceDb db, StorageOptions options, Func<UnitOfWork, IReadOnlyList<TItem>, Task<IReadOnlyList<Result<TResult>>>> body)
{
    private readonly Channel<Asked> _waiting = Channel.CreateUnbounded<Asked>();
    private readonly WaitLimit _limit = options.NewWaitLimit(db.Clock);
    private int _isPumping;

    /// <exception cref="RejectionException"><see cref="CommonRejections.Overloaded"/>: it would wait too long.</exception>
    public Task<Result<TResult>> Ask(TItem item, CancellationToken ct)
    {
        var asked = new Asked(item, ct);
        if (!_limit.TryEnter()) throw options.Refuse(_limit);
        _waiting.Writer.TryWrite(asked);
        if (Interlocked.CompareExchange(ref _isPumping, 1, 0) != 0) return asked.Done.Task;
        // The batches are many callers': they must not all count as the work, and the trace, of whoever came first.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(Pump, CancellationToken.None);
        return asked.Done.Task;
    }

    private async Task Pump()
    {
        do
        {
            while (Next() is { Count: > 0 } batch) await CarryOut(batch);
            Volatile.Write(ref _isPumping, 0);
            // One may have come between the last look and the flag.
        }
        while (_waiting.Reader.TryPeek(out _) && Interlocked.CompareExchange(ref _isPumping, 1, 0) == 0);
    }

    private List<Asked> Next()
    {
        var batch = new List<Asked>();
        while (batch.Count < options.GroupSize && _waiting.Reader.TryRead(out var asked))
        {
            if (!asked.Caller.IsCancellationRequested)
            {
                batch.Add(asked);
                continue;
            }
            asked.Done.TrySetCanceled(asked.Caller);
            _limit.Leave();
        }
        return batch;
    }

    private async Task CarryOut(List<Asked> batch)
    {
        try
        {
            var items = batch.ConvertAll(a => a.Item);
            var results = await db.InTransaction<IReadOnlyList<Result<TResult>>>(async work => Kept(await body(work, items)), CancellationToken.None);
            _limit.Leave(batch.Count);
            for (var i = 0; i < batch.Count; i++) batch[i].Done.TrySetResult(results.Value[i]);
        }
        catch (Exception e)
        {
            if (batch.Count == 1)
            {
                _limit.Leave();
                batch[0].Done.TrySetException(e);
                return;
            }
            foreach (var asked in batch) await CarryOut([asked]);
        }
    }

    // An interface does not convert by itself.
    private static Result<IReadOnlyList<Result<TResult>>> Kept(IReadOnlyList<Result<TResult>> results) => Result<IReadOnlyList<Result<TResult>>>.Of(results);

    private sealed record Asked(TItem Item, CancellationToken Caller)
    {
        public TaskCompletionSource<Result<TResult>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

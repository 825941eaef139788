using System.Diagnostics;
using LiveCommerce.Kernel;

namespace LiveCommerce.Data;

/// <summary>One body on its way through a transaction.</summary>
internal abstract class TransactionJob
{
    public UnitOfWork? Work { get; set; }

    /// <summary>The trace of whoever asks, who is not there when the body runs.</summary>
    public string? Trace { get; } = Activity.Current?.Id;

    /// <summary>True once nobody waits for it any more. It is then left out, if it has not begun.</summary>
    public abstract bool IsAbandoned { get; }

    /// <returns>True to keep what the body wrote, false to roll it back.</returns>
    public abstract Task<bool> Run(UnitOfWork work);

    /// <summary>Answers the caller. Only after the commit.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception e);
}

internal sealed class TransactionJob<T>(Func<UnitOfWork, Task<Result<T>>> body, CancellationToken ct) : TransactionJob
{
    private readonly TaskCompletionSource<Result<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Result<T> _result;

    public Task<Result<T>> Done => _done.Task;

    public override bool IsAbandoned => ct.IsCancellationRequested;

    public override async Task<bool> Run(UnitOfWork work)
    {
        _result = await body(work);
        return !_result.IsRejected;
    }

    public override void Complete() => _done.TrySetResult(_result);

    public override void Fail(Exception e) => _done.TrySetException(e);
}

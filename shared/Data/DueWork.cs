using LiveCommerce.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Data;

/// <summary>Carries out one kind of work when its time has come.</summary>
public interface IDueWork
{
    /// <summary>The kind it was scheduled under with <see cref="UnitOfWork.Schedule"/>.</summary>
    string Kind { get; }

    /// <summary>Runs in the transaction that takes the row, so it happens exactly once. Must cope with a world that moved on.</summary>
    Task Carry(UnitOfWork work, string key);
}

/// <summary>
/// One per service: finds due rows and carries each out in a transaction of its own. The guarded delete decides which of
/// several instances does it. Work that throws is put off, ever longer, and holds nothing else up.
/// </summary>
public sealed class DueWorker(ServiceDb db, IReadOnlyList<IDueWork> kinds, TimeProvider clock, ILogger log) : BackgroundService
{
    private const int BatchSize = 256;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, IDueWork> _kinds = kinds.ToDictionary(k => k.Kind);

    public string Service => db.Service;

    /// <summary>How late the latest batch was, for the meters.</summary>
    public TimeSpan Lag { get; private set; }

    /// <returns>How many rows were due.</returns>
    public async Task<int> CarryOutDue(CancellationToken ct)
    {
        var now = clock.Now();
        var due = await db.Query<DueRow>(DueWorkSql.Due, new { Now = now, Limit = BatchSize }, ct);
        Lag = due.Count == 0 ? TimeSpan.Zero : now - due[0].DueAt;
        await Task.WhenAll(due.Select(row => CarryOut(row, ct)));
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // A long work that does a part and schedules the rest for now goes on at once.
                while (await CarryOutDue(stoppingToken) > 0) { }
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Due work of {Service} will be tried again", db.Service);
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
    }

    private async Task CarryOut(DueRow row, CancellationToken ct)
    {
        try
        {
            await db.InTransaction<Done>(async work =>
            {
                if (await work.Execute(DueWorkSql.Take, row) == 1) await _kinds[row.Kind].Carry(work, row.WorkKey);
                return new Done();
            }, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "{Kind} {Key} failed and is put off", row.Kind, row.WorkKey);
            var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, row.Failures), LongestPutOff.TotalSeconds));
            var error = e.Message.Length > 1000 ? e.Message[..1000] : e.Message;
            await db.InTransaction<Done>(async work =>
            {
                await work.Execute(DueWorkSql.PutOff, new { row.Seq, row.Kind, row.WorkKey, row.DueAt, Next = work.Now + wait, Error = error });
                return new Done();
            }, ct);
        }
    }

    private sealed class DueRow
    {
        public long Seq { get; init; }

        public string Kind { get; init; } = "";

        public string WorkKey { get; init; } = "";

        public DateTimeOffset DueAt { get; init; }

        public int Failures { get; init; }
    }
}

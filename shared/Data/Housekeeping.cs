using LiveCommerce.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Data;

/// <summary>
/// One per service: drops what was kept only to recognise repetitions, once no repetition can come any more. A chunk a
/// transaction, so that no request waits for it.
/// </summary>
internal sealed class Housekeeping(ServiceDb db, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>A message is redelivered for minutes, and out of an <c>_error</c> queue for as long as an operator takes.</summary>
    internal static readonly TimeSpan KeepInbox = TimeSpan.FromDays(14);

    internal static readonly TimeSpan KeepAnswers = TimeSpan.FromDays(7);

    private const int Chunk = 500;

    // Rows are in order of time, so the oldest chunk tells whether there is anything to do, without an index on the time.
    private const string PurgeInbox =
        $"DELETE FROM Inbox WHERE ReceivedAt < @Before AND Seq IN (SELECT Seq FROM Inbox ORDER BY Seq {Sql.Page})";

    private const string PurgeAnswers =
        $"DELETE FROM IdempotencyKeys WHERE CreatedAt < @Before AND Seq IN (SELECT Seq FROM IdempotencyKeys ORDER BY Seq {Sql.Page})";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <returns>How many rows went.</returns>
    public async Task<int> TidyUp(CancellationToken ct) =>
        await Purge(PurgeInbox, KeepInbox, ct) + await Purge(PurgeAnswers, KeepAnswers, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TidyUp(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Old rows of {Service} stay for now", db.Service);
            }
        }
    }

    private async Task<int> Purge(string sql, TimeSpan keep, CancellationToken ct)
    {
        var all = 0;
        while (true)
        {
            var gone = (await db.InTransaction<int>(async work => await work.Execute(sql, new { Before = clock.Now() - keep, Limit = Chunk }), ct)).Value;
            all += gone;
            if (gone < Chunk) return all;
        }
    }
}

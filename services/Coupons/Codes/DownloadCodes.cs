using System.Runtime.CompilerServices;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>The codes of a batch, for the printer.</summary>
internal static class DownloadCodes
{
    private const int Run = 1000;
    private static readonly string[] Header = ["serial", "code"];

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/code-batches/{id:guid}/codes.csv", async (Guid id, Caller caller, DownloadCodesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(DownloadCodes), "All codes of a batch, as a file.",
            "Columns serial (from 0) and code. Whoever has the file can claim what it holds, so the audit trail tells who fetched it.")
        .Allow(Permission.ManageCampaigns)
        .GivesCsv()
        .Rejects(CodeRejections.BatchNotFound);

    internal static CsvAnswer<Printed> Of(CodeBatchRow batch) => new(
        $"codes-{batch.Prefix}.csv", Header, Print(batch), static (line, code) => line.Add(code.Serial).Add(code.Ascii.Span));

    private static async IAsyncEnumerable<Printed> Print(CodeBatchRow batch, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var press = batch.Press;
        var ascii = new byte[Run * press.PrintLength];
        for (var first = 0; first < batch.Codes; first += Run)
        {
            ct.ThrowIfCancellationRequested();
            // Others get their turn on this thread.
            await Task.Yield();
            var count = Math.Min(Run, batch.Codes - first);
            press.Print(first, ascii.AsSpan(0, count * press.PrintLength));
            for (var i = 0; i < count; i++) yield return new Printed(first + i, ascii.AsMemory(i * press.PrintLength, press.PrintLength));
        }
    }

    /// <param name="Serial">From 0.</param>
    /// <param name="Ascii">The code; good until the next is read.</param>
    internal readonly record struct Printed(int Serial, ReadOnlyMemory<byte> Ascii);
}

internal sealed class DownloadCodesHandler(CouponsDb db)
{
    public async Task<Result<CsvAnswer<DownloadCodes.Printed>>> Handle(Caller caller, Guid id, CancellationToken ct)
    {
        var found = await ReadCodeBatches.Find(db, caller, id, ct);
        if (found.Rejection is { } unknown) return unknown;
        // Nothing changes but the audit trail.
        var recorded = await db.InTransaction<Done>(caller.Write with { IdempotencyKey = null }, _ => Task.FromResult<Result<Done>>(new Done()), ct);
        return recorded.Map(_ => DownloadCodes.Of(found.Value));
    }
}

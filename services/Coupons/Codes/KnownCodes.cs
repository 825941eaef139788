using System.Collections.Concurrent;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>A code that was printed: it is of this batch, whether or not it is still good.</summary>
/// <param name="CampaignId">What it is for.</param>
/// <param name="NodeSeq">The quota of its batch.</param>
/// <param name="Serial">Its number there.</param>
internal sealed record PrintedCode(Guid CampaignId, long NodeSeq, int Serial);

/// <summary>Tells printed codes from others. Most of what is mistyped or guessed never gets as far as the database.</summary>
internal sealed class KnownCodes(CouponsDb db)
{
    private const int MostKept = 10_000;

    // What is kept of a batch never changes; where its unit stands and whether it is closed is asked in the transaction that claims.
    private readonly ConcurrentDictionary<(string HeadquartersPath, string Prefix), Batch> _known = new();

    /// <param name="text">As typed.</param>
    /// <param name="shopPath">The unit whose shop asks.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<Result<PrintedCode>> Find(string text, string shopPath, CancellationToken ct)
    {
        if (CodeText.Parse(text) is not { } code) return CodeRejections.CheckFailed.Because("Compare it with what is printed, letter by letter.");
        return await BatchOf(UnitPath.Headquarters(shopPath), code.Prefix, ct) is { } batch &&
            code.Serial < batch.Codes && batch.Press.Made(code)
            ? new PrintedCode(batch.CampaignId, batch.NodeSeq, code.Serial)
            : CodeRejections.NotFound.Because("No batch has this code.");
    }

    private async ValueTask<Batch?> BatchOf(string headquarters, string prefix, CancellationToken ct)
    {
        if (_known.TryGetValue((headquarters, prefix), out var known)) return known;
        if (await db.Find<CodeBatchRow>(CodeBatchSql.ByPrefix, new { HeadquartersPath = headquarters, Prefix = prefix }, ct) is not { } row) return null;
        if (_known.Count >= MostKept) _known.Clear();
        return _known[(headquarters, prefix)] = new Batch(row.Press, row.CampaignId, row.NodeSeq, row.Codes);
    }

    private sealed record Batch(CodePress Press, Guid CampaignId, long NodeSeq, int Codes);
}

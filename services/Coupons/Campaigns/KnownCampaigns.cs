using System.Collections.Concurrent;
using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Which version of a campaign, with which version of its session.</summary>
internal sealed record CampaignMark
{
    public Guid CampaignId { get; init; }

    public long CampaignVersion { get; init; }

    public DateTimeOffset CampaignChangedAt { get; init; }

    public long? SessionVersion { get; init; }
}

/// <summary>
/// Campaigns as last parsed, so that a claim reads no JSON. An entry holds for exactly the versions it was made from; the
/// instant of the change guards against a version number that a failed commit gave back.
/// </summary>
internal sealed class KnownCampaigns(CouponsDb db)
{
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<Guid, Campaign> _known = new();

    /// <param name="mark">As read in the same transaction.</param>
    /// <param name="work">Null: read outside any transaction.</param>
    public ValueTask<Campaign> Current(CampaignMark mark, UnitOfWork? work) =>
        _known.TryGetValue(mark.CampaignId, out var known) && known.Version == mark.CampaignVersion && known.ChangedAt == mark.CampaignChangedAt &&
        known.Session?.Version == mark.SessionVersion
            ? ValueTask.FromResult(known)
            : Read(mark.CampaignId, work);

    private async ValueTask<Campaign> Read(Guid id, UnitOfWork? work)
    {
        var args = new { Id = id };
        var row = work is null ? await db.Find<CampaignRow>(CampaignSql.ById, args) : await work.Find<CampaignRow>(CampaignSql.ById, args);
        var campaign = row!.Parse();
        if (_known.Count >= MostKept) _known.Clear();
        _known[id] = campaign;
        return campaign;
    }
}

using System.Collections.Concurrent;
using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>
/// Campaigns as last parsed, so that a claim reads no JSON. An entry holds for exactly the versions it was made from; the
/// instant of the change guards against a version number that a failed commit gave back.
/// </summary>
internal sealed class KnownCampaigns
{
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<Guid, Campaign> _known = new();

    public ValueTask<Campaign> Current(UnitOfWork work, Guid id, long version, DateTimeOffset changedAt, long? sessionVersion) =>
        _known.TryGetValue(id, out var known) && known.Version == version && known.ChangedAt == changedAt && known.Session?.Version == sessionVersion
            ? ValueTask.FromResult(known)
            : Read(work, id);

    private async ValueTask<Campaign> Read(UnitOfWork work, Guid id)
    {
        var row = await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id });
        var campaign = row!.Parse();
        if (_known.Count >= MostKept) _known.Clear();
        _known[id] = campaign;
        return campaign;
    }
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Figures;

/// <summary>How many were refused, and why, by campaign: counted in the transaction that refuses.</summary>
internal sealed class RefusalCounts
{
    private readonly Dictionary<(Guid CampaignId, string Code), long> _counts = [];

    public void Add(Guid campaignId, Rejection rejection)
    {
        var key = (campaignId, rejection.Kind.Code);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    public async Task Write(UnitOfWork work)
    {
        if (_counts.Count == 0) return;
        var rows = new { Rows = Sql.Json(_counts.Select(c => new { c.Key.CampaignId, c.Key.Code, Refused = c.Value })), work.Now };
        if (await work.Execute(RefusalSql.Add, rows) < _counts.Count) await work.Execute(RefusalSql.Begin, rows);
    }
}

internal static class RefusalSql
{
    private const string Fields =
        $"SELECT {Sql.Field}(value, '$.CampaignId') AS OfCampaign, {Sql.Field}(value, '$.Code') AS OfCode, CAST({Sql.Field}(value, '$.Refused') AS BIGINT) AS More FROM {Sql.Rows}";

    private const string SameKey = "Refusals.CampaignId = m.OfCampaign AND Refusals.Code = m.OfCode";

    internal const string Add = $"UPDATE Refusals SET Refused = Refused + m.More, LastAt = @Now FROM ({Fields}) AS m WHERE {SameKey}";

    internal const string Begin =
        "INSERT INTO Refusals (CampaignId, Code, Refused, LastAt) SELECT m.OfCampaign, m.OfCode, m.More, @Now " +
        $"FROM ({Fields}) AS m WHERE NOT EXISTS (SELECT 1 FROM Refusals WHERE {SameKey})";

    internal const string OfCampaign = "SELECT Code, Refused, LastAt FROM Refusals WHERE CampaignId = @CampaignId ORDER BY Refused DESC, Code";
}

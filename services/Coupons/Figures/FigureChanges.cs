using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;

namespace LiveCommerce.Coupons.Figures;

/// <summary>Where a coupon is counted: one row of figures for each campaign, credited unit, session, channel and guide that met. Empty: none.</summary>
internal readonly record struct FigureKey(Guid CampaignId, string Path, string SessionKey, string ChannelKey, string GuideKey)
{
    public static FigureKey Of(CouponRow coupon) =>
        new(coupon.CampaignId, coupon.Path, Text(coupon.SessionId), Text(coupon.ChannelId), coupon.GuideId ?? "");

    private static string Text(Guid? id) => id?.ToString("D") ?? "";
}

/// <summary>What one transaction changes in the figures: written with the coupons it counts, so that figures are a recount at any time.</summary>
internal sealed class FigureChanges
{
    private readonly Dictionary<FigureKey, FigureChange> _changes = [];

    public void Add(CouponRow coupon)
    {
        var change = Of(coupon);
        if (coupon.Origin == Contracts.Coupons.CouponOrigin.Issue) change.Issued++;
        else change.Claimed++;
        change.Free++;
    }

    public void Move(CouponRow coupon, CouponState from, CouponState to)
    {
        var change = Of(coupon);
        change.Shift(from, -1);
        change.Shift(to, 1);
    }

    /// <summary>Minor units more taken off by spent coupons, and more of them undone by refunds.</summary>
    public void Discount(CouponRow coupon, long discountMinor, long rolledBackMinor)
    {
        var change = Of(coupon);
        change.DiscountMinor += discountMinor;
        change.RolledBackMinor += rolledBackMinor;
    }

    public async Task Write(UnitOfWork work)
    {
        if (_changes.Count == 0) return;
        // A unit's figures move with it at once, its many coupons part by part: what still bears the old path is counted where the unit stands.
        var moved = await MovedUnits.Now(work, _changes.Keys.Select(k => k.Path));
        foreach (var key in _changes.Keys.Where(k => moved.ContainsKey(k.Path)).ToList())
        {
            _changes.Remove(key, out var change);
            Of(key with { Path = moved[key.Path] }).Add(change!);
        }
        // In one order, so that batches side by side wait for each other and never in a circle.
        var rows = new { Rows = Sql.Json(_changes.Values.OrderBy(c => c.CampaignId).ThenBy(c => c.Path, StringComparer.Ordinal).ThenBy(c => c.GuideKey, StringComparer.Ordinal)) };
        if (await work.Execute(FigureSql.Add, rows) < _changes.Count) await work.Execute(FigureSql.Begin, rows);
    }

    private FigureChange Of(CouponRow coupon) => Of(FigureKey.Of(coupon));

    private FigureChange Of(FigureKey key)
    {
        if (!_changes.TryGetValue(key, out var change)) _changes[key] = change = new FigureChange(key);
        return change;
    }
}

internal sealed class FigureChange(FigureKey key)
{
    public Guid CampaignId => key.CampaignId;

    public string Path => key.Path;

    public string SessionKey => key.SessionKey;

    public string ChannelKey => key.ChannelKey;

    public string GuideKey => key.GuideKey;

    public long Issued { get; set; }

    public long Claimed { get; set; }

    public long Free { get; set; }

    public long Locked { get; set; }

    public long Redeemed { get; set; }

    public long Voided { get; set; }

    public long DiscountMinor { get; set; }

    public long RolledBackMinor { get; set; }

    public void Add(FigureChange other)
    {
        (Issued, Claimed, DiscountMinor, RolledBackMinor) = (Issued + other.Issued, Claimed + other.Claimed, DiscountMinor + other.DiscountMinor, RolledBackMinor + other.RolledBackMinor);
        (Free, Locked, Redeemed, Voided) = (Free + other.Free, Locked + other.Locked, Redeemed + other.Redeemed, Voided + other.Voided);
    }

    public void Shift(CouponState state, long by)
    {
        switch (state)
        {
            case CouponState.Free: Free += by; break;
            case CouponState.Locked: Locked += by; break;
            case CouponState.Redeemed: Redeemed += by; break;
            case CouponState.Voided: Voided += by; break;
            default: throw new InvalidOperationException($"No figure for {state}.");
        }
    }
}

internal static class FigureSql
{
    private const string Fields =
        $"SELECT {Sql.Field}(value, '$.CampaignId') AS OfCampaign, {Sql.Field}(value, '$.Path') AS OfPath, {Sql.Field}(value, '$.SessionKey') AS OfSession, " +
        $"{Sql.Field}(value, '$.ChannelKey') AS OfChannel, {Sql.Field}(value, '$.GuideKey') AS OfGuide, " +
        $"CAST({Sql.Field}(value, '$.Issued') AS BIGINT) AS MoreIssued, CAST({Sql.Field}(value, '$.Claimed') AS BIGINT) AS MoreClaimed, " +
        $"CAST({Sql.Field}(value, '$.Free') AS BIGINT) AS MoreFree, CAST({Sql.Field}(value, '$.Locked') AS BIGINT) AS MoreLocked, " +
        $"CAST({Sql.Field}(value, '$.Redeemed') AS BIGINT) AS MoreRedeemed, CAST({Sql.Field}(value, '$.Voided') AS BIGINT) AS MoreVoided, " +
        $"CAST({Sql.Field}(value, '$.DiscountMinor') AS BIGINT) AS MoreDiscountMinor, CAST({Sql.Field}(value, '$.RolledBackMinor') AS BIGINT) AS MoreRolledBackMinor FROM {Sql.Rows}";

    private const string SameKey =
        "Figures.CampaignId = m.OfCampaign AND Figures.Path = m.OfPath AND Figures.SessionKey = m.OfSession AND Figures.ChannelKey = m.OfChannel AND Figures.GuideKey = m.OfGuide";

    internal const string Add =
        "UPDATE Figures SET Issued = Issued + m.MoreIssued, Claimed = Claimed + m.MoreClaimed, Free = Free + m.MoreFree, Locked = Locked + m.MoreLocked, " +
        "Redeemed = Redeemed + m.MoreRedeemed, Voided = Voided + m.MoreVoided, DiscountMinor = DiscountMinor + m.MoreDiscountMinor, " +
        $"RolledBackMinor = RolledBackMinor + m.MoreRolledBackMinor FROM ({Fields}) AS m WHERE {SameKey}";

    /// <summary>After <see cref="Add"/>: what had no row yet begins one. A race for it is decided by the unique index, and run again.</summary>
    internal const string Begin =
        "INSERT INTO Figures (CampaignId, Path, SessionKey, ChannelKey, GuideKey, Issued, Claimed, Free, Locked, Redeemed, Voided, DiscountMinor, RolledBackMinor) " +
        "SELECT m.OfCampaign, m.OfPath, m.OfSession, m.OfChannel, m.OfGuide, m.MoreIssued, m.MoreClaimed, m.MoreFree, m.MoreLocked, m.MoreRedeemed, m.MoreVoided, " +
        $"m.MoreDiscountMinor, m.MoreRolledBackMinor FROM ({Fields}) AS m WHERE NOT EXISTS (SELECT 1 FROM Figures WHERE {SameKey})";
}

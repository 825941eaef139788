using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Figures;

/// <summary>What figures are asked by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FigureBy>))]
internal enum FigureBy
{
    Campaign,

    /// <summary>A unit's figures include those of the units below it.</summary>
    Unit,
    Session,
    Channel,
    Guide,
}

/// <summary>How coupons fare, by whom or what they came through.</summary>
internal static class ReadFigures
{
    private const int MostRows = 1_000;

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/figures", async (
            FigureBy? by, Guid? campaignId, Guid? sessionId, Guid? unitId, Caller caller, CouponsDb db, KnownCampaigns campaigns, TimeProvider clock, CancellationToken ct) =>
                (await Find(db, campaigns, caller, new Query(by ?? FigureBy.Campaign, campaignId, sessionId, unitId), clock.Now(), ct)).ToHttp())
        .Describe(
            "ReadCouponFigures", "Coupons issued, claimed, effective, locked, redeemed, expired and void, and the discount given.",
            "by = Campaign, Unit, Session, Channel or Guide, within what is credited to the caller's units; at most 1,000 rows, those with most coupons.")
        .Allow(Permission.ReadCampaigns).Gives<CouponFigures>().Rejects(CampaignRejections.UnitNotFound);

    internal sealed record Query(FigureBy By, Guid? CampaignId, Guid? SessionId, Guid? UnitId);

    private static async Task<Result<CouponFigures>> Find(CouponsDb db, KnownCampaigns known, Caller caller, Query query, DateTimeOffset now, CancellationToken ct)
    {
        var scope = caller.Path;
        if (query.UnitId is { } unitId)
        {
            if (await db.Find<UnitRow>(UnitSql.ById, new { Id = unitId }, ct) is not { } unit || !caller.Covers(unit.Path))
                return CampaignRejections.UnitNotFound.Because($"No unit {unitId}.");
            scope = unit.Path;
        }
        var args = new { Scope = scope, ScopeEnd = UnitPath.End(scope), query.CampaignId, SessionKey = query.SessionId?.ToString("D") };
        var rows = await db.Query<FigureRow>(ReadFigureSql.Rows[query.By], args, ct);
        var sums = new Dictionary<string, FigureView>();
        foreach (var ofCampaign in rows.GroupBy(r => r.CampaignId))
        {
            var campaign = await known.Current(ofCampaign.First().Mark, work: null);
            var split = await Split(db, campaign, query.By, args.Scope, args.ScopeEnd, args.SessionKey, now, ct);
            foreach (var row in ofCampaign)
            {
                var view = row.ToView(campaign, split(row));
                foreach (var key in KeysOf(row, query.By, scope)) sums[key] = sums.TryGetValue(key, out var sum) ? sum.Plus(view) : view with { Key = key };
            }
        }
        return new CouponFigures(query.By, [.. sums.Values.OrderByDescending(s => s.Issued + s.Claimed).ThenBy(s => s.Key, StringComparer.Ordinal).Take(MostRows)]);
    }

    private static IEnumerable<string> KeysOf(FigureRow row, FigureBy by, string scope) =>
        by == FigureBy.Unit ? UnitPath.SelfAndAncestors(row.FigureKey).Where(p => UnitPath.Covers(scope, p)) : [row.FigureKey];

    /// <summary>How the free coupons of each row stand by the clock. Where every coupon has a window of its own, they are counted; else the campaign's tells.</summary>
    private static async Task<Func<FigureRow, FreeCoupons>> Split(
        CouponsDb db, Campaign campaign, FigureBy by, string scope, string scopeEnd, string? sessionKey, DateTimeOffset now, CancellationToken ct)
    {
        var rule = campaign.Terms.RedemptionWindow;
        var whole = campaign.RedemptionWindowAt(now, now);
        if (!rule.IsPerClaim)
        {
            return row => whole.State switch
            {
                WindowState.NotStarted => new FreeCoupons(row.Free, 0, 0),
                WindowState.Open => new FreeCoupons(0, row.Free, 0),
                _ => new FreeCoupons(0, 0, row.Free),
            };
        }
        var opens = TimeSpan.FromMinutes(rule.Opens.AfterClaimMinutes ?? 0);
        var closes = TimeSpan.FromMinutes(rule.Closes.AfterClaimMinutes ?? 0);
        var isCancelled = rule.IsRelative && campaign.Session!.Status == SessionStatus.Cancelled;
        var hasNoSlot = rule.IsRelative && campaign.Session!.Status == SessionStatus.Displaced;
        var isOpen = rule.Opens.IsPerClaim || whole.Window.OpensAt <= now;
        var isClosed = isCancelled || (!rule.Closes.IsPerClaim && !(hasNoSlot && rule.Closes.IsRelative) && whole.Window.ClosesAt <= now);
        var bounds = new
        {
            CampaignId = campaign.Id,
            Scope = scope,
            ScopeEnd = scopeEnd,
            SessionKey = sessionKey,
            // Claimed until then: open by now. Claimed until then: closed by now, or before it opened. Claimed from then on: would close before it opened.
            OpenUntil = hasNoSlot ? DateTimeOffset.UnixEpoch : rule.Opens.IsPerClaim ? now - opens : isOpen ? DateTimeOffset.MaxValue : DateTimeOffset.UnixEpoch,
            OverUntil = isClosed ? DateTimeOffset.MaxValue
                : !rule.Closes.IsPerClaim ? DateTimeOffset.UnixEpoch
                : (rule.Opens.IsPerClaim || hasNoSlot || whole.Window.OpensAt < now ? now : whole.Window.OpensAt) - closes,
            OverFrom = !hasNoSlot && rule.Opens.IsPerClaim && !rule.Closes.IsPerClaim ? whole.Window.ClosesAt - opens : DateTimeOffset.MaxValue,
        };
        var counted = (await db.Query<FreeRow>(ReadFigureSql.FreeByClaim[by], bounds, ct)).ToDictionary(r => r.FigureKey, r => new FreeCoupons(r.NotYet, r.Effective, r.Expired));
        return row => counted.GetValueOrDefault(row.FigureKey);
    }

    /// <summary>Coupons in no order's hands, by the clock.</summary>
    internal readonly record struct FreeCoupons(long NotYet, long Effective, long Expired);

    private sealed record FreeRow
    {
        public string FigureKey { get; init; } = "";

        public long NotYet { get; init; }

        public long Effective { get; init; }

        public long Expired { get; init; }
    }

    internal sealed record FigureRow
    {
        public Guid CampaignId { get; init; }

        public string FigureKey { get; init; } = "";

        public long CampaignVersion { get; init; }

        public DateTimeOffset CampaignChangedAt { get; init; }

        public long? SessionVersion { get; init; }

        public long Issued { get; init; }

        public long Claimed { get; init; }

        public long Free { get; init; }

        public long Locked { get; init; }

        public long Redeemed { get; init; }

        public long Voided { get; init; }

        public long DiscountMinor { get; init; }

        public long RolledBackMinor { get; init; }

        public CampaignMark Mark => new() { CampaignId = CampaignId, CampaignVersion = CampaignVersion, CampaignChangedAt = CampaignChangedAt, SessionVersion = SessionVersion };

        public FigureView ToView(Campaign campaign, FreeCoupons free)
        {
            var isVoid = campaign.Status == CampaignStatus.Deactivated;
            return new FigureView(
                "", Issued, Claimed, isVoid ? 0 : free.NotYet, isVoid ? 0 : free.Effective, isVoid ? 0 : free.Expired, Locked, Redeemed,
                Voided + (isVoid ? Free : 0), DiscountMinor, RolledBackMinor, campaign.Currency);
        }
    }
}

/// <param name="By">What the rows are by.</param>
/// <param name="Rows">Those with most coupons first.</param>
internal sealed record CouponFigures(FigureBy By, IReadOnlyList<FigureView> Rows);

/// <summary>Issued + claimed = not yet effective + effective + expired + locked + redeemed + voided.</summary>
/// <param name="Key">Id of the campaign, session or channel, the guide, or path of the unit; empty: came through none.</param>
/// <param name="Issued">Pushed to customers.</param>
/// <param name="Claimed">Taken by customers, with a code or without.</param>
/// <param name="NotYetEffective">Their redemption window has not opened.</param>
/// <param name="Effective">Can be spent now.</param>
/// <param name="Expired">Can no longer be spent.</param>
/// <param name="Locked">Held by orders.</param>
/// <param name="Redeemed">Spent, and not given back.</param>
/// <param name="Voided">Taken back on purpose.</param>
/// <param name="DiscountMinor">Minor units taken off by spent coupons, before refunds.</param>
/// <param name="RolledBackMinor">Of those, undone by refunds.</param>
/// <param name="Currency">ISO 4217.</param>
internal sealed record FigureView(
    string Key,
    long Issued,
    long Claimed,
    long NotYetEffective,
    long Effective,
    long Expired,
    long Locked,
    long Redeemed,
    long Voided,
    long DiscountMinor,
    long RolledBackMinor,
    string Currency)
{
    /// <summary>Spent coupons of all that came to customers, 0 to 1, to four digits. Null: none came.</summary>
    public decimal? ClaimToOrderRate => Issued + Claimed == 0 ? null : Math.Round((decimal)Redeemed / (Issued + Claimed), 4);

    public FigureView Plus(FigureView other) => this with
    {
        Issued = Issued + other.Issued,
        Claimed = Claimed + other.Claimed,
        NotYetEffective = NotYetEffective + other.NotYetEffective,
        Effective = Effective + other.Effective,
        Expired = Expired + other.Expired,
        Locked = Locked + other.Locked,
        Redeemed = Redeemed + other.Redeemed,
        Voided = Voided + other.Voided,
        DiscountMinor = DiscountMinor + other.DiscountMinor,
        RolledBackMinor = RolledBackMinor + other.RolledBackMinor,
    };
}

/// <summary>Added up by the database: a campaign has a row for each guide of each session, an answer few.</summary>
internal static class ReadFigureSql
{
    internal static readonly IReadOnlyDictionary<FigureBy, string> Rows = new Dictionary<FigureBy, string>
    {
        [FigureBy.Campaign] = RowsBy("LOWER(f.CampaignId)"),
        [FigureBy.Unit] = RowsBy("f.Path"),
        [FigureBy.Session] = RowsBy("f.SessionKey"),
        [FigureBy.Channel] = RowsBy("f.ChannelKey"),
        [FigureBy.Guide] = RowsBy("f.GuideKey"),
    };

    /// <summary>A campaign's, by the same keys.</summary>
    internal static readonly IReadOnlyDictionary<FigureBy, string> FreeByClaim = new Dictionary<FigureBy, string>
    {
        [FigureBy.Campaign] = FreeBy("LOWER(k.CampaignId)"),
        [FigureBy.Unit] = FreeBy("k.Path"),
        [FigureBy.Session] = FreeBy(SessionKey),
        [FigureBy.Channel] = FreeBy("COALESCE(LOWER(k.ChannelId), '')"),
        [FigureBy.Guide] = FreeBy("COALESCE(k.GuideId, '')"),
    };

    private const string SessionKey = "COALESCE(LOWER(k.SessionId), '')";

    private static string RowsBy(string key) =>
        $"SELECT f.CampaignId, {key} AS FigureKey, c.Version AS CampaignVersion, c.ChangedAt AS CampaignChangedAt, s.Version AS SessionVersion, " +
        "SUM(f.Issued) AS Issued, SUM(f.Claimed) AS Claimed, SUM(f.Free) AS Free, SUM(f.Locked) AS Locked, SUM(f.Redeemed) AS Redeemed, SUM(f.Voided) AS Voided, " +
        "SUM(f.DiscountMinor) AS DiscountMinor, SUM(f.RolledBackMinor) AS RolledBackMinor " +
        "FROM Figures f JOIN Campaigns c ON c.Id = f.CampaignId LEFT JOIN Sessions s ON s.Id = c.SessionId " +
        "WHERE f.Path >= @Scope AND f.Path < @ScopeEnd AND (@CampaignId IS NULL OR f.CampaignId = @CampaignId) AND (@SessionKey IS NULL OR f.SessionKey = @SessionKey) " +
        $"GROUP BY f.CampaignId, c.Version, c.ChangedAt, s.Version, {key}";

    private static string FreeBy(string key) =>
        $"SELECT {key} AS FigureKey, " +
        "SUM(CASE WHEN k.ClaimedAt <= @OverUntil OR k.ClaimedAt >= @OverFrom THEN 1 ELSE 0 END) AS Expired, " +
        "SUM(CASE WHEN k.ClaimedAt > @OverUntil AND k.ClaimedAt < @OverFrom AND k.ClaimedAt <= @OpenUntil THEN 1 ELSE 0 END) AS Effective, " +
        "SUM(CASE WHEN k.ClaimedAt > @OverUntil AND k.ClaimedAt < @OverFrom AND k.ClaimedAt > @OpenUntil THEN 1 ELSE 0 END) AS NotYet " +
        $"FROM Coupons k WHERE k.CampaignId = @CampaignId AND k.State = 'Free' AND k.Path >= @Scope AND k.Path < @ScopeEnd AND (@SessionKey IS NULL OR {SessionKey} = @SessionKey) GROUP BY {key}";
}

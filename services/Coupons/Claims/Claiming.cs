using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Codes;
using LiveCommerce.Coupons.Figures;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Claims;

/// <summary>One coupon somebody asks for.</summary>
/// <param name="Path">The unit whose shop asks, or on whose behalf coupons are issued.</param>
/// <param name="CouponId">Chosen by the asker.</param>
/// <param name="CampaignId">The campaign.</param>
/// <param name="CustomerId">Whose it shall be.</param>
/// <param name="SessionId">The session it came through.</param>
/// <param name="ChannelId">The channel.</param>
/// <param name="GuideId">The guide.</param>
/// <param name="SourceLink">The link.</param>
/// <param name="Segments">The customer's segments.</param>
/// <param name="Origin">How it comes to the customer.</param>
/// <param name="Code">The code it is asked for with.</param>
internal sealed record ClaimAsk(
    string Path,
    Guid CouponId,
    Guid CampaignId,
    string CustomerId,
    Guid? SessionId = null,
    Guid? ChannelId = null,
    string? GuideId = null,
    string? SourceLink = null,
    IReadOnlyList<string>? Segments = null,
    CouponOrigin Origin = CouponOrigin.Claim,
    PrintedCode? Code = null);

/// <param name="Coupon">As it stands.</param>
/// <param name="IsNew">False: claimed before, by the same request.</param>
internal sealed record Claim(CouponView Coupon, bool IsNew);

/// <summary>Hands out coupons: the one place where they come into being, whoever asks.</summary>
internal sealed class Claiming(KnownCampaigns campaigns)
{
    /// <summary>
    /// However many asks: a fixed number of statements. A refused ask writes nothing but its count. The quotas are read so
    /// that they hold until the commit, where batches run side by side; the unique index on customer, campaign and ordinal
    /// decides the race of a customer with himself, that on node and serial the race for a code.
    /// </summary>
    public async Task<IReadOnlyList<Result<Claim>>> CarryOut(UnitOfWork work, IReadOnlyList<ClaimAsk> asks)
    {
        var batch = await Read(work, asks);
        var results = new List<Result<Claim>>(asks.Count);
        foreach (var ask in asks) results.Add(await ClaimOne(batch, ask));
        await Write(batch);
        return results;
    }

    private static async Task<Batch> Read(UnitOfWork work, IReadOnlyList<ClaimAsk> asks)
    {
        var wanted = new { Ids = Sql.Json(asks.Select(a => a.CampaignId).Distinct()) };
        var nodes = await work.Query<QuotaNode>(QuotaSql.HoldOfCampaigns, wanted);
        var marks = await work.Query<CampaignMark>(ClaimSql.Marks, wanted);
        var known = await work.Query<CouponRow>(ClaimSql.Known, new { Ids = Sql.Json(asks.Select(a => a.CouponId)) });
        var taken = await work.Query<TakenRow>(ClaimSql.Taken, new { Ids = Sql.Json(asks.Select(a => a.CustomerId).Distinct()) });
        return new Batch(work)
        {
            Nodes = nodes.ToDictionary(n => (n.CampaignId, n.NodeKey)),
            Marks = marks.ToDictionary(m => m.CampaignId),
            Known = known.ToDictionary(c => c.Id),
            SessionOwners = await SessionOwners(work, asks),
            Codes = await CodesAsked.Read(work, asks),
            Taken = taken.GroupBy(t => (t.CustomerId, t.CampaignId)).ToDictionary(g => g.Key, g => g.Select(t => (t.ClaimDay, t.Coupons)).ToList()),
        };
    }

    private static async Task<Dictionary<Guid, string>> SessionOwners(UnitOfWork work, IReadOnlyList<ClaimAsk> asks)
    {
        var ids = asks.Where(a => a.SessionId is not null).Select(a => a.SessionId!.Value).Distinct().ToList();
        return ids.Count == 0 ? [] : (await work.Query<SessionOwnerRow>(SessionSql.Owners, new { Ids = Sql.Json(ids) })).ToDictionary(s => s.Id, s => s.OwnerPath);
    }

    private static async Task Write(Batch batch)
    {
        await batch.Refusals.Write(batch.Work);
        if (batch.New.Count == 0) return;
        await batch.Work.Execute(ClaimSql.Insert, new { Rows = Sql.Json(batch.New), batch.Work.Now });
        await batch.Work.Execute(QuotaSql.Draw, new { Rows = Sql.Json(batch.Draws.Values) });
        await batch.Figures.Write(batch.Work);
    }

    private async ValueTask<Result<Claim>> ClaimOne(Batch batch, ClaimAsk ask)
    {
        var now = batch.Work.Now;
        if (!batch.Marks.TryGetValue(ask.CampaignId, out var mark)) return CampaignRejections.Unknown(ask.CampaignId);
        var campaign = await campaigns.Current(mark, batch.Work);
        if (ask.Code is { } asked && !UnitPath.SameChain(ask.Path, batch.Codes.NodeOf(asked).Path)) return CodeRejections.NotFound.Because("No batch has this code.");
        if (!UnitPath.SameChain(ask.Path, campaign.Path)) return CampaignRejections.Unknown(ask.CampaignId);
        if (batch.Known.TryGetValue(ask.CouponId, out var seen)) return Repeat(seen, campaign, ask, now);
        if (batch.Through(campaign, ask) is not { } through)
        {
            var unknown = ClaimRejections.SessionUnknown.Because($"No session {ask.SessionId}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
            batch.Refusals.Add(campaign.Id, unknown);
            return unknown;
        }
        var node = ask.Code is { } code ? batch.Codes.NodeOf(code) : batch.NodeFor(campaign, ask.SessionId, through);
        var day = campaign.DayOf(now);
        var (total, today) = batch.TakenBy(ask.CustomerId, campaign.Id, day);
        if ((batch.Codes.Refusal(ask.Code) ?? Refusal(campaign, ask, now) ?? NotOwn(ask, node) ?? batch.Shortage(campaign, node) ?? Limit(campaign, total, today)) is { } refusal)
        {
            batch.Refusals.Add(campaign.Id, refusal);
            return refusal;
        }
        var coupon = new CouponRow
        {
            Id = ask.CouponId,
            Version = 1,
            CampaignId = campaign.Id,
            CustomerId = ask.CustomerId,
            Path = through,
            ClaimedFrom = ask.Path,
            SessionId = ask.SessionId,
            ChannelId = ask.ChannelId,
            GuideId = ask.GuideId,
            SourceLink = ask.SourceLink,
            Origin = ask.Origin,
            CodeSerial = ask.Code?.Serial,
            NodeSeq = node.Seq,
            ClaimedAt = now,
            State = CouponState.Free,
        };
        batch.Keep(coupon, total + 1, day);
        return new Claim(coupon.ToView(campaign, now), IsNew: true);
    }

    private static Rejection? Refusal(Campaign campaign, ClaimAsk ask, DateTimeOffset now)
    {
        if (campaign.Status != CampaignStatus.Issuing) return ClaimRejections.NotIssuing.Because($"The campaign is {campaign.Status}.");
        if (campaign.HoldAt(now) is { } hold) return MandateRejections.Held(hold);
        // What is pushed to customers is pushed when its owner says so.
        if (ask.Origin != CouponOrigin.Issue)
        {
            var (window, state) = campaign.ClaimWindowAt(now);
            if (state == WindowState.NotStarted) return ClaimRejections.NotStarted.Because($"Claiming opens at {window.OpensAt:O}.");
            if (state == WindowState.Over) return ClaimRejections.Over.Because("Claiming has closed.");
        }
        if (campaign.RedemptionWindowAt(now, now).State == WindowState.Over)
            return ClaimRejections.NeverEffective.Because("Its redemption window has closed.");
        return campaign.Terms.Scope?.CoversSegments(ask.Segments) == false
            ? ClaimRejections.NotInSegment.Because($"It is for {string.Join(", ", campaign.Terms.Scope.Segments!)}.")
            : null;
    }

    /// <summary>A customer may come through anybody's session; who pushes coupons pushes the own ones.</summary>
    private static Rejection? NotOwn(ClaimAsk ask, QuotaNode node) => ask.Origin == CouponOrigin.Issue && !UnitPath.Covers(ask.Path, node.Path)
        ? QuotaRejections.NoAllocation.Because($"It would come out of what {node.Path} has.")
        : null;

    private static Rejection? Limit(Campaign campaign, long total, long today)
    {
        var terms = campaign.Terms;
        if (total >= terms.PerCustomerLimit) return ClaimRejections.PerCustomerLimit.Because($"A customer may have {terms.PerCustomerLimit}.");
        return today >= terms.PerCustomerDayLimit ? ClaimRejections.PerCustomerDayLimit.Because($"A customer may take {terms.PerCustomerDayLimit} in a day.") : null;
    }

    private static Result<Claim> Repeat(CouponRow seen, Campaign campaign, ClaimAsk ask, DateTimeOffset now)
    {
        var isSame = seen.CampaignId == ask.CampaignId && seen.CustomerId == ask.CustomerId && seen.SessionId == ask.SessionId &&
            seen.ChannelId == ask.ChannelId && seen.GuideId == ask.GuideId && seen.SourceLink == ask.SourceLink && seen.Origin == ask.Origin &&
            seen.CodeSerial == ask.Code?.Serial && (ask.Code is null || seen.NodeSeq == ask.Code.NodeSeq);
        return isSame
            ? new Claim(seen.ToView(campaign, now), IsNew: false)
            : ClaimRejections.IdReused.Because($"Coupon {seen.Id} was claimed with other content.");
    }

    /// <summary>What the asks carried out together share.</summary>
    private sealed class Batch(UnitOfWork work)
    {
        public UnitOfWork Work => work;

        public required Dictionary<(Guid CampaignId, string NodeKey), QuotaNode> Nodes { get; init; }

        public required Dictionary<Guid, CampaignMark> Marks { get; init; }

        public required Dictionary<Guid, CouponRow> Known { get; init; }

        public required CodesAsked Codes { get; init; }

        /// <summary>What each customer has of each campaign, by the day it came.</summary>
        public required Dictionary<(string CustomerId, Guid CampaignId), List<(int Day, long Coupons)>> Taken { get; init; }

        public required Dictionary<Guid, string> SessionOwners { get; init; }

        public Dictionary<long, QuotaDraw> Draws { get; } = [];

        /// <summary>Rows of <see cref="ClaimSql.Insert"/>.</summary>
        public List<object?[]> New { get; } = [];

        public FigureChanges Figures { get; } = new();

        public RefusalCounts Refusals { get; } = new();

        /// <summary>The unit a claim came through, which is credited: on one chain with the campaign's owner as well as with the shop.</summary>
        /// <returns>Null: the named session is not known, or of another branch of the tree.</returns>
        public string? Through(Campaign campaign, ClaimAsk ask)
        {
            if (ask.SessionId is not { } id) return UnitPath.Covers(campaign.Path, ask.Path) ? ask.Path : campaign.Path;
            return SessionOwners.TryGetValue(id, out var owner) && UnitPath.SameChain(ask.Path, owner) && UnitPath.SameChain(campaign.Path, owner) ? owner : null;
        }

        /// <summary>The session's own allocation, else that of the nearest unit from the one it came through up to the campaign's owner.</summary>
        public QuotaNode NodeFor(Campaign campaign, Guid? sessionId, string through)
        {
            if (sessionId is { } session && Nodes.TryGetValue((campaign.Id, QuotaNode.KeyOfSession(session)), out var ofSession)) return ofSession;
            for (var path = through; path.Length > campaign.Path.Length; path = path[..(path.LastIndexOf('/', path.Length - 2) + 1)])
            {
                if (Nodes.TryGetValue((campaign.Id, QuotaNode.KeyOfUnit(path)), out var ofUnit)) return ofUnit;
            }
            return Nodes[(campaign.Id, QuotaNode.KeyOfUnit(campaign.Path))];
        }

        public Rejection? Shortage(Campaign campaign, QuotaNode node)
        {
            var drawn = Draws.TryGetValue(node.Seq, out var draw) ? draw.Taken : 0;
            if (node.Remaining - drawn <= 0)
            {
                return node.ParentSeq is null
                    ? ClaimRejections.OutOfStock.Because($"All {campaign.Terms.Stock} are taken or allocated.")
                    : ClaimRejections.QuotaSpent.Because($"All {node.Stock} of {node.Path} are taken or allocated.");
            }
            return campaign.Terms.BudgetMinor is not null && node.BudgetRemainingMinor <= 0
                ? ClaimRejections.BudgetSpent.Because($"All {node.BudgetMinor} minor units are used or allocated.")
                : null;
        }

        public (long Total, long Today) TakenBy(string customerId, Guid campaignId, int day)
        {
            if (!Taken.TryGetValue((customerId, campaignId), out var days)) return (0, 0);
            var (total, today) = (0L, 0L);
            foreach (var taken in days)
            {
                total += taken.Coupons;
                if (taken.Day == day) today += taken.Coupons;
            }
            return (total, today);
        }

        public void Keep(CouponRow coupon, long ordinal, int day)
        {
            Known[coupon.Id] = coupon;
            if (coupon.CodeSerial is { } serial) Codes.Use(coupon.NodeSeq, serial);
            New.Add([
                coupon.Id, coupon.CampaignId, coupon.CustomerId, ordinal, coupon.Path, coupon.ClaimedFrom, coupon.SessionId, coupon.ChannelId, coupon.GuideId,
                coupon.SourceLink, coupon.Origin.ToString(), coupon.CodeSerial, coupon.NodeSeq, day,
            ]);
            if (!Taken.TryGetValue((coupon.CustomerId, coupon.CampaignId), out var days)) Taken[(coupon.CustomerId, coupon.CampaignId)] = days = [];
            days.Add((day, 1));
            if (!Draws.TryGetValue(coupon.NodeSeq, out var draw)) Draws[coupon.NodeSeq] = draw = new QuotaDraw { Seq = coupon.NodeSeq };
            draw.Taken++;
            Figures.Add(coupon);
            work.PublishTogether(ToEvent(coupon), static claims => new CouponsClaimed(claims));
        }

        private static ClaimedCoupon ToEvent(CouponRow coupon) => new()
        {
            CouponId = coupon.Id,
            CampaignId = coupon.CampaignId,
            SessionId = coupon.SessionId,
            Origin = coupon.Origin,
            UnitPath = coupon.Path,
            CustomerId = coupon.CustomerId,
            ChannelId = coupon.ChannelId,
            GuideId = coupon.GuideId,
            SourceLink = coupon.SourceLink,
            ClaimedAt = coupon.ClaimedAt,
        };
    }

    private sealed class SessionOwnerRow
    {
        public Guid Id { get; init; }

        public string OwnerPath { get; init; } = "";
    }

    private sealed class TakenRow
    {
        public string CustomerId { get; init; } = "";

        public Guid CampaignId { get; init; }

        public int ClaimDay { get; init; }

        public long Coupons { get; init; }
    }
}

internal static class ClaimSql
{
    internal const string Marks =
        "SELECT c.Id AS CampaignId, c.Version AS CampaignVersion, c.ChangedAt AS CampaignChangedAt, s.Version AS SessionVersion " +
        $"FROM Campaigns c LEFT JOIN Sessions s ON s.Id = c.SessionId WHERE c.Id IN {Sql.Ids}";

    internal const string Known = $"{CouponSql.Rows} WHERE k.Id IN {Sql.Ids}";

    internal const string Taken =
        $"SELECT CustomerId, CampaignId, ClaimDay, COUNT(*) AS Coupons FROM Coupons WHERE CustomerId IN {Sql.Ids} GROUP BY CustomerId, CampaignId, ClaimDay";

    private static readonly string New = Sql.Listed(
        "Id", "CampaignId", "CustomerId", "Ordinal", "Path", "ClaimedFrom", "SessionId", "ChannelId", "GuideId", "SourceLink", "Origin", "CodeSerial", "NodeSeq", "ClaimDay");

    internal static readonly string Insert =
        "INSERT INTO Coupons (Id, Version, CampaignId, CustomerId, Ordinal, Path, ClaimedFrom, SessionId, ChannelId, GuideId, SourceLink, Origin, CodeSerial, NodeSeq, ClaimDay, ClaimedAt, State) " +
        "SELECT n.Id, 1, n.CampaignId, n.CustomerId, n.Ordinal, n.Path, n.ClaimedFrom, n.SessionId, n.ChannelId, n.GuideId, n.SourceLink, n.Origin, n.CodeSerial, n.NodeSeq, n.ClaimDay, @Now, 'Free' " +
        $"FROM ({New}) AS n";
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Claims;

/// <summary>A customer takes one coupon of a campaign.</summary>
internal static class ClaimCoupon
{
    internal const int LongestId = 64;

    /// <param name="CampaignId">Of the storefront's unit, above or below it.</param>
    /// <param name="CustomerId">The shop's own id of the customer, 1 to 64 characters.</param>
    /// <param name="SessionId">The session the customer came through; its owner is credited.</param>
    /// <param name="ChannelId">The channel.</param>
    /// <param name="GuideId">The guide whose link led here, 1 to 64 characters.</param>
    internal sealed record Request(Guid CampaignId, string CustomerId, Guid? SessionId = null, Guid? ChannelId = null, string? GuideId = null) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(CustomerId, "/customerId", LongestId).OptionalText(GuideId, "/guideId", LongestId);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/claims/{couponId:guid}", async (Guid couponId, Body<Request> body, Caller caller, ClaimCouponHandler handler, CancellationToken ct) =>
        {
            var result = await handler.Handle(caller, couponId, body.Value, ct);
            var status = result is { IsRejected: false, Value.IsNew: true } ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            return result.Map(claim => claim.Coupon).ToHttp(status);
        })
        .Describe(nameof(ClaimCoupon), "Claims a coupon for a customer. Safe to repeat with the same id.")
        .Allow(Permission.ClaimCoupons)
        .Example(new Request(Guid.Empty, "customer-4711", Guid.Empty, null, "guide-12"))
        .Gives<CouponView>(StatusCodes.Status201Created).Gives<CouponView>()
        .Rejects(
            CampaignRejections.NotFound, ClaimRejections.IdReused, ClaimRejections.SessionUnknown, ClaimRejections.NotIssuing,
            ClaimRejections.NotStarted, ClaimRejections.Over, ClaimRejections.OutOfStock, ClaimRejections.PerCustomerLimit);
}

/// <param name="Coupon">As it stands.</param>
/// <param name="IsNew">False: claimed before, by the same request.</param>
internal sealed record Claim(CouponView Coupon, bool IsNew);

/// <summary>Claims that come at the same moment are carried out together, in one body.</summary>
internal sealed class ClaimCouponHandler
{
    private readonly KnownCampaigns _campaigns;
    private readonly Gathering<Ask, Claim> _crowd;

    public ClaimCouponHandler(CouponsDb db, KnownCampaigns campaigns, StorageOptions storage)
    {
        _campaigns = campaigns;
        _crowd = new Gathering<Ask, Claim>(db, storage, ClaimAll);
    }

    private sealed record Ask(Caller Caller, Guid CouponId, ClaimCoupon.Request Body);

    public Task<Result<Claim>> Handle(Caller caller, Guid couponId, ClaimCoupon.Request body, CancellationToken ct) =>
        _crowd.Ask(new Ask(caller, couponId, body), ct);

    // However many claims: six statements. The first takes the campaigns' row locks, so that what the others read holds
    // until the commit, where claims run side by side.
    private async Task<IReadOnlyList<Result<Claim>>> ClaimAll(UnitOfWork work, IReadOnlyList<Ask> asks)
    {
        var wanted = new { Ids = Sql.Json(asks.Select(a => a.Body.CampaignId).Distinct()) };
        await work.Execute(ClaimSql.Hold, wanted);
        var standings = (await work.Query<Standing>(ClaimSql.Standings, wanted)).ToDictionary(s => s.Id);
        var known = (await work.Query<CouponRow>(ClaimSql.Known, new { Ids = Sql.Json(asks.Select(a => a.CouponId)) })).ToDictionary(c => c.Id);
        var taken = (await work.Query<Taken>(ClaimSql.Taken, new { Ids = Sql.Json(asks.Select(a => a.Body.CustomerId).Distinct()) }))
            .ToDictionary(t => (t.CustomerId, t.CampaignId), t => t.Coupons);
        var batch = new Batch(work, standings, known, taken);
        var results = new List<Result<Claim>>(asks.Count);
        foreach (var ask in asks) results.Add(await ClaimOne(batch, ask));
        if (batch.New.Count == 0) return results;
        await work.Execute(ClaimSql.Insert, new { Rows = Sql.Json(batch.New), work.Now });
        foreach (var standing in standings.Values.Where(s => s.ClaimedHere > 0))
            await work.Execute(ClaimSql.Take, new { standing.Seq, Count = standing.ClaimedHere });
        return results;
    }

    private async Task<Result<Claim>> ClaimOne(Batch batch, Ask ask)
    {
        var (caller, body, now) = (ask.Caller, ask.Body, batch.Work.Now);
        if (!batch.Standings.TryGetValue(body.CampaignId, out var standing)) return CampaignRejections.Unknown(body.CampaignId);
        var campaign = await _campaigns.Current(batch.Work, body.CampaignId, standing.Version, standing.ChangedAt, standing.SessionVersion);
        if (!caller.Sees(campaign.Path)) return CampaignRejections.Unknown(body.CampaignId);
        if (batch.Known.TryGetValue(ask.CouponId, out var seen)) return Repeat(seen, campaign, body, now);
        var credited = await CreditedPath(batch.Work, caller, campaign, body.SessionId);
        if (credited is null)
            return ClaimRejections.SessionUnknown.Because($"No session {body.SessionId}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        var ofCustomer = batch.Taken.GetValueOrDefault((body.CustomerId, campaign.Id));
        if (Refusal(campaign, standing, ofCustomer, now) is { } refusal) return refusal;
        var coupon = new CouponRow
        {
            Id = ask.CouponId,
            Version = 1,
            CampaignId = campaign.Id,
            CustomerId = body.CustomerId,
            Path = credited,
            ClaimedFrom = caller.Path,
            SessionId = body.SessionId,
            ChannelId = body.ChannelId,
            GuideId = body.GuideId,
            ClaimedAt = now,
            State = CouponState.Free,
        };
        standing.ClaimedHere++;
        batch.Taken[(body.CustomerId, campaign.Id)] = ofCustomer + 1;
        batch.Known[coupon.Id] = coupon;
        batch.New.Add(new NewCoupon(
            coupon.Id, coupon.CampaignId, coupon.CustomerId, ofCustomer + 1, coupon.Path, coupon.ClaimedFrom, coupon.SessionId, coupon.ChannelId, coupon.GuideId));
        batch.Work.PublishTogether(ToEvent(coupon), static claims => new CouponsClaimed(claims));
        return new Claim(coupon.ToView(campaign, now), IsNew: true);
    }

    private static Rejection? Refusal(Campaign campaign, Standing standing, long ofCustomer, DateTimeOffset now)
    {
        if (campaign.Status != CampaignStatus.Issuing) return ClaimRejections.NotIssuing.Because($"The campaign is {campaign.Status}.");
        var (window, state) = campaign.ClaimWindowAt(now);
        if (state == WindowState.NotStarted) return ClaimRejections.NotStarted.Because($"Claiming opens at {window.OpensAt:O}.");
        if (state == WindowState.Over) return ClaimRejections.Over.Because("Claiming has closed.");
        if (standing.Claimed + standing.ClaimedHere >= campaign.Stock) return ClaimRejections.OutOfStock.Because($"All {campaign.Stock} are taken.");
        return ofCustomer >= campaign.PerCustomerLimit
            ? ClaimRejections.PerCustomerLimit.Because($"A customer may claim {campaign.PerCustomerLimit}.")
            : null;
    }

    /// <returns>Null: the named session is not known, or of another branch of the tree.</returns>
    private static async ValueTask<string?> CreditedPath(UnitOfWork work, Caller caller, Campaign campaign, Guid? sessionId)
    {
        if (sessionId is not { } id) return campaign.Path;
        var owner = id == campaign.SessionId ? campaign.Session!.OwnerPath : await work.Scalar<string>(SessionSql.OwnerPath, new { Id = id });
        return owner is not null && caller.Sees(owner) ? owner : null;
    }

    private static Result<Claim> Repeat(CouponRow seen, Campaign campaign, ClaimCoupon.Request body, DateTimeOffset now)
    {
        var isSame = seen.CampaignId == body.CampaignId && seen.CustomerId == body.CustomerId && seen.SessionId == body.SessionId &&
            seen.ChannelId == body.ChannelId && seen.GuideId == body.GuideId;
        return isSame
            ? new Claim(seen.ToView(campaign, now), IsNew: false)
            : ClaimRejections.IdReused.Because($"Coupon {seen.Id} was claimed with other content.");
    }

    private static ClaimedCoupon ToEvent(CouponRow coupon) => new()
    {
        CouponId = coupon.Id,
        CampaignId = coupon.CampaignId,
        SessionId = coupon.SessionId,
        UnitPath = coupon.Path,
        CustomerId = coupon.CustomerId,
        ChannelId = coupon.ChannelId,
        GuideId = coupon.GuideId,
        ClaimedAt = coupon.ClaimedAt,
    };

    /// <summary>What the claims carried out together share.</summary>
    private sealed record Batch(
        UnitOfWork Work, Dictionary<Guid, Standing> Standings, Dictionary<Guid, CouponRow> Known, Dictionary<(string CustomerId, Guid CampaignId), long> Taken)
    {
        public List<NewCoupon> New { get; } = [];
    }

    /// <summary>A row of <see cref="ClaimSql.Insert"/>.</summary>
    private sealed record NewCoupon(
        Guid Id, Guid CampaignId, string CustomerId, long Ordinal, string Path, string ClaimedFrom, Guid? SessionId, Guid? ChannelId, string? GuideId);

    /// <summary>What of a campaign changes from claim to claim.</summary>
    private sealed class Standing
    {
        public Guid Id { get; init; }

        public long Seq { get; init; }

        public long Version { get; init; }

        public DateTimeOffset ChangedAt { get; init; }

        public long Claimed { get; init; }

        public long? SessionVersion { get; init; }

        /// <summary>Claimed in this batch.</summary>
        public long ClaimedHere { get; set; }
    }

    private sealed class Taken
    {
        public string CustomerId { get; init; } = "";

        public Guid CampaignId { get; init; }

        public long Coupons { get; init; }
    }
}

internal static class ClaimSql
{
    internal const string Hold = $"UPDATE Campaigns SET Claimed = Claimed WHERE Id IN {Sql.Ids}";

    internal const string Standings =
        "SELECT c.Id, c.Seq, c.Version, c.ChangedAt, c.Claimed, s.Version AS SessionVersion " +
        $"FROM Campaigns c LEFT JOIN Sessions s ON s.Id = c.SessionId WHERE c.Id IN {Sql.Ids}";

    internal const string Known = $"{CouponSql.Rows} WHERE Id IN {Sql.Ids}";

    internal const string Taken =
        $"SELECT CustomerId, CampaignId, COUNT(*) AS Coupons FROM Coupons WHERE CustomerId IN {Sql.Ids} GROUP BY CustomerId, CampaignId";

    internal const string Take = "UPDATE Campaigns SET Claimed = Claimed + @Count WHERE Seq = @Seq";

    /// <summary>The unique index on customer, campaign and ordinal decides the race of a customer with himself.</summary>
    internal const string Insert =
        "INSERT INTO Coupons (Id, Version, CampaignId, CustomerId, Ordinal, Path, ClaimedFrom, SessionId, ChannelId, GuideId, ClaimedAt, State) " +
        $"SELECT {Sql.Field}(value, '$.Id'), 1, {Sql.Field}(value, '$.CampaignId'), {Sql.Field}(value, '$.CustomerId'), {Sql.Field}(value, '$.Ordinal'), " +
        $"{Sql.Field}(value, '$.Path'), {Sql.Field}(value, '$.ClaimedFrom'), {Sql.Field}(value, '$.SessionId'), {Sql.Field}(value, '$.ChannelId'), " +
        $"{Sql.Field}(value, '$.GuideId'), @Now, 'Free' FROM {Sql.Rows}";
}

internal static class ClaimRejections
{
    internal static readonly RejectionKind IdReused = new("claim.id_reused", 409, "The coupon id belongs to an earlier claim with other content.");
    internal static readonly RejectionKind SessionUnknown = new("claim.session_unknown", 409, "The session is not known here, or not on the storefront's chain; if it is new, try again shortly.");
    internal static readonly RejectionKind NotIssuing = new("campaign.not_issuing", 409, "The campaign is a draft or was stopped.");
    internal static readonly RejectionKind NotStarted = new("claim.not_started", 409, "The claim window has not opened.");
    internal static readonly RejectionKind Over = new("claim.over", 410, "The claim window has closed.");
    internal static readonly RejectionKind OutOfStock = new("claim.out_of_stock", 409, "All coupons of the campaign are taken.");
    internal static readonly RejectionKind PerCustomerLimit = new("claim.per_customer_limit", 409, "The customer has as many as one may.");
}

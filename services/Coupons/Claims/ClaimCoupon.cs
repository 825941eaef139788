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

internal sealed class ClaimCouponHandler(CouponsDb db, KnownCampaigns campaigns)
{
    public Task<Result<Claim>> Handle(Caller caller, Guid couponId, ClaimCoupon.Request body, CancellationToken ct) =>
        db.InTransaction<Claim>(caller.Write, work => Claim(work, caller, couponId, body), ct);

    // Every statement here is run for every customer of a flash crowd, one after the other: three is what it takes.
    private async Task<Result<Claim>> Claim(UnitOfWork work, Caller caller, Guid couponId, ClaimCoupon.Request body)
    {
        var key = new { CouponId = couponId, body.CampaignId, body.CustomerId };
        if (await work.Find<Standing>(ClaimSql.Standing, key) is not { } standing) return CampaignRejections.Unknown(body.CampaignId);
        var campaign = await campaigns.Current(work, body.CampaignId, standing.Version, standing.ChangedAt, standing.SessionVersion);
        if (!caller.Sees(campaign.Path)) return CampaignRejections.Unknown(body.CampaignId);
        if (standing.Known > 0) return await Repeat(work, campaign, couponId, body);
        var credited = await CreditedPath(work, caller, campaign, body.SessionId);
        if (credited is null)
            return ClaimRejections.SessionUnknown.Because($"No session {body.SessionId}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        if (Refusal(campaign, standing, work.Now) is { } refusal) return refusal;
        if (await work.Execute(ClaimSql.TakeOne, new { standing.Seq, standing.Version }) == 0) return await LostRace(work, couponId, body);
        var coupon = new CouponRow
        {
            Id = couponId,
            Version = 1,
            CampaignId = campaign.Id,
            CustomerId = body.CustomerId,
            Path = credited,
            ClaimedFrom = caller.Path,
            SessionId = body.SessionId,
            ChannelId = body.ChannelId,
            GuideId = body.GuideId,
            ClaimedAt = work.Now,
            State = CouponState.Free,
        };
        await Insert(work, coupon, ordinal: standing.Taken + 1);
        work.PublishTogether(ToEvent(coupon), static claims => new CouponsClaimed(claims));
        return new Claim(coupon.ToView(campaign, work.Now), IsNew: true);
    }

    /// <summary>Where claims run side by side: the last one went to another, or the campaign was stopped, since it was looked at.</summary>
    private async Task<Result<Claim>> LostRace(UnitOfWork work, Guid couponId, ClaimCoupon.Request body)
    {
        var standing = (await work.Find<Standing>(ClaimSql.Standing, new { CouponId = couponId, body.CampaignId, body.CustomerId }))!;
        var campaign = await campaigns.Current(work, body.CampaignId, standing.Version, standing.ChangedAt, standing.SessionVersion);
        return Refusal(campaign, standing, work.Now) ?? CommonRejections.LostRace.Because("The campaign changed at this moment.") with { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    private static Rejection? Refusal(Campaign campaign, Standing standing, DateTimeOffset now)
    {
        if (campaign.Status != CampaignStatus.Issuing) return ClaimRejections.NotIssuing.Because($"The campaign is {campaign.Status}.");
        var (window, state) = campaign.ClaimWindowAt(now);
        if (state == WindowState.NotStarted) return ClaimRejections.NotStarted.Because($"Claiming opens at {window.OpensAt:O}.");
        if (state == WindowState.Over) return ClaimRejections.Over.Because("Claiming has closed.");
        if (standing.Claimed >= campaign.Stock) return ClaimRejections.OutOfStock.Because($"All {campaign.Stock} are taken.");
        return standing.Taken >= campaign.PerCustomerLimit
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

    private static async Task<Result<Claim>> Repeat(UnitOfWork work, Campaign campaign, Guid couponId, ClaimCoupon.Request body)
    {
        var seen = (await work.Find<CouponRow>(CouponSql.ById, new { Id = couponId }))!;
        var isSame = seen.CampaignId == body.CampaignId && seen.CustomerId == body.CustomerId && seen.SessionId == body.SessionId &&
            seen.ChannelId == body.ChannelId && seen.GuideId == body.GuideId;
        return isSame
            ? new Claim(seen.ToView(campaign, work.Now), IsNew: false)
            : ClaimRejections.IdReused.Because($"Coupon {couponId} was claimed with other content.");
    }

    private static Task Insert(UnitOfWork work, CouponRow coupon, long ordinal) => work.Execute(ClaimSql.Insert, new
    {
        coupon.Id,
        coupon.CampaignId,
        coupon.CustomerId,
        Ordinal = ordinal,
        coupon.Path,
        coupon.ClaimedFrom,
        coupon.SessionId,
        coupon.ChannelId,
        coupon.GuideId,
        coupon.ClaimedAt,
    });

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

    /// <summary>What of a claim only the database knows.</summary>
    internal sealed class Standing
    {
        public long Seq { get; init; }

        public long Version { get; init; }

        public DateTimeOffset ChangedAt { get; init; }

        public long Claimed { get; init; }

        public long? SessionVersion { get; init; }

        /// <summary>Coupons the customer has of this campaign.</summary>
        public long Taken { get; init; }

        /// <summary>1 if the coupon's id was claimed before.</summary>
        public long Known { get; init; }
    }
}

internal static class ClaimSql
{
    internal const string Standing =
        "SELECT c.Seq, c.Version, c.ChangedAt, c.Claimed, s.Version AS SessionVersion, " +
        "(SELECT COUNT(*) FROM Coupons WHERE CustomerId = @CustomerId AND CampaignId = @CampaignId) AS Taken, " +
        "(SELECT COUNT(*) FROM Coupons WHERE Id = @CouponId) AS Known " +
        "FROM Campaigns c LEFT JOIN Sessions s ON s.Id = c.SessionId WHERE c.Id = @CampaignId";

    /// <summary>The row count decides the race for the last one; the version, that against a stop.</summary>
    internal const string TakeOne = "UPDATE Campaigns SET Claimed = Claimed + 1 WHERE Seq = @Seq AND Version = @Version AND Claimed < Stock";

    /// <summary>The unique index on customer, campaign and ordinal decides the race of a customer with himself.</summary>
    internal const string Insert =
        "INSERT INTO Coupons (Id, Version, CampaignId, CustomerId, Ordinal, Path, ClaimedFrom, SessionId, ChannelId, GuideId, ClaimedAt, State) " +
        "VALUES (@Id, 1, @CampaignId, @CustomerId, @Ordinal, @Path, @ClaimedFrom, @SessionId, @ChannelId, @GuideId, @ClaimedAt, 'Free')";
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

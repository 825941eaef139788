using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Codes;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Claims;

/// <summary>A customer takes one coupon of a campaign.</summary>
internal static class ClaimCoupon
{
    internal const int LongestId = 64;
    internal const int LongestLink = 200;
    internal const int MostSegments = 50;

    /// <param name="CustomerId">The shop's own id of the customer, 1 to 64 characters.</param>
    /// <param name="CampaignId">Of the storefront's unit, above or below it. Either this or a code.</param>
    /// <param name="SessionId">The session the customer came through; its owner is credited, and its allocation drawn on.</param>
    /// <param name="ChannelId">The channel.</param>
    /// <param name="GuideId">The guide whose link led here, 1 to 64 characters.</param>
    /// <param name="SourceLink">The link or place that led here, 1 to 200 characters.</param>
    /// <param name="Segments">The segments the shop counts the customer in, for campaigns that are for some only.</param>
    /// <param name="Code">A printed code, in any case, with or without its hyphens. Either this or a campaign.</param>
    internal sealed record Request(
        string CustomerId,
        Guid? CampaignId = null,
        Guid? SessionId = null,
        Guid? ChannelId = null,
        string? GuideId = null,
        string? SourceLink = null,
        IReadOnlyList<string>? Segments = null,
        string? Code = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(CustomerId, "/customerId", LongestId).OptionalText(GuideId, "/guideId", LongestId).OptionalText(SourceLink, "/sourceLink", LongestLink);
            faults.Check(CampaignId.HasValue != Code is not null, "", "claim.target_unclear", "Send either campaignId or code.");
            if (Segments is not null) faults.Size(Segments, 0, MostSegments, "/segments");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/claims/{couponId:guid}", async (Guid couponId, Body<Request> body, Caller caller, ClaimCouponHandler handler, CancellationToken ct) =>
        {
            var result = await handler.Handle(caller, couponId, body.Value, ct);
            var status = result is { IsRejected: false, Value.IsNew: true } ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            return result.Map(claim => claim.Coupon).ToHttp(status);
        })
        .Describe(nameof(ClaimCoupon), "Claims a coupon for a customer, of a campaign or with a printed code. Safe to repeat with the same id.")
        .Allow(Permission.ClaimCoupons)
        .Example(new Request("customer-4711", Guid.Empty, Guid.Empty, null, "guide-12", "moments-0611"))
        .Gives<CouponView>(StatusCodes.Status201Created).Gives<CouponView>()
        .Rejects([
            CampaignRejections.NotFound, ClaimRejections.IdReused, ClaimRejections.SessionUnknown, ClaimRejections.NotIssuing,
            ClaimRejections.NotStarted, ClaimRejections.Over, ClaimRejections.NeverEffective, ClaimRejections.NotInSegment, ClaimRejections.OutOfStock,
            ClaimRejections.QuotaSpent, ClaimRejections.BudgetSpent, ClaimRejections.PerCustomerLimit, ClaimRejections.PerCustomerDayLimit,
            CodeRejections.CheckFailed, CodeRejections.NotFound, CodeRejections.AlreadyClaimed, CodeRejections.Closed,
            .. MandateRejections.Holds]);
}

/// <summary>Claims that come at the same moment are carried out together, in one body.</summary>
internal sealed class ClaimCouponHandler(CouponsDb db, Claiming claiming, KnownCodes codes, StorageOptions storage)
{
    private readonly Gathering<ClaimAsk, Claim> _crowd = new(db, storage, claiming.CarryOut);

    public Task<Result<Claim>> Handle(Caller caller, Guid couponId, ClaimCoupon.Request body, CancellationToken ct) =>
        body.CampaignId is { } campaignId ? _crowd.Ask(Ask(caller, couponId, campaignId, body), ct) : WithCode(caller, couponId, body, ct);

    private async Task<Result<Claim>> WithCode(Caller caller, Guid couponId, ClaimCoupon.Request body, CancellationToken ct)
    {
        var found = await codes.Find(body.Code!, caller.Path, ct);
        if (found.Rejection is { } wrong) return wrong;
        return await _crowd.Ask(Ask(caller, couponId, found.Value.CampaignId, body) with { Origin = CouponOrigin.Code, Code = found.Value }, ct);
    }

    private static ClaimAsk Ask(Caller caller, Guid couponId, Guid campaignId, ClaimCoupon.Request body) =>
        new(caller.Path, couponId, campaignId, body.CustomerId, body.SessionId, body.ChannelId, body.GuideId, body.SourceLink, body.Segments);
}

internal static class ClaimRejections
{
    internal static readonly RejectionKind IdReused = new("claim.id_reused", 409, "The coupon id belongs to an earlier claim with other content.");
    internal static readonly RejectionKind SessionUnknown = new("claim.session_unknown", 409, "The session is not known here, or not on the storefront's chain; if it is new, try again shortly.");
    internal static readonly RejectionKind NotIssuing = new("campaign.not_issuing", 409, "The campaign does not issue coupons now.");
    internal static readonly RejectionKind NotStarted = new("claim.not_started", 409, "The claim window has not opened.");
    internal static readonly RejectionKind Over = new("claim.over", 410, "The claim window has closed.");
    internal static readonly RejectionKind NeverEffective = new("claim.never_effective", 410, "A coupon claimed now could not be spent any more.");
    internal static readonly RejectionKind NotInSegment = new("claim.not_in_segment", 409, "The campaign is for other customers.");
    internal static readonly RejectionKind OutOfStock = new("claim.out_of_stock", 409, "All coupons of the campaign are taken.");
    internal static readonly RejectionKind QuotaSpent = new("claim.quota_spent", 409, "All coupons of the unit's or the session's allocation are taken.");
    internal static readonly RejectionKind BudgetSpent = new("claim.budget_spent", 409, "The discount budget is used up.");
    internal static readonly RejectionKind PerCustomerLimit = new("claim.per_customer_limit", 409, "The customer has as many as one may.");
    internal static readonly RejectionKind PerCustomerDayLimit = new("claim.per_customer_day_limit", 409, "The customer has taken as many as one may in a day.");
}

using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Carts;

/// <summary>What a customer's coupons would do for a cart, now or at another time. It changes nothing.</summary>
internal static class EvaluateCart
{
    internal const int MostCoupons = 200;

    /// <summary>Of a customer's own, looked through for those: what has expired stays with the customer for ever.</summary>
    internal const int MostRead = 2_000;

    /// <param name="CustomerId">Whose coupons.</param>
    /// <param name="Lines">The cart, in the campaigns' currency.</param>
    /// <param name="CouponIds">The coupons to try, at most 200. Null: what the customer has, 200 at most: those that can be spent before those that cannot, of the newest campaigns first.</param>
    /// <param name="SessionId">The session it would be ordered in.</param>
    /// <param name="ChannelId">The channel.</param>
    /// <param name="Segments">The segments the shop counts the customer in. Null: it does not say, and it is not asked.</param>
    /// <param name="At">As if it were then. Null: now.</param>
    internal sealed record Request(
        string CustomerId,
        IReadOnlyList<CartLine> Lines,
        IReadOnlyList<Guid>? CouponIds = null,
        Guid? SessionId = null,
        Guid? ChannelId = null,
        IReadOnlyList<string>? Segments = null,
        DateTimeOffset? At = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(CustomerId, "/customerId", ClaimCoupon.LongestId);
            CartLine.Validate(Lines, faults, "/lines");
            if (CouponIds is not null) faults.Size(CouponIds, 0, MostCoupons, "/couponIds").Distinct(CouponIds, "/couponIds");
            if (Segments is not null) faults.Size(Segments, 0, ClaimCoupon.MostSegments, "/segments");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/evaluations", async (Body<Request> body, Caller caller, EvaluateCartHandler handler, CancellationToken ct) =>
            Result<Evaluation>.Of(await handler.Handle(caller, body.Value, ct)).ToHttp())
        .Describe(
            nameof(EvaluateCart), "Tells which of a customer's coupons apply to a cart, what each takes off, and which combination takes off most.",
            "Nothing is locked or changed; the same cart locked at the same moment gets the same discount. For each coupon that does not apply, it says why.")
        .Allow(Permission.ReadCoupons)
        .Example(new Request("customer-4711", [new CartLine("15970", 2, 22_950), new CartLine("39386", 1, 8_900)]))
        .Gives<Evaluation>();
}

internal sealed class EvaluateCartHandler(CouponsDb db, KnownCampaigns campaigns, TimeProvider clock)
{
    public async Task<Evaluation> Handle(Caller caller, EvaluateCart.Request body, CancellationToken ct)
    {
        var at = body.At ?? clock.Now();
        var found = await Find(caller, body, at, ct);
        var cart = await CartOf(caller, body, ct);
        var nothingTaken = new long[cart.Lines.Count];
        var judged = new List<JudgedCoupon>(found.Count);
        var usable = new List<CartCoupon>(found.Count);
        foreach (var (coupon, campaign) in found)
        {
            var inCart = campaign.InCart(coupon.Id);
            var alone = campaign.Refusal(coupon, body.CustomerId, at) is { } refusal ? refusal : Alone(cart, inCart, nothingTaken);
            judged.Add(JudgedCoupon.Of(coupon.Id, campaign, alone));
            if (!alone.IsRejected) usable.Add(inCart);
        }
        usable = await WithinBudgets(found, judged, usable, ct);
        var known = found.Select(f => f.Coupon.Id).ToHashSet();
        judged.AddRange((body.CouponIds ?? []).Where(id => !known.Contains(id)).Select(JudgedCoupon.Unknown));
        var best = BestCombination.Of(cart, usable);
        return new Evaluation(
            at, found.Count == 0 ? null : found[0].Campaign.Currency, CartLine.SumMinor(body.Lines), BestCoupons.Of(cart, best.Composition), best.IsExact, judged);
    }

    private static Result<Composition> Alone(Cart cart, CartCoupon coupon, long[] nothingTaken)
    {
        var laid = LaidCoupon.On(cart, coupon);
        if (laid.Rejection is { } outOfScope) return outOfScope;
        return laid.Value.GivesNothing(nothingTaken) is { } nothing ? nothing : Composition.Of(cart, [coupon]);
    }

    private async Task<List<(MarkedCoupon Coupon, Campaign Campaign)>> Find(Caller caller, EvaluateCart.Request body, DateTimeOffset at, CancellationToken ct)
    {
        var coupons = body.CouponIds is { } ids
            ? await db.Query<MarkedCoupon>(CouponSql.Several, new { Ids = Sql.Json(ids) }, ct)
            : await db.Query<MarkedCoupon>(
                CouponSql.UsableOfCustomer, new { body.CustomerId, At = at, caller.Scope, caller.ScopeEnd, Limit = EvaluateCart.MostRead }, ct);
        var found = new List<(MarkedCoupon, Campaign)>(coupons.Count);
        foreach (var coupon in coupons)
        {
            var campaign = await campaigns.Current(coupon.Mark, work: null);
            if (caller.Sees(campaign.Path)) found.Add((coupon, campaign));
        }
        if (found.Count <= EvaluateCart.MostCoupons) return found;
        return [.. found.OrderBy(f => f.Item2.Refusal(f.Item1, body.CustomerId, at) is null ? 0 : 1).Take(EvaluateCart.MostCoupons)];
    }

    private async Task<Cart> CartOf(Caller caller, EvaluateCart.Request body, CancellationToken ct)
    {
        var args = new { HeadquartersPath = UnitPath.Headquarters(caller.Path), Ids = Sql.Json(body.Lines.Select(l => l.ProductCode).Distinct()) };
        var products = (await db.Query<ProductRow>(ProductSql.ByCodes, args, ct)).ToDictionary(p => p.Code);
        var lines = body.Lines.Select(l => products.TryGetValue(l.ProductCode, out var p) ? PricedLine.Of(l, p.BrandId, p.Category, p.FloorPriceMinor) : PricedLine.Of(l));
        return new Cart([.. lines], body.SessionId, body.ChannelId, body.Segments);
    }

    /// <summary>A coupon whose own discount is more than its budget has left would not be locked.</summary>
    private async Task<List<CartCoupon>> WithinBudgets(
        List<(MarkedCoupon Coupon, Campaign Campaign)> found, List<JudgedCoupon> judged, List<CartCoupon> usable, CancellationToken ct)
    {
        var nodes = found.Where(f => f.Campaign.Terms.BudgetMinor is not null).Select(f => f.Coupon.NodeSeq).Distinct().ToList();
        if (nodes.Count == 0) return usable;
        var left = (await db.Query<QuotaNode>(QuotaSql.Several, new { Ids = Sql.Json(nodes) }, ct)).ToDictionary(n => n.Seq, n => n.BudgetRemainingMinor);
        for (var i = 0; i < found.Count; i++)
        {
            if (!judged[i].Applies || !left.TryGetValue(found[i].Coupon.NodeSeq, out var remaining)) continue;
            var cost = judged[i].DiscountMinor!.Value + (judged[i].Gift?.WorthMinor ?? 0);
            if (cost > remaining)
                judged[i] = JudgedCoupon.Of(found[i].Coupon.Id, found[i].Campaign, RedemptionRejections.BudgetSpent.Because($"{remaining} minor units of its budget are left."));
        }
        var applying = judged.Where(j => j.Applies).Select(j => j.CouponId).ToHashSet();
        return [.. usable.Where(u => applying.Contains(u.CouponId))];
    }
}

/// <param name="At">The instant it was judged by.</param>
/// <param name="Currency">ISO 4217. Null: there was no coupon.</param>
/// <param name="LinesMinor">Minor units of all lines, before coupons.</param>
/// <param name="Best">The combination that takes off most.</param>
/// <param name="IsExact">False: there were too many combinations to try each, and a better one may exist.</param>
/// <param name="Coupons">Every coupon that was tried, each by itself.</param>
internal sealed record Evaluation(
    DateTimeOffset At, string? Currency, long LinesMinor, BestCoupons Best, bool IsExact, IReadOnlyList<JudgedCoupon> Coupons);

/// <param name="CouponIds">In the order of application; empty if none applies.</param>
/// <param name="DiscountMinor">Minor units off.</param>
/// <param name="PayableMinor">Minor units left to pay.</param>
/// <param name="Gifts">What comes with the order.</param>
/// <param name="Lines">In the order of the cart's.</param>
internal sealed record BestCoupons(
    IReadOnlyList<Guid> CouponIds, long DiscountMinor, long PayableMinor, IReadOnlyList<Gift> Gifts, IReadOnlyList<EvaluatedLine> Lines)
{
    public static BestCoupons Of(Cart cart, Composition composition)
    {
        var lines = new EvaluatedLine[cart.Lines.Count];
        var payable = 0L;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new EvaluatedLine(composition.LinesMinor[i], cart.AmountMinor[i] - composition.LinesMinor[i]);
            payable += lines[i].PayableMinor;
        }
        return new BestCoupons(
            [.. composition.Applied.Select(a => a.Coupon.CouponId)], composition.DiscountMinor, payable,
            [.. composition.Applied.Where(a => a.Gift is not null).Select(a => a.Gift!)], lines);
    }
}

/// <param name="DiscountMinor">Minor units off the line.</param>
/// <param name="PayableMinor">Minor units left to pay for it; never below its floor price, unless it is priced below that.</param>
internal sealed record EvaluatedLine(long DiscountMinor, long PayableMinor);

/// <param name="CouponId">The coupon.</param>
/// <param name="CampaignId">Its campaign.</param>
/// <param name="Name">The campaign's.</param>
/// <param name="Applies">True if it takes something off, or brings a gift, by itself.</param>
/// <param name="Code">Why not.</param>
/// <param name="Detail">Why not, for a person.</param>
/// <param name="DiscountMinor">Minor units it takes off by itself.</param>
/// <param name="Gift">What it brings.</param>
/// <param name="Lines">Minor units off each line, by itself.</param>
internal sealed record JudgedCoupon(
    Guid CouponId, Guid? CampaignId, string? Name, bool Applies, string? Code, string? Detail, long? DiscountMinor, Gift? Gift, IReadOnlyList<long>? Lines)
{
    public static JudgedCoupon Of(Guid couponId, Campaign campaign, Result<Composition> alone) => alone.Rejection is { } why
        ? new JudgedCoupon(couponId, campaign.Id, campaign.Terms.Name, false, why.Kind.Code, why.Detail, null, null, null)
        : new JudgedCoupon(
            couponId, campaign.Id, campaign.Terms.Name, true, null, null, alone.Value.DiscountMinor, alone.Value.Applied[0].Gift, alone.Value.LinesMinor);

    public static JudgedCoupon Unknown(Guid couponId)
    {
        var why = CouponRejections.Unknown(couponId);
        return new JudgedCoupon(couponId, null, null, false, why.Kind.Code, why.Detail, null, null, null);
    }
}

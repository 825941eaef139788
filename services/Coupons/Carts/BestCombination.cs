namespace LiveCommerce.Coupons.Carts;

/// <summary>The combination of coupons that gives a cart most.</summary>
/// <param name="Composition">Empty if no coupon applies.</param>
/// <param name="IsExact">False: there were too many combinations to be sure that none is better.</param>
/// <param name="Evaluations">How often a coupon was tried on top of others; at most the bound of the search.</param>
internal sealed record BestCombination(Composition Composition, bool IsExact, int Evaluations)
{
    /// <summary>
    /// Most off with gifts counted at their worth, then fewest coupons, then the lowest by <see cref="CartCoupon.InOrder"/>, coupon by coupon.
    /// </summary>
    /// <param name="coupons">Any number, of the same campaign too: those exclude each other.</param>
    /// <param name="mostEvaluations">
    /// No combination is evaluated twice, so the answer is exact if there are no more of them than this. Above, it mostly is, and is never worse than
    /// any coupon alone.
    /// </param>
    public static BestCombination Of(Cart cart, IReadOnlyCollection<CartCoupon> coupons, int mostEvaluations = CombinationSearch.MostEvaluations)
    {
        var search = new CombinationSearch(cart, Useful(cart, coupons), mostEvaluations);
        search.Run();
        return new BestCombination(Composition.Of(cart, search.Best()), search.IsExact, search.Evaluations);
    }

    /// <summary>In the order of application, one of each campaign: its others give the same and exclude each other. A coupon that gives nothing alone gives nothing after others.</summary>
    private static List<LaidCoupon> Useful(Cart cart, IReadOnlyCollection<CartCoupon> coupons)
    {
        CartCoupon[] ordered = [.. coupons];
        Array.Sort(ordered, CartCoupon.InOrder);
        var useful = new List<LaidCoupon>(ordered.Length);
        var nothing = new long[cart.Lines.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            if (i > 0 && ordered[i].CampaignId == ordered[i - 1].CampaignId) continue;
            var laid = LaidCoupon.On(cart, ordered[i]);
            if (!laid.IsRejected && laid.Value.WorthMinor(nothing) > 0) useful.Add(laid.Value);
        }
        return useful;
    }
}

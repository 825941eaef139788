using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Carts;

/// <summary>A coupon as a cart meets it. Coupons of one campaign have its benefit, scope and stacking in common.</summary>
internal sealed record CartCoupon(Guid CouponId, Guid CampaignId, Benefit Benefit, CampaignScope? Scope, Stacking Stacking)
{
    /// <summary>The order in which coupons are applied: (priority, campaign, coupon), lower first.</summary>
    public static int InOrder(CartCoupon a, CartCoupon b)
    {
        var byPriority = a.Stacking.Priority.CompareTo(b.Stacking.Priority);
        if (byPriority != 0) return byPriority;
        var byCampaign = a.CampaignId.CompareTo(b.CampaignId);
        return byCampaign != 0 ? byCampaign : a.CouponId.CompareTo(b.CouponId);
    }

    /// <summary>Why this cart is not what the coupon is for; null if it is, as far as its lines do not matter.</summary>
    public Rejection? NotFor(Cart cart)
    {
        if (Scope is null) return null;
        if (!Scope.CoversSession(cart.SessionId)) return CartRejections.WrongSession();
        if (!Scope.CoversChannel(cart.ChannelId)) return CartRejections.WrongChannel();
        return cart.Segments is null || Scope.CoversSegments(cart.Segments) ? null : CartRejections.WrongSegment();
    }

    /// <summary>Indexes of the lines the coupon is for.</summary>
    public int[] LinesOf(Cart cart)
    {
        if (Scope is null || Scope.CoversEveryLine()) return cart.EveryLine;
        Span<int> covered = stackalloc int[CartLine.MostLines];
        var count = 0;
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var line = cart.Lines[i];
            if (Scope.Covers(line.ProductCode, line.BrandId, line.Category)) covered[count++] = i;
        }
        return covered[..count].ToArray();
    }
}

/// <summary>A coupon laid on a cart: what it gives, after others took their share of each line.</summary>
internal sealed class LaidCoupon
{
    private readonly int[] _lines;
    private readonly long _spendMinor;
    private readonly long _roomMinor;

    private LaidCoupon(Cart cart, CartCoupon coupon, int[] lines)
    {
        (Cart, Coupon, _lines) = (cart, coupon, lines);
        foreach (var line in lines)
        {
            _spendMinor += cart.AmountMinor[line];
            _roomMinor += cart.RoomMinor[line];
        }
    }

    public Cart Cart { get; }

    public CartCoupon Coupon { get; }

    /// <summary>Refused if the cart is out of the coupon's scope.</summary>
    public static Result<LaidCoupon> On(Cart cart, CartCoupon coupon)
    {
        if (coupon.NotFor(cart) is { } refusal) return refusal;
        var lines = coupon.LinesOf(cart);
        return lines.Length == 0 ? CartRejections.NoLine() : new LaidCoupon(cart, coupon, lines);
    }

    /// <summary>Minor units off, after others took <paramref name="takenMinor"/> off each line of the cart. Null: what is left is below the minimum spend.</summary>
    /// <remarks>The more is taken, the less this gives: what is left falls, and with it both the benefit and the room.</remarks>
    public long? DiscountMinor(ReadOnlySpan<long> takenMinor)
    {
        var gone = Gone(takenMinor);
        return Coupon.Benefit.DiscountOn(_spendMinor - gone) is { } discount ? Math.Min(discount, _roomMinor - gone) : null;
    }

    /// <summary>Minor units the coupon is worth to the customer: the discount, or the gift's worth. 0 if it does not apply.</summary>
    public long WorthMinor(ReadOnlySpan<long> takenMinor) =>
        DiscountMinor(takenMinor) is { } discount ? Coupon.Benefit.Gift?.WorthMinor ?? discount : 0;

    /// <summary>Why it gives nothing; null if it gives something.</summary>
    public Rejection? GivesNothing(ReadOnlySpan<long> takenMinor)
    {
        if (WorthMinor(takenMinor) > 0) return null;
        var gone = Gone(takenMinor);
        var left = _spendMinor - gone;
        if (Coupon.Benefit.DiscountOn(left) is null) return CartRejections.Below(left, Coupon.Benefit.LeastSpendMinor());
        return _roomMinor == gone ? CartRejections.NoRoom() : CartRejections.LessThanOne(left);
    }

    /// <summary>Takes the discount off its lines: adds each line's share to <paramref name="takenMinor"/>.</summary>
    public void Take(long discountMinor, Span<long> takenMinor)
    {
        if (discountMinor == 0) return;
        if (discountMinor == _roomMinor - Gone(takenMinor))
            foreach (var line in _lines) takenMinor[line] = Cart.RoomMinor[line];
        else
            DiscountSplit.Share(Cart, _lines, discountMinor, takenMinor);
    }

    private long Gone(ReadOnlySpan<long> takenMinor)
    {
        var gone = 0L;
        foreach (var line in _lines) gone += takenMinor[line];
        return gone;
    }
}

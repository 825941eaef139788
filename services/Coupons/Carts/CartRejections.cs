using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Carts;

/// <summary>Why a coupon does nothing for a cart.</summary>
internal static class CartRejections
{
    internal static readonly RejectionKind NotInScope = new("coupon.not_in_scope", 409, "The coupon is not for this order.");
    internal static readonly RejectionKind BelowMinimumSpend = new("coupon.below_minimum_spend", 409, "The order is too small for the coupon.");
    internal static readonly RejectionKind NothingToTakeOff = new("coupon.nothing_to_take_off", 409, "The coupon would take nothing off the order.");
    internal static readonly RejectionKind DoesNotStack = new("coupon.does_not_stack", 409, "The coupon does not combine with another of the order's.");

    internal static Rejection WrongSession() => NotInScope.Because("It is for other sessions than the order's.");

    internal static Rejection WrongChannel() => NotInScope.Because("It is for other channels than the order's.");

    internal static Rejection WrongSegment() => NotInScope.Because("It is for other segments than the customer's.");

    internal static Rejection NoLine() => NotInScope.Because("None of the order's lines is of a brand, category or product it is for.");

    internal static Rejection Below(long spendMinor, long minimumMinor) =>
        BelowMinimumSpend.Because($"The lines it is for come to {spendMinor} minor units and must reach {minimumMinor}: {minimumMinor - spendMinor} are missing.");

    internal static Rejection NoRoom() => NothingToTakeOff.Because("Every line it is for is at its floor price or at zero.");

    internal static Rejection LessThanOne(long spendMinor) => NothingToTakeOff.Because($"Its share of {spendMinor} minor units is less than one.");

    internal static Rejection OnlyOne(CartCoupon of) => DoesNotStack.Because($"Coupon {of.CouponId} combines with no other.");

    internal static Rejection CombinesWithNone() => DoesNotStack.Because("It combines with no other coupon.");

    internal static Rejection SameGroup(CartCoupon taken) => DoesNotStack.Because($"Coupon {taken.CouponId} is of group {taken.Stacking.Group} too.");

    internal static Rejection TooMany(int most) => DoesNotStack.Because($"An order takes at most {most} coupons.");
}

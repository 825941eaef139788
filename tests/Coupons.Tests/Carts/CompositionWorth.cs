using LiveCommerce.Coupons.Carts;

namespace LiveCommerce.Coupons.Tests.Carts;

internal static class CompositionWorth
{
    extension(Composition composition)
    {
        /// <summary>Minor units the gifts are worth, which the search counts like money off.</summary>
        public long GiftWorthMinor => composition.Applied.Sum(a => a.Gift?.WorthMinor ?? 0);
    }
}

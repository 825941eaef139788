using LiveCommerce.Coupons;
using LiveCommerce.Hosting;
using LiveCommerce.Lineups;
using LiveCommerce.Orders;
using LiveCommerce.Organization;
using LiveCommerce.Scheduling;

namespace LiveCommerce.AllInOne;

/// <summary>Every service there is.</summary>
internal static class Modules
{
    public static IReadOnlyList<IServiceModule> All { get; } =
        [new OrganizationModule(), new SchedulingModule(), new LineupsModule(), new CouponsModule(), new OrdersModule()];
}

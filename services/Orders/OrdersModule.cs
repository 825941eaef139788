using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Orders.Metrics;
using LiveCommerce.Orders.Orders;
using LiveCommerce.Orders.Reactions;

namespace LiveCommerce.Orders;

/// <summary>The orders' own database.</summary>
internal sealed class OrdersDb(ServiceDbSetup setup) : ServiceDb("orders", setup);

/// <summary>What was sold, by whose work: orders and their reports, attribution, figures.</summary>
public sealed class OrdersModule : IServiceModule
{
    public string Name => "orders";

    public string Summary => "Orders as shops report them, whose session, guide and unit each is credited to, and the figures that follow.";

    public IReadOnlyList<Type> Reactions => [typeof(OnAccessChanged), typeof(OnSessionChanged), typeof(OnUnitChanged), typeof(OnCouponsClaimed), typeof(OnCouponsUsed)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<OrdersDb>(typeof(MovedRows))
        .AddSingleton<PlaceOrderHandler>()
        .AddSingleton<ReportOrderHandler>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        PlaceOrder.Map(routes);
        ReportOrder.Map(routes);
        ReadOrders.Map(routes);
        ReadSessionFigures.Map(routes);
        ReadUnitFigures.Map(routes);
    }
}

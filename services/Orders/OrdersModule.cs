using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.Orders;

/// <summary>The service's own database.</summary>
internal sealed class OrdersDb(ServiceDbSetup setup) : ServiceDb("orders", setup);

/// <summary>Table of contents.</summary>
public sealed class OrdersModule : IServiceModule
{
    public string Name => "orders";

    public string Summary => "";

    public IReadOnlyList<Type> Reactions => [];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<OrdersDb>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

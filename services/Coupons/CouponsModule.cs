using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.Coupons;

/// <summary>The service's own database.</summary>
internal sealed class CouponsDb(ServiceDbSetup setup) : ServiceDb("coupons", setup);

/// <summary>Table of contents.</summary>
public sealed class CouponsModule : IServiceModule
{
    public string Name => "coupons";

    public string Summary => "";

    public IReadOnlyList<Type> Reactions => [];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<CouponsDb>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

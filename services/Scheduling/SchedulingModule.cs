using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.Scheduling;

/// <summary>The service's own database.</summary>
internal sealed class SchedulingDb(ServiceDbSetup setup) : ServiceDb("scheduling", setup);

/// <summary>Table of contents.</summary>
public sealed class SchedulingModule : IServiceModule
{
    public string Name => "scheduling";

    public string Summary => "";

    public IReadOnlyList<Type> Reactions => [];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<SchedulingDb>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

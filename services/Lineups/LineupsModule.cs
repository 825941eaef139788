using LiveCommerce.Data;
using LiveCommerce.Hosting;

namespace LiveCommerce.Lineups;

/// <summary>The service's own database.</summary>
internal sealed class LineupsDb(ServiceDbSetup setup) : ServiceDb("lineups", setup);

/// <summary>Table of contents.</summary>
public sealed class LineupsModule : IServiceModule
{
    public string Name => "lineups";

    public string Summary => "";

    public IReadOnlyList<Type> Reactions => [];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<LineupsDb>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Hosting;

/// <summary>One service: its table of contents.</summary>
public interface IServiceModule
{
    /// <summary>Prefix of its routes and queues, name of its database.</summary>
    string Name { get; }

    /// <summary>One sentence for the API reference.</summary>
    string Summary { get; }

    /// <summary>What it reacts to: classes derived from <c>Reaction</c>.</summary>
    IReadOnlyList<Type> Reactions { get; }

    void AddServices(IServiceCollection services);

    /// <param name="routes">Already under the service's prefix.</param>
    void MapEndpoints(IEndpointRouteBuilder routes);
}

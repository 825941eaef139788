using System.Reflection;
using LiveCommerce.AllInOne;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace LiveCommerce.Architecture.Tests;

/// <summary>The product as the tests look at it: its modules, assemblies, endpoints and sources.</summary>
internal static class Product
{
    internal static IReadOnlyList<IServiceModule> Modules => AllInOne.Modules.All;

    internal static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. AllInOne.Modules.All.Select(m => m.GetType().Assembly),
        typeof(Modules).Assembly,
        typeof(Contracts.Organization.UnitChanged).Assembly,
        typeof(Kernel.Result<>).Assembly,
        typeof(Data.ServiceDb).Assembly,
        typeof(Messaging.Reaction).Assembly,
        typeof(ServiceHost).Assembly,
    ];

    /// <summary>Those people wrote, not the compiler.</summary>
    internal static IReadOnlyList<Type> Types { get; } = [.. Assemblies.SelectMany(a => a.GetTypes()).Where(t =>
        t.Namespace?.StartsWith("LiveCommerce", StringComparison.Ordinal) == true && !t.Name.Contains('<') && t.DeclaringType?.Name.Contains('<') != true)];

    /// <summary>Folders of the services, AllInOne aside.</summary>
    internal static IReadOnlyList<string> ServiceFolders { get; } =
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "services")).Where(d => Path.GetFileName(d) != "AllInOne").Order(StringComparer.Ordinal)];

    internal static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(f => Directory.GetFiles(Path.Combine(Repository.Root, f), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/"));

    /// <summary>Every endpoint under a service's prefix, without starting anything.</summary>
    internal static IReadOnlyList<RouteEndpoint> Endpoints()
    {
        IEndpointRouteBuilder app = ServiceHost.Build([$"--Storage:Folder={Path.GetTempPath()}"], _ => { }, Modules);
        return [.. app.DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
            .Where(e => Modules.Any(m => e.RoutePattern.RawText!.StartsWith($"/{m.Name}/", StringComparison.Ordinal)))];
    }
}

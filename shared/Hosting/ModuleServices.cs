using LiveCommerce.Data;
using LiveCommerce.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Hosting;

public static class ModuleServices
{
    /// <summary>A service's database, its relay, its due-time worker and its housekeeping.</summary>
    /// <param name="services">The container.</param>
    /// <param name="dueWork">Classes that implement <see cref="IDueWork"/>, this service's only.</param>
    public static IServiceCollection AddServiceDb<TDb>(this IServiceCollection services, params Type[] dueWork)
        where TDb : ServiceDb
    {
        services.AddSingleton<TDb>().AddSingleton<ServiceDb>(p => p.GetRequiredService<TDb>());
        services.AddRelay<TDb>();
        services.AddSingleton<IHostedService>(p => new Housekeeping(
            p.GetRequiredService<TDb>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILoggerFactory>().CreateLogger<Housekeeping>()));
        return services.AddSingleton<IHostedService>(p => new DueWorker(
            p.GetRequiredService<TDb>(),
            [.. dueWork.Select(t => (IDueWork)ActivatorUtilities.CreateInstance(p, t))],
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILoggerFactory>().CreateLogger<DueWorker>()));
    }
}

/// <summary>Brings every database up to date before anything else starts.</summary>
internal sealed class MigrateDatabases(IEnumerable<ServiceDb> databases) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(databases.Select(d => d.Migrate(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using LiveCommerce.Data;
using LiveCommerce.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: databases, bus and relays do their work.</summary>
internal static class Readiness
{
    private const string ReadyTag = "ready";
    private static readonly TimeSpan WorstLag = TimeSpan.FromMinutes(1);

    public static void AddReadiness(this IServiceCollection services, BusOptions bus)
    {
        // MassTransit adds the bus's own check, with the same tag, when a broker is configured.
        _ = bus;
        services.AddHealthChecks()
            .Add(new HealthCheckRegistration("databases", p => new Databases(p.GetServices<ServiceDb>(), p.GetRequiredService<ILoggerFactory>().CreateLogger<Databases>()), null, [ReadyTag]))
            .Add(new HealthCheckRegistration("relays", p => new Relays(p.GetServices<IHostedService>().OfType<OutboxRelay>()), HealthStatus.Degraded, [ReadyTag]));
    }

    public static void MapReadiness(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).ExcludeFromDescription();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = c => c.Tags.Contains(ReadyTag),
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status.ToString(),
                checks = report.Entries.Select(e => new { name = e.Key, status = e.Value.Status.ToString(), detail = e.Value.Description }),
            }),
        }).ExcludeFromDescription();
    }

    private sealed class Databases(IEnumerable<ServiceDb> databases, ILogger log) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            foreach (var database in databases)
            {
                try
                {
                    await database.Scalar<long>("SELECT COUNT(*) FROM SchemaMigrations", ct: cancellationToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Anybody may ask; what exactly is wrong is for the log.
                    log.LogWarning(e, "The database of {Service} cannot be read", database.Service);
                    return HealthCheckResult.Unhealthy($"{database.Service} cannot be read.");
                }
            }
            return HealthCheckResult.Healthy();
        }
    }

    private sealed class Relays(IEnumerable<OutboxRelay> relays) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var late = relays.Where(r => r.Lag > WorstLag).Select(r => $"{r.Service} is {r.Lag.TotalSeconds:F0} s behind").ToList();
            return Task.FromResult(late.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", late)));
        }
    }
}

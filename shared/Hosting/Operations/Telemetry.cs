using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LiveCommerce.Hosting;

/// <summary>Traces, meters and logs over OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing at all otherwise.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        var resource = ResourceBuilder.CreateDefault().AddService($"live-commerce-{service}");
        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "MassTransit", "LiveCommerce.*")
            .AddOtlpExporter()
            .Build());
        services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.*", "System.Runtime", "MassTransit", "LiveCommerce.*")
            .AddOtlpExporter()
            .Build());
        services.AddLogging(l => l.AddOpenTelemetry(o => o.SetResourceBuilder(resource).AddOtlpExporter()));
        services.AddHostedService<StartProviders>();
    }

    /// <summary>The providers listen from the moment they are built; the container builds them only when asked.</summary>
    private sealed class StartProviders(TracerProvider traces, MeterProvider meters) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush(2000);
            meters.ForceFlush(2000);
            return Task.CompletedTask;
        }
    }
}

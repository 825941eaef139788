using System.Globalization;
using System.Threading.RateLimiting;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Hosting;

/// <summary>Puts modules into a process: one for a service of its own, all of them for AllInOne.</summary>
public static class ServiceHost
{
    /// <summary>Name of the rate limit for what may be called without a token.</summary>
    public const string PublicLimit = "public";

    private const long LargestBody = 1 << 20;

    /// <summary>
    /// Builds the process. Configuration comes from the environment and the command line: sections <c>Storage</c>
    /// (<see cref="StorageOptions"/>), <c>Bus</c> (<see cref="BusOptions"/>), <c>Http</c> (<see cref="HttpOptions"/>), <c>SignIn</c> (<see cref="AccessTokenOptions"/>).
    /// </summary>
    public static WebApplication Build(string[] args, params IReadOnlyList<IServiceModule> modules) => Build(args, _ => { }, modules);

    /// <param name="args">Command line.</param>
    /// <param name="adjust">Last word on the container, for tests: another clock, another port.</param>
    /// <param name="modules">What runs here.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> adjust, params IReadOnlyList<IServiceModule> modules)
    {
        // What a process reads and writes must not depend on the machine's language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning);
        adjust(builder);

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        var storage = builder.Configuration.GetSection("Storage").Get<StorageOptions>() ?? new StorageOptions();
        var bus = builder.Configuration.GetSection("Bus").Get<BusOptions>() ?? new BusOptions();
        services.AddSingleton(storage);
        services.AddSingleton(p => new ServiceDbSetup(storage, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILoggerFactory>()) { Audited = AuditNews.Publish });
        services.AddSingleton<AccessDirectories>();
        services.AddHostedService<MigrateDatabases>();
        services.AddBus(bus, [.. modules.SelectMany(m => m.Reactions)]);
        foreach (var module in modules) module.AddServices(services);
        services.AddSignIn(builder.Configuration, storage);
        services.AddApiReference(modules);
        services.AddReadiness(bus);
        services.AddSingleton<Meters>().AddHostedService(p => p.GetRequiredService<Meters>());
        services.AddTelemetry(builder.Configuration, string.Join('+', modules.Select(m => m.Name)));
        services.AddRateLimiter(ConfigureLimits);
        services.ConfigureHttpJsonOptions(o => ApiJson.Configure(o.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);

        var app = builder.Build();
        app.UseMiddleware<EarlyRefusal>();
        app.UseMiddleware<Problems>();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AccessCheck>();
        app.UseApiReference(modules);
        app.MapReadiness();
        LoadBaseline.Map(app, app.Configuration);
        foreach (var module in modules)
        {
            var routes = app.MapGroup($"/{module.Name}").WithGroupName(module.Name).WithTags(module.Name);
            module.MapEndpoints(routes);
            OperationsEndpoints.Map(routes, module, app.Services);
        }
        return app;
    }

    private static void ConfigureLimits(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (context, _) =>
        {
            if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
            return ValueTask.CompletedTask;
        };
        options.AddPolicy(PublicLimit, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = context.RequestServices.GetRequiredService<AccessTokenOptions>().AttemptsPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }));
    }
}

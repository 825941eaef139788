using LiveCommerce.Data;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Messaging;

public static class BusSetup
{
    /// <summary>Puts the reactions on the transport the options name.</summary>
    public static IServiceCollection AddBus(this IServiceCollection services, BusOptions options, IReadOnlyList<Type> reactions)
    {
        services.AddSingleton(options).AddSingleton<DeadLetters>();
        if (options.Transport == BusTransport.Embedded)
        {
            services.AddMediator(x =>
            {
                foreach (var reaction in reactions) x.AddConsumer(reaction);
            });
            return services.AddSingleton<IMessageDelivery>(p => new EmbeddedDelivery(p.GetRequiredService<IMediator>()));
        }
        // Queues and bindings stand before the host counts as started, and so before the relay's first publish.
        services.Configure<MassTransitHostOptions>(o => o.WaitUntilStarted = true);
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            foreach (var reaction in reactions) x.AddConsumer(reaction, typeof(ReactionDefinition<>).MakeGenericType(reaction));
            x.UsingRabbitMq((context, bus) =>
            {
                bus.Host(options.Host, options.Port, options.VirtualHost, h =>
                {
                    h.Username(options.User);
                    h.Password(options.Password);
                    h.Heartbeat(BrokerConnection.Heartbeat);
                    h.RequestedConnectionTimeout(BrokerConnection.Limit);
                });
                bus.ConfigureEndpoints(context);
            });
        });
        services.AddSingleton<BrokerWatch>().AddHostedService(p => p.GetRequiredService<BrokerWatch>());
        return services.AddSingleton<IMessageDelivery>(p => new BrokerDelivery(p.GetRequiredService<IBus>(), p.GetRequiredService<IBusControl>(), p.GetRequiredService<BrokerWatch>()));
    }

    /// <summary>A service's database with its relay.</summary>
    public static IServiceCollection AddRelay<TDb>(this IServiceCollection services)
        where TDb : ServiceDb =>
        services.AddSingleton<IHostedService>(p => new OutboxRelay(
            p.GetRequiredService<TDb>(),
            p.GetRequiredService<IMessageDelivery>(),
            p.GetRequiredService<BusOptions>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<IHostApplicationLifetime>(),
            p.GetRequiredService<ILoggerFactory>().CreateLogger<OutboxRelay>()));
}

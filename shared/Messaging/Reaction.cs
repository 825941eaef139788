using LiveCommerce.Data;
using LiveCommerce.Kernel;
using MassTransit;

namespace LiveCommerce.Messaging;

/// <summary>
/// Base of every <c>On&lt;Event&gt;</c>: the inbox row, the change and the outbox rows land together or not at all, so a
/// repeated delivery changes nothing. A handler must also ignore state older than what it holds: messages overtake each other.
/// </summary>
public abstract class Reaction(ServiceDb db, BusOptions options)
{
    /// <param name="context">The delivery.</param>
    /// <param name="handle">Runs in the transaction; touches nothing but the database.</param>
    protected async Task React<T>(ConsumeContext<T> context, Func<T, UnitOfWork, Task> handle)
        where T : class
    {
        var id = context.MessageId ?? throw new InvalidOperationException($"A {typeof(T).Name} without message id.");
        try
        {
            await db.InTransaction<Done>(async work =>
            {
                if (await work.Accept(GetType().Name, id)) await handle(context.Message, work);
                return new Done();
            }, context.CancellationToken);
        }
        catch (Exception) when (options.Transport == BusTransport.RabbitMq && Redelivery(context) < options.RedeliveryWaits.Count)
        {
            // The broker has no delayed delivery of its own here: the outbox keeps the message until it is time.
            // Embedded, the relay's own row does.
            var redelivery = Redelivery(context);
            await db.InTransaction<Done>(work =>
            {
                work.PutOff(context.Message, id, ReactionQueue.Of(GetType()), redelivery + 1, options.RedeliveryWaits[redelivery]);
                return Task.FromResult<Result<Done>>(new Done());
            }, context.CancellationToken);
        }
    }

    private static int Redelivery(ConsumeContext context) => context.Headers.Get<int>(BrokerDelivery.RedeliveryHeader) ?? 0;
}

/// <summary>One durable queue a reaction, named <c>service-on-event</c>.</summary>
internal sealed class ReactionDefinition<T> : ConsumerDefinition<T>
    where T : Reaction, IConsumer
{
    private readonly BusOptions _options;

    public ReactionDefinition(BusOptions options)
    {
        _options = options;
        EndpointName = ReactionQueue.Of(typeof(T));
        ConcurrentMessageLimit = options.Concurrency;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<T> consumerConfigurator, IRegistrationContext context)
    {
        // For a database that blinks; what a message itself does wrong is put off by the reaction.
        endpointConfigurator.UseMessageRetry(r => r.Intervals(_options.RetryWaits));
        if (endpointConfigurator is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
        rabbit.SetQuorumQueue();
        rabbit.PrefetchCount = (ConcurrentMessageLimit ?? 16) * 2;
    }
}

internal static class ReactionQueue
{
    /// <summary>LiveCommerce.Coupons.Reactions.OnSessionChanged → coupons-on-session-changed.</summary>
    public static string Of(Type reaction) =>
        $"{reaction.Namespace!.Split('.')[1].ToLowerInvariant()}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(reaction.Name)}";

    /// <summary>Where MassTransit moves what failed to the end.</summary>
    public static string ErrorsOf(string queue) => $"{queue}_error";
}

using System.Text.Json;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using MassTransit;
using MassTransit.Mediator;
using RabbitMQ.Client.Exceptions;

namespace LiveCommerce.Messaging;

/// <summary>An outbox row to be sent.</summary>
public sealed class StoredMessage
{
    public long Seq { get; init; }

    public Guid MessageId { get; init; }

    public string Type { get; init; } = "";

    public string Body { get; init; } = "";

    public string? Destination { get; init; }

    public int Redelivery { get; init; }

    public string? Trace { get; init; }

    public int Failures { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    internal object Read(out Type type)
    {
        type = MessageCatalogue.Resolve(Type);
        return JsonSerializer.Deserialize(Body, type, MessageCatalogue.Json)!;
    }
}

/// <summary>Where the relay sends to.</summary>
internal interface IMessageDelivery
{
    /// <summary>Completes only when the broker, or every reaction, has taken the message over for good.</summary>
    Task Deliver(StoredMessage message, CancellationToken ct);

    /// <summary>True if the failure is the message's own and not that of a transport which is down.</summary>
    bool IsOwnFault(Exception e);
}

/// <summary>Hands a message to the reactions of this process and waits until all have committed.</summary>
internal sealed class EmbeddedDelivery(IMediator mediator) : IMessageDelivery
{
    public Task Deliver(StoredMessage message, CancellationToken ct)
    {
        var body = message.Read(out var type);
        return mediator.Publish(body, type, c => c.MessageId = message.MessageId, ct);
    }

    public bool IsOwnFault(Exception e) => !IsUnavailable(e);

    // The mediator wraps what a reaction throws.
    private static bool IsUnavailable(Exception? e) => e switch
    {
        null => false,
        OperationCanceledException or DatabaseUnavailableException => true,
        RejectionException refused => refused.Rejection.Kind.Status == CommonRejections.Overloaded.Status,
        AggregateException many => many.InnerExceptions.Any(IsUnavailable),
        _ => IsUnavailable(e.InnerException),
    };
}

/// <summary>Hands a message to RabbitMQ and waits for its publisher confirm.</summary>
internal sealed class BrokerDelivery(IBus bus, IBusControl control, BrokerWatch watch) : IMessageDelivery
{
    internal const string RedeliveryHeader = "live-commerce-redelivery";

    public async Task Deliver(StoredMessage message, CancellationToken ct)
    {
        var body = message.Read(out var type);
        // Here, not in the bus, a message waits for the broker; and what is in the bus when the broker goes is broken off.
        var gone = await watch.Present(ct);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, gone);
        try
        {
            await Send(message, body, type, limit.Token);
            watch.Sent();
        }
        catch (Exception e) when (IsTransport(e) && !gone.IsCancellationRequested)
        {
            watch.NotSent();
            throw;
        }
    }

    private async Task Send(StoredMessage message, object body, Type type, CancellationToken ct)
    {
        if (message.Destination is null)
        {
            await bus.Publish(body, type, c => c.MessageId = message.MessageId, ct);
            return;
        }
        var endpoint = await bus.GetSendEndpoint(new Uri(message.Destination));
        await endpoint.Send(body, type, c =>
        {
            c.MessageId = message.MessageId;
            c.Headers.Set(RedeliveryHeader, message.Redelivery);
        }, ct);
    }

    public bool IsOwnFault(Exception e) =>
        e is JsonException or KeyNotFoundException || (!IsTransport(e) && control.CheckHealth().Status == BusHealthStatus.Healthy);

    // The bus notices a lost connection a moment after the messages on it do; and a channel that is lost while a message is
    // handed to it may fail on what it has already disposed of.
    private static bool IsTransport(Exception? e) => e switch
    {
        null => false,
        OperationCanceledException or TimeoutException or IOException or ObjectDisposedException or ConnectionException or RabbitMQClientException => true,
        _ => IsTransport(e.InnerException),
    };
}

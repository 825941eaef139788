using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LiveCommerce.Messaging;

/// <summary>A message that a reaction could not handle, after all its tries.</summary>
/// <param name="Queue">The reaction's queue.</param>
/// <param name="MessageId">As it was published.</param>
/// <param name="Type">The event's URN.</param>
/// <param name="Body">The event, JSON.</param>
/// <param name="Error">What the reaction threw last.</param>
/// <param name="FailedAt">When.</param>
internal sealed record DeadLetter(string Queue, Guid? MessageId, string Type, string Body, string Error, DateTimeOffset? FailedAt);

/// <summary>
/// The <c>_error</c> queues of reactions, for an operator. Over the mediator there are none: a message that fails there
/// stays in its publisher's outbox and is set aside there.
/// </summary>
internal sealed class DeadLetters(BusOptions options)
{
    /// <summary>Most messages of one queue that are shown.</summary>
    internal const int MostListed = 100;

    private const string FaultPrefix = "MT-Fault-";

    /// <summary>Looks at the messages without taking them.</summary>
    /// <exception cref="BrokerUnreachableException">The broker is down.</exception>
    public async Task<IReadOnlyList<DeadLetter>> List(IEnumerable<Type> reactions, CancellationToken ct)
    {
        if (options.Transport != BusTransport.RabbitMq) return [];
        var letters = new List<DeadLetter>();
        await using var connection = await BrokerConnection.Open(options, "dead-letters", ct);
        foreach (var queue in reactions.Select(ReactionQueue.Of))
        {
            // What is got and not acknowledged goes back when the channel closes.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            for (var left = Math.Min(await Count(channel, queue, ct), MostListed); left > 0; left--)
            {
                if (await channel.BasicGetAsync(ReactionQueue.ErrorsOf(queue), autoAck: false, ct) is not { } message) break;
                letters.Add(Read(queue, message));
            }
        }
        return letters;
    }

    /// <summary>Puts every message of the queue's <c>_error</c> queue back into the queue, with all its tries before it.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="BrokerUnreachableException">The broker is down.</exception>
    public async Task<int> Resend(string queue, CancellationToken ct)
    {
        if (options.Transport != BusTransport.RabbitMq) return 0;
        await using var connection = await BrokerConnection.Open(options, "dead-letters", ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        var resent = 0;
        for (var left = await Count(channel, queue, ct); left > 0; left--)
        {
            if (await channel.BasicGetAsync(ReactionQueue.ErrorsOf(queue), autoAck: false, ct) is not { } message) break;
            var properties = new BasicProperties(message.BasicProperties);
            properties.Headers = properties.Headers?
                .Where(h => !h.Key.StartsWith(FaultPrefix, StringComparison.Ordinal) && h.Key is not ("MT-Reason" or BrokerDelivery.RedeliveryHeader))
                .ToDictionary(h => h.Key, h => h.Value);
            // Confirmed before it is acknowledged: a crash between the two doubles the message, and the inbox stops the double.
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, message.Body, ct);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
            resent++;
        }
        return resent;
    }

    // A queue that is not there closes the channel; it comes into being with its first message.
    private static async Task<uint> Count(IChannel channel, string queue, CancellationToken ct)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(ReactionQueue.ErrorsOf(queue), ct)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    private static DeadLetter Read(string queue, BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers;
        string Header(string name) => headers?.TryGetValue(FaultPrefix + name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : "";
        var (type, body) = Envelope(message.Body);
        return new DeadLetter(
            queue,
            Guid.TryParse(message.BasicProperties.MessageId, out var id) ? id : null,
            type,
            body,
            $"{Header("ExceptionType")}: {Header("Message")}",
            DateTimeOffset.TryParse(Header("Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null);
    }

    /// <summary>MassTransit wraps the event; what cannot be read is shown as it is.</summary>
    private static (string Type, string Body) Envelope(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return (document.RootElement.GetProperty("messageType")[0].GetString() ?? "", document.RootElement.GetProperty("message").GetRawText());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return ("", Encoding.UTF8.GetString(body.Span));
        }
    }
}

using System.Text.Json;
using LiveCommerce.Data;

namespace LiveCommerce.Messaging;

/// <summary>The one way to send a message: stored in the transaction that causes it, sent once that has committed.</summary>
public static class Outbox
{
    /// <summary>Stores an event of this service's own folder of the contracts.</summary>
    public static void Publish(this UnitOfWork work, object @event) => work.Send(Store(work, @event));

    /// <summary>
    /// For hot paths: stores <paramref name="item"/> in one event that carries the items of everything that commits together.
    /// </summary>
    public static void PublishTogether<TItem, TEvent>(this UnitOfWork work, TItem item, Func<IReadOnlyList<TItem>, TEvent> combine)
        where TItem : notnull
        where TEvent : notnull =>
        work.SendTogether(typeof(TEvent), item, items => Store(work, combine([.. items.Cast<TItem>()])));

    /// <summary>Keeps a message for the same queue, to be tried again later.</summary>
    internal static void PutOff(this UnitOfWork work, object message, Guid messageId, string queue, int redelivery, TimeSpan wait) =>
        work.Send(Store(work, message) with
        {
            MessageId = messageId,
            // The queue's own exchange, by name alone: the row may outlive the broker's address.
            Destination = $"exchange:{queue}",
            Redelivery = redelivery,
            DeliverAfter = work.Now + wait,
        });

    private static OutgoingMessage Store(UnitOfWork work, object message) => new()
    {
        MessageId = Guid.CreateVersion7(work.Now),
        Type = MessageCatalogue.UrnOf(message.GetType()),
        Body = JsonSerializer.Serialize(message, message.GetType(), MessageCatalogue.Json),
        Trace = work.Trace,
    };
}

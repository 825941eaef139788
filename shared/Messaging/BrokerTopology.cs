using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;

namespace LiveCommerce.Messaging;

/// <summary>
/// What the broker has to hold for a set of reactions, as a definitions file that RabbitMQ loads at its start. An exchange
/// without a queue drops what it is sent; with these loaded first, nothing published before a consumer's first start is lost.
/// </summary>
/// <remarks>Names and bindings are those MassTransit declares by itself; a test compares the two on a real broker.</remarks>
public static class BrokerTopology
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NewLine = "\n",
    };

    /// <param name="reactions">Of all services that use the broker: <c>IServiceModule.Reactions</c>.</param>
    /// <param name="virtualHost">Where they listen.</param>
    /// <returns>The file's text.</returns>
    public static string Describe(IEnumerable<Type> reactions, string virtualHost = "/")
    {
        var exchanges = new SortedSet<string>(MessageCatalogue.All.Select(EntityOf), StringComparer.Ordinal);
        var queues = new SortedSet<string>(StringComparer.Ordinal);
        var bindings = new SortedSet<(string Source, string Destination, string Kind)>();
        foreach (var reaction in reactions)
        {
            var queue = ReactionQueue.Of(reaction);
            foreach (var name in (string[])[queue, ReactionQueue.ErrorsOf(queue)])
            {
                exchanges.Add(name);
                queues.Add(name);
                bindings.Add((name, name, "queue"));
            }
            foreach (var message in MessagesOf(reaction)) bindings.Add((EntityOf(message), queue, "exchange"));
        }
        return JsonSerializer.Serialize(new
        {
            Vhosts = new[] { new { Name = virtualHost } },
            Exchanges = exchanges.Select(name => new { Name = name, Vhost = virtualHost, Type = "fanout", Durable = true, AutoDelete = false, Internal = false, Arguments = new { } }),
            Queues = queues.Select(name => new { Name = name, Vhost = virtualHost, Durable = true, AutoDelete = false, Arguments = new QuorumQueue() }),
            Bindings = bindings.Select(b => new { b.Source, Vhost = virtualHost, b.Destination, DestinationType = b.Kind, RoutingKey = "", Arguments = new { } }),
        }, Layout) + "\n";
    }

    internal static string EntityOf(Type message) => message.GetCustomAttribute<EntityNameAttribute>()!.EntityName;

    private static IEnumerable<Type> MessagesOf(Type reaction) => reaction.GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>))
        .Select(i => i.GetGenericArguments()[0]);

    private sealed record QuorumQueue
    {
        [JsonPropertyName("x-queue-type")]
        public string Type => "quorum";
    }
}

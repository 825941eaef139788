using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using LiveCommerce.Contracts.Organization;
using MassTransit;

namespace LiveCommerce.Messaging;

/// <summary>Every event there is, by its URN: stored messages outlive the name of a class.</summary>
public static class MessageCatalogue
{
    private static readonly FrozenDictionary<string, Type> ByUrn = typeof(UnitChanged).Assembly.GetExportedTypes()
        .Where(t => t.GetCustomAttribute<MessageUrnAttribute>() is not null)
        .ToFrozenDictionary(UrnOf);

    /// <summary>How bodies are written, in the outbox and by the tests that pin the contracts.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    public static IEnumerable<Type> All => ByUrn.Values;

    public static string UrnOf(Type type) => MessageUrn.ForTypeString(type);

    /// <exception cref="KeyNotFoundException">No event has that URN, in this version of the contracts.</exception>
    public static Type Resolve(string urn) =>
        ByUrn.TryGetValue(urn, out var type) ? type : throw new KeyNotFoundException($"No event has the URN {urn}.");
}

using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace LiveCommerce.Data;

/// <summary>
/// A member of a request or an answer that lets whoever knows it in. No audit trail holds it, and no answer that is kept for
/// repeats: there the member is null.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>What is marked with <see cref="SecretAttribute"/>.</summary>
public static class Secrets
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    /// <summary>For whoever writes down what it was given.</summary>
    internal static readonly IJsonTypeInfoResolver LeftOut = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } };

    /// <summary>True if a member of it is a secret, or of one of its members.</summary>
    public static bool IsIn(Type type) => Known.GetOrAdd(type, static t => t.GetProperties().Any(p =>
        p.IsDefined(typeof(SecretAttribute), inherit: false) || (p.PropertyType.Assembly == t.Assembly && p.PropertyType != t && IsIn(p.PropertyType))));

    private static void LeaveOut(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.IsDefined(typeof(SecretAttribute), inherit: false) == true) property.ShouldSerialize = (_, _) => false;
        }
    }
}

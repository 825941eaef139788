using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LiveCommerce.Kernel;

namespace LiveCommerce.Hosting;

/// <summary>How JSON is read and written on the API: strict in, plain out.</summary>
public static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new StrictInstant());
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 32;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RefuseNullEntries);
    }

    // Annotations tell the serializer which members may be null, but not which entries of a list; no body has any that may.
    private static void RefuseNullEntries(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Enumerable || info.ElementType is not { } element) return;
        if (element.IsValueType && Nullable.GetUnderlyingType(element) is null) return;
        info.OnDeserialized = static list =>
        {
            foreach (var entry in (IEnumerable)list)
            {
                if (entry is null) throw new JsonException("An entry is null.");
            }
        };
    }

    /// <summary>RFC 3339 with an offset. A time without one would mean another instant on every machine.</summary>
    internal sealed class StrictInstant : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var at)
                ? at
                : throw new JsonException("A time needs an offset.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    /// <summary>Reads an RFC 3339 time with offset into whole UTC microseconds.</summary>
    public static bool TryParse(string? text, out DateTimeOffset at)
    {
        at = default;
        if (text is null || text.Length < 17 || text[10] is not ('T' or 't')) return false;
        var offset = text[^1] is 'Z' or 'z' || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        if (!offset || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        // Neither database nor calendar arithmetic needs the edges of the type, where adding a day overflows.
        if (parsed.Year is < 1971 or > 2999) return false;
        at = parsed.ToStored();
        return true;
    }
}

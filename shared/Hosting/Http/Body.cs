using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LiveCommerce.Hosting;

/// <summary>A JSON body that was read whole, or refused with every fault it has.</summary>
public sealed class Body<T>(T value) : IEndpointParameterMetadataProvider
    where T : notnull
{
    public T Value { get; } = value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            throw new RejectionException(CommonRejections.UnsupportedMediaType.Because("Send application/json."));
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }
        try
        {
            if (context.User.Identity?.IsAuthenticated == true && Caller.Of(context).Write is { IdempotencyKey: not null } write)
                write.RequestHash = Secrets.IsIn(typeof(T)) ? Caller.SlowHashOf(context, write, read.Buffer.ToArray()) : Caller.HashOf(context, read.Buffer.ToArray());
            return new Body<T>(Parse(read.Buffer, options));
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static T Parse(ReadOnlySequence<byte> json, JsonSerializerOptions options)
    {
        T? value;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = options.MaxDepth });
            value = JsonSerializer.Deserialize<T>(ref reader, options);
            if (reader.Read()) throw new JsonException("Something follows the value.");
            if (value is null) throw new JsonException("The value is null.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new RejectionException(BodyFaults.Of(json, typeof(T), options));
        }
        if (value is not IValidated validated) return value;
        var faults = new Faults();
        validated.Validate(faults);
        return faults.Count == 0 ? value : throw new RejectionException(faults.ToRejection());
    }
}

/// <summary>Finds everything wrong with a body the serializer gave up on at the first fault.</summary>
internal static class BodyFaults
{
    public static Rejection Of(ReadOnlySequence<byte> json, Type type, JsonSerializerOptions options)
    {
        var faults = new Faults();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = options.MaxDepth, AllowDuplicateProperties = false });
            Collect(document.RootElement, options.GetTypeInfo(type), "", faults);
            if (faults.Count == 0) faults.Add("", "json.unexpected", "The body does not fit.");
            return faults.ToRejection();
        }
        catch (JsonException e)
        {
            return NotJson($"Not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // The parser takes a member's name for granted until somebody reads it.
            return NotJson("Not JSON: a member's name is not text.");
        }
    }

    private static Rejection NotJson(string detail)
    {
        var faults = new Faults();
        faults.Add("", "json.malformed", detail);
        return CommonRejections.Malformed.Because("The body is not JSON.") with { Faults = faults.List };
    }

    private static void Collect(JsonElement element, JsonTypeInfo info, string pointer, Faults faults)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                Members(element, info, pointer, faults);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array && info.ElementType is not null:
                var i = 0;
                foreach (var item in element.EnumerateArray())
                    Collect(item, info.Options.GetTypeInfo(info.ElementType), $"{pointer}/{i++}", faults);
                break;
            default:
                try
                {
                    if (element.Deserialize(info) is null && element.ValueKind == JsonValueKind.Null)
                        faults.Add(pointer, "json.null", "Must not be null.");
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
                {
                    faults.Add(pointer, "json.wrong_type", Expected(info.Type));
                }
                break;
        }
    }

    private static void Members(JsonElement element, JsonTypeInfo info, string pointer, Faults faults)
    {
        var known = info.Properties.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in element.EnumerateObject())
        {
            var at = $"{pointer}/{member.Name.Replace("~", "~0").Replace("/", "~1")}";
            if (!known.TryGetValue(member.Name, out var property))
            {
                faults.Add(at, "json.unknown_member", $"Unknown; known are {string.Join(", ", known.Keys)}.");
                continue;
            }
            seen.Add(member.Name);
            if (member.Value.ValueKind == JsonValueKind.Null && property.IsSetNullable) continue;
            Collect(member.Value, info.Options.GetTypeInfo(property.PropertyType), at, faults);
        }
        foreach (var missing in info.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)))
            faults.Add($"{pointer}/{missing.Name}", "json.missing", "Required.");
    }

    private static string Expected(Type type)
    {
        var t = Nullable.GetUnderlyingType(type) ?? type;
        if (t.IsEnum) return $"Must be one of {string.Join(", ", Enum.GetNames(t))}.";
        if (t == typeof(DateTimeOffset)) return "Must be an RFC 3339 time with an offset, such as 2026-11-11T20:00:00+08:00.";
        if (t == typeof(Guid)) return "Must be a UUID.";
        if (t == typeof(long) || t == typeof(int)) return "Must be a whole number within its range.";
        if (t == typeof(string)) return "Must be a string.";
        if (t == typeof(bool)) return "Must be true or false.";
        return t.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "Must be an array." : "Must be an object.";
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LiveCommerce.Kernel;

namespace LiveCommerce.Data;

/// <summary>One decision as the audit trail keeps it: who did what, when, to what, and what it changed.</summary>
public sealed record AuditRecord
{
    // As much as the trail keeps.
    private const int LongestId = 100;

    // Whoever reads it is a person or a spreadsheet, so it is named and written as in the answers of the API.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = Secrets.LeftOut,
    };
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A view says where its thing belongs by one of these.
    private static readonly string[] PathNames = ["path", "ownerPath", "unitPath", "resellerPath", "headquartersPath"];

    /// <summary>Where it stands in its trail; 0 before it is written.</summary>
    public long Seq { get; init; }

    /// <summary>Where it was made; empty in a service's own trail.</summary>
    public string Service { get; init; } = "";

    /// <summary>Empty if it was written before entries had ids.</summary>
    public Guid EntryId { get; init; }

    public DateTimeOffset At { get; init; }

    public string ActorId { get; init; } = "";

    public string ActorName { get; init; } = "";

    public string ActorPath { get; init; } = "";

    public string Action { get; init; } = "";

    public string Subject { get; init; } = "";

    public string? SubjectId { get; init; }

    public string SubjectPath { get; init; } = "";

    public string? Origin { get; init; }

    /// <summary>A JSON object: the members that changed, as they were. Null if there was nothing before.</summary>
    public string? BeforeJson { get; init; }

    /// <summary>A JSON object: the members that changed, as they are now.</summary>
    public string? AfterJson { get; init; }

    /// <param name="write">Who decided.</param>
    /// <param name="now">When.</param>
    /// <param name="before">The thing's view before, or null.</param>
    /// <param name="after">What the caller is answered: the thing's view after.</param>
    internal static AuditRecord Of(WriteContext write, DateTimeOffset now, object? before, object? after)
    {
        // Of a change to several things the answer is about all of them: no one of them is what it was before.
        // What is gone is nothing now, and was all it was.
        var (was, isNow) = (before?.GetType() == after?.GetType() || after is Done ? View(before) : null, View(after));
        var path = (isNow ?? was) is { } view ? PathNames.Select(name => Text(view, name)).FirstOrDefault(p => p is not null) : null;
        return new AuditRecord
        {
            EntryId = Guid.CreateVersion7(now),
            At = now,
            ActorId = write.ActorId,
            ActorName = write.ActorName,
            ActorPath = write.ActorPath,
            Action = write.Action,
            Subject = write.Subject,
            SubjectId = ((isNow ?? was) is { } thing ? Text(thing, "id") : null) ?? IdIn(write.Subject),
            // What lies above the caller (a campaign of headquarters, say) was changed for the caller's own part of it.
            SubjectPath = path is not null && UnitPath.Covers(write.ActorPath, path) ? path : write.ActorPath,
            Origin = write.Origin,
            BeforeJson = was is { } old ? Members(old, isNow) : null,
            AfterJson = isNow is { } changed ? Members(changed, was) : null,
        };
    }

    private static JsonElement? View(object? view) =>
        view is not null and not Done && JsonSerializer.SerializeToElement(view, view.GetType(), Json) is { ValueKind: JsonValueKind.Object } json ? json : null;

    private static string? Text(JsonElement view, string name) => view.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>The first id in a request's path.</summary>
    private static string? IdIn(string subject)
    {
        foreach (var range in subject.AsSpan().Split('/'))
            if (Guid.TryParse(subject.AsSpan()[range], out var id)) return id.ToString();
        return null;
    }

    /// <summary>Those members of a view that the other does not hold just so.</summary>
    private static string Members(JsonElement view, JsonElement? other)
    {
        if (other is not { } known) return view.GetRawText();
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Plain))
        {
            json.WriteStartObject();
            foreach (var member in view.EnumerateObject())
                if (!known.TryGetProperty(member.Name, out var same) || !JsonElement.DeepEquals(member.Value, same)) member.WriteTo(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}

/// <summary>What the product decided by itself, to be kept like what people decide.</summary>
internal sealed record SystemDecision(string Action, string Subject, object Before, object After)
{
    /// <summary>Nobody's id: those of members and programs are UUIDs, and another authority's subjects are its own affair.</summary>
    private const string Actor = "system";

    public AuditRecord ToRecord(DateTimeOffset now) => AuditRecord.Of(
        new WriteContext { ActorId = Actor, ActorName = "System", ActorPath = UnitPath.Root, Action = Action, Subject = Subject, IsAudited = true }, now, Before, After);
}

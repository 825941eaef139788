using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Series;

/// <summary>A series as a planner enters it, and what the answers say of its occurrences.</summary>
internal static class Streams
{
    public const string Path = "/scheduling/series";

    /// <summary>Every evening at eight, an hour long, with a host, a room and a channel of its own.</summary>
    public static async Task<JsonObject> NewSeries(this Calendar calendar, string rule, string startsLocal = "2026-12-01T20:00", string owner = Calendar.Aurora, string tier = "GroupBroadcast")
    {
        var body = (await calendar.NewPlan(owner, tier)).ForPost();
        body.Remove("startsAt");
        body.Remove("endsAt");
        body.Remove("coversUnitIds");
        body.Remove("displace");
        body["rule"] = rule;
        body["startsLocal"] = startsLocal;
        body["durationMinutes"] = 60;
        return body;
    }

    public static async Task<JsonNode> Planned(this Calendar calendar, JsonObject series, string at = Calendar.Aurora)
    {
        var answer = await calendar.Planner(at).Post(Path, series);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        return answer.Json;
    }

    public static async Task<JsonNode> Series(this Calendar calendar, JsonNode series) => (await calendar.Planner().Get($"{Path}/{series["id"]}")).Json;

    /// <summary>An edit of all of it.</summary>
    public static async Task<Answer> Edit(this Calendar calendar, JsonNode series, JsonObject body) =>
        await calendar.Planner().Put($"{Path}/{series["id"]}", Without(body, "ownerUnitId", "tier", "mandateId"), ("If-Match", $"\"{(await calendar.Series(series))["version"]}\""));

    /// <summary>An edit of one occurrence, or of it and all that follow.</summary>
    public static async Task<Answer> EditFrom(this Calendar calendar, JsonNode series, string on, string apply, JsonObject body)
    {
        var sent = Without(body, "ownerUnitId", "tier", "mandateId");
        sent["apply"] = apply;
        return await calendar.Planner().Put($"{Path}/{series["id"]}/occurrences/{on}", sent, ("If-Match", $"\"{(await calendar.Series(series))["version"]}\""));
    }

    public static Task<Answer> Do(this Calendar calendar, JsonNode series, string action, object? body = null) => calendar.Planner().Post($"{Path}/{series["id"]}/{action}", body);

    public static JsonObject With(this JsonObject body, string name, object? value)
    {
        var other = body.DeepClone().AsObject();
        other[name] = JsonSerializer.SerializeToNode(value);
        return other;
    }

    public static JsonObject Without(JsonObject body, params string[] names)
    {
        var other = body.DeepClone().AsObject();
        foreach (var name in names) other.Remove(name);
        return other;
    }

    /// <summary>2026-12-01 12:00Z, one for each occurrence with a session; the day alone with a code for one without.</summary>
    public static IReadOnlyList<string> Times(JsonNode series) =>
    [
        .. series["occurrences"]!.AsArray().Select(o => (string?)o!["sessionId"] is null
            ? $"{o["on"]} {o["refusal"]?["code"]}"
            : $"{DateTimeOffset.Parse((string)o["startsAt"]!):yyyy-MM-dd HH:mm}Z{((string)o["status"]! is var s and not ("Scheduled" or "WarmUp") ? $" {s}" : "")}"),
    ];

    public static IReadOnlyList<string> On(JsonNode series) => [.. series["occurrences"]!.AsArray().Select(o => (string)o!["on"]!)];

    public static Dictionary<string, Guid> Sessions(JsonNode series) =>
        series["occurrences"]!.AsArray().Where(o => o!["sessionId"] is not null).ToDictionary(o => (string)o!["on"]!, o => (Guid)o!["sessionId"]!);
}

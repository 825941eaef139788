using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Checklists;

/// <summary>Checklists, and what other services report, in short.</summary>
internal static class Desk
{
    public static HttpClient Hand(this Calendar calendar, Role role, string path = Calendar.Aurora) => calendar.Host.At(path, role);

    public static async Task<JsonNode> Task(this Calendar calendar, Guid session, string code)
    {
        var checklist = await calendar.Hand(Role.Analyst).Get($"/scheduling/sessions/{session}/checklist");
        Assert.That(checklist.Status, Is.EqualTo(200), checklist.Content);
        return checklist.Json["tasks"]!.AsArray().Single(t => (string)t!["code"]! == code)!;
    }

    public static async Task<string> State(this Calendar calendar, Guid session, string code) => (string)(await calendar.Task(session, code))["state"]!;

    public static async Task<DateTimeOffset> DueAt(this Calendar calendar, Guid session, string code) => (DateTimeOffset)(await calendar.Task(session, code))["dueAt"]!;

    public static async Task<int> Points(this Calendar calendar, Guid session) => (int)(await calendar.Score(session)).Json["points"]!;

    public static Task<Answer> Score(this Calendar calendar, Guid session) => calendar.Hand(Role.Analyst).Get($"/scheduling/sessions/{session}/score");

    public static Task<Answer> Complete(this Calendar calendar, Guid session, string code, string? evidence = null, Role role = Role.Planner, string path = Calendar.Aurora) =>
        calendar.Hand(role, path).Post($"/scheduling/sessions/{session}/tasks/{code}/complete", evidence is null ? null : new { evidence });

    public static Task<Answer> Correct(this Calendar calendar, Guid session, string code, object body, string path = Calendar.Aurora) =>
        calendar.Hand(Role.Admin, path).Post($"/scheduling/sessions/{session}/tasks/{code}/correct", body);

    public static Task Lineup(this Calendar calendar, Guid session, long version, DateTimeOffset at, Guid? message = null) => calendar.Host.Deliver(
        new LineupFinalized { SessionId = session, Version = version, OwnerPath = Calendar.Aurora, FinalizedAt = at, Items = [] }, message);

    public static Task Prices(this Calendar calendar, Guid session, long version, DateTimeOffset at) => calendar.Host.Deliver(
        new PriceListPublished { SessionId = session, Version = version, OwnerPath = Calendar.Aurora, Currency = "CNY", PublishedAt = at, Prices = [] });

    public static Task Campaign(this Calendar calendar, Guid id, Guid? session, long version, CampaignStatus status, DateTimeOffset? at, string name = "Ten off") =>
        calendar.Host.Deliver(new CampaignChanged
        {
            CampaignId = id,
            Version = version,
            Name = name,
            Status = status,
            OwnerUnitId = calendar.Units[Calendar.Aurora],
            OwnerPath = Calendar.Aurora,
            SessionId = session,
            Stock = 100,
            Currency = "CNY",
            ChangedAt = at,
        });

    /// <summary>Goes live and ends as planned.</summary>
    public static async Task Broadcast(this Calendar calendar, Guid session)
    {
        var read = await calendar.Read(session);
        calendar.Host.Clock.Set((DateTimeOffset)read.Json["startsAt"]!);
        Assert.That((await calendar.Do(session, "go-live")).Status, Is.EqualTo(200));
        calendar.Host.Clock.Set((DateTimeOffset)read.Json["endsAt"]!);
        Assert.That((await calendar.Do(session, "end")).Status, Is.EqualTo(200));
        await calendar.Host.CarryOutDue();
    }

    /// <summary>Lets the review's time pass.</summary>
    public static async Task LetClose(this Calendar calendar, Guid session)
    {
        calendar.Host.Clock.Set((DateTimeOffset)(await calendar.Read(session)).Json["phases"]!["reviewEndsAt"]!);
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(session), Is.EqualTo("Closed"));
    }

    public static async Task<Answer> Template(this Calendar calendar, object[] tasks, string tier = "GroupBroadcast", string path = Calendar.Aurora)
    {
        var held = await calendar.Planner(path).Get($"/scheduling/checklist-templates/{tier}");
        return await calendar.Planner(path).Put($"/scheduling/checklist-templates/{tier}", new { tasks }, ("If-Match", held.ETag!));
    }

    public static object Asked(string code, string anchor, int offsetMinutes, int points, string ownerRole = "Planner", string? completesOn = null, bool needsEvidence = false, int lateCostsPercent = 50) =>
        new { code, title = code, anchor, offsetMinutes, points, ownerRole, completesOn, needsEvidence, lateCostsPercent };
}

using System.Text.Json.Nodes;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Flags;

/// <summary>What the product decides of a session by itself is in the trail, as its own doing, with the reason.</summary>
internal sealed class SystemAuditTests
{
    [Test]
    public async Task AFlagThatComesAndGoes_IsInTheTrailOfWhoeverStandsAbove()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var mandate = Calendar.Id();
        await calendar.Mandate(mandate);
        var session = await calendar.Scheduled(await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"));
        await calendar.Mandate(mandate, version: 2, revoked: true);
        await calendar.Mandate(Calendar.Id());
        foreach (var path in new[] { Calendar.Aurora, Calendar.North, Calendar.R7 })
        {
            var entries = await BySystem(calendar, path);
            Assert.That(entries.Select(e => ((string?)e!["action"], (Guid?)e["subjectId"], (string?)e["subjectPath"])), Is.EqualTo(new[] { ("FlagSession", (Guid?)session, Calendar.R7), ("UnflagSession", session, Calendar.R7) }));
            Assert.That(((string?)entries[0]!["before"]!["flagReason"], (string?)entries[0]!["after"]!["flagReason"]), Is.EqualTo(((string?)null, "mandate.revoked")));
        }
        Assert.That(await BySystem(calendar, Calendar.South), Is.Empty);
    }

    [Test]
    public async Task ADisplacedSession_IsInItsOwnersTrail_WithTheOneThatTookItsSlot()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var lower = await calendar.Scheduled(plan);
        var group = await calendar.Schedule((await calendar.NewPlan()) with { HostId = plan.HostId, StartsAt = plan.StartsAt, EndsAt = plan.EndsAt, Displace = true });
        Assert.That(group.Status, Is.EqualTo(201), group.Content);
        var entry = (await BySystem(calendar, Calendar.North)).Single()!;
        Assert.That(((string?)entry["action"], (Guid?)entry["subjectId"], (Guid?)entry["after"]!["displacedBySessionId"]), Is.EqualTo(("DisplaceSession", (Guid?)lower, (Guid?)group.Id)));
    }

    [Test]
    public async Task AMissedSessionIsInTheTrail_ItsPhasesAreNot()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var plan = await calendar.NewPlan();
        var session = await calendar.Scheduled(plan);
        calendar.Host.Clock.Set(plan.StartsAt);
        await calendar.Host.CarryOutDue();
        Assert.That(await BySystem(calendar, Calendar.Aurora), Is.Empty, "that the warm-up begins follows from the plan");
        calendar.Host.Clock.Set(plan.EndsAt.AddHours(24));
        await calendar.Host.CarryOutDue();
        var entry = (await BySystem(calendar, Calendar.Aurora)).Single()!;
        Assert.That(((string?)entry["action"], (Guid?)entry["subjectId"], (string?)entry["after"]!["cancelReason"]), Is.EqualTo(("MissSession", (Guid?)session, "missed")));
    }

    private static async Task<JsonArray> BySystem(Calendar calendar, string path) =>
        (await calendar.Host.At(path, Role.Admin).Get("/scheduling/audit?actor=system&limit=200")).Json["items"]!.AsArray();
}

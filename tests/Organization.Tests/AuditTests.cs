using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

internal sealed class AuditTests
{
    [Test]
    public async Task HeadquartersReadsWhoDidWhatWhenAndFromWhere()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Advance(TimeSpan.FromHours(3));
        var id = await tree.Brand(Tree.Hq, "women");
        await tree.Admin(Tree.Hq).Put($"/organization/brands/{id}", new { name = "Ladies", grade = "B" }, ("If-Match", "\"1\""));
        var entry = (await Entries(tree.Admin(Tree.Hq)))[^1]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)entry["actorId"], Is.EqualTo("member-at-/aurora/"));
            Assert.That((string?)entry["actorName"], Is.EqualTo("Member at /aurora/"));
            Assert.That((string?)entry["actorPath"], Is.EqualTo(Tree.Hq));
            Assert.That((DateTimeOffset)entry["at"]!, Is.EqualTo(ManualClock.Start.AddHours(3)));
            Assert.That((string?)entry["action"], Is.EqualTo("EditBrand"));
            Assert.That((string?)entry["subject"], Is.EqualTo($"/organization/brands/{id}"));
            Assert.That((string?)entry["origin"], Is.EqualTo("127.0.0.1"));
        });
    }

    [Test]
    public async Task ARegionReadsItsOwnEntries_NotHeadquartersNorItsSiblings()
    {
        await using var tree = await Tree.Grow();
        await tree.Brand(Tree.Hq, "women");
        await tree.Add(Tree.NorthPath, tree.North, "r8", "Reseller", "Agent");
        await tree.Add(Tree.SouthPath, tree.South, "s2", "Reseller", "Agent");
        var north = await Entries(tree.Admin(Tree.NorthPath));
        Assert.That(north.Select(e => (string)e!["subjectPath"]!), Is.All.StartsWith(Tree.NorthPath));
        Assert.That(north.Select(e => (string)e!["actorPath"]!), Is.EqualTo(new[] { Tree.Hq, Tree.Hq, Tree.NorthPath }), "and what headquarters did there");
        Assert.That((await Entries(tree.Admin(Tree.Hq))).Select(e => (string)e!["actorPath"]!), Is.SupersetOf(new[] { Tree.Hq, Tree.NorthPath, Tree.SouthPath }));
        Assert.That((await Entries(tree.Admin(Tree.Hq))).Select(e => (string)e!["actorPath"]!), Has.None.EqualTo(Tree.Foreign));
        Assert.That((await tree.Host.At(Tree.Hq, Role.Analyst).Get("/organization/audit")).Code, Is.EqualTo("access.forbidden"));
    }

    [Test]
    public async Task WhatWasRefusedLeavesNoEntry_AndNothingHoldsAPassword()
    {
        await using var tree = await Tree.Grow();
        var before = await tree.Count("SELECT COUNT(*) FROM AuditTrail");
        await tree.Admin(Tree.Hq).Post("/organization/units", new { parentId = tree.Aurora, code = "north", name = "Again", kind = "Region" });
        await tree.Mandate(Tree.Hq, tree.R7, Guid.Empty);
        Assert.That(await tree.Count("SELECT COUNT(*) FROM AuditTrail"), Is.EqualTo(before));
        Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members", new
        {
            unitId = tree.North,
            signInName = "x@north",
            displayName = "X",
            password = "correct-horse-battery",
            roles = new[] { "Planner" },
        }, ("Idempotency-Key", "k1")));
        await tree.Host.Settle();
        foreach (var file in Directory.GetFiles(tree.Host.Folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.That((await reader.ReadToEndAsync()).Contains("correct-horse-battery", StringComparison.Ordinal), Is.False, file);
        }
    }

    [Test]
    public async Task EntriesFromBeforeTheyWereTold_AreToldByTheOperator_AndAreThereOnce()
    {
        await using var tree = await Tree.Grow();
        var db = tree.Host.Services.GetRequiredService<OrganizationDb>();
        foreach (var code in Enumerable.Range(0, 120)) await tree.Brand(Tree.Hq, $"b{code}");
        await tree.Host.Settle();
        // As an upgrade finds them: without ids, and with nothing in the one place.
        await db.InTransaction<Done>(async work =>
        {
            await work.Execute("DELETE FROM AuditEntries");
            await work.Execute("UPDATE AuditTrail SET EntryId = NULL WHERE Seq % 3 > 0");
            return new Done();
        });
        var operators = tree.Host.At("/", Role.Operator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => operators.Post("/organization/operations/republish-audit")));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(202), answers[0].Content);
        Assert.That(answers.Select(a => (long)a.Json["entries"]!), Is.All.GreaterThan(120));
        await tree.Host.Settle();
        var all = await Everything(tree, "/organization/audit/all");
        Assert.That(all.Where(e => !e.Contains("RepublishOrganizationAudit")), Is.EquivalentTo((await Everything(tree, "/organization/audit")).Where(e => !e.Contains("RepublishOrganizationAudit"))));
        Assert.That(await tree.Count("SELECT COUNT(*) FROM AuditTrail WHERE EntryId IS NULL"), Is.Zero);
        Assert.That((await tree.Admin(Tree.Hq).Post("/organization/operations/republish-audit")).Code, Is.EqualTo("access.forbidden"));
    }

    private static async Task<List<string>> Everything(Tree tree, string trail)
    {
        var entries = new List<string>();
        for (string? after = "0"; after is not null;)
        {
            var page = (await tree.Host.At("/", Role.Admin).Get($"{trail}?limit=200&after={after}")).Json;
            entries.AddRange(page["items"]!.AsArray().Select(e => e!.ToJsonString()));
            after = (string?)page["next"];
        }
        return entries;
    }

    private static async Task<System.Text.Json.Nodes.JsonArray> Entries(HttpClient client) =>
        (await client.Get("/organization/audit?limit=200")).Json["items"]!.AsArray();
}

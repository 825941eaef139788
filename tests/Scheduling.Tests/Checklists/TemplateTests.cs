using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Checklists;

internal sealed class TemplateTests
{
    [Test]
    public async Task WithoutOneOfItsOwn_AHeadquartersHasTheProducts_WorthAHundred()
    {
        await using var calendar = await Calendar.Open();
        var all = await calendar.Hand(Role.Analyst, Calendar.R7).Get("/scheduling/checklist-templates");
        Assert.That(all.Json["items"]!.AsArray().Select(t => ((string)t!["tier"]!, (long)t["version"]!, (int)t["mostPoints"]!)), Is.EqualTo(new[]
        {
            ("GroupBroadcast", 0L, 100), ("RegionalBroadcast", 0L, 100), ("BrandBroadcast", 0L, 100), ("ResellerBroadcast", 0L, 100),
        }));
    }

    [Test]
    public async Task ASession_KeepsTheChecklistItWasPlannedBy()
    {
        await using var calendar = await Calendar.Open();
        var before = await calendar.Scheduled();
        calendar.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await calendar.Template([Desk.Asked("sweep", "LiveStart", -60, 5)])).Status, Is.EqualTo(200));
        calendar.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var between = await calendar.Scheduled(await calendar.NewPlan());
        calendar.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await calendar.Template([Desk.Asked("dust", "LiveStart", -60, 5)])).ETag, Is.EqualTo("\"2\""));
        Assert.That((int)(await calendar.Score(before)).Json["mostPoints"]!, Is.EqualTo(100));
        Assert.That(await calendar.State(between, "sweep"), Is.EqualTo("Open"));
        await calendar.Move(between, calendar.Soon.AddDays(3));
        Assert.That(await calendar.State(between, "sweep"), Is.EqualTo("Open"), "a move changes deadlines, not tasks");
    }

    [Test]
    public async Task OnlyTheHeadquartersWrites_AndEveryoneBelowReads_ItsOwn()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Template([Desk.Asked("sweep", "LiveStart", -60, 5)]);
        var refused = await calendar.Template([Desk.Asked("dust", "LiveStart", -60, 5)], path: Calendar.North);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "checklist_template.headquarters_only")));
        Assert.That((await calendar.Hand(Role.Merchandiser, Calendar.R7).Get("/scheduling/checklist-templates/GroupBroadcast")).Content, Does.Contain("sweep"));
        Assert.That((await calendar.Hand(Role.Analyst, Calendar.Borealis).Get("/scheduling/checklist-templates/GroupBroadcast")).Content, Does.Not.Contain("sweep"));
        Assert.That((await calendar.Planner().Put("/scheduling/checklist-templates/Nothing", new { tasks = new[] { Desk.Asked("a", "LiveStart", 0, 1) } }, 0)).Faults, Is.EqualTo(new[] { "tier" }));
        Assert.That((await calendar.Planner().Get("/scheduling/checklist-templates/7")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task OfManyWhoWriteAtTheSameInstant_ExactlyOneDoes()
    {
        await using var calendar = await Calendar.Open();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            calendar.Planner().Put("/scheduling/checklist-templates/BrandBroadcast", new { tasks = new[] { Desk.Asked($"t{i}", "LiveStart", 0, 1) } }, 0)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != 200).Select(a => a.Status), Is.All.AnyOf(412, 409));
    }

    [Test]
    public async Task WhatIsWrongWithATemplate_IsSaidAllAtOnce()
    {
        await using var calendar = await Calendar.Open();
        var answer = await calendar.Template(
        [
            Desk.Asked("Bad Code", "LiveStart", 200_000, 0, "Operator", lateCostsPercent: 101),
            Desk.Asked("same", "LiveStart", 0, 101),
            Desk.Asked("same", "LiveStart", 0, 1, completesOn: "LineupFinalized", needsEvidence: true),
        ]);
        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Faults, Is.EquivalentTo(new[]
        {
            "/tasks", "/tasks/0/code", "/tasks/0/offsetMinutes", "/tasks/0/points", "/tasks/0/lateCostsPercent", "/tasks/0/ownerRole", "/tasks/1/points", "/tasks/2/needsEvidence",
        }));
        Assert.That((await calendar.Template([])).Faults, Is.EqualTo(new[] { "/tasks" }));
        Assert.That((await calendar.Template([Desk.Asked("a", "Lunch", 0, 1)])).Status, Is.EqualTo(400));
        Assert.That((await calendar.Planner().Put("/scheduling/checklist-templates/GroupBroadcast", new { tasks = new[] { Desk.Asked("a", "LiveStart", 0, 1) } })).Status, Is.EqualTo(428));
    }
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Scheduling.Reactions;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests.Reactions;

internal sealed class MoveTests
{
    private const string Moved = "/aurora/south/r7/";

    [Test]
    public async Task WhatAMovedUnitOwnsMovesWithIt_AndScopeFollows()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var session = (await calendar.Planner().Post("/scheduling/sessions", plan.ForPost())).Id;
        var keyDate = (await calendar.Planner(Calendar.R7).Post("/scheduling/key-dates", new { unitId = plan.OwnerUnitId, title = "Fair", startsAt = calendar.Soon, endsAt = calendar.Soon.AddDays(1) })).Id;
        await calendar.Host.Deliver(Told(calendar, 2, Moved, Calendar.R7));

        foreach (var (path, sees) in new[] { (Calendar.Aurora, true), (Calendar.South, true), (Moved, true), (Calendar.North, false), (Calendar.R7, false), (Calendar.Borealis, false) })
        {
            var planner = calendar.Planner(path);
            Assert.That((await planner.Get($"/scheduling/sessions/{session}")).Status, Is.EqualTo(sees ? 200 : 404), path);
            Assert.That(await Has(planner, "sessions", session), Is.EqualTo(sees), path);
            Assert.That(await Has(planner, "key-dates", keyDate), Is.EqualTo(sees), path);
            Assert.That(await Has(planner, "rooms", plan.RoomId), Is.EqualTo(sees), path);
        }
        Assert.That((string?)(await calendar.Read(session)).Json["ownerPath"], Is.EqualTo(Moved));
        Assert.That((await calendar.Move(session, calendar.Soon.AddDays(2))).Status, Is.EqualTo(200), "it is planned on as before");
        var next = await calendar.Planner(Calendar.South).Post("/scheduling/sessions", plan.At(calendar.Soon.AddDays(5)).ForPost());
        Assert.That(next.Status, Is.EqualTo(201), next.Content);
        Assert.That((string?)next.Json["ownerPath"], Is.EqualTo(Moved));
    }

    [Test]
    public async Task NewsOfMovesComeLateTwiceAndOutOfOrder_AndTheEndIsTheSame()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        var session = (await calendar.Planner().Post("/scheduling/sessions", plan.ForPost())).Id;
        var last = Told(calendar, 4, "/aurora/r7/", Calendar.R7, Moved);
        await calendar.Host.Deliver(last);
        await calendar.Host.Deliver(Told(calendar, 2, Moved, Calendar.R7));
        await calendar.Host.Deliver(Told(calendar, 3, Calendar.R7, Moved));
        await calendar.Host.Deliver(last, Calendar.Id());
        Assert.That((string?)(await calendar.Read(session)).Json["ownerPath"], Is.EqualTo("/aurora/r7/"));
        await calendar.Host.Deliver(Told(calendar, 5, Calendar.R7, Moved, "/aurora/r7/"));
        Assert.That((string?)(await calendar.Read(session)).Json["ownerPath"], Is.EqualTo(Calendar.R7), "and home again");
    }

    [Test]
    public async Task NoColumnThatHoldsAPathIsForgotten()
    {
        await using var calendar = await Calendar.Open();
        Assert.That(await Paths.Astray(calendar.Host.Services.GetRequiredService<SchedulingDb>(), MovedRows.All.Columns, "Blocks.Path", "Brands.HeadquartersPath", "ChecklistTemplates.Path", "Periods.Path"), Is.Empty);
    }

    private static UnitChanged Told(Calendar calendar, long version, string path, params string[] former) => new()
    {
        UnitId = calendar.Units[Calendar.R7],
        Version = version,
        Path = path,
        FormerPaths = former,
        Name = "R7",
        Kind = UnitKind.Reseller,
        TimeZone = "Asia/Shanghai",
        Currency = "CNY",
        IsActive = true,
    };

    private static async Task<bool> Has(HttpClient planner, string list, Guid id) =>
        (await planner.Get($"/scheduling/{list}?limit=200")).Json["items"]!.AsArray().Any(i => (Guid)i!["id"]! == id);
}

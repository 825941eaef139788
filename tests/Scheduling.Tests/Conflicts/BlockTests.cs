using System.Text.Json.Nodes;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Tests.Crew;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

internal sealed class BlockTests
{
    /// <summary>What an edit sends as it was read.</summary>
    private static readonly string[] Kept = ["brandIds", "hostId", "roomId", "startsAt", "endsAt"];

    [Test]
    public async Task AGroupBroadcast_KeepsItsTimeFree_OfLowerSessionsOfItsBrands()
    {
        await using var calendar = await Calendar.Open();
        var group = await calendar.NewPlan();
        var id = await calendar.Scheduled(group with { Title = "Gala" });
        var regional = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");

        var refused = await calendar.Schedule(regional.At(group.StartsAt.AddHours(1), 1));
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "session.blocked")), refused.Content);
        var block = refused.Json["blocks"]!.AsArray().Single()!;
        Assert.That(((Guid)block["sessionId"]!, (string?)block["reason"]), Is.EqualTo((id, "Gala")));
        Assert.That(((DateTimeOffset)block["startsAt"]!, (DateTimeOffset)block["endsAt"]!), Is.EqualTo((group.StartsAt, group.EndsAt)));
        Assert.That(block["brandIds"]!.AsArray().Select(b => (Guid)b!), Is.EqualTo(group.BrandIds));
        Assert.That(refused.Json["conflicts"]!.AsArray(), Is.Empty);
        Assert.That(FirstSlot(refused), Is.EqualTo(group.StartsAt.AddHours(-1)).Or.EqualTo(group.EndsAt));

        await calendar.Scheduled((regional with { BrandIds = [calendar.OtherBrand] }).At(group.StartsAt));
        await calendar.Scheduled(regional.At(group.EndsAt));
        await calendar.Scheduled(regional.At(group.StartsAt.AddHours(-3)));
        await calendar.Scheduled(await calendar.NewPlan());
    }

    [Test]
    public async Task ABrandBroadcastOfTheHeadquartersItself_IsALowerTierToo()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Scheduled();
        Assert.That((await calendar.Schedule(await calendar.NewPlan(Calendar.Aurora, "BrandBroadcast"))).Code, Is.EqualTo("session.blocked"));
    }

    [Test]
    public async Task AGroupBroadcastThatCoversSomeUnits_BlocksThemAndThoseBelow()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        await calendar.Scheduled((await calendar.NewPlan()) with { CoversUnitIds = [calendar.Units[Calendar.North]] });
        Assert.That((await calendar.Schedule(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"))).Code, Is.EqualTo("session.blocked"));
        Assert.That((await calendar.Schedule(await calendar.NewPlan(Calendar.R7, "ResellerBroadcast"))).Code, Is.EqualTo("session.blocked"));
        await calendar.Scheduled(await calendar.NewPlan(Calendar.South, "RegionalBroadcast"));
        await calendar.Scheduled(await calendar.NewPlan(Calendar.Aurora, "BrandBroadcast"));
    }

    [Test]
    public async Task OnlyAGroupBroadcast_CoversUnits_AndOnlyThoseOfItsTree()
    {
        await using var calendar = await Calendar.Open();
        var regional = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")) with { CoversUnitIds = [calendar.Units[Calendar.R7]] };
        Assert.That((await calendar.Schedule(regional)).Faults, Is.EqualTo(new[] { "/coversUnitIds" }));
        var group = await calendar.NewPlan();
        var foreign = await calendar.Schedule(group with { CoversUnitIds = [calendar.Units[Calendar.Borealis]] });
        Assert.That((foreign.Status, foreign.Code), Is.EqualTo((409, "session.unit_unknown")), foreign.Content);
        Assert.That((await calendar.Schedule(group with { CoversUnitIds = [calendar.Units[Calendar.North], calendar.Units[Calendar.North]] })).Faults, Is.EqualTo(new[] { "/coversUnitIds" }));
        var id = await calendar.Scheduled(group with { CoversUnitIds = [calendar.Units[Calendar.North]] });
        Assert.That((await calendar.Read(id)).Json["coversUnitIds"]!.AsArray().Select(u => (Guid)u!), Is.EqualTo(new[] { calendar.Units[Calendar.North] }));
    }

    [Test]
    public async Task TheBlock_GoesWithItsSession()
    {
        await using var calendar = await Calendar.Open();
        var group = await calendar.NewPlan();
        var id = await calendar.Scheduled(group);
        var probe = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");

        var later = group.StartsAt.AddDays(2);
        await calendar.Move(id, later);
        await calendar.Scheduled(probe.At(group.StartsAt));
        Assert.That((await calendar.Schedule(probe.At(later))).Code, Is.EqualTo("session.blocked"));

        var edited = (group with { BrandIds = [calendar.OtherBrand] }).At(later).ForPut();
        Assert.That((await calendar.Planner().Put($"/scheduling/sessions/{id}", edited, ("If-Match", "\"2\""))).Status, Is.EqualTo(200));
        var first = await calendar.Scheduled(probe.At(later));
        await calendar.Do(first, "cancel");
        Assert.That((await calendar.Schedule((probe with { BrandIds = [calendar.OtherBrand] }).At(later))).Code, Is.EqualTo("session.blocked"));

        await calendar.Do(id, "cancel");
        await calendar.Scheduled((probe with { BrandIds = [calendar.OtherBrand] }).At(later));
    }

    [Test]
    public async Task AGroupBroadcastThatEnds_FreesTheRestOfItsTime()
    {
        await using var calendar = await Calendar.Open();
        var group = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(1), 5);
        var id = await calendar.Scheduled(group);
        calendar.Host.Clock.Set(group.StartsAt);
        await calendar.Do(id, "go-live");
        var probe = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(group.StartsAt.AddHours(2), 1);
        Assert.That((await calendar.Schedule(probe)).Code, Is.EqualTo("session.blocked"));
        calendar.Host.Clock.Advance(TimeSpan.FromHours(1));
        await calendar.Do(id, "end");
        await calendar.Scheduled(probe);
    }

    [Test]
    public async Task AGroupBroadcastOverLowerSessions_IsRefusedAndNamesThem()
    {
        await using var calendar = await Calendar.Open();
        var regional = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var id = await calendar.Scheduled(regional);
        await calendar.Scheduled((await calendar.NewPlan(Calendar.South, "RegionalBroadcast")) with { BrandIds = [calendar.OtherBrand] });
        var refused = await calendar.Schedule(await calendar.NewPlan());
        Assert.That(refused.Code, Is.EqualTo("session.conflict"), refused.Content);
        var conflict = refused.Json["conflicts"]!.AsArray().Single()!;
        Assert.That(((Guid)conflict["sessionId"]!, (Guid?)conflict["resourceId"], (string)conflict["tier"]!), Is.EqualTo((id, (Guid?)null, "RegionalBroadcast")));
        Assert.That(refused.Json["freeSlots"]!.AsArray(), Has.Count.EqualTo(3));
        await calendar.Scheduled((await calendar.NewPlan()) with { CoversUnitIds = [calendar.Units[Calendar.South]] });
    }

    [Test]
    public async Task AGroupBroadcastAndALowerSession_NeverGetTheSameTime_WhoeverIsFirst()
    {
        await using var calendar = await Calendar.Open();
        for (var i = 0; i < 8; i++)
        {
            var at = calendar.Soon.AddDays(i);
            var group = (await calendar.NewPlan()).At(at);
            var lower = (await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(at.AddHours(1));
            var answers = await Task.WhenAll(i % 2 == 0 ? [calendar.Schedule(group), calendar.Schedule(lower)] : new[] { calendar.Schedule(lower), calendar.Schedule(group) });
            Assert.That(answers.Count(a => a.Status == 201), Is.EqualTo(1));
            Assert.That(answers.Single(a => a.Status != 201).Code, Is.AnyOf("session.conflict", "session.blocked"));
        }
    }

    [Test]
    public async Task GoingLiveEarly_IsRefusedWhileTheTimeIsBlocked()
    {
        await using var calendar = await Calendar.Open();
        var group = (await calendar.NewPlan()).At(calendar.Host.Clock.GetUtcNow().AddHours(1), 1);
        await calendar.Scheduled(group);
        var lower = await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "RegionalBroadcast")).At(group.EndsAt, 2));
        Assert.That((await calendar.Do(lower, "go-live")).Code, Is.EqualTo("session.blocked"));
        calendar.Host.Clock.Set(group.EndsAt);
        Assert.That((await calendar.Do(lower, "go-live")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task TheHeadquarters_BlocksTimeForAPeriod()
    {
        await using var calendar = await Calendar.Open();
        var db = calendar.Host.Services.GetRequiredService<SchedulingDb>();
        var existing = await calendar.Scheduled(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        var period = Calendar.Id();
        var block = new BlockRow
        {
            Id = Calendar.Id(),
            Path = Calendar.Aurora,
            StartsAt = calendar.Soon.AddDays(-3),
            EndsAt = calendar.Soon.AddDays(3),
            PeriodId = period,
            Reason = "Stocktaking",
        };
        var inTheWay = await db.InTransaction(async work => Result<IReadOnlyList<Collision>>.Of(await Blocks.Add(work, block)));
        Assert.That(inTheWay.Value.Select(c => c.SessionId), Is.EqualTo(new[] { existing }));

        var probe = await calendar.NewPlan(Calendar.South, "RegionalBroadcast");
        foreach (var day in new[] { -2.9, 0, 2.9 })
        {
            var refused = await calendar.Schedule(probe.At(calendar.Soon.AddDays(day)));
            Assert.That(refused.Code, Is.EqualTo("session.blocked"), refused.Content);
            Assert.That((string?)refused.Json["blocks"]![0]!["reason"], Is.EqualTo("Stocktaking"));
        }
        // What was planned before stays, and is edited like any other where it stays.
        var person = await calendar.AddPerson("Operations");
        Assert.That((await calendar.Assign(existing, (person, "Operations"))).Status, Is.EqualTo(200));
        var read = await calendar.Read(existing);
        var body = new JsonObject([.. read.Json.AsObject().Where(m => Kept.Contains(m.Key)).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))])
        {
            ["title"] = "Another title",
            ["channelIds"] = new JsonArray([.. read.Json["channels"]!.AsArray().Select(c => c!["channelId"]!.DeepClone())]),
        };
        Assert.That((await calendar.Planner().Put($"/scheduling/sessions/{existing}", body, ("If-Match", read.ETag!))).Status, Is.EqualTo(200));
        Assert.That((await calendar.Move(existing, calendar.Soon.AddDays(1))).Code, Is.EqualTo("session.blocked"));
        // Nothing keeps a group broadcast from its time but what is booked and planned.
        await calendar.Scheduled((await calendar.NewPlan()).At(calendar.Soon.AddDays(1)));
        await calendar.Scheduled((await calendar.NewPlan(Calendar.Borealis)) with { BrandIds = [calendar.ForeignBrand] });

        await db.InTransaction(async work =>
        {
            await Blocks.RemoveOfPeriod(work, period);
            return Result<bool>.Of(true);
        });
        await calendar.Scheduled(probe);
    }

    private static DateTimeOffset FirstSlot(Answer refused) => (DateTimeOffset)refused.Json["freeSlots"]![0]!["startsAt"]!;
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

internal sealed class FreeSlotTests
{
    [Test]
    public async Task WhatARefusalOffers_IsFree_NearestFirst()
    {
        await using var calendar = await Calendar.Open();
        var plan = (await calendar.NewPlan()) with { RoomId = await calendar.AddRoom(turnaroundMinutes: 20) };
        await calendar.Scheduled(plan);
        await calendar.Scheduled((await calendar.NewPlan()).At(plan.EndsAt.AddHours(1), 2) with { HostId = plan.HostId });
        var refused = await calendar.Schedule(plan.At(plan.StartsAt.AddHours(1), 2));
        var offered = Starts(refused.Json["freeSlots"]!);
        // Before: the room's twenty minutes have to pass between the two. After: the host is busy again an hour after the first.
        Assert.That(offered, Is.EqualTo(new[] { plan.StartsAt.AddHours(-2).AddMinutes(-30), plan.EndsAt.AddHours(3), plan.StartsAt.AddHours(-4).AddMinutes(-30) }), refused.Content);
        foreach (var start in offered) await calendar.Do(await calendar.Scheduled(plan.At(start, 2)), "cancel");
    }

    [Test]
    public async Task WhereNothingIsFreeForTwoWeeks_FurtherOnIsLooked_ButNotForEver([Values(20, 60, 127)] int days)
    {
        await using var calendar = await Calendar.Open();
        var host = await calendar.AddHost();
        var near = calendar.Soon.AddDays(20);
        var away = new { startsAt = near.AddDays(-130), endsAt = near.AddDays(days), reason = "Abroad" };
        Assert.That((await calendar.Planner().Post($"/scheduling/people/{host}/absences", away)).Status, Is.EqualTo(201));
        var found = Starts((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("near", At(near)), ("hostId", host))).Json["items"]!);
        if (days < 126) Assert.That(found[0], Is.EqualTo(near.AddDays(days)));
        else Assert.That(found, Is.Empty);
    }

    [Test]
    public async Task FreeSlots_AreReadWithoutTrying()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        await calendar.Scheduled(plan);
        var answer = await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("near", At(plan.StartsAt.AddMinutes(30))), ("hostId", plan.HostId), ("count", "4"));
        Assert.That(Starts(answer.Json["items"]!), Is.EqualTo(new[] { plan.StartsAt.AddHours(-1), plan.StartsAt.AddHours(-2), plan.EndsAt, plan.StartsAt.AddHours(-3) }), answer.Content);
        var anywhere = await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("near", At(plan.StartsAt)), ("hostId", await calendar.AddHost()));
        Assert.That(Starts(anywhere.Json["items"]!)[0], Is.EqualTo(plan.StartsAt), "another host is free then");
        Assert.That(Starts(anywhere.Json["items"]!), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task ALowerTier_IsOfferedNothingThatIsBlocked()
    {
        await using var calendar = await Calendar.Open();
        var group = await calendar.NewPlan();
        await calendar.Scheduled(group);
        (string, object)[] query = [("minutes", "60"), ("near", At(group.StartsAt)), ("brandIds", calendar.Brand)];
        Assert.That(Starts((await Read(calendar, Calendar.North, query)).Json["items"]!)[0], Is.EqualTo(group.StartsAt.AddHours(-1)));
        Assert.That(Starts((await Read(calendar, Calendar.Aurora, query)).Json["items"]!)[0], Is.EqualTo(group.StartsAt), "a group broadcast is not blocked");
        Assert.That(Starts((await Read(calendar, Calendar.Aurora, [.. query, ("tier", "BrandBroadcast")])).Json["items"]!)[0], Is.EqualTo(group.StartsAt.AddHours(-1)));
        Assert.That(Starts((await Read(calendar, Calendar.North, [.. query[..2], ("brandIds", calendar.OtherBrand)])).Json["items"]!)[0], Is.EqualTo(group.StartsAt));
    }

    [Test]
    public async Task AGroupBroadcast_IsOfferedNoTimeThatLowerSessionsHold()
    {
        await using var calendar = await Calendar.Open();
        var lower = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        await calendar.Scheduled(lower);
        (string, object)[] query = [("minutes", "60"), ("near", At(lower.StartsAt)), ("brandIds", calendar.Brand)];
        Assert.That(Starts((await Read(calendar, Calendar.Aurora, query)).Json["items"]!)[0], Is.EqualTo(lower.StartsAt.AddHours(-1)));
    }

    [Test]
    public async Task AReseller_IsOfferedOnlyWhatAMandateLeavesIt()
    {
        await using var calendar = await Calendar.Open();
        var near = calendar.Soon.AddDays(1);
        (string, object)[] query = [("minutes", "60"), ("near", At(near)), ("brandIds", calendar.Brand), ("count", "20")];
        Assert.That(Starts((await Read(calendar, Calendar.R7, query)).Json["items"]!), Is.Empty, "no mandate");

        var mandate = Calendar.Id();
        await calendar.Mandate(mandate, sessionsPerWeek: 1, opensAt: near.AddHours(5), closesAt: near.AddHours(8));
        Assert.That(Starts((await Read(calendar, Calendar.R7, query)).Json["items"]!), Is.EqualTo(new[] { near.AddHours(5), near.AddHours(6), near.AddHours(7) }));
        Assert.That(Starts((await Read(calendar, Calendar.R7, [.. query[..2], ("brandIds", calendar.OtherBrand)])).Json["items"]!), Is.Empty, "not for that brand");

        await calendar.Scheduled((await calendar.NewPlan(Calendar.R7, "ResellerBroadcast")).At(near.AddHours(5), 1));
        Assert.That(Starts((await Read(calendar, Calendar.R7, query)).Json["items"]!), Is.Empty, "the week is used up");
        await calendar.Mandate(mandate, version: 2, sessionsPerWeek: 1, opensAt: near, closesAt: near.AddDays(8));
        var next = Starts((await Read(calendar, Calendar.R7, query)).Json["items"]!);
        Assert.That(next, Is.Not.Empty);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        Assert.That(next.Select(n => Scheduling.Mandates.Week.Of(n, zone)), Is.All.Not.EqualTo(Scheduling.Mandates.Week.Of(near.AddHours(5), zone)));
    }

    [Test]
    public async Task AMandatesHours_AreThoseOfTheResellersClock()
    {
        await using var calendar = await Calendar.Open();
        await calendar.Host.Deliver(new MandateChanged
        {
            MandateId = Calendar.Id(),
            Version = 1,
            ResellerId = calendar.Units[Calendar.R7],
            ResellerPath = Calendar.R7,
            BrandIds = [calendar.Brand],
            Channels = [ChannelKind.MiniProgram],
            OpensAt = calendar.Host.Clock.GetUtcNow(),
            ClosesAt = calendar.Host.Clock.GetUtcNow().AddDays(300),
            EarliestMinute = 22 * 60,
            LatestMinute = 60,
        });
        var answer = await Read(calendar, Calendar.R7, ("minutes", "90"), ("near", At(calendar.Soon)), ("brandIds", calendar.Brand), ("count", "20"));
        var starts = Starts(answer.Json["items"]!).Select(s => s.ToOffset(TimeSpan.FromHours(8)).TimeOfDay).ToList();
        Assert.That(starts, Has.Count.EqualTo(20));
        Assert.That(starts, Is.All.EqualTo(TimeSpan.FromHours(22)).Or.EqualTo(TimeSpan.FromMinutes(23 * 60 + 30)));
    }

    [Test]
    public async Task NothingIsOffered_ThatHasBegunOrLiesTooFarAhead()
    {
        await using var calendar = await Calendar.Open();
        var now = calendar.Host.Clock.GetUtcNow();
        var past = Starts((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("near", At(now.AddDays(-3))))).Json["items"]!);
        Assert.That(past, Has.Length.EqualTo(3).And.All.GreaterThan(now));
        var unasked = Starts((await Read(calendar, Calendar.Aurora, ("minutes", "60"))).Json["items"]!);
        Assert.That(unasked, Is.EqualTo(past));
        var late = Starts((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("near", At(now.AddDays(410))))).Json["items"]!);
        Assert.That(late, Has.Length.EqualTo(3).And.All.LessThanOrEqualTo(now.AddDays(400)));
        Assert.That(Starts((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("near", At(now.AddDays(530))))).Json["items"]!), Is.Empty);
    }

    [Test]
    public async Task EveryFaultOfTheQuery_IsListed()
    {
        await using var calendar = await Calendar.Open();
        Assert.That((await calendar.Planner().Get("/scheduling/free-slots")).Faults, Is.EquivalentTo(new[] { "?ownerUnitId", "?minutes" }));
        var all = await calendar.Planner().Get("/scheduling/free-slots?ownerUnitId=x&minutes=29&near=soon&hostId=y&roomId=z&channelIds=1,2&brandIds=q&tier=Huge&count=21&coHostIds=a");
        Assert.That(all.Faults.Distinct(), Is.EquivalentTo(new[]
        {
            "?ownerUnitId", "?minutes", "?near", "?hostId", "?roomId", "?channelIds", "?brandIds", "?tier", "?count", "?coHostIds",
        }));
        Assert.That((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("hostId", Calendar.Id()))).Code, Is.EqualTo("session.resource_not_usable"));
        Assert.That((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("hostId", await calendar.AddRoom()))).Code, Is.EqualTo("session.resource_not_usable"));
        Assert.That((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("hostId", await calendar.AddHost(Calendar.Borealis)))).Code, Is.EqualTo("session.resource_not_usable"));
        Assert.That((await Read(calendar, Calendar.Aurora, ("minutes", "60"), ("brandIds", calendar.ForeignBrand))).Code, Is.EqualTo("session.brand_unknown"));
        Assert.That((await Read(calendar, Calendar.North, ("minutes", "60"), ("tier", "GroupBroadcast"))).Code, Is.EqualTo("session.tier_not_allowed"));
    }

    [Test]
    public async Task OnlyAPlannerWhoCoversTheUnit_MayAsk()
    {
        await using var calendar = await Calendar.Open();
        var path = $"/scheduling/free-slots?ownerUnitId={calendar.Units[Calendar.North]}&minutes=60";
        foreach (var (at, status) in new[] { (Calendar.Aurora, 200), (Calendar.North, 200), (Calendar.South, 404), (Calendar.R7, 404), (Calendar.Borealis, 404) })
            Assert.That((await calendar.Planner(at).Get(path)).Status, Is.EqualTo(status), at);
        Assert.That((await calendar.Host.At(Calendar.Aurora, Role.Analyst).Get(path)).Status, Is.EqualTo(403));
    }

    private static Task<Answer> Read(Calendar calendar, string owner, params (string Name, object Value)[] query) => calendar.Planner().Get(
        $"/scheduling/free-slots?ownerUnitId={calendar.Units[owner]}&{string.Join('&', query.Select(q => $"{q.Name}={q.Value}"))}");

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset[] Starts(System.Text.Json.Nodes.JsonNode slots) => [.. slots.AsArray().Select(s => (DateTimeOffset)s!["startsAt"]!)];
}

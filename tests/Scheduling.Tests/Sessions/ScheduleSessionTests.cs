using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class ScheduleSessionTests
{
    [Test]
    public async Task ASession_IsAnsweredWithEverythingPlanned()
    {
        await using var calendar = await Calendar.Open();
        var coHost = await calendar.AddHost();
        var plan = await calendar.NewPlan() with
        {
            CoHostIds = [coHost],
            Goals = new { views = 200_000, conversionRate = 0.03, averageOrderValueMinor = 39_900 },
            Phases = null,
        };
        var answer = await calendar.Schedule(plan);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        Assert.That(answer.ETag, Is.EqualTo("\"1\""));
        var json = answer.Json;
        Assert.That((string?)json["status"], Is.EqualTo("Scheduled"));
        Assert.That((string?)json["ownerPath"], Is.EqualTo(Calendar.Aurora));
        Assert.That((string?)json["channels"]![0]!["kind"], Is.EqualTo("MiniProgram"));
        Assert.That((Guid)json["channels"]![0]!["channelId"]!, Is.EqualTo(plan.ChannelIds[0]));
        Assert.That((Guid)json["coHostIds"]![0]!, Is.EqualTo(coHost));
        Assert.That((long)json["goals"]!["salesMinor"]!, Is.EqualTo(239_400_000));
        Assert.That((DateTimeOffset)json["createdAt"]!, Is.EqualTo(calendar.Host.Clock.GetUtcNow()));
        Assert.That(Phases(json), Is.EqualTo(new[]
        {
            plan.StartsAt.AddDays(-21), plan.StartsAt.AddDays(-21), plan.StartsAt.AddDays(-7), plan.StartsAt, plan.EndsAt, plan.EndsAt.AddDays(5),
        }));
        Assert.That((await calendar.Read(answer.Id)).Content, Is.EqualTo(answer.Content));
    }

    [Test]
    public async Task TheSameIdempotencyKey_SchedulesOnce()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var first = await calendar.Planner().Post("/scheduling/sessions", plan.ForPost(), ("Idempotency-Key", "k1"));
        var second = await calendar.Planner().Post("/scheduling/sessions", plan.ForPost(), ("Idempotency-Key", "k1"));
        Assert.That(second.Content, Is.EqualTo(first.Content));
        Assert.That(second.Status, Is.EqualTo(201));
        var other = await calendar.Planner().Post("/scheduling/sessions", (plan with { Title = "Other" }).ForPost(), ("Idempotency-Key", "k1"));
        Assert.That(other.Code, Is.EqualTo("request.idempotency_key_reused"));
    }

    [TestCase("GroupBroadcast", Calendar.Aurora)]
    [TestCase("RegionalBroadcast", Calendar.North)]
    [TestCase("BrandBroadcast", Calendar.Aurora, Calendar.North)]
    [TestCase("ResellerBroadcast", Calendar.R7)]
    public async Task ATier_BelongsToItsKindsOfUnit(string tier, params string[] owners)
    {
        await using var calendar = await Calendar.Open();
        await calendar.Mandate(Calendar.Id());
        foreach (var owner in new[] { Calendar.Aurora, Calendar.North, Calendar.R7 })
        {
            var answer = await calendar.Schedule(await calendar.NewPlan(owner, tier));
            Assert.That(answer.Code, Is.EqualTo(owners.Contains(owner) ? null : "session.tier_not_allowed"), $"{tier} of {owner}");
        }
    }

    [Test]
    public async Task EveryFaultOfAPlan_IsListed()
    {
        await using var calendar = await Calendar.Open();
        var host = Calendar.Id();
        var bad = new Plan
        {
            Title = "",
            Tier = "GroupBroadcast",
            HostId = host,
            CoHostIds = [host],
            ChannelIds = [host, host],
            BrandIds = [],
            StartsAt = calendar.Soon,
            EndsAt = calendar.Soon.AddMinutes(29),
            Goals = new { views = 0, conversionRate = 2 },
            Phases = new { preparationDays = 91, reviewDays = -1 },
            MandateId = host,
        };
        var refused = await calendar.Planner().Post("/scheduling/sessions", bad.ForPost());
        Assert.That(refused.Status, Is.EqualTo(400));
        Assert.That(refused.Faults, Is.EquivalentTo(new[]
        {
            "/title", "/brandIds", "/channelIds", "/coHostIds", "/endsAt", "/goals/views", "/goals/conversionRate",
            "/phases/preparationDays", "/phases/reviewDays", "/mandateId",
        }));

        var shape = await calendar.Planner().Post("/scheduling/sessions", """{"title":null,"tier":"Top","startsAt":"2026-11-11T20:00:00","extra":1}""");
        Assert.That(shape.Status, Is.EqualTo(400));
        Assert.That(shape.Faults, Is.SupersetOf(new[] { "/title", "/tier", "/startsAt", "/extra", "/hostId", "/endsAt" }));
    }

    [Test]
    public async Task PlansOutOfTheirBounds_AreRefusedByName()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        async Task<string?> Code(Plan p)
        {
            var answer = await calendar.Schedule(p);
            return answer.Json["faults"] is JsonArray faults ? (string?)faults[0]!["code"] : answer.Code;
        }
        var now = calendar.Host.Clock.GetUtcNow();
        Assert.That(await Code(plan.At(plan.StartsAt, 24.1)), Is.EqualTo("session.length"));
        Assert.That(await Code(plan.At(plan.StartsAt, -1)), Is.EqualTo("session.length"));
        Assert.That(await Code(plan.At(now)), Is.EqualTo("session.starts_in_past"));
        Assert.That(await Code(plan.At(now.AddDays(400).AddMinutes(1))), Is.EqualTo("session.starts_too_late"));
        Assert.That(await Code(plan with { BrandIds = [calendar.Brand, calendar.ForeignBrand] }), Is.EqualTo("session.brand_unknown"));
        Assert.That(await Code(plan with { OwnerUnitId = Calendar.Id() }), Is.EqualTo("unit.not_found"));
        Assert.That(await Code(plan with { Goals = new { views = 5 } }), Is.EqualTo("goals.incomplete"));
        Assert.That(await Code(plan with { Goals = new { views = 10, conversionRate = 0.5, averageOrderValueMinor = 100, salesMinor = 9999 } }), Is.EqualTo("goals.disagree"));
        Assert.That(await Code(plan with { Phases = new { preparationDays = 5, warmUpDays = 6, reservoirDays = 1 } }), Is.EqualTo("phases.out_of_order"));
        Assert.That(await Code(plan with { Phases = new { preparationDays = 5, warmUpDays = 4, reservoirDays = 5 } }), Is.EqualTo("phases.out_of_order"));
        await calendar.Scheduled(plan.At(now.AddDays(400), 24));
        await calendar.Scheduled(plan.At(now.AddMinutes(1), 0.5));
    }

    [Test]
    public async Task AResourceOfAnotherBranchOrKind_IsNotUsable()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        var south = await calendar.AddHost(Calendar.South);
        var foreign = await calendar.AddChannel(Calendar.Borealis);
        var refused = await calendar.Schedule(plan with { HostId = south, RoomId = plan.HostId, ChannelIds = [.. plan.ChannelIds, foreign] });
        Assert.That(refused.Code, Is.EqualTo("session.resource_not_usable"));
        Assert.That(refused.Json["resourceIds"]!.AsArray().Select(r => (Guid)r!), Is.EquivalentTo(new[] { south, plan.HostId, foreign }));
        Assert.That((await calendar.Schedule(plan with { RoomId = Calendar.Id() })).Code, Is.EqualTo("session.resource_not_usable"));
        await calendar.Scheduled(plan with { HostId = await calendar.AddHost(Calendar.Aurora), RoomId = await calendar.AddRoom(Calendar.R7) });
    }

    [Test]
    public async Task AuthorityReachesDownwardsOnly()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan(Calendar.North, "BrandBroadcast");
        foreach (var path in new[] { Calendar.R7, Calendar.South, Calendar.Borealis })
            Assert.That((await calendar.Planner(path).Post("/scheduling/sessions", plan.ForPost())).Code, Is.EqualTo("unit.not_found"), path);
        Assert.That((await calendar.Host.At(Calendar.North, Role.Analyst, Role.Admin).Post("/scheduling/sessions", plan.ForPost())).Status, Is.EqualTo(403));
        var created = await calendar.Planner(Calendar.Aurora).Post("/scheduling/sessions", plan.ForPost());
        Assert.That(created.Status, Is.EqualTo(201));

        var route = $"/scheduling/sessions/{created.Id}";
        foreach (var path in new[] { Calendar.R7, Calendar.South, Calendar.Borealis })
        {
            var planner = calendar.Planner(path);
            Assert.That((await planner.Get(route)).Code, Is.EqualTo("session.not_found"), path);
            Assert.That((await planner.Put(route, plan.ForPut(), ("If-Match", "\"1\""))).Code, Is.EqualTo("session.not_found"), path);
            foreach (var action in new[] { "go-live", "end", "cancel" })
                Assert.That((await planner.Post($"{route}/{action}")).Code, Is.EqualTo("session.not_found"), path);
            Assert.That((await planner.Post($"{route}/reschedule", new { plan.StartsAt, plan.EndsAt })).Code, Is.EqualTo("session.not_found"), path);
            Assert.That((await planner.Get("/scheduling/sessions")).Json["items"]!.AsArray(), Is.Empty, path);
        }
        foreach (var path in new[] { Calendar.North, Calendar.Aurora })
            Assert.That((await calendar.Planner(path).Get(route)).Status, Is.EqualTo(200), path);
    }

    [Test]
    public async Task GroupAndRegionalBroadcasts_AreReadBelowTheirOwner()
    {
        await using var calendar = await Calendar.Open();
        var group = await calendar.Scheduled(await calendar.NewPlan());
        var regional = await calendar.Scheduled(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        var own = await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "BrandBroadcast")).At(calendar.Soon.AddDays(2)));
        async Task<Guid[]> Listed(string path) =>
            [.. (await calendar.Host.At(path, Role.Storefront).Get("/scheduling/sessions")).Json["items"]!.AsArray().Select(s => (Guid)s!["id"]!)];
        Assert.That(await Listed(Calendar.R7), Is.EquivalentTo(new[] { group, regional }));
        Assert.That(await Listed(Calendar.North), Is.EquivalentTo(new[] { group, regional, own }));
        Assert.That(await Listed(Calendar.South), Is.EqualTo(new[] { group }));
        Assert.That(await Listed(Calendar.Borealis), Is.Empty);
        async Task<int> Status(string path, Guid id) => (await calendar.Host.At(path, Role.Storefront).Get($"/scheduling/sessions/{id}")).Status;
        Assert.That(await Status(Calendar.R7, group), Is.EqualTo(200));
        Assert.That(await Status(Calendar.R7, regional), Is.EqualTo(200));
        Assert.That(await Status(Calendar.South, group), Is.EqualTo(200));
        Assert.That(await Status(Calendar.South, regional), Is.EqualTo(404));
        Assert.That(await Status(Calendar.Borealis, group), Is.EqualTo(404));
    }

    [Test]
    public async Task TheList_IsFilteredAndPaged()
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var first = await calendar.Scheduled(plan);
        var second = await calendar.Scheduled(plan.At(plan.EndsAt));
        var brand = await calendar.Scheduled((await calendar.NewPlan(Calendar.North, "BrandBroadcast")).At(plan.StartsAt.AddDays(2)));
        await calendar.Do(second, "cancel");

        async Task<Guid[]> Ids(string query) => [.. (await calendar.Planner().Get($"/scheduling/sessions?{query}")).Json["items"]!.AsArray().Select(s => (Guid)s!["id"]!)];
        Assert.That(await Ids(""), Is.EqualTo(new[] { first, second, brand }));
        Assert.That(await Ids("status=Cancelled"), Is.EqualTo(new[] { second }));
        Assert.That(await Ids("tier=BrandBroadcast&status=Scheduled"), Is.EqualTo(new[] { brand }));
        Assert.That(await Ids($"from={plan.EndsAt:yyyy-MM-ddTHH:mm:ssZ}&to={plan.EndsAt.AddDays(1):yyyy-MM-ddTHH:mm:ssZ}"), Is.EqualTo(new[] { second }));
        var page = (await calendar.Planner().Get("/scheduling/sessions?limit=2")).Json;
        Assert.That(await Ids($"limit=2&after={(string)page["next"]!}"), Is.EqualTo(new[] { brand }));
        var bad = await calendar.Planner().Get("/scheduling/sessions?from=soon&tier=Top&status=1");
        Assert.That(bad.Faults, Is.EqualTo(new[] { "?from", "?tier", "?status" }));
        Assert.That((await calendar.Planner().Get("/scheduling/sessions?from=2026-11-11T00:00:00Z&to=2026-11-10T00:00:00Z")).Status, Is.EqualTo(400));
    }

    internal static DateTimeOffset[] Phases(JsonNode session) =>
    [
        .. new[] { "preparationStartsAt", "warmUpStartsAt", "reservoirStartsAt", "liveStartsAt", "liveEndsAt", "reviewEndsAt" }
            .Select(name => (DateTimeOffset)session["phases"]![name]!),
    ];
}

using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

/// <summary>
/// Random plans of every tier, edits, moves, displacements, acceptances and cancellations: one after the other against a
/// model of lists, and many at once, after which what is there is judged without a model.
/// </summary>
internal sealed class DisplacementProperties
{
    private const int Turnaround = 30;

    private static readonly string[] Tiers = ["GroupBroadcast", "RegionalBroadcast", "BrandBroadcast", "ResellerBroadcast"];

    private Calendar _calendar = null!;
    private int _rounds;

    [OneTimeSetUp]
    public async Task Open()
    {
        _calendar = await Calendar.Open("Europe/Berlin", new RecorderModule());
        await _calendar.Mandate(Calendar.Id(), sessionsPerWeek: 3, closesAt: _calendar.Host.Clock.GetUtcNow().AddDays(390));
    }

    [OneTimeTearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 10)]
    public void WhateverIsDone_TheAnswersAreTheModels((byte, byte, byte)[] steps) => OneAfterTheOther(steps).GetAwaiter().GetResult();

    [FsCheck.NUnit.Property(MaxTest = 8)]
    public void WhateverIsDoneAtOnce_NothingIsTakenTwice_NothingIsLost_BlocksAndMandatesHold((byte, byte, byte)[] steps) => AllAtOnce(steps).GetAwaiter().GetResult();

    private async Task OneAfterTheOther((byte, byte, byte)[] steps)
    {
        var ground = await Ground.Make(_calendar, NextWeek());
        var model = new Dictionary<Guid, Held>();
        foreach (var step in steps)
        {
            var plan = ground.Plan(step);
            var some = model.Count == 0 ? Guid.Empty : model.Keys.Order().ElementAt(step.Item2 % model.Count);
            switch (step.Item1 % 8)
            {
                case 5 when some != Guid.Empty:
                    var moved = model[some].Plan with { StartsAt = plan.StartsAt, EndsAt = plan.EndsAt, Displace = plan.Displace };
                    if (model[some].IsDisplaced) moved = moved with { Displace = false };
                    var answer = model[some].IsDisplaced
                        ? await _calendar.Do(some, "accept-slot", new { moved.StartsAt, moved.EndsAt })
                        : await _calendar.Do(some, "reschedule", new { moved.StartsAt, moved.EndsAt, moved.Displace });
                    Judge(model, moved, some, answer);
                    break;
                case 6 when some != Guid.Empty:
                    Assert.That((await _calendar.Do(some, "cancel")).Status, Is.EqualTo(200));
                    model.Remove(some);
                    break;
                default:
                    Judge(model, plan, Guid.Empty, await Schedule(plan));
                    break;
            }
        }
        await AssertStands(ground, model.Keys);
        foreach (var (id, held) in model)
            Assert.That(await _calendar.Status(id), Is.EqualTo(held.IsDisplaced ? "Displaced" : "Scheduled"), held.Plan.Tier);
    }

    private async Task AllAtOnce((byte, byte, byte)[] steps)
    {
        var ground = await Ground.Make(_calendar, NextWeek());
        var seeded = await Task.WhenAll(steps.Take(steps.Length / 2).Select(s => Schedule(ground.Plan(s) with { Displace = false })));
        var ids = seeded.Where(a => a.Status == 201).Select(a => a.Id).ToList();
        var answers = await Task.WhenAll(steps.Skip(steps.Length / 2).Select((step, i) =>
        {
            var plan = ground.Plan(step);
            if (ids.Count == 0) return Schedule(plan);
            var some = ids[step.Item2 % ids.Count];
            return (i % 4) switch
            {
                0 => _calendar.Do(some, "reschedule", new { plan.StartsAt, plan.EndsAt, plan.Displace }),
                1 => _calendar.Do(some, "accept-slot", new { plan.StartsAt, plan.EndsAt }),
                _ => Schedule(plan),
            };
        }));
        foreach (var answer in answers.Concat(seeded)) Assert.That(answer.Status, Is.AnyOf(200, 201, 409), answer.Content);
        await AssertStands(ground, [.. ids, .. answers.Where(a => a.Status == 201).Select(a => a.Id)]);
    }

    /// <summary>By headquarters, which covers all that may have to make way and whose word needs no approval.</summary>
    private Task<Answer> Schedule(Plan plan) => _calendar.Planner(Calendar.Aurora).Post("/scheduling/sessions", plan.ForPost());

    /// <summary>Each round has a week to itself, so that its mandate's sessions are its own.</summary>
    private DateTimeOffset NextWeek() => new DateTimeOffset(2026, 10, 12, 0, 0, 0, TimeSpan.Zero).AddDays(7 * (Interlocked.Increment(ref _rounds) % 50));

    /// <summary>Accepted if the model has nothing in the way, or may displace all that is; else refused with exactly that.</summary>
    private static void Judge(Dictionary<Guid, Held> model, Plan plan, Guid itself, Answer answer)
    {
        var others = model.Where(m => m.Key != itself && !m.Value.IsDisplaced).ToDictionary(m => m.Key, m => m.Value.Plan);
        var isFull = plan.Tier == Tiers[3] && others.Values.Count(p => p.Tier == Tiers[3]) >= 3;
        var blocks = others.Where(o => plan.Tier != Tiers[0] && o.Value.Tier == Tiers[0] && Blocks(o.Value, plan)).Select(o => o.Key).ToList();
        var collisions = others
            .SelectMany(o => Shared(o.Value, plan).Select(r => ((Guid?)r, o.Key))
                .Concat(plan.Tier == Tiers[0] && o.Value.Tier != Tiers[0] && Blocks(plan, o.Value) ? [((Guid?)null, o.Key)] : []))
            .ToList();
        var canDisplace = plan.Displace && blocks.Count == 0 && collisions.All(c => Array.IndexOf(Tiers, others[c.Key].Tier) > Array.IndexOf(Tiers, plan.Tier));
        if (isFull)
        {
            Assert.That(answer.Code, Is.EqualTo("mandate.sessions_per_week"), answer.Content);
        }
        else if (blocks.Count == 0 && (collisions.Count == 0 || canDisplace))
        {
            Assert.That(answer.Status, Is.AnyOf(200, 201), answer.Content);
            foreach (var (_, lower) in collisions) model[lower] = model[lower] with { IsDisplaced = true };
            model[answer.Id] = new Held(plan, false);
        }
        else
        {
            Assert.That(answer.Code, Is.EqualTo(blocks.Count > 0 ? "session.blocked" : "session.conflict"), answer.Content);
            Assert.That(answer.Json["conflicts"]!.AsArray().Select(c => ((Guid?)c!["resourceId"], (Guid)c["sessionId"]!)), Is.EquivalentTo(collisions));
            if (blocks.Count > 0) Assert.That(answer.Json["blocks"]!.AsArray().Select(b => (Guid)b!["sessionId"]!), Is.EquivalentTo(blocks));
        }
    }

    private static bool Blocks(Plan group, Plan lower) => group.StartsAt < lower.EndsAt && lower.StartsAt < group.EndsAt && group.BrandIds.Intersect(lower.BrandIds).Any();

    private static IEnumerable<Guid> Shared(Plan a, Plan b) => Resources(a).Intersect(Resources(b)).Where(r =>
    {
        var pad = TimeSpan.FromMinutes(r == a.RoomId ? Turnaround : 0);
        return a.StartsAt < b.EndsAt + pad && b.StartsAt < a.EndsAt + pad;
    });

    private static IEnumerable<Guid> Resources(Plan plan) => [plan.HostId, plan.RoomId, .. plan.CoHostIds, .. plan.ChannelIds];

    /// <summary>What must hold whatever happened: judged from what anyone can read.</summary>
    private async Task AssertStands(Ground ground, IEnumerable<Guid> ids)
    {
        var sessions = new List<JsonNode>();
        foreach (var id in ids) sessions.Add((await _calendar.Read(id)).Json);
        var planned = sessions.Where(s => (string)s["status"]! == "Scheduled").ToList();
        foreach (var (a, b) in planned.SelectMany((a, i) => planned.Skip(i + 1).Select(b => (a, b))))
        {
            foreach (var shared in Resources(a).Intersect(Resources(b)))
            {
                var pad = TimeSpan.FromMinutes(ground.Rooms.Contains(shared) ? Turnaround : 0);
                Assert.That(End(a) + pad <= Start(b) || End(b) + pad <= Start(a), $"{a} and {b}");
            }
            var isBlocked = (Tier(a) == Tiers[0]) != (Tier(b) == Tiers[0]) && Brands(a).Intersect(Brands(b)).Any() && Start(a) < End(b) && Start(b) < End(a);
            Assert.That(isBlocked, Is.False, $"{a} and {b}");
        }
        Assert.That(planned.Count(s => Tier(s) == Tiers[3]), Is.LessThanOrEqualTo(3), "its mandate's sessions a week");
        foreach (var displaced in sessions.Except(planned))
        {
            Assert.That(((string)displaced["status"]!, (Guid?)displaced["displacedBySessionId"]), Is.Not.EqualTo(("Displaced", (Guid?)null)));
            var id = (Guid)displaced["id"]!;
            var told = await Recorded.DisplacementOf(_calendar.Host, id);
            Assert.That((told?.Session.Status, told?.BySessionId), Is.EqualTo((SessionStatus.Displaced, (Guid)displaced["displacedBySessionId"]!)), "its owner was told");
            var owner = _calendar.Units.Single(u => u.Value == (Guid)displaced["ownerUnitId"]!).Key;
            var listed = (await _calendar.Planner(owner).Get("/scheduling/sessions?status=Displaced&limit=200")).Json["items"]!.AsArray();
            Assert.That(listed.Select(s => (Guid)s!["id"]!), Does.Contain(id), "and finds it");
        }
    }

    private static IEnumerable<Guid> Resources(JsonNode session) =>
    [
        (Guid)session["hostId"]!, (Guid)session["roomId"]!,
        .. session["coHostIds"]!.AsArray().Select(c => (Guid)c!), .. session["channels"]!.AsArray().Select(c => (Guid)c!["channelId"]!),
    ];

    private static DateTimeOffset Start(JsonNode session) => (DateTimeOffset)session["startsAt"]!;

    private static DateTimeOffset End(JsonNode session) => (DateTimeOffset)session["endsAt"]!;

    private static string Tier(JsonNode session) => (string)session["tier"]!;

    private static IEnumerable<Guid> Brands(JsonNode session) => session["brandIds"]!.AsArray().Select(b => (Guid)b!);

    private sealed record Held(Plan Plan, bool IsDisplaced);

    /// <summary>Few resources of headquarters, which every tier may use, so that they meet.</summary>
    private sealed record Ground(Calendar Calendar, DateTimeOffset From, Guid[] Hosts, Guid[] Rooms, Guid[] Channels)
    {
        public static async Task<Ground> Make(Calendar calendar, DateTimeOffset from) => new(
            calendar, from,
            [await calendar.AddHost(), await calendar.AddHost(), await calendar.AddHost()],
            [await calendar.AddRoom(turnaroundMinutes: Turnaround), await calendar.AddRoom(turnaroundMinutes: Turnaround)],
            [await calendar.AddChannel(), await calendar.AddChannel(), await calendar.AddChannel()]);

        public Plan Plan((byte Action, byte What, byte When) step)
        {
            var tier = step.What / 4 % 4;
            var owner = tier switch { 0 or 2 => Calendar.Aurora, 1 => Calendar.North, _ => Calendar.R7 };
            return new Plan
            {
                Owner = owner,
                OwnerUnitId = Calendar.Units[owner],
                Tier = Tiers[tier],
                // Brand broadcasts and resellers may have the first brand only; of the others some have both.
                BrandIds = tier < 2 && step.What % 3 == 0 ? [Calendar.OtherBrand] : [Calendar.Brand],
                HostId = Hosts[step.What % 3],
                CoHostIds = step.What % 5 == 0 ? [Hosts[(step.What + 1) % 3]] : [],
                RoomId = Rooms[step.What / 3 % 2],
                ChannelIds = [Channels[step.What / 6 % 3]],
                Displace = step.Action % 2 == 0,
            }.At(From.AddMinutes(30 * (step.When % 48)), 0.5 + step.When / 48 * 0.5);
        }
    }
}

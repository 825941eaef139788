using FsCheck;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

/// <summary>Random plans against a model that knows nothing but lists.</summary>
internal sealed class NoDoubleBookingProperties
{
    private Calendar _calendar = null!;

    [OneTimeSetUp]
    public async Task Open() => _calendar = await Calendar.Open();

    [OneTimeTearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 12)]
    public void WhateverIsScheduledEditedMovedAndCancelled_NoResourceIsInTwoSessionsAtOnce((byte, byte, byte)[] steps) =>
        Run(steps).GetAwaiter().GetResult();

    private async Task Run((byte, byte, byte)[] steps)
    {
        var hosts = new[] { await _calendar.AddHost(), await _calendar.AddHost(), await _calendar.AddHost() };
        var rooms = new[] { await _calendar.AddRoom(), await _calendar.AddRoom() };
        var channels = new[] { await _calendar.AddChannel(), await _calendar.AddChannel(), await _calendar.AddChannel() };
        var model = new Dictionary<Guid, Plan>();
        foreach (var (action, what, when) in steps)
        {
            var start = _calendar.Soon.AddMinutes(30 * (when % 32));
            var plan = new Plan
            {
                Owner = Calendar.Aurora,
                OwnerUnitId = _calendar.Units[Calendar.Aurora],
                Tier = "GroupBroadcast",
                BrandIds = [_calendar.Brand],
                HostId = hosts[what % 3],
                CoHostIds = what % 5 == 0 ? [hosts[(what + 1) % 3]] : [],
                RoomId = rooms[what / 3 % 2],
                ChannelIds = what % 7 == 0 ? channels : [channels[what / 6 % 3]],
            }.At(start, 0.5 + when / 32 * 0.5);
            var some = model.Count == 0 ? Guid.Empty : model.Keys.Order().ElementAt(what % model.Count);
            switch (action % 5)
            {
                case 3 when some != Guid.Empty:
                    var etag = (await _calendar.Read(some)).ETag!;
                    if (Same(Collide(model, plan, some), await _calendar.Planner().Put($"/scheduling/sessions/{some}", plan.ForPut(), ("If-Match", etag)))) model[some] = plan;
                    break;
                case 2 when some != Guid.Empty:
                    var moved = model[some] with { StartsAt = plan.StartsAt, EndsAt = plan.EndsAt };
                    if (Same(Collide(model, moved, some), await _calendar.Do(some, "reschedule", new { moved.StartsAt, moved.EndsAt }))) model[some] = moved;
                    break;
                case 4 when some != Guid.Empty:
                    Assert.That((await _calendar.Do(some, "cancel")).Status, Is.EqualTo(200));
                    model.Remove(some);
                    break;
                default:
                    var answer = await _calendar.Schedule(plan);
                    if (Same(Collide(model, plan, Guid.Empty), answer)) model[answer.Id] = plan;
                    break;
            }
        }
        await AssertNothingOverlaps(model);
    }

    private async Task AssertNothingOverlaps(Dictionary<Guid, Plan> model)
    {
        var booked = new List<(Guid Resource, DateTimeOffset From, DateTimeOffset To)>();
        foreach (var (id, plan) in model)
        {
            var json = (await _calendar.Read(id)).Json;
            Assert.That((DateTimeOffset)json["startsAt"]!, Is.EqualTo(plan.StartsAt));
            Guid[] resources =
            [
                (Guid)json["hostId"]!, (Guid)json["roomId"]!,
                .. json["coHostIds"]!.AsArray().Select(c => (Guid)c!), .. json["channels"]!.AsArray().Select(c => (Guid)c!["channelId"]!),
            ];
            Assert.That(resources, Is.EquivalentTo(Resources(plan)));
            booked.AddRange(resources.Select(r => (r, (DateTimeOffset)json["startsAt"]!, (DateTimeOffset)json["endsAt"]!)));
        }
        foreach (var resource in booked.GroupBy(b => b.Resource))
        {
            var inOrder = resource.OrderBy(b => b.From).ToList();
            foreach (var (earlier, later) in inOrder.Zip(inOrder.Skip(1))) Assert.That(earlier.To, Is.LessThanOrEqualTo(later.From));
        }
    }

    private static HashSet<(Guid, Guid)> Collide(Dictionary<Guid, Plan> model, Plan plan, Guid itself) =>
    [
        .. from other in model
           where other.Key != itself && other.Value.StartsAt < plan.EndsAt && plan.StartsAt < other.Value.EndsAt
           from resource in Resources(other.Value).Intersect(Resources(plan))
           select (resource, other.Key),
    ];

    /// <summary>The answer is the model's: accepted, or refused with exactly its collisions.</summary>
    private static bool Same(HashSet<(Guid, Guid)> expected, Answer answer)
    {
        if (expected.Count == 0)
        {
            Assert.That(answer.Status, Is.AnyOf(200, 201), answer.Content);
            return true;
        }
        Assert.That(answer.Code, Is.EqualTo("session.conflict"), answer.Content);
        Assert.That(answer.Json["conflicts"]!.AsArray().Select(c => ((Guid)c!["resourceId"]!, (Guid)c["sessionId"]!)), Is.EquivalentTo(expected));
        return false;
    }

    private static IEnumerable<Guid> Resources(Plan plan) => [plan.HostId, plan.RoomId, .. plan.CoHostIds, .. plan.ChannelIds];
}

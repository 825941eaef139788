namespace LiveCommerce.System.Tests.Access;

internal static partial class Probes
{
    internal static IReadOnlyDictionary<string, Probe> OfConflicts => new Dictionary<string, Probe>
    {
        ["GET /scheduling/hosts/{}"] = new(Reach.AndBelow, w => $"/scheduling/hosts/{w.HostId}"),
        ["GET /scheduling/rooms/{}"] = new(Reach.AndBelow, w => $"/scheduling/rooms/{w.RoomId}"),
        ["GET /scheduling/channels/{}"] = new(Reach.AndBelow, w => $"/scheduling/channels/{w.ChannelId}"),
        ["PUT /scheduling/hosts/{}"] = new(Reach.Covered, w => $"/scheduling/hosts/{w.HostId}", _ => new { name = "H" }) { Headers = [("If-Match", "\"1\"")] },
        ["PUT /scheduling/rooms/{}"] = new(Reach.Covered, w => $"/scheduling/rooms/{w.RoomId}", _ => new { name = "R", turnaroundMinutes = 10 }) { Headers = [("If-Match", "\"1\"")] },
        ["PUT /scheduling/channels/{}"] = new(Reach.Covered, w => $"/scheduling/channels/{w.ChannelId}", _ => new { name = "C" }) { Headers = [("If-Match", "\"1\"")] },
        ["GET /scheduling/free-slots"] = new(Reach.Covered, w => $"/scheduling/free-slots?ownerUnitId={w.NorthId}&minutes=60&hostId={w.HostId}"),
        ["POST /scheduling/sessions/{}/accept-slot"] = new(
            Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/accept-slot", w => new { startsAt = w.Now.AddDays(50), endsAt = w.Now.AddDays(50).AddHours(2) }),
    };
}

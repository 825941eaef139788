using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Scheduling;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>What somebody does in a session.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrewRole>))]
internal enum CrewRole
{
    /// <summary>Named by the session's plan.</summary>
    Host,

    /// <summary>Named by the session's plan.</summary>
    CoHost,
    Model,

    /// <summary>Price, stock, the order things are explained in, timing.</summary>
    Operations,
    OperationsAssistant,

    /// <summary>Picture and sound.</summary>
    FloorControl,
    FloorControlAssistant,
}

/// <summary>How many of a role a session needs and has.</summary>
/// <param name="Role">The role.</param>
/// <param name="Needed">How many a session of its tier needs.</param>
/// <param name="Assigned">How many it has; may be more.</param>
internal sealed record CrewCount(CrewRole Role, int Needed, int Assigned)
{
    public int Missing => Math.Max(0, Needed - Assigned);
}

/// <summary>How many people of which role a session needs, by its tier.</summary>
internal static class CrewNeeds
{
    // A full floor has nine or ten people; a shop's daily stream has a host, somebody at the screen and somebody at the camera.
    private static readonly Dictionary<SessionTier, IReadOnlyDictionary<CrewRole, int>> Table = new()
    {
        [SessionTier.GroupBroadcast] = Floor(coHosts: 2),
        [SessionTier.RegionalBroadcast] = Floor(coHosts: 1),
        [SessionTier.BrandBroadcast] = Floor(coHosts: 1),
        [SessionTier.ResellerBroadcast] = new Dictionary<CrewRole, int>
        {
            [CrewRole.Host] = 1,
            [CrewRole.Operations] = 1,
            [CrewRole.FloorControl] = 1,
        },
    };

    public static int Of(SessionTier tier, CrewRole role) => Table[tier].GetValueOrDefault(role);

    /// <summary>Every role, in order, with what is needed of it and how many <paramref name="roles"/> there are.</summary>
    public static IReadOnlyList<CrewCount> Count(SessionTier tier, IEnumerable<CrewRole> roles)
    {
        var assigned = roles.CountBy(r => r).ToDictionary();
        return [.. Enum.GetValues<CrewRole>().Select(r => new CrewCount(r, Of(tier, r), assigned.GetValueOrDefault(r)))];
    }

    /// <summary>True if nobody is missing.</summary>
    public static bool AreMet(SessionTier tier, IEnumerable<CrewRole> roles) => Count(tier, roles).All(c => c.Missing == 0);

    private static Dictionary<CrewRole, int> Floor(int coHosts) => new()
    {
        [CrewRole.Host] = 1,
        [CrewRole.CoHost] = coHosts,
        [CrewRole.Model] = 2,
        [CrewRole.Operations] = 2,
        [CrewRole.OperationsAssistant] = 1,
        [CrewRole.FloorControl] = 1,
        [CrewRole.FloorControlAssistant] = 1,
    };
}

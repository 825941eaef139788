using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>All that a month's plan follows from. Lists may come in any order.</summary>
internal sealed record MonthProblem
{
    public required SlotGrid Grid { get; init; }

    /// <summary>Nothing begins before it, or at it.</summary>
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<Demand> Demands { get; init; }

    /// <summary>What the hosts, rooms and channels are booked for already, turnaround included.</summary>
    public IReadOnlyList<Taken> Taken { get; init; } = [];

    public IReadOnlyList<Closure> Closures { get; init; } = [];

    /// <summary>Planned sessions of the tiers below: a group broadcast of their brands would block them.</summary>
    public IReadOnlyList<Planned> PlannedBelow { get; init; } = [];

    public IReadOnlyList<Terms> Mandates { get; init; } = [];

    public IReadOnlyList<Quota> Quotas { get; init; } = [];

    /// <summary>Who picks first, 1 before 2, by unit; a unit that is not ranked comes after all that are.</summary>
    public IReadOnlyDictionary<Guid, int> Ranks { get; init; } = new Dictionary<Guid, int>();

    /// <summary>By room, what it takes to get it ready for the next session; none unless given.</summary>
    public IReadOnlyDictionary<Guid, int> TurnaroundMinutes { get; init; } = new Dictionary<Guid, int>();
}

/// <summary>A slot somebody asks for.</summary>
internal sealed record Demand
{
    public required Guid Id { get; init; }

    public required SessionTier Tier { get; init; }

    public required Guid UnitId { get; init; }

    public required string Path { get; init; }

    /// <summary>Among the unit's own; 1 first.</summary>
    public int Priority { get; init; } = 1;

    public required int Minutes { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    /// <summary>All of them.</summary>
    public required IReadOnlyList<DemandChannel> Channels { get; init; }

    /// <summary>One of them; the first that is free.</summary>
    public required IReadOnlyList<Guid> HostIds { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Guid> CoHostIds { get; init; } = [];

    /// <summary>One of them; the first that is free.</summary>
    public required IReadOnlyList<Guid> RoomIds { get; init; }

    /// <summary>Best first; each is a number of starts that are as good as each other.</summary>
    public required IReadOnlyList<IReadOnlyList<DateTimeOffset>> Preferences { get; init; }
}

internal sealed record DemandChannel(Guid Id, ChannelKind Kind);

internal sealed record Taken(Guid ResourceId, Window Time);

/// <summary>Time that is closed to the tiers below the group broadcasts, at the unit and below it.</summary>
/// <param name="Path">Whose.</param>
/// <param name="BrandIds">A session with any of them; every session if there are none.</param>
/// <param name="Time">When.</param>
internal sealed record Closure(string Path, IReadOnlyList<Guid> BrandIds, Window Time);

internal sealed record Planned(IReadOnlyList<Guid> BrandIds, Window Time);

/// <summary>A mandate's terms.</summary>
internal sealed record Terms
{
    public required Guid Id { get; init; }

    public required Guid ResellerId { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    public required IReadOnlyList<ChannelKind> Channels { get; init; }

    public required Window Dates { get; init; }

    /// <summary>The reseller's.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Of the local day; null, from midnight on.</summary>
    public int? EarliestMinute { get; init; }

    /// <summary>Of the local day, exclusive; not after the earliest, it is on the next day.</summary>
    public int? LatestMinute { get; init; }

    public int? SessionsPerWeek { get; init; }

    /// <summary>When the sessions begin that are planned under it already.</summary>
    public IReadOnlyList<DateTimeOffset> Planned { get; init; } = [];
}

/// <summary>At most so many sessions in the month.</summary>
/// <param name="Tier">Of this tier; of any unless given.</param>
/// <param name="Path">Of this unit and those below.</param>
/// <param name="Most">In all.</param>
/// <param name="Used">Planned already.</param>
internal sealed record Quota(SessionTier? Tier, string Path, int Most, int Used)
{
    public bool Counts(SessionTier tier, string path) => (Tier ?? tier) == tier && UnitPath.Covers(Path, path);
}

using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>What a planner enters and may edit later.</summary>
internal sealed record SessionPlan
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public required string Title { get; init; }

    public required string? Theme { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    public required IReadOnlyList<Guid> ChannelIds { get; init; }

    public required Guid HostId { get; init; }

    public required IReadOnlyList<Guid> CoHostIds { get; init; }

    public required Guid RoomId { get; init; }

    /// <summary>For a group broadcast: the units it keeps its time free for, with all below them; the whole tree if empty.</summary>
    public IReadOnlyList<Guid> CoversUnitIds { get; init; } = [];

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required GoalsEntry? Goals { get; init; }

    public required PhaseDays? Phases { get; init; }

    public IReadOnlyList<Guid> ResourceIds => [HostId, .. CoHostIds, RoomId, .. ChannelIds];

    public void Validate(Faults faults)
    {
        faults.Text(Title, "/title").OptionalText(Theme, "/theme")
            .Size(BrandIds, 1, 50, "/brandIds").Distinct(BrandIds, "/brandIds")
            .Size(ChannelIds, 1, 10, "/channelIds").Distinct(ChannelIds, "/channelIds")
            .Size(CoHostIds, 0, 10, "/coHostIds").Distinct([HostId, .. CoHostIds], "/coHostIds");
        faults.Size(CoversUnitIds, 0, 200, "/coversUnitIds").Distinct(CoversUnitIds, "/coversUnitIds");
        Length(faults, StartsAt, EndsAt);
        Goals?.Validate(faults, "/goals");
        Phases?.Validate(faults, "/phases");
    }

    public static void Length(Faults faults, DateTimeOffset startsAt, DateTimeOffset endsAt) => faults.Check(
        endsAt - startsAt >= Shortest && endsAt - startsAt <= Longest, "/endsAt", "session.length", "Must be 30 minutes to 24 hours after the start.");
}

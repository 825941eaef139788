using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>What every request that plans sessions, one or many, says of them.</summary>
internal abstract record PlanEntry : IValidated
{
    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>1 to 50 brands of the headquarters.</summary>
    public required IReadOnlyList<Guid> BrandIds { get; init; }

    /// <summary>1 to 10.</summary>
    public required IReadOnlyList<Guid> ChannelIds { get; init; }

    /// <summary>A host of a unit above or below the owner, or of the owner.</summary>
    public required Guid HostId { get; init; }

    /// <summary>A room of a unit above or below the owner, or of the owner.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public string? Theme { get; init; }

    /// <summary>At most 10.</summary>
    public IReadOnlyList<Guid>? CoHostIds { get; init; }

    /// <summary>Of each session: three, of which the fourth follows, or four that agree; none if left out.</summary>
    public GoalsEntry? Goals { get; init; }

    /// <summary>Of each session: how long the phases are; defaults for what is not given.</summary>
    public PhaseDays? Phases { get; init; }

    public abstract void Validate(Faults faults);

    protected SessionPlan PlanAt(DateTimeOffset startsAt, DateTimeOffset endsAt) => new()
    {
        Title = Title,
        Theme = Theme,
        BrandIds = BrandIds,
        ChannelIds = ChannelIds,
        HostId = HostId,
        CoHostIds = CoHostIds ?? [],
        RoomId = RoomId,
        StartsAt = startsAt,
        EndsAt = endsAt,
        Goals = Goals,
        Phases = Phases,
    };
}

/// <summary>A request that plans one session, at its time.</summary>
internal abstract record SessionEntry : PlanEntry
{
    /// <summary>In the future, at most 400 days ahead; an edit that does not move the session may leave it where it is.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>Exclusive; 30 minutes to 24 hours after the start.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Group broadcasts only: the units, with all below them, for which it keeps its time free; the whole tree unless given.</summary>
    public IReadOnlyList<Guid>? CoversUnitIds { get; init; }

    /// <summary>Takes the slots of planned sessions of lower tiers that are in the way.</summary>
    public bool Displace { get; init; }

    public SessionPlan ToPlan() => PlanAt(StartsAt, EndsAt) with { CoversUnitIds = CoversUnitIds ?? [] };

    public override void Validate(Faults faults) => ToPlan().Validate(faults);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>What every session of a series has in common.</summary>
internal sealed record SeriesTemplate
{
    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    public string? Theme { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    public required IReadOnlyList<Guid> ChannelIds { get; init; }

    public required Guid HostId { get; init; }

    public IReadOnlyList<Guid> CoHostIds { get; init; } = [];

    public required Guid RoomId { get; init; }

    public GoalsEntry? Goals { get; init; }

    public PhaseDays? Phases { get; init; }

    public static SeriesTemplate Of(SessionPlan plan) => new()
    {
        Title = plan.Title,
        Theme = plan.Theme,
        BrandIds = plan.BrandIds,
        ChannelIds = plan.ChannelIds,
        HostId = plan.HostId,
        CoHostIds = plan.CoHostIds,
        RoomId = plan.RoomId,
        Goals = plan.Goals,
        Phases = plan.Phases,
    };

    public SessionPlan At(SeriesOccurrence occurrence) => At(occurrence.StartsAt, occurrence.EndsAt);

    public SessionPlan At(DateTimeOffset startsAt, DateTimeOffset endsAt) => new()
    {
        Title = Title,
        Theme = Theme,
        BrandIds = BrandIds,
        ChannelIds = ChannelIds,
        HostId = HostId,
        CoHostIds = CoHostIds,
        RoomId = RoomId,
        StartsAt = startsAt,
        EndsAt = endsAt,
        Goals = Goals,
        Phases = Phases,
    };

    // The times are judged by themselves.
    public void Validate(Faults faults) => At(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch + SessionPlan.Shortest).Validate(faults);

    /// <summary>True if the session is so already.</summary>
    public bool Fits(SessionRow session, SeriesOccurrence occurrence) =>
        session.StartsAt == occurrence.StartsAt && session.EndsAt == occurrence.EndsAt && session.OccurrenceOn == occurrence.On &&
        session.Title == Title && session.Theme == Theme && session.HostId == HostId && session.RoomId == RoomId &&
        session.BrandList.SequenceEqual(BrandIds) && session.CoHostList.SequenceEqual(CoHostIds) && session.ChannelList.Select(c => c.ChannelId).SequenceEqual(ChannelIds) &&
        session.Goals == (Goals?.Complete(new Faults(), "") is { } goals ? Sql.Json(goals) : null) &&
        session.Days == (Phases ?? new PhaseDays()).Of(session.Tier);
}

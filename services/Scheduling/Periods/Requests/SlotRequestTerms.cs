using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods.Requests;

/// <summary>The session a slot is asked for, as entered.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Minutes">30 to 1,440.</param>
/// <param name="BrandIds">1 to 50 brands of the headquarters.</param>
/// <param name="ChannelIds">1 to 10; it needs all of them.</param>
/// <param name="HostIds">1 to 50; it needs one of them, the first that is free.</param>
/// <param name="RoomIds">1 to 50; it needs one of them, the first that is free.</param>
/// <param name="Theme">1 to 200 characters.</param>
/// <param name="CoHostIds">At most 10; it needs all of them.</param>
/// <param name="Goals">As of a session.</param>
/// <param name="Phases">As of a session.</param>
internal sealed record SlotRequestTerms(
    string Title,
    int Minutes,
    IReadOnlyList<Guid> BrandIds,
    IReadOnlyList<Guid> ChannelIds,
    IReadOnlyList<Guid> HostIds,
    IReadOnlyList<Guid> RoomIds,
    string? Theme = null,
    IReadOnlyList<Guid>? CoHostIds = null,
    GoalsEntry? Goals = null,
    PhaseDays? Phases = null)
{
    public IReadOnlyList<Guid> CoHosts => CoHostIds ?? [];

    public void Validate(Faults faults, string at)
    {
        faults.Text(Title, $"{at}/title").OptionalText(Theme, $"{at}/theme").Range(Minutes, 30, 1440, $"{at}/minutes")
            .Size(BrandIds, 1, 50, $"{at}/brandIds").Distinct(BrandIds, $"{at}/brandIds")
            .Size(ChannelIds, 1, 10, $"{at}/channelIds").Distinct(ChannelIds, $"{at}/channelIds")
            .Size(HostIds, 1, 50, $"{at}/hostIds").Distinct([.. HostIds, .. CoHosts], $"{at}/hostIds")
            .Size(RoomIds, 1, 50, $"{at}/roomIds").Distinct(RoomIds, $"{at}/roomIds")
            .Size(CoHosts, 0, 10, $"{at}/coHostIds");
        Goals?.Validate(faults, $"{at}/goals");
        Phases?.Validate(faults, $"{at}/phases");
    }

    public SessionPlan ToPlan(DateTimeOffset startsAt, DateTimeOffset endsAt, Guid hostId, Guid roomId) => new()
    {
        Title = Title,
        Theme = Theme,
        BrandIds = BrandIds,
        ChannelIds = ChannelIds,
        HostId = hostId,
        CoHostIds = CoHosts,
        RoomId = roomId,
        StartsAt = startsAt,
        EndsAt = endsAt,
        Goals = Goals,
        Phases = Phases,
    };

    /// <summary>A refusal if a session of the unit could not have the tier, the brands or any of the resources.</summary>
    public async Task<Rejection?> Unfit(UnitOfWork work, SessionTier tier, UnitRow unit)
    {
        if (SessionChange.Tier(tier, unit) is { } mismatch) return mismatch;
        var known = await work.Query<BrandRow>(BrandSql.OfHeadquarters, new { HeadquartersPath = UnitPath.Headquarters(unit.Path), Ids = Sql.Json(BrandIds) });
        var unknown = BrandIds.Except(known.Select(b => b.Id)).ToList();
        if (unknown.Count > 0) return SessionRejections.BrandUnknown.Because($"No brand {string.Join(", ", unknown)}.").With("brandIds", unknown);
        var lesser = tier == SessionTier.BrandBroadcast ? known.Where(b => b.Grade != SessionChange.BestGrade).ToList() : [];
        if (lesser.Count > 0)
            return SessionRejections.BrandGrade.Because($"Not of grade {SessionChange.BestGrade}: {string.Join(", ", lesser.Select(b => b.Name))}.").With("brandIds", lesser.Select(b => b.Id));
        return await Unusable(work, unit.Path, [.. HostIds, .. CoHosts], RoomIds, ChannelIds);
    }

    public static async Task<Rejection?> Unusable(UnitOfWork work, string path, IReadOnlyList<Guid> hosts, IReadOnlyList<Guid> rooms, IReadOnlyList<Guid> channels)
    {
        var usable = (await work.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(hosts.Concat(rooms).Concat(channels)) }))
            .Where(r => UnitPath.SameChain(r.Path, path)).ToDictionary(r => r.Id, r => r.Kind);
        var unusable = Not(hosts, ResourceKind.Host).Concat(Not(rooms, ResourceKind.Room)).Concat(Not(channels, ResourceKind.Channel)).ToList();
        return unusable.Count == 0
            ? null
            : SessionRejections.ResourceNotUsable.Because($"Not usable: {string.Join(", ", unusable)}.").With("resourceIds", unusable);

        IEnumerable<Guid> Not(IReadOnlyList<Guid> ids, ResourceKind kind) => ids.Where(id => !usable.TryGetValue(id, out var k) || k != kind);
    }
}

/// <summary>What a unit may wish for.</summary>
internal static class Wishes
{
    public static void Validate(IReadOnlyList<Preference> preferences, Faults faults)
    {
        faults.Size(preferences, 1, 10, "/preferences");
        for (var i = 0; i < preferences.Count; i++)
        {
            var (at, wish) = ($"/preferences/{i}", preferences[i]);
            faults.Check(
                wish.StartsAt is not null ^ wish.Minute is not null && (wish.Weekday is null || wish.Minute is not null), at, "preference.invalid",
                "Must be a startsAt, or a minute of the day with or without a weekday.");
            if (wish.Minute is { } minute) faults.Range(minute, 0, 1439, $"{at}/minute");
            if (wish.Weekday is { } weekday) faults.Known(weekday, $"{at}/weekday");
        }
    }

    /// <summary>A refusal that names each wish no slot of the month fulfils.</summary>
    public static Rejection? OffGrid(IReadOnlyList<Preference> preferences, PeriodRow period, UnitRow unit)
    {
        var (grid, zone) = (period.Grid, TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone));
        var faults = new Faults();
        for (var i = 0; i < preferences.Count; i++)
            faults.Check(grid.Instants(preferences[i], zone).Any(at => grid.StartOf(at) is not null), $"/preferences/{i}", PeriodRejections.OffGrid.Code, "No slot of the month.");
        return faults.Count == 0
            ? null
            : PeriodRejections.OffGrid.Because($"Slots of {period.Month} begin every {period.SlotMinutes} minutes in {period.TimeZone}; {faults.Count} preferences fit none.") with { Faults = faults.List };
    }
}

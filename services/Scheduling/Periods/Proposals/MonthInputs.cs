using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Periods.Requests;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods.Proposals;

/// <summary>A month's problem, from what is stored: its requests, and all that was planned without it.</summary>
internal sealed class MonthInputs
{
    /// <summary>A booking or a week of a mandate reaches so far into the month, or out of it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(9);

    private readonly PeriodRow _period;
    private readonly SlotGrid _grid;
    private IReadOnlyDictionary<Guid, UnitRow> _units = new Dictionary<Guid, UnitRow>();
    private IReadOnlyDictionary<Guid, ResourceRow> _resources = new Dictionary<Guid, ResourceRow>();

    private MonthInputs(PeriodRow period) => (_period, _grid) = (period, period.Grid);

    /// <summary>Open ones, by id.</summary>
    public IReadOnlyDictionary<Guid, SlotRequestRow> Requests { get; private set; } = new Dictionary<Guid, SlotRequestRow>();

    public MonthProblem Problem { get; private set; } = null!;

    /// <summary>Requests that cannot be placed wherever: their unit, or one above it, is out of use.</summary>
    public IReadOnlyList<NotPlaced> OutOfUse { get; private set; } = [];

    /// <param name="db">Read outside a transaction; what has changed by then is found when the plan is published.</param>
    /// <param name="period">The month.</param>
    /// <param name="ranks">Who picks first.</param>
    /// <param name="now">Nothing begins before.</param>
    /// <param name="further">Resources that no request names.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<MonthInputs> Read(
        SchedulingDb db, PeriodRow period, IReadOnlyDictionary<Guid, int> ranks, DateTimeOffset now, IReadOnlyList<Guid> further, CancellationToken ct)
    {
        var inputs = new MonthInputs(period);
        var requests = await db.Query<SlotRequestRow>(SlotRequestSql.OpenOfPeriod, new { PeriodId = period.Id }, ct);
        inputs.Requests = requests.ToDictionary(r => r.Id);
        var tree = new { Scope = period.Path, ScopeEnd = UnitPath.End(period.Path) };
        inputs._units = (await db.Query<UnitRow>(MonthInputSql.Units, tree, ct)).ToDictionary(u => u.Id);
        var inactive = inputs._units.Values.Where(u => !u.IsActive).Select(u => u.Path).ToList();
        bool IsOut(SlotRequestRow request) => inputs._units.TryGetValue(request.UnitId, out var unit) && inactive.Exists(path => UnitPath.Covers(path, unit.Path));
        inputs.OutOfUse = [.. requests.Where(IsOut).Select(r => new NotPlaced(r.Id, UnitRejections.Inactive.Code, UnitRejections.Inactive.Title, null))];
        var terms = requests.Where(r => !IsOut(r)).Select(r => (Row: r, Terms: r.Session)).ToList();
        var resources = terms.SelectMany(t => t.Terms.HostIds.Concat(t.Terms.CoHosts).Concat(t.Terms.RoomIds).Concat(t.Terms.ChannelIds)).Concat(further).Distinct().ToList();
        inputs._resources = (await db.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(resources) }, ct)).ToDictionary(r => r.Id);
        var (from, to) = (inputs._grid.Month.OpensAt - Margin, inputs._grid.Month.ClosesAt + Margin);
        var bookings = await db.Query<BookedRow>(MonthInputSql.Bookings, new { Ids = Sql.Json(resources), From = from, To = to }, ct);
        var away = await Absences.Away(Reads.Outside(db, now, ct), resources, new Window(from, to));
        var sessions = await db.Query<PlannedRow>(MonthInputSql.Sessions, new { tree.Scope, tree.ScopeEnd, From = from, To = to }, ct);
        var blocks = await db.Query<BlockRow>(MonthInputSql.Blocks, new { HeadquartersPath = period.Path, From = from, To = to }, ct);
        var resellers = requests.Where(r => r.Tier == SessionTier.ResellerBroadcast).Select(r => r.UnitId).Distinct();
        var mandates = await db.Query<MandateRow>(MonthInputSql.Mandates, new { Ids = Sql.Json(resellers) }, ct);
        inputs.Problem = new MonthProblem
        {
            Grid = inputs._grid,
            Now = now,
            Demands = [.. terms.Where(t => inputs._units.ContainsKey(t.Row.UnitId)).Select(t => inputs.ToDemand(t.Row, t.Terms))],
            Taken =
            [
                .. bookings.Select(b => new Taken(b.ResourceId, new Window(b.StartsAt, b.BusyUntil))),
                .. away.Select(a => new Taken(a.PersonId, new Window(a.StartsAt, a.EndsAt))),
            ],
            Closures = [.. blocks.SelectMany(inputs.ToClosures)],
            PlannedBelow = [.. sessions.Where(s => !s.IsGroup && s.IsAhead).Select(s => new Planned(s.BrandList, s.Time))],
            Mandates = inputs.ToTerms(mandates, sessions),
            Quotas = inputs.ToQuotas(sessions),
            Ranks = ranks,
            TurnaroundMinutes = inputs._resources.Values.Where(r => r.TurnaroundMinutes > 0).ToDictionary(r => r.Id, r => r.TurnaroundMinutes),
        };
        return inputs;
    }

    /// <summary>The problem of one request at one slot, with everybody else where the proposal has them.</summary>
    public MonthProblem ProblemOf(SlotRequestRow request, DateTimeOffset startsAt, Guid hostId, Guid roomId, IReadOnlyCollection<ProposalRow> others)
    {
        var placed = others.Where(o => o.StartsAt is not null && o.RequestId != request.Id && Requests.ContainsKey(o.RequestId))
            .Select(o => (Item: o, Request: Requests[o.RequestId], Terms: Requests[o.RequestId].Session, Time: new Window(o.StartsAt!.Value, o.EndsAt!.Value))).ToList();
        var demand = Problem.Demands.Single(d => d.Id == request.Id) with { HostIds = [hostId], RoomIds = [roomId], Preferences = [[startsAt]] };
        var counted = placed.Where(p => p.Item.MandateId is not null).ToLookup(p => p.Item.MandateId!.Value, p => p.Time.OpensAt);
        return Problem with
        {
            Demands = [demand],
            Taken =
            [
                .. Problem.Taken,
                .. placed.SelectMany(p => p.Terms.CoHosts.Concat(p.Terms.ChannelIds).Append(p.Item.HostId!.Value).Select(r => new Taken(r, p.Time))),
                .. placed.Select(p => new Taken(p.Item.RoomId!.Value, p.Time with { ClosesAt = p.Time.ClosesAt.AddMinutes(Problem.TurnaroundMinutes.GetValueOrDefault(p.Item.RoomId.Value)) })),
            ],
            Closures = [.. Problem.Closures, .. placed.Where(p => p.Request.Tier == SessionTier.GroupBroadcast).Select(p => new Closure(_period.Path, p.Terms.BrandIds, p.Time))],
            PlannedBelow = [.. Problem.PlannedBelow, .. placed.Where(p => p.Request.Tier != SessionTier.GroupBroadcast).Select(p => new Planned(p.Terms.BrandIds, p.Time))],
            Mandates = [.. Problem.Mandates.Select(m => m with { Planned = [.. m.Planned, .. counted[m.Id]] })],
            Quotas = [.. Problem.Quotas.Select(q => q with { Used = q.Used + placed.Count(p => q.Counts(p.Request.Tier, p.Request.Path)) })],
        };
    }

    /// <summary>Which of its wishes a start fulfils; null for none.</summary>
    public int? PreferenceOf(Guid requestId, DateTimeOffset startsAt)
    {
        var preferences = Problem.Demands.Single(d => d.Id == requestId).Preferences;
        for (var i = 0; i < preferences.Count; i++)
            if (preferences[i].Contains(startsAt)) return i;
        return null;
    }

    private Demand ToDemand(SlotRequestRow request, SlotRequestTerms terms)
    {
        var unit = _units[request.UnitId];
        var zone = TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone);
        return new Demand
        {
            Id = request.Id,
            Tier = request.Tier,
            UnitId = request.UnitId,
            Path = unit.Path,
            Priority = request.Priority,
            Minutes = terms.Minutes,
            BrandIds = terms.BrandIds,
            Channels = [.. terms.ChannelIds.Select(id => new DemandChannel(id, _resources.GetValueOrDefault(id)?.ChannelKind ?? default))],
            HostIds = terms.HostIds,
            CoHostIds = terms.CoHosts,
            RoomIds = terms.RoomIds,
            Preferences = [.. request.PreferenceList.Select(p => _grid.Instants(p, zone))],
        };
    }

    private IEnumerable<Closure> ToClosures(BlockRow block)
    {
        var paths = block.UnitList.Count > 0 ? block.UnitList.Where(_units.ContainsKey).Select(u => _units[u].Path) : [_period.Path];
        return paths.Select(path => new Closure(path, block.BrandList, new Window(block.StartsAt, block.EndsAt)));
    }

    private List<Terms> ToTerms(IReadOnlyList<MandateRow> mandates, IReadOnlyList<PlannedRow> sessions)
    {
        var planned = sessions.Where(s => s.MandateId is not null).ToLookup(s => s.MandateId!.Value, s => s.StartsAt);
        return [.. mandates.Where(m => _units.ContainsKey(m.ResellerId)).Select(m => new Terms
        {
            Id = m.Id,
            ResellerId = m.ResellerId,
            BrandIds = m.BrandList,
            Channels = m.ChannelList,
            Dates = new Window(m.OpensAt, m.ClosesAt),
            Zone = TimeZoneInfo.FindSystemTimeZoneById(_units[m.ResellerId].TimeZone),
            EarliestMinute = m.EarliestMinute,
            LatestMinute = m.LatestMinute,
            SessionsPerWeek = m.SessionsPerWeek,
            Planned = [.. planned[m.Id]],
        })];
    }

    private List<Quota> ToQuotas(IReadOnlyList<PlannedRow> sessions)
    {
        var paths = _units.ToDictionary(u => u.Key, u => u.Value.Path);
        return QuotaCount.Of(_period, paths, [.. sessions.Select(s => (s.Tier, s.Path, s.StartsAt))]);
    }
}

/// <summary>How much of a month's quotas is used.</summary>
internal static class QuotaCount
{
    public static List<Quota> Of(PeriodRow period, IReadOnlyDictionary<Guid, string> paths, IReadOnlyCollection<(SessionTier Tier, string Path, DateTimeOffset StartsAt)> sessions)
    {
        var month = period.Grid.Month;
        return [.. period.QuotaList.Where(q => q.UnitId is not { } unit || paths.ContainsKey(unit)).Select(q =>
        {
            var quota = new Quota(q.Tier, q.UnitId is { } unit ? paths[unit] : period.Path, q.Most, 0);
            return quota with { Used = sessions.Count(s => month.Contains(s.StartsAt) && quota.Counts(s.Tier, s.Path)) };
        })];
    }
}

/// <summary>A resource's booked time.</summary>
internal sealed record BookedRow
{
    public Guid ResourceId { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    /// <summary>With the turnaround, if it is a room.</summary>
    public DateTimeOffset BusyUntil { get; init; }
}

/// <summary>A session that holds its slot, or did.</summary>
internal sealed record PlannedRow
{
    public SessionTier Tier { get; init; }

    public SessionStatus Status { get; init; }

    public string Path { get; init; } = "";

    public string BrandIds { get; init; } = "[]";

    public Guid? MandateId { get; init; }

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public IReadOnlyList<Guid> BrandList => Sql.FromJson<Guid[]>(BrandIds);

    public Window Time => new(StartsAt, EndsAt);

    public bool IsGroup => Tier == SessionTier.GroupBroadcast;

    public bool IsAhead => Status is SessionStatus.Submitted or SessionStatus.Scheduled or SessionStatus.WarmUp or SessionStatus.Live;
}

internal static class MonthInputSql
{
    internal const string Units = $"SELECT Id, Path, Kind, TimeZone, IsActive FROM Units WHERE {Sql.InScope}";

    internal const string Bookings =
        "SELECT b.ResourceId, b.StartsAt, b.EndsAt, b.BusyUntil FROM Bookings b JOIN Sessions s ON s.Id = b.SessionId " +
        $"WHERE b.ResourceId IN {Sql.Ids} AND b.StartsAt < @To AND b.BusyUntil > @From AND s.Status NOT IN ('Ended', 'InReview', 'Closed')";

    internal const string Sessions =
        "SELECT Tier, Status, Path, BrandIds, MandateId, StartsAt, EndsAt FROM Sessions " +
        $"WHERE StartsAt < @To AND StartsAt > @From AND {Sql.InScope} AND Status NOT IN ('Draft', 'Rejected', 'Displaced', 'Cancelled')";

    /// <summary>Of group broadcasts and of periods.</summary>
    internal const string Blocks = $"SELECT {BlockSql.Columns} FROM Blocks WHERE Path = @HeadquartersPath AND StartsAt < @To AND EndsAt > @From";

    internal const string Mandates =
        "SELECT Id, ResellerId, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, EarliestMinute, LatestMinute, RevokedAt FROM Mandates " +
        $"WHERE ResellerId IN {Sql.Ids} AND RevokedAt IS NULL";
}

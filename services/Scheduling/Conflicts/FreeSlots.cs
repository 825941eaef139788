using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>What a slot is looked for.</summary>
internal sealed record FreeSlotQuestion
{
    public required UnitRow Owner { get; init; }

    public required SessionTier Tier { get; init; }

    /// <summary>All that have to be free, the room among them.</summary>
    public required IReadOnlyList<Guid> ResourceIds { get; init; }

    public required IReadOnlyList<Guid> BrandIds { get; init; }

    public required TimeSpan Length { get; init; }

    /// <summary>The wanted start. Slots are looked for up to the last of <see cref="FreeSlots.Reaches"/> before and after.</summary>
    public required DateTimeOffset Near { get; init; }

    /// <summary>The room among the resources: it has to stay free for its turnaround after the session.</summary>
    public Guid? RoomId { get; init; }

    /// <summary>Of the room; looked up if not given.</summary>
    public int? TurnaroundMinutes { get; init; }

    /// <summary>What the session streams on; mandates are judged by it.</summary>
    public IReadOnlyList<ChannelKind> ChannelKinds { get; init; } = [];

    /// <summary>Only under this mandate; null for any of the reseller's.</summary>
    public Guid? MandateId { get; init; }

    /// <summary>For a group broadcast: the units it blocks, all if empty.</summary>
    public IReadOnlyList<Guid> CoversUnitIds { get; init; } = [];

    /// <summary>What this session has booked is not in its way.</summary>
    public Guid SessionId { get; init; }

    /// <summary>Offered to others who need the same: offered again only if there is too little else.</summary>
    public IReadOnlyList<Window> Promised { get; init; } = [];

    /// <summary>For a session as it is planned, or was to be.</summary>
    public static FreeSlotQuestion For(SessionRow session, UnitRow owner) => new()
    {
        Owner = owner,
        Tier = session.Tier,
        ResourceIds = session.ResourceIds,
        BrandIds = session.BrandList,
        Length = session.EndsAt - session.StartsAt,
        Near = session.StartsAt,
        RoomId = session.RoomId,
        TurnaroundMinutes = session.TurnaroundMinutes,
        ChannelKinds = [.. session.ChannelList.Select(c => c.Kind).Distinct()],
        MandateId = session.MandateId,
        CoversUnitIds = session.CoversUnitList,
        SessionId = session.Id,
    };
}

/// <summary>
/// The slots nearest to a wanted time in which nothing is in the way: no booking, no block, and for a reseller within a
/// mandate. They are free when they are read; nothing holds them.
/// </summary>
internal static class FreeSlots
{
    /// <summary>How far before and after the wanted start is looked; further only if nothing is found, and never further than the last.</summary>
    public static readonly IReadOnlyList<TimeSpan> Reaches = [TimeSpan.FromDays(14), TimeSpan.FromDays(42), TimeSpan.FromDays(126)];

    /// <returns>Nearest first, the earlier of two at the same distance; starting in the future, on a quarter of an hour; not overlapping each other.</returns>
    public static async Task<IReadOnlyList<FreeSlot>> Near(Reads from, FreeSlotQuestion question, int count)
    {
        foreach (var reach in Reaches)
        {
            var found = await Within(from, question, reach, count);
            if (found.Count > 0) return found;
        }
        return [];
    }

    private static async Task<IReadOnlyList<FreeSlot>> Within(Reads from, FreeSlotQuestion question, TimeSpan reach, int count)
    {
        // The first instant that is not past, as plans demand, and the last that may be planned.
        var (first, last) = (from.Now.AddMicroseconds(1), SessionChange.LatestStart(from.Now).AddMicroseconds(1));
        var near = question.Near < first ? first : question.Near;
        var search = new Window(Later(first, near - reach), Earlier(last, near + reach));
        if (search.OpensAt >= search.ClosesAt) return [];

        var forbidden = new List<Window>();
        await AddBookings(forbidden, from, question, search);
        await AddBlocks(forbidden, from, question, search);
        var isWithinMandate = question.Tier == SessionTier.ResellerBroadcast
            ? await MandateTimes.Of(from, question, new Window(search.OpensAt, search.ClosesAt + question.Length))
            : _ => true;
        var promised = question.Promised.Select(p => FreeTimes.StartsForbiddenBy(p, question.Length));
        var slots = FreeTimes.Nearest(near, question.Length, search, forbidden.Concat(promised), isWithinMandate, count);
        if (slots.Count < count && question.Promised.Count > 0)
        {
            var others = slots.Select(s => FreeTimes.StartsForbiddenBy(s, question.Length));
            slots = [.. slots, .. FreeTimes.Nearest(near, question.Length, search, forbidden.Concat(others), isWithinMandate, count - slots.Count)];
        }
        return [.. slots.Select(w => new FreeSlot(w.OpensAt, w.ClosesAt))];
    }

    private static async Task AddBookings(List<Window> forbidden, Reads from, FreeSlotQuestion question, Window search)
    {
        if (question.ResourceIds.Count == 0) return;
        var turnaround = TimeSpan.FromMinutes(question.TurnaroundMinutes ?? await Turnaround(from, question.RoomId));
        var bookings = await from.Query<BusyRow>(BookingSql.Busy, new
        {
            Ids = Sql.Json(question.ResourceIds),
            question.SessionId,
            ScanFrom = search.OpensAt - Bookings.Longest,
            StartsAt = search.OpensAt,
            BusyUntil = search.ClosesAt + question.Length + turnaround,
        });
        foreach (var b in bookings.Where(b => b.StartsAt < b.BusyUntil))
            forbidden.Add(FreeTimes.StartsForbiddenBy(new Window(b.StartsAt, b.BusyUntil), b.ResourceId == question.RoomId ? question.Length + turnaround : question.Length));
        var away = await Absences.Away(from, question.ResourceIds, search with { ClosesAt = search.ClosesAt + question.Length });
        foreach (var a in away) forbidden.Add(FreeTimes.StartsForbiddenBy(new Window(a.StartsAt, a.EndsAt), question.Length));
    }

    private static async Task AddBlocks(List<Window> forbidden, Reads from, FreeSlotQuestion question, Window search)
    {
        var time = search with { ClosesAt = search.ClosesAt + question.Length };
        IEnumerable<Window> blocked;
        if (question.Tier == SessionTier.GroupBroadcast)
        {
            var broadcast = new BlockRow
            {
                Path = UnitPath.Headquarters(question.Owner.Path),
                UnitIds = Sql.Json(question.CoversUnitIds),
                BrandIds = Sql.Json(question.BrandIds),
                StartsAt = time.OpensAt,
                EndsAt = time.ClosesAt,
            };
            blocked = (await Blocks.InTheWay(from, broadcast)).Select(c => new Window(c.StartsAt, c.EndsAt));
        }
        else
        {
            blocked = (await Blocks.Over(from, question.Owner.Path, question.BrandIds, time)).Select(b => new Window(b.StartsAt, b.EndsAt));
        }
        forbidden.AddRange(blocked.Select(b => FreeTimes.StartsForbiddenBy(b, question.Length)));
    }

    private static async Task<int> Turnaround(Reads from, Guid? roomId) =>
        roomId is { } id ? (await from.Query<int>(Resources.ResourceSql.Turnaround, new { Id = id })).FirstOrDefault() : 0;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private sealed record BusyRow
    {
        public Guid ResourceId { get; init; }

        public DateTimeOffset StartsAt { get; init; }

        public DateTimeOffset BusyUntil { get; init; }
    }
}

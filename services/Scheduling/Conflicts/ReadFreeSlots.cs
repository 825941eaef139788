using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>When a session could take place.</summary>
internal static class ReadFreeSlots
{
    private const int MostSlots = 20;
    private const int UsualSlots = 3;
    private const int MostIds = 50;

    /// <param name="Items">Nearest to the wanted time first.</param>
    internal sealed record View(IReadOnlyList<FreeSlot> Items);

    /// <summary>As sent; lists of ids are separated by commas.</summary>
    internal sealed record Query
    {
        public string? OwnerUnitId { get; init; }

        public string? Minutes { get; init; }

        public string? Near { get; init; }

        public string? HostId { get; init; }

        public string? CoHostIds { get; init; }

        public string? RoomId { get; init; }

        public string? ChannelIds { get; init; }

        public string? BrandIds { get; init; }

        public string? Tier { get; init; }

        public string? Count { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/free-slots", async ([AsParameters] Query query, Caller caller, ReadFreeSlotsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, Asked.From(query), ct)).ToHttp())
        .Describe(nameof(ReadFreeSlots), "The times nearest to a wanted one at which hosts, room and channels are free and nothing is blocked.",
            "Looks 14 days before and after ?near (now unless given), and if nothing is free up to 126, for slots of ?minutes that begin on a quarter of an hour and do not overlap each other; " +
            "a reseller's lie within a mandate of its own. ?ownerUnitId and ?minutes are needed, the rest narrows it down. Nothing holds a slot until a session is planned in it.")
        .Allow(Permission.ManagePlan)
        .Gives<View>()
        .Rejects(UnitRejections.NotFound, SessionRejections.TierNotAllowed, SessionRejections.BrandUnknown, SessionRejections.ResourceNotUsable);

    /// <summary>The query, understood.</summary>
    internal sealed record Asked
    {
        public Guid OwnerUnitId { get; init; }

        public TimeSpan Length { get; init; }

        public DateTimeOffset? Near { get; init; }

        public IReadOnlyList<Guid> HostIds { get; init; } = [];

        public Guid? RoomId { get; init; }

        public IReadOnlyList<Guid> ChannelIds { get; init; } = [];

        public IReadOnlyList<Guid> BrandIds { get; init; } = [];

        public SessionTier? Tier { get; init; }

        public int Count { get; init; }

        public static Asked From(Query query)
        {
            var faults = new Faults();
            var asked = new Asked
            {
                OwnerUnitId = Ids(query.OwnerUnitId, "?ownerUnitId", 1, 1, faults).FirstOrDefault(),
                Length = TimeSpan.FromMinutes(Number(query.Minutes, "?minutes", (int)SessionPlan.Shortest.TotalMinutes, (int)SessionPlan.Longest.TotalMinutes, null, faults)),
                Near = query.Near is null ? null : CalendarQuery.Instant(query.Near, "?near", faults),
                HostIds = [.. Ids(query.HostId, "?hostId", 0, 1, faults), .. Ids(query.CoHostIds, "?coHostIds", 0, MostIds, faults)],
                RoomId = Ids(query.RoomId, "?roomId", 0, 1, faults) is [var room] ? room : null,
                ChannelIds = Ids(query.ChannelIds, "?channelIds", 0, MostIds, faults),
                BrandIds = Ids(query.BrandIds, "?brandIds", 0, MostIds, faults),
                Tier = CalendarQuery.Name<SessionTier>(query.Tier, "?tier", faults) is { } tier ? Enum.Parse<SessionTier>(tier) : null,
                Count = Number(query.Count, "?count", 1, MostSlots, UsualSlots, faults),
            };
            return faults.Count == 0 ? asked : throw new RejectionException(faults.ToRejection());
        }

        private static IReadOnlyList<Guid> Ids(string? text, string pointer, int min, int max, Faults faults)
        {
            var parts = text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
            faults.Size(parts, min, max, pointer);
            var ids = new List<Guid>();
            foreach (var part in parts.Take(max))
            {
                if (Guid.TryParse(part, out var id)) ids.Add(id);
                else faults.Add(pointer, "id.invalid", "Must be ids, separated by commas.");
            }
            return [.. ids.Distinct()];
        }

        private static int Number(string? text, string pointer, int min, int max, int? otherwise, Faults faults)
        {
            if (text is null && otherwise is { } usual) return usual;
            faults.Check(int.TryParse(text, out var number) && number >= min && number <= max, pointer, "number.out_of_range", $"Must be from {min} to {max}.");
            return number;
        }
    }
}

internal sealed class ReadFreeSlotsHandler(SchedulingDb db, TimeProvider clock)
{
    public async Task<Result<ReadFreeSlots.View>> Handle(Caller caller, ReadFreeSlots.Asked asked, CancellationToken ct)
    {
        if (await db.Find<UnitRow>(UnitSql.InScopeById, new { Id = asked.OwnerUnitId, caller.Scope, caller.ScopeEnd }, ct) is not { } owner)
            return UnitRejections.Unknown(asked.OwnerUnitId);
        var tier = asked.Tier ?? UsualTier(owner.Kind);
        if (SessionChange.Tier(tier, owner) is { } mismatch) return mismatch;
        var known = await db.Query<BrandRow>(BrandSql.OfHeadquarters, new { HeadquartersPath = UnitPath.Headquarters(owner.Path), Ids = Sql.Json(asked.BrandIds) }, ct);
        var unknown = asked.BrandIds.Except(known.Select(b => b.Id)).ToList();
        if (unknown.Count > 0) return SessionRejections.BrandUnknown.Because($"No brand {string.Join(", ", unknown)}.").With("brandIds", unknown);

        IReadOnlyList<Guid> rooms = asked.RoomId is { } roomId ? [roomId] : [];
        IReadOnlyList<Guid> wanted = [.. asked.HostIds.Concat(rooms).Concat(asked.ChannelIds).Distinct()];
        var resources = (await db.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(wanted) }, ct))
            .Where(r => UnitPath.SameChain(r.Path, owner.Path)).ToDictionary(r => r.Id);
        var unusable = Unusable(asked.HostIds, ResourceKind.Host).Concat(Unusable(rooms, ResourceKind.Room)).Concat(Unusable(asked.ChannelIds, ResourceKind.Channel)).ToList();
        if (unusable.Count > 0)
            return SessionRejections.ResourceNotUsable.Because($"Not usable: {string.Join(", ", unusable)}.").With("resourceIds", unusable);

        var slots = await FreeSlots.Near(Reads.Outside(db, clock, ct), new FreeSlotQuestion
        {
            Owner = owner,
            Tier = tier,
            ResourceIds = wanted,
            BrandIds = asked.BrandIds,
            Length = asked.Length,
            Near = asked.Near ?? clock.Now(),
            RoomId = asked.RoomId,
            TurnaroundMinutes = asked.RoomId is { } room ? resources[room].TurnaroundMinutes : 0,
            ChannelKinds = [.. asked.ChannelIds.Select(id => resources[id].ChannelKind!.Value).Distinct()],
        }, asked.Count);
        return new ReadFreeSlots.View(slots);

        IEnumerable<Guid> Unusable(IReadOnlyList<Guid> ids, ResourceKind kind) => ids.Where(id => !resources.TryGetValue(id, out var r) || r.Kind != kind);
    }

    private static SessionTier UsualTier(UnitKind kind) => kind switch
    {
        UnitKind.Headquarters => SessionTier.GroupBroadcast,
        UnitKind.Region => SessionTier.RegionalBroadcast,
        _ => SessionTier.ResellerBroadcast,
    };
}

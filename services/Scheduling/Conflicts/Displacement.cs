using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>
/// A session of a higher tier takes the slot of lower ones. They give up what they booked and nothing else: lineup, coupons
/// and crew stay bound to them, and they wait, in sight of their owners, for another time.
/// </summary>
internal static class Displacement
{
    /// <summary>
    /// The sessions to be displaced, all of which are in the plan and not on the air, of a lower tier than the one that takes
    /// their slot, and covered by who asks for it. Empty if any is not, or if a block is in the way, which nothing displaces.
    /// </summary>
    public static async Task<IReadOnlyList<SessionRow>> Of(UnitOfWork work, SessionRow by, Caller caller, Obstacles obstacles)
    {
        if (obstacles.Blocks.Count > 0) return [];
        var lower = await work.Query<SessionRow>(SessionSql.ByIds, new { Ids = Sql.Json(obstacles.Collisions.Select(c => c.SessionId).Distinct()) });
        return lower.All(s => s.Tier > by.Tier && caller.Covers(s.Path) && !SessionLifecycle.Apply(s.Status, SessionAction.Displace).IsRejected) ? lower : [];
    }

    /// <summary>Frees their slots. What is offered to their owners is found by <see cref="Tell"/>, when the slots are taken.</summary>
    public static async Task Clear(UnitOfWork work, IReadOnlyList<SessionRow> lower)
    {
        foreach (var session in lower) await Bookings.Release(work, session.Id);
    }

    /// <summary>Writes down that they are displaced, and tells their owners what is free nearby.</summary>
    public static async Task<Rejection?> Tell(UnitOfWork work, IReadOnlyList<SessionRow> lower, SessionRow by)
    {
        var offers = new List<(SessionRow To, FreeSlot Slot)>();
        foreach (var session in lower)
        {
            // Two that need the same host or room could not both have the same slot.
            var promised = offers.Where(o => o.To.ResourceIds.Intersect(session.ResourceIds).Any()).Select(o => new Window(o.Slot.StartsAt, o.Slot.EndsAt));
            var owner = await work.Find<UnitRow>(UnitSql.ById, new { Id = session.OwnerUnitId });
            var alternatives = await FreeSlots.Near(work, FreeSlotQuestion.For(session, owner!) with { Promised = [.. promised] }, Obstacles.SlotsOffered);
            offers.AddRange(alternatives.Select(slot => (session, slot)));
            var displaced = session with { Status = SessionStatus.Displaced, DisplacedBySessionId = by.Id, DisplacedAt = work.Now };
            await BeginPhase.Expect(work, displaced);
            var saved = await SessionChange.Save(work, displaced, state => new SessionDisplaced(state, by.Id, alternatives));
            if (saved.Rejection is { } lost) return lost;
            work.Decided("DisplaceSession", $"/scheduling/sessions/{session.Id}", session.ToView(), saved.Value.ToView());
        }
        return null;
    }
}

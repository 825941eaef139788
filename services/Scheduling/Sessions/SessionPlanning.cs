using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>A session that is to come into being.</summary>
internal sealed record NewSession
{
    public required Guid Id { get; init; }

    public required SessionTier Tier { get; init; }

    public required UnitRow Owner { get; init; }

    /// <summary>Validated.</summary>
    public required SessionPlan Plan { get; init; }

    /// <summary>Draft books nothing; Submitted books; Scheduled books and is told to everyone.</summary>
    public SessionStatus Status { get; init; } = SessionStatus.Scheduled;

    /// <summary>The mandate to stream under; null takes any that covers the session.</summary>
    public Guid? MandateId { get; init; }

    /// <summary>Who asks that lower sessions make way; null: nobody.</summary>
    public Caller? Displacer { get; init; }

    public Guid? SeriesId { get; init; }

    /// <summary>With a series: which occurrence, by its day.</summary>
    public string? OccurrenceOn { get; init; }
}

/// <summary>Makes sessions, one or many in a transaction of whoever plans them.</summary>
internal static class SessionPlanning
{
    /// <summary>What <see cref="Create"/> may be refused with.</summary>
    internal static readonly RejectionKind[] Rejections =
    [
        SessionRejections.TierNotAllowed, SessionRejections.BrandUnknown, SessionRejections.BrandGrade, SessionRejections.ResourceNotUsable,
        SessionRejections.UnitUnknown, .. SessionChange.PlaceRejections,
    ];

    /// <summary>
    /// Takes the locks the sessions need, in the order that is the same everywhere. To be called first, with all of them,
    /// by whoever makes several in one transaction.
    /// </summary>
    public static async Task TakeTurns(UnitOfWork work, IReadOnlyCollection<NewSession> sessions)
    {
        foreach (var reseller in sessions.Where(s => s.Tier == SessionTier.ResellerBroadcast).Select(s => s.Owner.Id).Distinct().Order())
            await work.Execute(UnitSql.TakeTurn, new { Id = reseller });
        foreach (var tree in sessions.GroupBy(s => UnitPath.Headquarters(s.Owner.Path), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            await SessionChange.HoldBrands(work, tree.Key, tree.SelectMany(s => s.Plan.BrandIds));
        await Bookings.TakeTurn(work, sessions.SelectMany(s => s.Plan.ResourceIds));
    }

    /// <summary>Makes the session and books what it needs, or says why not; a refusal has written nothing.</summary>
    public static async Task<Result<SessionRow>> Create(UnitOfWork work, NewSession planned)
    {
        var owner = planned.Owner;
        if (SessionChange.Tier(planned.Tier, owner) is { } mismatch) return mismatch;
        if (SessionChange.Start(planned.Plan.StartsAt, work.Now) is { } badStart) return badStart;
        if (planned.Tier == SessionTier.ResellerBroadcast) await work.Execute(UnitSql.TakeTurn, new { owner.Id });
        var filled = await SessionChange.Fill(work, Blank(planned, work.Now), planned.Plan);
        if (filled.Rejection is { } unfit) return unfit;
        var session = filled.Value;
        if (SessionLifecycle.HoldsSlot(session.Status))
        {
            var placed = await SessionChange.Place(work, session, owner, planned.MandateId, planned.Displacer);
            if (placed.Rejection is { } refusal) return refusal;
            session = placed.Value;
        }
        else if (await UnitRejections.UnlessActive(work, owner.Path) is { } inactive)
        {
            return inactive;
        }
        await work.Execute(SessionSql.Insert, session.ToParameters());
        await BeginPhase.Expect(work, session);
        if (session.IsPublished) work.Publish(new SessionScheduled(session.ToState()));
        return session;
    }

    private static SessionRow Blank(NewSession planned, DateTimeOffset now) => new()
    {
        Id = planned.Id,
        Version = 1,
        Tier = planned.Tier,
        Status = planned.Status,
        OwnerUnitId = planned.Owner.Id,
        Path = planned.Owner.Path,
        MandateId = planned.MandateId,
        SeriesId = planned.SeriesId,
        OccurrenceOn = planned.OccurrenceOn,
        ApprovedAt = planned.Status == SessionStatus.Scheduled ? now : null,
        CreatedAt = now,
    };
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Series;

/// <summary>
/// The steps every change of a series is made of. The series' own row is locked first, by its update; then what its
/// sessions need, in the order that is the same everywhere.
/// </summary>
internal sealed class SeriesChange(UnitOfWork work, TimeProvider clock, Caller caller, SeriesRow series, UnitRow owner)
{
    /// <summary>What is wrong with the series and not with one occurrence: nothing of it is planned then.</summary>
    internal static readonly RejectionKind[] OfTheWhole =
    [
        SessionRejections.TierNotAllowed, SessionRejections.BrandUnknown, SessionRejections.BrandGrade, SessionRejections.ResourceNotUsable, UnitRejections.Inactive,
        CommonRejections.LostRace,
    ];

    private readonly SeriesTemplate _template = series.Plan;

    /// <summary>The series within the caller's reach, and its owner.</summary>
    public static async Task<Result<(SeriesRow Series, UnitRow Owner)>> Take(UnitOfWork work, Caller caller, Guid id)
    {
        if (await work.Find<SeriesRow>(SeriesSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } series) return SeriesRejections.Unknown(id);
        work.Audited(await View(work, series));
        if (series.CancelledAt is { } at) return SeriesRejections.Cancelled.Because($"The series was cancelled at {at:O}.");
        return (series, (await work.Find<UnitRow>(UnitSql.ById, new { Id = series.OwnerUnitId }))!);
    }

    /// <summary>Writes the series over the version it was read at, and so locks it.</summary>
    public static async Task<Result<SeriesRow>> Save(UnitOfWork work, SeriesRow series) => await work.Execute(SeriesSql.Update, series.ToParameters()) == 0
        ? CommonRejections.LostRace.Because("Somebody changed the series at this moment.") with { RetryAfter = TimeSpan.FromSeconds(1) }
        : series with { Version = series.Version + 1 };

    /// <summary>The series with all its occurrences, as they are now.</summary>
    public static async Task<SeriesView> View(UnitOfWork work, SeriesRow series) => OccurrenceViews.Of(
        series,
        await work.Query<SessionRow>(SeriesSql.Sessions, new { series.Id }),
        await work.Query<RefusalRow>(SeriesSql.Refusals, new { series.Id }));

    /// <summary>Makes, moves and gives up sessions until they are as the series has them; what cannot be is noted.</summary>
    /// <param name="only">One occurrence's day; null for all.</param>
    /// <returns>A refusal if nothing can be as the series has it, or the one asked for cannot.</returns>
    public async Task<Rejection?> BringInLine(string? only = null)
    {
        var sessions = await TakeTurns();
        if (only is null) await work.Execute(SeriesSql.ForgetRefusals, new { series.Id, From = "" });
        else await work.Execute(SeriesSql.ForgetRefusal, new { series.Id, On = only });
        foreach (var step in SeriesSteps.Of(series.Pattern.Occurrences, sessions, work.Now))
        {
            if (only is not null && step.Occurrence?.On != only) continue;
            var refusal = await Carry(step);
            if (refusal is null) continue;
            if (only is not null || step.Occurrence is null || OfTheWhole.Contains(refusal.Kind)) return refusal;
            await work.Execute(SeriesSql.Refuse, RefusalRow.Of(series.Id, step.Occurrence.Value.On, refusal));
        }
        return null;
    }

    /// <summary>One occurrence in its own way from now on, in place of what it was.</summary>
    public async Task<Rejection?> Detach(string on, SessionPlan plan)
    {
        var sessions = await TakeTurns(plan.ResourceIds);
        if (SessionChange.Start(plan.StartsAt, work.Now) is { } badStart) return badStart;
        await work.Execute(SeriesSql.ForgetRefusal, new { series.Id, On = on });
        return sessions.FirstOrDefault(s => s.OccurrenceOn == on) is { } session
            ? await SessionReplanning.Replan(work, caller, session with { IsDetached = true }, plan)
            : await Make(on, plan, isDetached: true);
    }

    /// <summary>Takes one session out of the plan, and out of the series, which may have another one on that day later.</summary>
    public async Task<Rejection?> GiveUp(string on)
    {
        var sessions = await TakeTurns();
        await work.Execute(SeriesSql.ForgetRefusal, new { series.Id, On = on });
        return sessions.FirstOrDefault(s => s.OccurrenceOn == on) is { } session ? await Cancel(session with { SeriesId = null, OccurrenceOn = null }, null) : null;
    }

    /// <summary>Takes every session still ahead out of the plan, from a day on; each stays what it was in the series.</summary>
    public async Task<Rejection?> CancelAll(string from, string? reason)
    {
        foreach (var session in await TakeTurns())
        {
            if (string.CompareOrdinal(session.OccurrenceOn, from) < 0 || !SeriesSteps.IsAhead(session, work.Now)) continue;
            if (await Cancel(session, reason) is { } refusal) return refusal;
        }
        await work.Execute(SeriesSql.ForgetRefusals, new { series.Id, From = from });
        return null;
    }

    /// <summary>Lets every session that waits for it into the plan; what cannot be any more is noted, and waits on.</summary>
    public async Task<Rejection?> Approve()
    {
        if (SessionApproval.Refusal(caller, series.Tier, owner.Path) is { } own) return own;
        foreach (var session in await TakeTurns())
        {
            if (session.Status != SessionStatus.Submitted || !SeriesSteps.IsAhead(session, work.Now)) continue;
            var approved = session with { Status = SessionLifecycle.Apply(session.Status, SessionAction.Approve).Value, ApprovedAt = session.ApprovedAt ?? work.Now };
            var entered = await SessionApproval.Enter(work, approved, displacer: null);
            await work.Execute(SeriesSql.ForgetRefusal, new { series.Id, On = session.OccurrenceOn });
            if (entered.Rejection is not { } refusal) continue;
            if (refusal.Kind == CommonRejections.LostRace) return refusal;
            await work.Execute(SeriesSql.Refuse, RefusalRow.Of(series.Id, session.OccurrenceOn!, refusal));
        }
        return null;
    }

    /// <summary>The series' sessions, read after the locks of all they need were taken.</summary>
    private async Task<IReadOnlyList<SessionRow>> TakeTurns(IReadOnlyList<Guid>? further = null)
    {
        var seen = await work.Query<SessionRow>(SeriesSql.Sessions, new { series.Id });
        if (series.Tier == SessionTier.ResellerBroadcast) await work.Execute(UnitSql.TakeTurn, new { Id = owner.Id });
        var plan = _template.At(work.Now, work.Now);
        var ahead = seen.Where(s => SeriesSteps.IsAhead(s, work.Now)).ToList();
        await SessionChange.HoldBrands(work, UnitPath.Headquarters(owner.Path), ahead.SelectMany(s => s.BrandList).Concat(plan.BrandIds));
        await Bookings.TakeTurn(work, ahead.SelectMany(s => s.ResourceIds).Concat(plan.ResourceIds).Concat(further ?? []));
        return await work.Query<SessionRow>(SeriesSql.Sessions, new { series.Id });
    }

    private Task<Rejection?> Carry(SeriesStep step) => step switch
    {
        { Occurrence: null, Session: { } session } => Cancel(session with { SeriesId = null, OccurrenceOn = null }, null),
        { Occurrence: { } occurrence, Session: null } => Make(occurrence.On, _template.At(occurrence), isDetached: false),
        { Occurrence: { } occurrence, Session: { } session } when _template.Fits(session, occurrence) => Task.FromResult<Rejection?>(null),
        { Occurrence: { } occurrence, Session: { } session } => SessionReplanning.Replan(work, caller, session with { OccurrenceOn = occurrence.On }, _template.At(occurrence)),
        _ => Task.FromResult<Rejection?>(null),
    };

    private async Task<Rejection?> Make(string on, SessionPlan plan, bool isDetached)
    {
        var made = await SessionPlanning.Create(work, new NewSession
        {
            Id = clock.NewId(),
            Tier = series.Tier,
            Owner = owner,
            Plan = plan,
            MandateId = series.MandateId,
            SeriesId = series.Id,
            OccurrenceOn = on,
            Status = SessionApproval.IsGivenBy(caller, series.Tier, owner.Path) ? SessionStatus.Scheduled : SessionStatus.Submitted,
        });
        if (made.Rejection is null && isDetached) await work.Execute(SeriesSql.Detach, new { made.Value.Id });
        return made.Rejection;
    }

    private async Task<Rejection?> Cancel(SessionRow session, string? reason)
    {
        var status = SessionLifecycle.Apply(session.Status, SessionAction.Cancel);
        if (status.Rejection is { } illegal) return illegal;
        var cancelled = session with { Status = status.Value, CancelReason = reason };
        await Bookings.Release(work, session.Id);
        await BeginPhase.Expect(work, cancelled);
        return (await SessionChange.Save(work, cancelled, state => new SessionCancelled(state))).Rejection;
    }
}

internal static class OccurrenceViews
{
    /// <summary>What the pattern names, and every session of the series besides.</summary>
    public static SeriesView Of(SeriesRow series, IReadOnlyList<SessionRow> sessions, IReadOnlyList<RefusalRow> refusals)
    {
        var occurrences = series.Pattern.Occurrences.ToDictionary(o => o.On);
        var sessionOn = sessions.ToDictionary(s => s.OccurrenceOn!);
        var refusalOn = refusals.ToDictionary(r => r.OccurrenceOn);
        var days = occurrences.Keys.Union(sessionOn.Keys).Order(StringComparer.Ordinal);
        return series.ToView([.. days.Select(on =>
        {
            var session = sessionOn.GetValueOrDefault(on);
            var refusal = refusalOn.GetValueOrDefault(on)?.ToView();
            return session is null
                ? new OccurrenceView(on, occurrences[on].StartsAt, occurrences[on].EndsAt, null, null, false, refusal)
                : new OccurrenceView(on, session.StartsAt, session.EndsAt, session.Id, session.Status, session.IsDetached, refusal);
        })]);
    }
}

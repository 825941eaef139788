using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Requests;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods.Proposals;

/// <summary>Makes sessions of a proposal: all of them or none.</summary>
internal static class PublishPeriod
{
    /// <summary>Why something cannot become a session.</summary>
    /// <param name="RequestId">Whose; null for a quota.</param>
    /// <param name="Title">The session's, or the quota's.</param>
    /// <param name="Code">The rejection.</param>
    /// <param name="Detail">For people.</param>
    internal sealed record Refusal(Guid? RequestId, string Title, string Code, string Detail);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/periods/{id:guid}/publish", async (Guid id, IfMatch ifMatch, Caller caller, PublishPeriodHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, ct)).ToHttp())
        .Describe(nameof(PublishPeriod), "Makes sessions of the whole proposal in one step, all or none; from then on the period takes no requests.",
            "Everything is checked once more. If anything does not fit any more, period.publish_conflicts names all of it in refusals, and nothing is planned. Repeated, it answers the same.")
        .Allow(Permission.ManagePeriods).Conditional()
        .Gives<ProposalView>()
        .Rejects(PeriodRejections.NotFound, PeriodRejections.HeadquartersOnly, PeriodRejections.NoProposal, PeriodRejections.PublishConflicts);
}

internal sealed class PublishPeriodHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<ProposalView>> Handle(Caller caller, Guid id, IfMatch ifMatch, CancellationToken ct) =>
        db.InTransaction<ProposalView>(caller.Write, async work =>
        {
            var taken = await PeriodAccess.Take(work, caller, id);
            if (taken.Rejection is { } refusal) return refusal;
            var period = taken.Value;
            var items = await work.Query<ProposalRow>(ProposalSql.OfPeriod, new { PeriodId = id });
            var requests = (await work.Query<SlotRequestRow>(ProposalSql.Requests, new { PeriodId = id })).ToDictionary(r => r.Id);
            if (period.Status == PeriodStatus.Published) return ProposalView.Of(period, items, requests);
            if (ifMatch.Check(period.Version) is { } stale) return stale;
            if (period.Status != PeriodStatus.Proposed) return PeriodRejections.NoProposal.Because("Compute one first.");

            period = period with { Status = PeriodStatus.Published, PublishedAt = work.Now };
            work.Audited(taken.Value.ToView(), (period with { Version = period.Version + 1 }).ToView());
            if (await work.Execute(PeriodSql.Update, period.ToParameters()) == 0) return PeriodAccess.LostRace();
            var made = await Plan(work, period, [.. items.Where(i => i.StartsAt is not null)], requests);
            if (made.Rejection is { } conflicts) return conflicts;
            await work.Execute(ProposalSql.BecameSession, made.Value.Select(m => new { RequestId = m.Key, SessionId = m.Value }).ToList());
            return ProposalView.Of(
                period with { Version = period.Version + 1 },
                items.Select(i => made.Value.TryGetValue(i.RequestId, out var session) ? i with { SessionId = session } : i),
                requests);
        }, ct);

    private async Task<Result<Dictionary<Guid, Guid>>> Plan(
        UnitOfWork work, PeriodRow period, IReadOnlyList<ProposalRow> items, IReadOnlyDictionary<Guid, SlotRequestRow> requests)
    {
        var units = (await work.Query<UnitRow>(PublishSql.Units, new { Scope = period.Path, ScopeEnd = UnitPath.End(period.Path) })).ToDictionary(u => u.Id);
        var refusals = new List<PublishPeriod.Refusal>();
        var sessions = new List<(SlotRequestRow Request, NewSession Session)>();
        // Group broadcasts first: what they block is known when the others are checked.
        foreach (var item in items.OrderBy(i => requests[i.RequestId].Tier).ThenBy(i => i.StartsAt).ThenBy(i => i.RequestId))
        {
            var request = requests[item.RequestId];
            if (ProposalView.IsCurrent(item, request) && units.TryGetValue(request.UnitId, out var owner)) sessions.Add((request, ToSession(item, request, owner)));
            else refusals.Add(new(request.Id, request.Session.Title, "slot_request.changed", "It was changed or withdrawn since the proposal was made."));
        }
        refusals.AddRange(await OverQuota(work, period, units, [.. sessions.Select(s => s.Request)]));
        await SessionPlanning.TakeTurns(work, [.. sessions.Select(s => s.Session)]);
        foreach (var (request, session) in sessions)
        {
            var created = await SessionPlanning.Create(work, session);
            if (created.Rejection is { } refusal) refusals.Add(new(request.Id, session.Plan.Title, refusal.Kind.Code, refusal.Detail));
        }
        if (refusals.Count > 0)
            return PeriodRejections.PublishConflicts.Because($"{refusals.Count} of {items.Count} do not fit any more; see refusals for each.").With("refusals", refusals);
        return sessions.ToDictionary(s => s.Request.Id, s => s.Session.Id);
    }

    private NewSession ToSession(ProposalRow item, SlotRequestRow request, UnitRow owner) => new()
    {
        Id = clock.NewId(),
        Tier = request.Tier,
        Owner = owner,
        Plan = request.Session.ToPlan(item.StartsAt!.Value, item.EndsAt!.Value, item.HostId!.Value, item.RoomId!.Value),
        MandateId = item.MandateId,
    };

    private static async Task<IEnumerable<PublishPeriod.Refusal>> OverQuota(
        UnitOfWork work, PeriodRow period, Dictionary<Guid, UnitRow> units, IReadOnlyList<SlotRequestRow> requests)
    {
        var month = period.Grid.Month;
        var planned = await work.Query<PlannedRow>(
            MonthInputSql.Sessions, new { Scope = period.Path, ScopeEnd = UnitPath.End(period.Path), From = month.OpensAt.AddMicroseconds(-1), To = month.ClosesAt });
        var quotas = QuotaCount.Of(period, units.ToDictionary(u => u.Key, u => u.Value.Path), [.. planned.Select(p => (p.Tier, p.Path, p.StartsAt))]);
        return quotas.Select(q => (Quota: q, New: requests.Count(r => q.Counts(r.Tier, r.Path))))
            .Where(q => q.New > 0 && q.Quota.Used + q.New > q.Quota.Most)
            .Select(q => new PublishPeriod.Refusal(
                null, $"{q.Quota.Tier?.ToString() ?? "Sessions"} of {q.Quota.Path}", PeriodRejections.QuotaSpent.Code, $"{q.Quota.Most} at most; {q.Quota.Used} are planned and {q.New} proposed."));
    }
}

internal static class PublishSql
{
    /// <summary>As sessions need their owners.</summary>
    internal const string Units = $"SELECT Id, Path, Kind, TimeZone, ParentId, Name, IsActive FROM Units WHERE {Sql.InScope}";
}

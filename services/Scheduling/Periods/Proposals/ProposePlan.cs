using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Periods.Requests;

namespace LiveCommerce.Scheduling.Periods.Proposals;

/// <summary>Computes a whole month's plan from all requests.</summary>
internal static class ProposePlan
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/periods/{id:guid}/proposal", async (Guid id, Caller caller, ProposePlanHandler handler, CancellationToken ct) => (await handler.Handle(caller, id, ct)).ToHttp())
            .Describe(nameof(ProposePlan), "Computes a whole month's plan from all requests, in place of the proposal there is.",
                "No conflict; mandates, blocks and quotas are kept; group broadcasts first, then by rank and preference. The same requests give the same plan. " +
                "Says of every request that is not placed why, and which free slot is nearest. Edits of an earlier proposal are lost.")
            .Allow(Permission.ManagePeriods)
            .Gives<ProposalView>()
            .Rejects(PeriodRejections.NotFound, PeriodRejections.HeadquartersOnly, PeriodRejections.Closed);

        routes.MapGet("/periods/{id:guid}/proposal", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Read(db, caller, id, ct)).ToHttp())
            .Describe("ReadProposal", "A month's proposal, for the headquarters.")
            .Allow(Permission.ReadPlan)
            .Gives<ProposalView>()
            .Rejects(PeriodRejections.NotFound, PeriodRejections.HeadquartersOnly, PeriodRejections.NoProposal);
    }

    private static async Task<Result<ProposalView>> Read(SchedulingDb db, Caller caller, Guid id, CancellationToken ct)
    {
        var period = await PeriodAccess.Read(db, caller, id, ct);
        if (period.Rejection is { } refusal) return refusal;
        if (PeriodAccess.UnlessHeadquarters(caller) is { } other) return other;
        if (period.Value.Status == PeriodStatus.Open) return PeriodRejections.NoProposal.Because("Nothing has been proposed since the period was last changed.");
        var requests = (await db.Query<SlotRequestRow>(ProposalSql.Requests, new { PeriodId = id }, ct)).ToDictionary(r => r.Id);
        return ProposalView.Of(period.Value, await db.Query<ProposalRow>(ProposalSql.OfPeriod, new { PeriodId = id }, ct), requests);
    }
}

internal sealed class ProposePlanHandler(SchedulingDb db, TimeProvider clock, IEnumerable<IRanking> rankings) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>A month is computed on one processor for a second or so.</summary>
    private readonly SemaphoreSlim _places = new(1);

    public void Dispose() => _places.Dispose();

    public async Task<Result<ProposalView>> Handle(Caller caller, Guid id, CancellationToken ct)
    {
        var found = await Readable(caller, id, ct);
        if (found.Rejection is { } refusal) return refusal;
        var period = found.Value;
        if (!await _places.WaitAsync(LongestWait, ct)) return CommonRejections.Overloaded.Because("Other months are being computed.") with { RetryAfter = LongestWait };
        try
        {
            var inputs = await MonthInputs.Read(db, period, await Ranks(period, ct), clock.Now(), [], ct);
            var planned = PlanMonth.Of(inputs.Problem);
            var plan = planned with { Unplaced = [.. planned.Unplaced, .. inputs.OutOfUse] };
            return await db.InTransaction(caller.Write, work => Store(work, caller, period, inputs, plan), ct);
        }
        finally
        {
            _places.Release();
        }
    }

    public async Task<Result<PeriodRow>> Readable(Caller caller, Guid id, CancellationToken ct)
    {
        var period = await PeriodAccess.Read(db, caller, id, ct);
        if (period.Rejection is { } refusal) return refusal;
        if (PeriodAccess.UnlessHeadquarters(caller) is { } other) return other;
        return period.Value.Status == PeriodStatus.Published ? PeriodRejections.Closed.Because("Its sessions are edited one by one.") : period;
    }

    /// <summary>The first source that has any.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> Ranks(PeriodRow period, CancellationToken ct)
    {
        foreach (var ranking in rankings)
            if (await ranking.Of(period, ct) is { } ranks) return ranks;
        return new Dictionary<Guid, int>();
    }

    private static async Task<Result<ProposalView>> Store(UnitOfWork work, Caller caller, PeriodRow seen, MonthInputs inputs, MonthPlan plan)
    {
        var taken = await PeriodAccess.Take(work, caller, seen.Id);
        if (taken.Rejection is { } refusal) return refusal;
        if (taken.Value.Version != seen.Version)
            return CommonRejections.LostRace.Because("The period was changed while its plan was computed.") with { RetryAfter = TimeSpan.FromSeconds(1) };
        var period = taken.Value with
        {
            Status = PeriodStatus.Proposed,
            SatisfactionPoints = plan.Satisfaction.Points,
            GreedyPoints = plan.Greedy.Points,
            MostPoints = plan.Satisfaction.Most,
            ProposedAt = work.Now,
        };
        work.Audited(taken.Value.ToView(), (period with { Version = period.Version + 1 }).ToView());
        if (await work.Execute(PeriodSql.Update, period.ToParameters()) == 0) return PeriodAccess.LostRace();
        List<ProposalRow> items =
        [
            .. plan.Placed.Select(p => ProposalRow.Of(inputs.Requests[p.DemandId], p)),
            .. plan.Unplaced.Select(u => ProposalRow.Of(inputs.Requests[u.DemandId], u)),
        ];
        await work.Execute(ProposalSql.Delete, new { PeriodId = period.Id });
        await work.Execute(ProposalSql.Insert, items);
        return ProposalView.Of(period with { Version = period.Version + 1 }, items, inputs.Requests);
    }
}

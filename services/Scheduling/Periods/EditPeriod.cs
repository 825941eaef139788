using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Periods.Proposals;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods;

/// <summary>Changes a period's grid, blocks and quotas. A proposal it had is dropped: it kept other rules.</summary>
internal static class EditPeriod
{
    /// <param name="SlotMinutes">15, 30 or 60.</param>
    /// <param name="DayStartMinute">Of the local day.</param>
    /// <param name="DayEndMinute">After the start, by a day at most.</param>
    /// <param name="RequestsCloseAt">No request is taken from then on.</param>
    /// <param name="Quotas">All of them.</param>
    /// <param name="Blocks">All of them.</param>
    internal sealed record Request(
        int SlotMinutes,
        int DayStartMinute,
        int DayEndMinute,
        DateTimeOffset? RequestsCloseAt = null,
        IReadOnlyList<QuotaEntry>? Quotas = null,
        IReadOnlyList<BlockEntry>? Blocks = null) : IValidated
    {
        public PeriodTerms ToTerms() => new()
        {
            SlotMinutes = SlotMinutes,
            DayStartMinute = DayStartMinute,
            DayEndMinute = DayEndMinute,
            RequestsCloseAt = RequestsCloseAt,
            Quotas = Quotas ?? [],
            Blocks = Blocks ?? [],
        };

        public void Validate(Faults faults) => ToTerms().Validate(faults);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/periods/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditPeriodHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ifMatch, ct)).ToHttp())
        .Describe(nameof(EditPeriod), "Changes a period's grid, blocks and quotas until it is published. A proposal it had is dropped.")
        .Allow(Permission.ManagePeriods).Conditional()
        .Example(new Request(30, 480, 1440))
        .Gives<PeriodView>()
        .Rejects(PeriodRejections.NotFound, PeriodRejections.HeadquartersOnly, PeriodRejections.Closed, UnitRejections.NotFound, SessionRejections.BrandUnknown);
}

internal sealed class EditPeriodHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<PeriodView>> Handle(Caller caller, Guid id, EditPeriod.Request body, IfMatch ifMatch, CancellationToken ct) =>
        db.InTransaction<PeriodView>(caller.Write, async work =>
        {
            var taken = await PeriodAccess.Take(work, caller, id);
            if (taken.Rejection is { } refusal) return refusal;
            work.Audited(taken.Value.ToView());
            if (ifMatch.Check(taken.Value.Version) is { } stale) return stale;
            if (taken.Value.Status == PeriodStatus.Published) return PeriodRejections.Closed.Because("Its sessions are edited one by one.");
            if (await body.ToTerms().Unknown(work, taken.Value.Path) is { } unknown) return unknown;
            var period = body.ToTerms().On(taken.Value).Reopened();
            await PeriodChange.Block(work, clock, period);
            return await PeriodChange.Save(work, period);
        }, ct);
}

/// <summary>Steps that changes of a period share.</summary>
internal static class PeriodChange
{
    /// <summary>Without the proposal it had.</summary>
    public static PeriodRow Reopened(this PeriodRow period) => period with
    {
        Status = PeriodStatus.Open,
        SatisfactionPoints = null,
        GreedyPoints = null,
        MostPoints = null,
        ProposedAt = null,
    };

    /// <summary>
    /// Keeps the period's blocks free from now on, whoever plans. What is planned in them already stays: the headquarters
    /// sees it in the month.
    /// </summary>
    public static async Task Block(UnitOfWork work, TimeProvider clock, PeriodRow period)
    {
        await Blocks.RemoveOfPeriod(work, period.Id);
        foreach (var entry in period.BlockList)
        {
            await Blocks.Add(work, new BlockRow
            {
                Id = clock.NewId(),
                Path = period.Path,
                UnitIds = Sql.Json(entry.UnitIds ?? []),
                BrandIds = Sql.Json(entry.BrandIds ?? []),
                StartsAt = entry.StartsAt,
                EndsAt = entry.EndsAt,
                PeriodId = period.Id,
                Reason = entry.Reason,
            });
        }
    }

    public static async Task<Result<PeriodView>> Save(UnitOfWork work, PeriodRow period)
    {
        if (await work.Execute(PeriodSql.Update, period.ToParameters()) == 0) return PeriodAccess.LostRace();
        if (period.Status == PeriodStatus.Open) await work.Execute(ProposalSql.Delete, new { PeriodId = period.Id });
        return (period with { Version = period.Version + 1 }).ToView();
    }
}

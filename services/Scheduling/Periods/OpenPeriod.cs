using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods;

/// <summary>Opens a month for requests.</summary>
internal static class OpenPeriod
{
    /// <param name="Month">Such as 2026-11; not over, and within 400 days.</param>
    /// <param name="SlotMinutes">Sessions begin every 15, 30 or 60 minutes on the wall clock.</param>
    /// <param name="DayStartMinute">Of the local day, in quarters of an hour; sessions lie wholly within the hours.</param>
    /// <param name="DayEndMinute">After the start, by a day at most; past 1,440 for hours over midnight.</param>
    /// <param name="RequestsCloseAt">No request is taken from then on.</param>
    /// <param name="Quotas">At most 1,000.</param>
    /// <param name="Blocks">At most 1,000.</param>
    internal sealed record Request(
        string Month,
        int SlotMinutes = 30,
        int DayStartMinute = 0,
        int DayEndMinute = 1440,
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

        public void Validate(Faults faults)
        {
            faults.Check(PeriodRow.FirstDay(Month) is not null, "/month", "month.invalid", "Must be a month such as 2026-11.");
            ToTerms().Validate(faults);
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/periods", async (Body<Request> body, Caller caller, OpenPeriodHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(OpenPeriod), "Opens a month of the headquarters: its slot grid, blocks and quotas. From now on units ask for slots.")
        .Allow(Permission.ManagePeriods)
        .Example(new Request(
            "2026-11", 30, 480, 1440, new DateTimeOffset(2026, 10, 15, 0, 0, 0, TimeSpan.Zero), [new QuotaEntry(4, SessionTier.GroupBroadcast)],
            [new BlockEntry(new DateTimeOffset(2026, 11, 10, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 11, 16, 0, 0, TimeSpan.Zero), "Singles' Day")]))
        .Gives<PeriodView>(StatusCodes.Status201Created)
        .Rejects(PeriodRejections.HeadquartersOnly, PeriodRejections.MonthTaken, PeriodRejections.MonthOver, UnitRejections.NotFound, SessionRejections.BrandUnknown);
}

internal sealed class OpenPeriodHandler(SchedulingDb db, TimeProvider clock)
{
    private const int MostDaysAhead = 400;

    public Task<Result<PeriodView>> Handle(Caller caller, OpenPeriod.Request body, CancellationToken ct) =>
        db.InTransaction<PeriodView>(caller.Write, async work =>
        {
            if (PeriodAccess.UnlessHeadquarters(caller) is { } refusal) return refusal;
            if (await work.Find<UnitRow>(PeriodUnitSql.ByPath, new { caller.Path }) is not { } unit)
                return PeriodRejections.HeadquartersOnly.Because($"The headquarters {caller.Path} is not known here yet.");
            if (await body.ToTerms().Unknown(work, unit.Path) is { } unknown) return unknown;
            var period = body.ToTerms().On(new PeriodRow
            {
                Id = clock.NewId(),
                Version = 1,
                UnitId = unit.Id,
                Path = unit.Path,
                Month = body.Month,
                TimeZone = unit.TimeZone,
                CreatedAt = work.Now,
            });
            var month = period.Grid.Month;
            if (month.ClosesAt <= work.Now || month.OpensAt > work.Now.AddDays(MostDaysAhead))
                return PeriodRejections.MonthOver.Because($"It is {work.Now:O}; the month runs from {month.OpensAt:O} to {month.ClosesAt:O}.");
            // The unique index decides the race; a body that lost it runs again and finds the other's row.
            if (await work.Find<PeriodRow>(PeriodSql.ByMonth, new { HeadquartersPath = unit.Path, period.Month }) is { } other)
                return PeriodRejections.MonthTaken.Because($"{period.Month} is period {other.Id}.").With("periodId", other.Id);
            await work.Execute(PeriodSql.Insert, period.ToParameters());
            await PeriodChange.Block(work, clock, period);
            return period.ToView();
        }, ct);
}

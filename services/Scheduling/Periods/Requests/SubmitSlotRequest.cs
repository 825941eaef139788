using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods.Requests;

/// <summary>Asks for a slot in a month.</summary>
internal static class SubmitSlotRequest
{
    /// <param name="UnitId">Who asks: the caller's unit or one below it. It will own the session.</param>
    /// <param name="Tier">Goes with the unit's kind.</param>
    /// <param name="Session">The session the slot is for.</param>
    /// <param name="Preferences">1 to 10, best first: an instant, or a minute of the unit's local day with or without a weekday.</param>
    /// <param name="Priority">Among the unit's own requests, 1 first; 1 to 10,000.</param>
    internal sealed record Request(Guid UnitId, SessionTier Tier, SlotRequestTerms Session, IReadOnlyList<Preference> Preferences, int Priority = 1) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Known(Tier, "/tier").Range(Priority, 1, 10_000, "/priority");
            Session.Validate(faults, "/session");
            Wishes.Validate(Preferences, faults);
        }
    }

    internal static readonly Request Sample = new(
        Guid.Empty, SessionTier.RegionalBroadcast, new SlotRequestTerms("Northern evening", 180, [Guid.Empty], [Guid.Empty], [Guid.Empty], [Guid.Empty]),
        [new Preference(new DateTimeOffset(2026, 11, 6, 12, 0, 0, TimeSpan.Zero)), new Preference(Weekday: DayOfWeek.Friday, Minute: 1200), new Preference(Minute: 1200)]);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/periods/{id:guid}/requests", async (Guid id, Body<Request> body, Caller caller, SubmitSlotRequestHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(SubmitSlotRequest), "Asks for a slot in a month, with the starts that would suit, best first.")
        .Allow(Permission.ManagePlan)
        .Example(Sample)
        .Gives<SlotRequestView>(StatusCodes.Status201Created)
        .Rejects(
            PeriodRejections.NotFound, UnitRejections.NotFound, SlotRequestRejections.Closed, SlotRequestRejections.TooMany, PeriodRejections.OffGrid,
            SessionRejections.TierNotAllowed, SessionRejections.BrandUnknown, SessionRejections.BrandGrade, SessionRejections.ResourceNotUsable);
}

internal sealed class SubmitSlotRequestHandler(SchedulingDb db, TimeProvider clock)
{
    /// <summary>What a proposal is made from in seconds.</summary>
    private const int MostOpen = 5_000;

    public Task<Result<SlotRequestView>> Handle(Caller caller, Guid periodId, SubmitSlotRequest.Request body, CancellationToken ct) =>
        db.InTransaction<SlotRequestView>(caller.Write, async work =>
        {
            var open = await Open(work, caller, periodId);
            if (open.Rejection is { } closed) return closed;
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = body.UnitId, caller.Scope, caller.ScopeEnd }) is not { } unit)
                return UnitRejections.Unknown(body.UnitId);
            if (await work.Scalar<long>(SlotRequestSql.CountOpen, new { PeriodId = periodId }) >= MostOpen)
                return SlotRequestRejections.TooMany.Because($"At most {MostOpen} a month.");
            if (await body.Session.Unfit(work, body.Tier, unit) is { } unfit) return unfit;
            if (Wishes.OffGrid(body.Preferences, open.Value, unit) is { } offGrid) return offGrid;
            var request = new SlotRequestRow
            {
                Id = clock.NewId(),
                Version = 1,
                PeriodId = periodId,
                UnitId = unit.Id,
                Path = unit.Path,
                Tier = body.Tier,
                Priority = body.Priority,
                Terms = Sql.Json(body.Session),
                Preferences = Sql.Json(body.Preferences),
                CreatedAt = work.Now,
            };
            await work.Execute(SlotRequestSql.Insert, request.ToParameters());
            return request.ToView();
        }, ct);

    /// <summary>The period, read so that it is not published meanwhile, if it still takes requests.</summary>
    public static async Task<Result<PeriodRow>> Open(UnitOfWork work, Caller caller, Guid periodId)
    {
        if (await work.Find<PeriodRow>(PeriodSql.Held, new { Id = periodId, HeadquartersPath = UnitPath.Headquarters(caller.Path) }) is not { } period)
            return PeriodRejections.Unknown(periodId);
        if (period.Status == PeriodStatus.Published) return SlotRequestRejections.Closed.Because($"{period.Month} was published at {period.PublishedAt:O}.");
        // The headquarters itself may ask to the last: it is the one that waits for the others.
        if (period.RequestsCloseAt <= work.Now && PeriodAccess.UnlessHeadquarters(caller) is not null)
            return SlotRequestRejections.Closed.Because($"{period.Month} took requests until {period.RequestsCloseAt:O}.");
        return period;
    }
}

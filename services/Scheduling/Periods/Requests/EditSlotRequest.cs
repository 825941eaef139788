using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods.Requests;

/// <summary>Asks for something else. A proposal made before cannot be published with it.</summary>
internal static class EditSlotRequest
{
    /// <param name="Session">The session the slot is for.</param>
    /// <param name="Preferences">1 to 10, best first.</param>
    /// <param name="Priority">Among the unit's own requests, 1 first; 1 to 10,000.</param>
    internal sealed record Request(SlotRequestTerms Session, IReadOnlyList<Preference> Preferences, int Priority = 1) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Range(Priority, 1, 10_000, "/priority");
            Session.Validate(faults, "/session");
            Wishes.Validate(Preferences, faults);
        }
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(
                "/periods/{id:guid}/requests/{requestId:guid}",
                async (Guid id, Guid requestId, Body<Request> body, IfMatch ifMatch, Caller caller, EditSlotRequestHandler handler, CancellationToken ct) =>
                    (await handler.Edit(caller, id, requestId, body.Value, ifMatch, ct)).ToHttp())
            .Describe(nameof(EditSlotRequest), "Changes what a request asks for, while the period takes requests.")
            .Allow(Permission.ManagePlan).Conditional()
            .Example(new Request(SubmitSlotRequest.Sample.Session, SubmitSlotRequest.Sample.Preferences))
            .Gives<SlotRequestView>()
            .Rejects(
                PeriodRejections.NotFound, SlotRequestRejections.NotFound, SlotRequestRejections.Closed, SlotRequestRejections.Withdrawn, PeriodRejections.OffGrid,
                SessionRejections.TierNotAllowed, SessionRejections.BrandUnknown, SessionRejections.BrandGrade, SessionRejections.ResourceNotUsable);

        routes.MapPost(
                "/periods/{id:guid}/requests/{requestId:guid}/withdraw",
                async (Guid id, Guid requestId, Caller caller, EditSlotRequestHandler handler, CancellationToken ct) =>
                    (await handler.Withdraw(caller, id, requestId, ct)).ToHttp())
            .Describe("WithdrawSlotRequest", "Asks no longer. Once is enough: repeated, it answers the same.")
            .Allow(Permission.ManagePlan)
            .Gives<SlotRequestView>()
            .Rejects(PeriodRejections.NotFound, SlotRequestRejections.NotFound, SlotRequestRejections.Closed);
    }
}

internal sealed class EditSlotRequestHandler(SchedulingDb db)
{
    public Task<Result<SlotRequestView>> Edit(Caller caller, Guid periodId, Guid id, EditSlotRequest.Request body, IfMatch ifMatch, CancellationToken ct) =>
        db.InTransaction<SlotRequestView>(caller.Write, async work =>
        {
            var found = await Find(work, caller, periodId, id);
            if (found.Rejection is { } refusal) return refusal;
            var (period, request) = found.Value;
            if (ifMatch.Check(request.Version) is { } stale) return stale;
            if (request.Status == SlotRequestStatus.Withdrawn) return SlotRequestRejections.Withdrawn.Because("Ask anew.");
            var unit = (await work.Find<UnitRow>(UnitSql.ById, new { Id = request.UnitId }))!;
            if (await body.Session.Unfit(work, request.Tier, unit) is { } unfit) return unfit;
            if (Wishes.OffGrid(body.Preferences, period, unit) is { } offGrid) return offGrid;
            return await Save(work, request with { Priority = body.Priority, Terms = Sql.Json(body.Session), Preferences = Sql.Json(body.Preferences) });
        }, ct);

    public Task<Result<SlotRequestView>> Withdraw(Caller caller, Guid periodId, Guid id, CancellationToken ct) =>
        db.InTransaction<SlotRequestView>(caller.Write, async work =>
        {
            var found = await Find(work, caller, periodId, id);
            if (found.Rejection is { } refusal) return refusal;
            var request = found.Value.Request;
            return request.Status == SlotRequestStatus.Withdrawn ? request.ToView() : await Save(work, request with { Status = SlotRequestStatus.Withdrawn });
        }, ct);

    private static async Task<Result<(PeriodRow Period, SlotRequestRow Request)>> Find(UnitOfWork work, Caller caller, Guid periodId, Guid id)
    {
        var open = await SubmitSlotRequestHandler.Open(work, caller, periodId);
        if (open.Rejection is { } closed && closed.Kind.Status == StatusCodes.Status404NotFound) return closed;
        // Whether it is closed is no business of those who cannot see the request.
        if (await work.Find<SlotRequestRow>(SlotRequestSql.InScopeById, new { Id = id, PeriodId = periodId, caller.Scope, caller.ScopeEnd }) is not { } request)
            return SlotRequestRejections.Unknown(id);
        work.Audited(request.ToView());
        return open.Rejection is { } refusal ? refusal : (open.Value, request);
    }

    private static async Task<Result<SlotRequestView>> Save(UnitOfWork work, SlotRequestRow request) =>
        await work.Execute(SlotRequestSql.Update, request.ToParameters()) == 0
            ? PeriodAccess.LostRace()
            : (request with { Version = request.Version + 1 }).ToView();
}

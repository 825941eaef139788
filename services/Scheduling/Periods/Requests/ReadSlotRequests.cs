using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposals;

namespace LiveCommerce.Scheduling.Periods.Requests;

/// <summary>What the caller's unit and those below it ask for and, once the month is published, what they got.</summary>
internal static class ReadSlotRequests
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/periods/{id:guid}/requests", async (Guid id, Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) =>
                (await List(db, caller, id, page, ct)).ToHttp())
            .Describe("ListSlotRequests", "What the caller's unit and those below it ask for in a month; once it is published, with the session each got or why it got none.")
            .Allow(Permission.ReadPlan).Paged().Gives<PageOf<SlotRequestView>>().Rejects(PeriodRejections.NotFound);

        routes.MapGet("/periods/{id:guid}/requests/{requestId:guid}", async (Guid id, Guid requestId, Caller caller, SchedulingDb db, CancellationToken ct) =>
                (await One(db, caller, id, requestId, ct)).ToHttp())
            .Describe("ReadSlotRequest", "One request; once the month is published, with the session it got or why it got none.")
            .Allow(Permission.ReadPlan).Gives<SlotRequestView>().Rejects(PeriodRejections.NotFound, SlotRequestRejections.NotFound);
    }

    private static async Task<Result<PageOf<SlotRequestView>>> List(SchedulingDb db, Caller caller, Guid id, PageRequest page, CancellationToken ct)
    {
        var period = await PeriodAccess.Read(db, caller, id, ct);
        if (period.Rejection is { } refusal) return refusal;
        var rows = await db.Query<SlotRequestRow>(SlotRequestSql.Page, new { PeriodId = id, caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);
        var outcomes = await Outcomes(db, period.Value, rows, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView(outcomes.GetValueOrDefault(r.Id), period.Value.Status == PeriodStatus.Published));
    }

    private static async Task<Result<SlotRequestView>> One(SchedulingDb db, Caller caller, Guid id, Guid requestId, CancellationToken ct)
    {
        var period = await PeriodAccess.Read(db, caller, id, ct);
        if (period.Rejection is { } refusal) return refusal;
        if (await db.Find<SlotRequestRow>(SlotRequestSql.InScopeById, new { Id = requestId, PeriodId = id, caller.Scope, caller.ScopeEnd }, ct) is not { } request)
            return SlotRequestRejections.Unknown(requestId);
        var outcomes = await Outcomes(db, period.Value, [request], ct);
        return request.ToView(outcomes.GetValueOrDefault(request.Id), period.Value.Status == PeriodStatus.Published);
    }

    /// <summary>A proposal is the headquarters' own until it is published.</summary>
    private static async Task<Dictionary<Guid, ProposalRow>> Outcomes(SchedulingDb db, PeriodRow period, IReadOnlyList<SlotRequestRow> rows, CancellationToken ct) =>
        period.Status != PeriodStatus.Published
            ? []
            : (await db.Query<ProposalRow>(ProposalSql.OfRequests, new { Ids = Sql.Json(rows.Select(r => r.Id)) }, ct)).ToDictionary(o => o.RequestId);
}

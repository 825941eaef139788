using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Periods.Requests;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Periods.Proposals;

/// <summary>Moves a request in the proposal, puts it in or takes it out.</summary>
internal static class EditProposalItem
{
    /// <param name="StartsAt">One of the month's slots; null takes the request out.</param>
    /// <param name="HostId">Any host its unit may use; the one it has, or the first it named, unless given.</param>
    /// <param name="RoomId">Any room its unit may use; the one it has, or the first it named, unless given.</param>
    internal sealed record Request(DateTimeOffset? StartsAt, Guid? HostId = null, Guid? RoomId = null);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut(
            "/periods/{id:guid}/proposal/items/{requestId:guid}",
            async (Guid id, Guid requestId, Body<Request> body, IfMatch ifMatch, Caller caller, EditProposalItemHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, requestId, body.Value, ifMatch, ct)).ToHttp())
        .Describe(nameof(EditProposalItem), "Moves a request in the proposal, puts it in, or takes it out.",
            "Checked against all that is planned and all others in the proposal. A refusal, period.item_refused, says why in reason and offers nearestFreeSlot.")
        .Allow(Permission.ManagePeriods).Conditional()
        .Example(new Request(new DateTimeOffset(2026, 11, 6, 12, 0, 0, TimeSpan.Zero)))
        .Gives<ProposalView>()
        .Rejects(
            PeriodRejections.NotFound, PeriodRejections.HeadquartersOnly, PeriodRejections.Closed, PeriodRejections.NoProposal, PeriodRejections.ItemRefused,
            SlotRequestRejections.NotFound, SessionRejections.ResourceNotUsable);
}

internal sealed class EditProposalItemHandler(SchedulingDb db, TimeProvider clock, ProposePlanHandler proposals)
{
    public async Task<Result<ProposalView>> Handle(Caller caller, Guid id, Guid requestId, EditProposalItem.Request body, IfMatch ifMatch, CancellationToken ct)
    {
        var found = await proposals.Readable(caller, id, ct);
        if (found.Rejection is { } refusal) return refusal;
        var period = found.Value;
        if (ifMatch.Check(period.Version) is { } stale) return stale;
        if (period.Status != PeriodStatus.Proposed) return PeriodRejections.NoProposal.Because("Compute one first.");
        // Before anybody looks when they are free: others' are none of its business.
        Guid[] named = [.. new[] { body.HostId, body.RoomId }.OfType<Guid>()];
        var own = (await db.Query<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(named) }, ct)).Where(r => UnitPath.Covers(period.Path, r.Path)).Select(r => r.Id).ToHashSet();
        if (!own.IsSupersetOf(named)) return SessionRejections.ResourceNotUsable.Because($"Not usable: {string.Join(", ", named.Except(own))}.").With("resourceIds", named.Except(own).ToList());
        var items = await db.Query<ProposalRow>(ProposalSql.OfPeriod, new { PeriodId = id }, ct);
        Guid[] further = [.. items.Select(i => i.HostId).Concat(items.Select(i => i.RoomId)).OfType<Guid>(), .. named];
        var inputs = await MonthInputs.Read(db, period, new Dictionary<Guid, int>(), clock.Now(), further, ct);
        if (!inputs.Requests.TryGetValue(requestId, out var request)) return SlotRequestRejections.Unknown(requestId);
        if (body.StartsAt is not null && inputs.OutOfUse.FirstOrDefault(r => r.DemandId == requestId) is { } unfit) return Refused(unfit);
        var before = items.FirstOrDefault(i => i.RequestId == requestId);
        var after = body.StartsAt is { } startsAt ? Placed(inputs, request, before, body, startsAt, items) : Left(request);
        if (after.Rejection is { } refused) return refused;
        return await db.InTransaction(caller.Write, work => Store(work, caller, period, items, after.Value, request), ct);
    }

    private static Result<ProposalRow> Placed(
        MonthInputs inputs, SlotRequestRow request, ProposalRow? before, EditProposalItem.Request body, DateTimeOffset startsAt, IReadOnlyList<ProposalRow> items)
    {
        var terms = request.Session;
        var plan = PlanMonth.Of(inputs.ProblemOf(
            request, startsAt, body.HostId ?? before?.HostId ?? terms.HostIds[0], body.RoomId ?? before?.RoomId ?? terms.RoomIds[0], items));
        if (plan.Placed is [var placement])
        {
            var preference = inputs.PreferenceOf(request.Id, startsAt);
            return ProposalRow.Of(request, placement) with { Preference = preference, IsEdited = true };
        }
        return Refused(plan.Unplaced[0]);
    }

    private static Rejection Refused(NotPlaced reason) => PeriodRejections.ItemRefused.Because(reason.Detail).With("reason", reason.Code)
        .With("nearestFreeSlot", reason.NearestFreeSlot is { } slot ? new FreeSlot(slot.OpensAt, slot.ClosesAt) : null);

    private static Result<ProposalRow> Left(SlotRequestRow request) => new ProposalRow
    {
        PeriodId = request.PeriodId,
        RequestId = request.Id,
        RequestVersion = request.Version,
        IsEdited = true,
        ReasonCode = ProposalRow.LeftOut,
        ReasonDetail = "The headquarters left it out.",
    };

    private static async Task<Result<ProposalView>> Store(
        UnitOfWork work, Caller caller, PeriodRow seen, IReadOnlyList<ProposalRow> before, ProposalRow edited, SlotRequestRow request)
    {
        var taken = await PeriodAccess.Take(work, caller, seen.Id);
        if (taken.Rejection is { } refusal) return refusal;
        if (taken.Value.Version != seen.Version) return PeriodAccess.LostRace();
        if (edited.StartsAt is not null && await SlotRequestTerms.Unusable(work, request.Path, [edited.HostId!.Value], [edited.RoomId!.Value], []) is { } unusable) return unusable;
        if (await work.Execute(PeriodSql.Update, seen.ToParameters()) == 0) return PeriodAccess.LostRace();
        await work.Execute(ProposalSql.DeleteOne, new { edited.RequestId });
        await work.Execute(ProposalSql.Insert, edited);
        var requests = (await work.Query<SlotRequestRow>(ProposalSql.Requests, new { PeriodId = seen.Id })).ToDictionary(r => r.Id);
        work.Audited(ProposalView.Of(seen, before, requests));
        return ProposalView.Of(seen with { Version = seen.Version + 1 }, [.. before.Where(i => i.RequestId != edited.RequestId), edited], requests);
    }
}

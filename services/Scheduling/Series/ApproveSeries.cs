using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Lets the sessions of a series that wait for it into the plan, all at once.</summary>
internal static class ApproveSeries
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/series/{id:guid}/approve", async (Guid id, Caller caller, ApproveSeriesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(ApproveSeries), "Approves every submitted session of a series that is still ahead, as each could be approved by itself.",
            "One whose mandate no longer covers it is listed with the reason and waits on.")
        .Allow(Permission.ApprovePlan)
        .Gives<SeriesView>()
        .Rejects(SeriesRejections.NotFound, SeriesRejections.Cancelled, SessionRejections.OwnApproval);
}

internal sealed class ApproveSeriesHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SeriesView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            var taken = await SeriesChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var (series, owner) = taken.Value;
            return await new SeriesChange(work, clock, caller, series, owner).Approve() is { } refusal ? refusal : await SeriesChange.View(work, series);
        }, ct);
}

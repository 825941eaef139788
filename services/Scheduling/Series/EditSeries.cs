using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Replaces what all sessions of a series have in common, and when it takes place.</summary>
internal static class EditSeries
{
    internal sealed record Request : SeriesEntry;

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/series/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditSeriesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditSeries), "Edits all occurrences that are still ahead.",
            "A session becomes the occurrence of its day, else the nearest within a week, and keeps what hangs on it; what is left over is cancelled, what is missing is planned. " +
            "Sessions that are over, were cancelled or were edited by themselves stay as they are. What is in conflict is listed, and its session stands as it was.")
        .Allow(Permission.ManagePlan).Conditional()
        .Example(new Request
        {
            Title = "Every evening",
            BrandIds = [Guid.Empty],
            ChannelIds = [Guid.Empty],
            HostId = Guid.Empty,
            RoomId = Guid.Empty,
            Rule = "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20",
            StartsLocal = "2026-12-01T21:00",
            DurationMinutes = 120,
            Exceptions = ["2026-12-24"],
        })
        .Gives<SeriesView>()
        .Rejects([SeriesRejections.NotFound, SeriesRejections.Cancelled, .. SeriesChange.OfTheWhole.Except([CommonRejections.LostRace])]);
}

internal sealed class EditSeriesHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SeriesView>> Handle(Caller caller, Guid id, IfMatch ifMatch, EditSeries.Request body, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            var taken = await SeriesChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var (series, owner) = taken.Value;
            if (ifMatch.Check(series.Version) is { } stale) return stale;
            var pattern = body.ToPattern(new Faults(), series.TimeZone)!;
            var faults = pattern.Check(work.Now);
            if (faults.Count > 0) return faults.ToRejection();
            var saved = await SeriesChange.Save(work, series.With(pattern).With(body.ToTemplate()));
            if (saved.Rejection is { } lost) return lost;
            if (await new SeriesChange(work, clock, caller, saved.Value, owner).BringInLine() is { } refusal) return refusal;
            return await SeriesChange.View(work, saved.Value);
        }, ct);
}

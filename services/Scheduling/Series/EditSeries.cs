using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Replaces what all sessions of a series have in common, and when it takes place.</summary>
internal static class EditSeries
{
    /// <param name="Title">1 to 200 characters.</param>
    /// <param name="BrandIds">1 to 50 brands of the headquarters.</param>
    /// <param name="ChannelIds">1 to 10.</param>
    /// <param name="HostId">A host of a unit above or below the owner, or of the owner.</param>
    /// <param name="RoomId">A room of a unit above or below the owner, or of the owner.</param>
    /// <param name="Rule">As for a new series.</param>
    /// <param name="StartsLocal">The first occurrence on the wall's clock; it may lie in the past.</param>
    /// <param name="DurationMinutes">30 to 1,440.</param>
    /// <param name="TimeZone">IANA name; the one it has if left out.</param>
    /// <param name="Exceptions">Days the rule names and that are left out.</param>
    /// <param name="Theme">1 to 200 characters.</param>
    /// <param name="CoHostIds">At most 10.</param>
    /// <param name="Goals">Of each session.</param>
    /// <param name="Phases">Of each session.</param>
    internal sealed record Request(
        string Title,
        IReadOnlyList<Guid> BrandIds,
        IReadOnlyList<Guid> ChannelIds,
        Guid HostId,
        Guid RoomId,
        string Rule,
        string StartsLocal,
        int DurationMinutes,
        string? TimeZone = null,
        IReadOnlyList<string>? Exceptions = null,
        string? Theme = null,
        IReadOnlyList<Guid>? CoHostIds = null,
        GoalsEntry? Goals = null,
        PhaseDays? Phases = null) : IValidated
    {
        public SeriesTemplate ToTemplate() => new()
        {
            Title = Title,
            Theme = Theme,
            BrandIds = BrandIds,
            ChannelIds = ChannelIds,
            HostId = HostId,
            CoHostIds = CoHostIds ?? [],
            RoomId = RoomId,
            Goals = Goals,
            Phases = Phases,
        };

        public SeriesPattern? ToPattern(Faults faults, string zone) => SeriesPattern.Read(faults, Rule, StartsLocal, DurationMinutes, TimeZone ?? zone, Exceptions ?? []);

        public void Validate(Faults faults)
        {
            ToTemplate().Validate(faults);
            ToPattern(faults, "UTC");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/series/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditSeriesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditSeries), "Edits all occurrences that are still ahead.",
            "A session becomes the occurrence of its day, else the nearest within a week, and keeps what hangs on it; what is left over is cancelled, what is missing is planned. " +
            "Sessions that are over, were cancelled or were edited by themselves stay as they are. What is in conflict is listed, and its session stands as it was.")
        .Allow(Permission.ManagePlan).Conditional()
        .Example(new Request(
            "Every evening", [Guid.Empty], [Guid.Empty], Guid.Empty, Guid.Empty, "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20", "2026-12-01T21:00", 120, Exceptions: ["2026-12-24"]))
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

using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Leaves one occurrence out, or tries again what could not be planned.</summary>
internal static class ChangeOccurrence
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/series/{id:guid}/occurrences/{on}/cancel", async (Guid id, string on, Caller caller, ChangeOccurrenceHandler handler, CancellationToken ct) =>
                (await handler.LeaveOut(caller, id, on, ct)).ToHttp())
            .Describe("CancelOccurrence", "Makes a day an exception of the series and takes its session out of the plan.")
            .Allow(Permission.ManagePlan).Gives<SeriesView>()
            .Rejects(SeriesRejections.NotFound, SeriesRejections.Cancelled, SeriesRejections.OccurrenceNotFound, SeriesRejections.OccurrenceIsOver, SessionRejections.IllegalTransition);
        routes.MapPost("/series/{id:guid}/occurrences/{on}/retry", async (Guid id, string on, Caller caller, ChangeOccurrenceHandler handler, CancellationToken ct) =>
                (await handler.Retry(caller, id, on, ct)).ToHttp())
            .Describe("RetryOccurrence", "Puts an occurrence into the plan that could not be before; refused with what is in the way now.")
            .Allow(Permission.ManagePlan).Gives<SeriesView>()
            .Rejects([
                SeriesRejections.NotFound, SeriesRejections.Cancelled, SeriesRejections.OccurrenceNotFound, SeriesRejections.OccurrenceIsOver, SessionRejections.StartsTooLate,
                BookingRejections.Conflict, .. MandateRejections.All, .. SeriesChange.OfTheWhole.Except([CommonRejections.LostRace]),
            ]);
    }
}

internal sealed class ChangeOccurrenceHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SeriesView>> LeaveOut(Caller caller, Guid id, string on, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            var taken = await SeriesChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var (series, owner) = taken.Value;
            if (!WallClock.TryParseDate(on, out var day)) return SeriesRejections.NoOccurrence(on);
            var pattern = series.Pattern;
            if (pattern.Exceptions.Contains(day)) return await SeriesChange.View(work, series);
            if (pattern.Occurrences.FirstOrDefault(o => o.On == on) is not { On: not null } planned) return SeriesRejections.NoOccurrence(on);
            if (planned.StartsAt <= work.Now) return SeriesRejections.OccurrenceIsOver.Because($"It began at {planned.StartsAt:O}.");
            var saved = await SeriesChange.Save(work, series.With(pattern with { Exceptions = [.. pattern.Exceptions, day] }));
            if (saved.Rejection is { } lost) return lost;
            if (await new SeriesChange(work, clock, caller, saved.Value, owner).GiveUp(on) is { } refusal) return refusal;
            return await SeriesChange.View(work, saved.Value);
        }, ct);

    public Task<Result<SeriesView>> Retry(Caller caller, Guid id, string on, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            var taken = await SeriesChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var (series, owner) = taken.Value;
            if (series.Pattern.Occurrences.FirstOrDefault(o => o.On == on) is not { On: not null } planned) return SeriesRejections.NoOccurrence(on);
            if (planned.StartsAt <= work.Now) return SeriesRejections.OccurrenceIsOver.Because($"It would have begun at {planned.StartsAt:O}.");
            var saved = await SeriesChange.Save(work, series);
            if (saved.Rejection is { } lost) return lost;
            if (await new SeriesChange(work, clock, caller, saved.Value, owner).BringInLine(on) is { } refusal) return refusal;
            return await SeriesChange.View(work, saved.Value);
        }, ct);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Ends a series, now or from a day on.</summary>
internal static class CancelSeries
{
    private const int LongestReason = 500;

    /// <param name="From">The first day it no longer takes place; at once if left out.</param>
    /// <param name="Reason">For people; 1 to 500 characters.</param>
    internal sealed record Request(string? From = null, string? Reason = null) : IValidated
    {
        public void Validate(Faults faults) => faults.OptionalText(Reason, "/reason", LongestReason)
            .Check(From is null || WallClock.TryParseDate(From, out _), "/from", "date.invalid", "Must be a day such as 2026-12-24.");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/series/{id:guid}/cancel", async (Guid id, Body<Request> body, Caller caller, CancelSeriesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(nameof(CancelSeries), "Takes all sessions still ahead out of the plan, at once or from a day on; a cancelled series stays so.")
        .Allow(Permission.ManagePlan)
        .Example(new Request("2026-12-24", "The shop closes for the winter."))
        .Gives<SeriesView>()
        .Rejects(SeriesRejections.NotFound);
}

internal sealed class CancelSeriesHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SeriesView>> Handle(Caller caller, Guid id, CancelSeries.Request body, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            if (await work.Find<SeriesRow>(SeriesSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } series) return SeriesRejections.Unknown(id);
            if (series.CancelledAt is not null) return await SeriesChange.View(work, series);
            work.Audited(await SeriesChange.View(work, series));
            var owner = await work.Find<UnitRow>(UnitSql.ById, new { Id = series.OwnerUnitId });
            var saved = await SeriesChange.Save(work, Ended(series, body.From, work.Now));
            if (saved.Rejection is { } lost) return lost;
            if (await new SeriesChange(work, clock, caller, saved.Value, owner!).CancelAll(body.From ?? "", body.Reason) is { } refusal) return refusal;
            return await SeriesChange.View(work, saved.Value);
        }, ct);

    /// <summary>Something is left of it if it takes place before that day at all.</summary>
    private static SeriesRow Ended(SeriesRow series, string? from, DateTimeOffset now)
    {
        if (from is null || !WallClock.TryParseDate(from, out var day) || !series.Pattern.Occurrences.Any(o => string.CompareOrdinal(o.On, from) < 0))
            return series with { CancelledAt = now };
        return series.Pattern.Occurrences.Any(o => string.CompareOrdinal(o.On, from) >= 0) ? series.With(series.Pattern.Before(day)) : series;
    }
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Series;

/// <summary>Puts sessions into the plan that recur by a rule.</summary>
internal static class PlanSeries
{
    internal sealed record Request : SeriesEntry
    {
        /// <summary>Goes with the owner's kind.</summary>
        public required SessionTier Tier { get; init; }

        /// <summary>The caller's unit or one below it.</summary>
        public required Guid OwnerUnitId { get; init; }

        /// <summary>Resellers only; any mandate that covers the session unless given.</summary>
        public Guid? MandateId { get; init; }

        public override void Validate(Faults faults)
        {
            base.Validate(faults);
            faults.Known(Tier, "/tier").Check(
                MandateId is null || Tier == SessionTier.ResellerBroadcast, "/mandateId", "mandate.not_needed", "Only reseller broadcasts are under a mandate.");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/series", async (Body<Request> body, Caller caller, PlanSeriesHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(PlanSeries), "Puts sessions into the plan that recur by a rule.",
            "Every occurrence is a session of its own. One that cannot be, because something is in its way or its mandate does not cover it, is listed with the reason " +
            "and can be tried again; the others are planned all the same. Times are the wall clock's: when summer time begins or ends, the series stays at its hour.")
        .Allow(Permission.ManagePlan)
        .Example(new Request
        {
            Title = "Every evening",
            Tier = SessionTier.ResellerBroadcast,
            OwnerUnitId = Guid.Empty,
            BrandIds = [Guid.Empty],
            ChannelIds = [Guid.Empty],
            HostId = Guid.Empty,
            RoomId = Guid.Empty,
            Rule = "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20",
            StartsLocal = "2026-12-01T20:00",
            DurationMinutes = 180,
            TimeZone = "Asia/Shanghai",
            Exceptions = ["2026-12-24"],
        })
        .Gives<SeriesView>(StatusCodes.Status201Created)
        .Rejects([UnitRejections.NotFound, SessionRejections.StartsInPast, .. SeriesChange.OfTheWhole.Except([CommonRejections.LostRace])]);
}

internal sealed class PlanSeriesHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SeriesView>> Handle(Caller caller, PlanSeries.Request body, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = body.OwnerUnitId, caller.Scope, caller.ScopeEnd }) is not { } owner)
                return UnitRejections.Unknown(body.OwnerUnitId);
            var pattern = body.ToPattern(new Faults(), owner.TimeZone)!;
            var faults = pattern.Check(work.Now);
            if (faults.Count > 0) return faults.ToRejection();
            if (pattern.Occurrences.First() is var first && first.StartsAt <= work.Now)
                return SessionRejections.StartsInPast.Because($"It is {work.Now:O} already.");
            var series = new SeriesRow
            {
                Id = clock.NewId(),
                Version = 1,
                OwnerUnitId = owner.Id,
                OwnerPath = owner.Path,
                Tier = body.Tier,
                MandateId = body.MandateId,
                CreatedAt = work.Now,
            }.With(pattern).With(body.ToTemplate());
            await work.Execute(SeriesSql.Insert, series.ToParameters());
            if (await new SeriesChange(work, clock, caller, series, owner).BringInLine() is { } refusal) return refusal;
            return await SeriesChange.View(work, series);
        }, ct);
}

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
    /// <param name="Title">1 to 200 characters.</param>
    /// <param name="Tier">Goes with the owner's kind.</param>
    /// <param name="OwnerUnitId">The caller's unit or one below it.</param>
    /// <param name="BrandIds">1 to 50 brands of the headquarters.</param>
    /// <param name="ChannelIds">1 to 10.</param>
    /// <param name="HostId">A host of a unit above or below the owner, or of the owner.</param>
    /// <param name="RoomId">A room of a unit above or below the owner, or of the owner.</param>
    /// <param name="Rule">RFC 5545: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and WKST; COUNT or UNTIL is needed.</param>
    /// <param name="StartsLocal">The first occurrence on the wall's clock, without an offset; in the future.</param>
    /// <param name="DurationMinutes">30 to 1,440.</param>
    /// <param name="TimeZone">IANA name; the owner's if left out.</param>
    /// <param name="Exceptions">Days the rule names and that are left out.</param>
    /// <param name="Theme">1 to 200 characters.</param>
    /// <param name="CoHostIds">At most 10.</param>
    /// <param name="Goals">Of each session.</param>
    /// <param name="Phases">Of each session.</param>
    /// <param name="MandateId">Resellers only; any mandate that covers the session unless given.</param>
    internal sealed record Request(
        string Title,
        SessionTier Tier,
        Guid OwnerUnitId,
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
        PhaseDays? Phases = null,
        Guid? MandateId = null) : IValidated
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
        .Example(new Request(
            "Every evening", SessionTier.ResellerBroadcast, Guid.Empty, [Guid.Empty], [Guid.Empty], Guid.Empty, Guid.Empty, "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20",
            "2026-12-01T20:00", 180, "Asia/Shanghai", ["2026-12-24"]))
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

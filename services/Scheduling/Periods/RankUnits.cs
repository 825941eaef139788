using System.Globalization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Scores;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods;

/// <summary>Says which units pick their slots first.</summary>
internal static class RankUnits
{
    /// <param name="Ranks">All of them, at most 5,000; none lets the scores of the months before decide, or else the ranks of the latest month that has any.</param>
    internal sealed record Request(IReadOnlyList<RankEntry> Ranks) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(Ranks, 0, 5_000, "/ranks").Distinct([.. Ranks.Select(r => r.UnitId)], "/ranks");
            for (var i = 0; i < Ranks.Count; i++) faults.Range(Ranks[i].Rank, 1, 100_000, $"/ranks/{i}/rank");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/periods/{id:guid}/ranking", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, RankUnitsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ifMatch, ct)).ToHttp())
        .Describe(nameof(RankUnits), "Says which units pick their slots first in the month. A proposal the period had is dropped.")
        .Allow(Permission.ManagePeriods).Conditional()
        .Example(new Request([new RankEntry(Guid.Empty, 1)]))
        .Gives<PeriodView>()
        .Rejects(PeriodRejections.NotFound, PeriodRejections.HeadquartersOnly, PeriodRejections.Closed, UnitRejections.NotFound);
}

internal sealed class RankUnitsHandler(SchedulingDb db)
{
    public Task<Result<PeriodView>> Handle(Caller caller, Guid id, RankUnits.Request body, IfMatch ifMatch, CancellationToken ct) =>
        db.InTransaction<PeriodView>(caller.Write, async work =>
        {
            var taken = await PeriodAccess.Take(work, caller, id);
            if (taken.Rejection is { } refusal) return refusal;
            work.Audited(taken.Value.ToView());
            if (ifMatch.Check(taken.Value.Version) is { } stale) return stale;
            if (taken.Value.Status == PeriodStatus.Published) return PeriodRejections.Closed.Because("Everybody has picked.");
            if (await PeriodTerms.UnknownUnits(work, taken.Value.Path, [.. body.Ranks.Select(r => r.UnitId)]) is { } unknown) return unknown;
            return await PeriodChange.Save(work, taken.Value.Reopened() with { Ranks = Sql.Json(body.Ranks) });
        }, ct);
}

/// <summary>Where the ranks of a month come from: 1 picks before 2, by unit. Null: this source has none.</summary>
internal interface IRanking
{
    Task<IReadOnlyDictionary<Guid, int>?> Of(PeriodRow period, CancellationToken ct);
}

/// <summary>What the headquarters entered for the month.</summary>
internal sealed class EnteredRanking : IRanking
{
    public Task<IReadOnlyDictionary<Guid, int>?> Of(PeriodRow period, CancellationToken ct)
    {
        var ranks = period.RankList;
        return Task.FromResult<IReadOnlyDictionary<Guid, int>?>(ranks.Count == 0 ? null : ranks.ToDictionary(r => r.UnitId, r => r.Rank));
    }
}

/// <summary>What the sessions of the months before earned: their scores, and the sales that were stated for them.</summary>
internal sealed class ScoreRanking(SchedulingDb db) : IRanking
{
    public Task<IReadOnlyDictionary<Guid, int>?> Of(PeriodRow period, CancellationToken ct) => MonthScores.PlacesFor(
        db, period.Path, DateTime.ParseExact(period.Month, "yyyy-MM", CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(period.TimeZone), ct);
}

/// <summary>What it entered for the latest month before.</summary>
internal sealed class CarriedRanking(SchedulingDb db) : IRanking
{
    public async Task<IReadOnlyDictionary<Guid, int>?> Of(PeriodRow period, CancellationToken ct) =>
        await db.Find<PeriodRow>(PeriodSql.LatestRanked, new { HeadquartersPath = period.Path, period.Month, Limit = 1 }, ct) is { } before
            ? before.RankList.ToDictionary(r => r.UnitId, r => r.Rank)
            : null;
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Periods;

/// <summary>What a headquarters enters for a month and may change until it is published.</summary>
internal sealed record PeriodTerms
{
    private const int MostEntries = 1_000;
    private const int DayMinutes = 1440;

    public int SlotMinutes { get; init; }

    public int DayStartMinute { get; init; }

    public int DayEndMinute { get; init; }

    public DateTimeOffset? RequestsCloseAt { get; init; }

    public IReadOnlyList<QuotaEntry> Quotas { get; init; } = [];

    public IReadOnlyList<BlockEntry> Blocks { get; init; } = [];

    public void Validate(Faults faults)
    {
        faults.Check(SlotMinutes is 15 or 30 or 60, "/slotMinutes", "number.out_of_range", "Must be 15, 30 or 60.")
            .Range(DayStartMinute, 0, DayMinutes - 1, "/dayStartMinute")
            .Range(DayEndMinute, DayStartMinute + 1, DayStartMinute + DayMinutes, "/dayEndMinute")
            .Check(DayStartMinute % 15 == 0, "/dayStartMinute", "number.not_a_quarter", "Must be a multiple of 15.")
            .Check(DayEndMinute % 15 == 0, "/dayEndMinute", "number.not_a_quarter", "Must be a multiple of 15.")
            .Size(Quotas, 0, MostEntries, "/quotas").Size(Blocks, 0, MostEntries, "/blocks")
            .Distinct([.. Quotas.Select(q => (q.Tier, q.UnitId))], "/quotas");
        for (var i = 0; i < Quotas.Count; i++)
        {
            faults.Range(Quotas[i].Most, 0, 10_000, $"/quotas/{i}/most");
            if (Quotas[i].Tier is { } tier) faults.Known(tier, $"/quotas/{i}/tier");
        }
        for (var i = 0; i < Blocks.Count; i++)
        {
            var block = Blocks[i];
            faults.Text(block.Reason, $"/blocks/{i}/reason").Order(block.StartsAt, block.EndsAt, $"/blocks/{i}/endsAt")
                .Size(block.UnitIds ?? [], 0, 200, $"/blocks/{i}/unitIds").Size(block.BrandIds ?? [], 0, 50, $"/blocks/{i}/brandIds");
        }
    }

    /// <summary>A refusal if a unit or a brand named is none of the headquarters'.</summary>
    public async Task<Rejection?> Unknown(UnitOfWork work, string headquarters)
    {
        var units = Quotas.Where(q => q.UnitId is not null).Select(q => q.UnitId!.Value).Concat(Blocks.SelectMany(b => b.UnitIds ?? [])).Distinct().ToList();
        if (await UnknownUnits(work, headquarters, units) is { } unknown) return unknown;
        var brands = Blocks.SelectMany(b => b.BrandIds ?? []).Distinct().ToList();
        var known = await work.Query<Guid>(BrandSql.OfHeadquarters, new { HeadquartersPath = headquarters, Ids = Sql.Json(brands) });
        var missing = brands.Except(known).ToList();
        return missing.Count == 0 ? null : SessionRejections.BrandUnknown.Because($"No brand {string.Join(", ", missing)}.").With("brandIds", missing);
    }

    public static async Task<Rejection?> UnknownUnits(UnitOfWork work, string headquarters, IReadOnlyCollection<Guid> units)
    {
        if (units.Count == 0) return null;
        var known = await work.Query<UnitRow>(PeriodUnitSql.InScopeByIds, new { Ids = Sql.Json(units), Scope = headquarters, ScopeEnd = UnitPath.End(headquarters) });
        var missing = units.Except(known.Select(u => u.Id)).ToList();
        return missing.Count == 0 ? null : UnitRejections.NotFound.Because($"No unit {string.Join(", ", missing.Take(10))}.").With("unitIds", missing);
    }

    public PeriodRow On(PeriodRow period) => period with
    {
        SlotMinutes = SlotMinutes,
        DayStartMinute = DayStartMinute,
        DayEndMinute = DayEndMinute,
        RequestsCloseAt = RequestsCloseAt,
        Quotas = Sql.Json(Quotas),
        Blocks = Sql.Json(Blocks),
    };
}

internal static class PeriodUnitSql
{
    internal const string InScopeByIds = $"SELECT Id, Path, Kind, TimeZone FROM Units WHERE Id IN {Sql.Ids} AND {Sql.InScope}";
    internal const string ByPath = "SELECT Id, Path, Kind, TimeZone FROM Units WHERE Path = @Path";
}

/// <summary>Periods are planned by the headquarters and read by its whole tenant.</summary>
internal static class PeriodAccess
{
    /// <summary>The period, if it is the caller's headquarters' own.</summary>
    public static async Task<Result<PeriodRow>> Read(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<PeriodRow>(PeriodSql.OfHeadquartersById, new { Id = id, HeadquartersPath = UnitPath.Headquarters(caller.Path) }, ct) is { } period
            ? period
            : PeriodRejections.Unknown(id);

    /// <summary>The period, for the headquarters only, read so that whoever changes it next waits.</summary>
    public static async Task<Result<PeriodRow>> Take(UnitOfWork work, Caller caller, Guid id)
    {
        if (await work.Find<PeriodRow>(PeriodSql.Held, new { Id = id, HeadquartersPath = UnitPath.Headquarters(caller.Path) }) is not { } period)
            return PeriodRejections.Unknown(id);
        return UnlessHeadquarters(caller) is { } refusal ? refusal : period;
    }

    public static Rejection? UnlessHeadquarters(Caller caller) =>
        caller.Path != UnitPath.Root && caller.Path == UnitPath.Headquarters(caller.Path)
            ? null
            : PeriodRejections.HeadquartersOnly.Because($"{caller.Path} is not a headquarters.");

    public static Rejection LostRace() => CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
}

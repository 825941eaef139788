using System.Globalization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Plans;

/// <summary>A month's sessions as a table, which an import takes back.</summary>
internal static class ExportPlan
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/plans/{month}.csv", async (string month, Guid unitId, Caller caller, SchedulingDb db, CancellationToken ct) => (await Export(db, caller, month, unitId, ct)).ToHttp())
        .Describe(nameof(ExportPlan), "The sessions of a unit and of everything below it that are planned to begin in a month such as 2026-11, as CSV; times are the wall clock's of each owner.")
        .Allow(Permission.ReadPlan).GivesCsv().Rejects(UnitRejections.NotFound);

    private static async Task<Result<CsvAnswer<SessionRow>>> Export(SchedulingDb db, Caller caller, string month, Guid unitId, CancellationToken ct)
    {
        if (!DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) || first.Year is < 1971 or > 2998)
            return new Faults().Check(false, "{month}", "month.invalid", "Must be a month such as 2026-11.").ToRejection();
        if (await db.Find<UnitRow>(UnitSql.InScopeById, new { Id = unitId, caller.Scope, caller.ScopeEnd }, ct) is not { } unit) return UnitRejections.Unknown(unitId);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone);
        var headquarters = UnitPath.Headquarters(unit.Path);
        var tree = new { Scope = headquarters, ScopeEnd = UnitPath.End(headquarters), HeadquartersPath = headquarters };
        var units = await db.Query<UnitRow>(PlanSql.Units, tree, ct);
        var lookup = new PlanLookup(units, await db.Query<BrandRow>(PlanSql.Brands, tree, ct), await db.Query<ResourceRow>(PlanSql.Resources, tree, ct));
        var zones = units.ToDictionary(u => u.Id, u => TimeZoneInfo.FindSystemTimeZoneById(u.TimeZone));
        var sessions = await db.Query<SessionRow>(PlanSql.Month, new
        {
            Scope = unit.Path,
            ScopeEnd = UnitPath.End(unit.Path),
            From = WallClock.ToInstant(first, zone),
            To = WallClock.ToInstant(first.AddMonths(1), zone),
        }, ct);
        return new CsvAnswer<SessionRow>($"plan-{month}.csv", PlanFile.Columns, sessions.ToAsyncEnumerable(), (line, session) => Write(line, session, lookup, zones.GetValueOrDefault(session.OwnerUnitId, zone)));
    }

    private static void Write(CsvLine line, SessionRow session, PlanLookup lookup, TimeZoneInfo zone) => line
        .Add(session.Id).Add(session.Title).Add(session.Theme).Add(session.Tier.ToString()).Add(session.Path)
        .Add(string.Join(';', session.BrandList.Select(lookup.CodeOf)))
        .Add(lookup.NameOf(session.HostId)).Add(string.Join(';', session.CoHostList.Select(lookup.NameOf))).Add(lookup.NameOf(session.RoomId))
        .Add(string.Join(';', session.ChannelList.Select(c => lookup.NameOf(c.ChannelId))))
        .Add(Local(session.StartsAt, zone)).Add(Local(session.EndsAt, zone)).Add(zone.Id).Add(session.Status.ToString());

    /// <summary>With seconds or as an instant where the minute on the wall's clock does not say it.</summary>
    private static string Local(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = WallClock.At(at, zone);
        return local.Ticks % TimeSpan.TicksPerMinute == 0 && WallClock.ToInstant(local, zone) == at ? WallClock.Text(local) : at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'");
    }
}

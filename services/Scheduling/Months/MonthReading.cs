using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.KeyDates;
using LiveCommerce.Scheduling.Periods;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Periods.Proposals;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Months;

/// <summary>Puts a month together.</summary>
internal static class MonthReading
{
    /// <summary>In quarters of an hour: as long as the shortest session.</summary>
    private const int ShortestSlot = 2;

    public static async Task<MonthView> Of(SchedulingDb db, UnitRow unit, string month, DateOnly first, DateTimeOffset now)
    {
        var period = await db.Find<PeriodRow>(PeriodSql.ByMonth, new { HeadquartersPath = UnitPath.Headquarters(unit.Path), Month = month });
        var zone = TimeZoneInfo.FindSystemTimeZoneById(unit.TimeZone);
        var grid = new SlotGrid(first, zone, SlotGrid.Quarter, period?.DayStartMinute ?? 0, period?.DayEndMinute ?? 1440);
        var time = grid.Month;
        var key = new
        {
            Scope = unit.Path,
            ScopeEnd = UnitPath.End(unit.Path),
            Ids = Sql.Json(UnitPath.SelfAndAncestors(unit.Path)),
            time.OpensAt,
            From = time.OpensAt - SessionPlan.Longest,
            To = time.ClosesAt,
            After = 0,
            Limit = int.MaxValue,
        };
        var sessions = db.Query<MonthSessionRow>(MonthSql.Sessions, key);
        var keyDates = db.Query<KeyDateRow>(KeyDateSql.Page, new { key.Scope, key.ScopeEnd, key.Ids, From = time.OpensAt, key.To, key.After, key.Limit });
        var resources = db.Query<ResourceRow>(MonthSql.Resources, key);
        var bookings = db.Query<BookedRow>(MonthSql.Bookings, key);
        var blocks = await Blocks(db, unit, time);
        var booked = (await bookings).ToLookup(b => b.ResourceId);
        return new MonthView(
            month, unit.Id, unit.Path, unit.TimeZone, time.OpensAt, time.ClosesAt, period?.Id,
            [.. (await sessions).Select(s => s.ToView())],
            [.. (await keyDates).OrderBy(k => k.StartsAt).Select(k => k.ToView())],
            blocks,
            [.. (await sessions).SelectMany(s => s.Conflicts(now))],
            [.. (await resources).Where(r => r.Kind == ResourceKind.Room).Select(r => new RoomSlots(r.Id, r.Name, Free(grid, booked[r.Id])))],
            Loads(grid, await resources, booked));
    }

    private static async Task<IReadOnlyList<MonthBlock>> Blocks(SchedulingDb db, UnitRow unit, Window time)
    {
        var rows = await db.Query<BlockRow>(MonthInputSql.Blocks, new { HeadquartersPath = UnitPath.Headquarters(unit.Path), From = time.OpensAt, To = time.ClosesAt });
        var named = rows.SelectMany(b => b.UnitList).Distinct().ToList();
        var chain = named.Count == 0
            ? []
            : (await db.Query<UnitRow>(UnitSql.ByIds, new { Ids = Sql.Json(named) })).Where(u => UnitPath.SameChain(u.Path, unit.Path)).Select(u => u.Id).ToHashSet();
        return
        [
            .. rows.Where(b => b.UnitList.Count == 0 || b.UnitList.Any(chain.Contains)).OrderBy(b => b.StartsAt).ThenBy(b => b.Seq)
                .Select(b => new MonthBlock(b.StartsAt, b.EndsAt, b.Reason ?? "", b.UnitList, b.BrandList, b.SessionId)),
        ];
    }

    /// <summary>Rounded to quarters of an hour, inwards.</summary>
    private static List<FreeSlot> Free(SlotGrid grid, IEnumerable<BookedRow> bookings)
    {
        var taken = grid.Closed.Copy();
        foreach (var booking in bookings)
        {
            var (start, count) = grid.Span(new Window(booking.StartsAt, booking.BusyUntil));
            taken.Set(start, count);
        }
        var slots = new List<FreeSlot>();
        var end = grid.QuarterOf(grid.Month.ClosesAt);
        for (var (at, from) = (0, -1); at <= end; at++)
        {
            if (at < end && !taken[at])
            {
                if (from < 0) from = at;
                continue;
            }
            if (from >= 0 && at - from >= ShortestSlot) slots.Add(new FreeSlot(grid.At(from), grid.At(at)));
            from = -1;
        }
        return slots;
    }

    private static List<ResourceLoad> Loads(SlotGrid grid, IReadOnlyList<ResourceRow> resources, ILookup<Guid, BookedRow> booked)
    {
        var end = grid.QuarterOf(grid.Month.ClosesAt);
        var open = SlotGrid.Quarter * (end - grid.Closed.CountSet(0, end));
        return [.. resources.Select(r =>
        {
            var minutes = booked[r.Id].Sum(b => Math.Max(0, (long)(Earlier(b.EndsAt, grid.Month.ClosesAt) - Later(b.StartsAt, grid.Month.OpensAt)).TotalMinutes));
            return new ResourceLoad(r.Id, r.Kind, r.Name, booked[r.Id].Count(), minutes, Math.Round(100m * minutes / Math.Max(1, open), 2));
        })];
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

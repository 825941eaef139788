using System.Globalization;
using LiveCommerce.Hosting;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    private int _months;

    public Guid PeriodId { get; private set; }

    public Guid SlotRequestId { get; private set; }

    private readonly List<Guid> _spareKeyDates = [];
    private int _spared;

    /// <summary>A key date of the region's that may be removed, another for each who tries.</summary>
    public Guid SpareKeyDateId() => _spareKeyDates[Interlocked.Increment(ref _spared) % _spareKeyDates.Count];

    public string Month => Now.AddMonths(2).ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Another month each time: each is opened once.</summary>
    public string NextMonth() => Now.AddMonths(3 + (Interlocked.Increment(ref _months) % 9)).ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public object SlotRequestBody(bool owned = true)
    {
        var body = new Dictionary<string, object>
        {
            ["session"] = new { title = "Slot", minutes = 60, brandIds = new[] { BrandId }, channelIds = new[] { ChannelId }, hostIds = new[] { HostId }, roomIds = new[] { RoomId } },
            ["preferences"] = new[] { new { minute = 1200 } },
        };
        if (!owned) return body;
        body["unitId"] = NorthId;
        body["tier"] = "RegionalBroadcast";
        return body;
    }

    internal async Task SeedPeriods()
    {
        PeriodId = await Made(At(Place.Above, Role.Planner), "/scheduling/periods", new { month = Month });
        SlotRequestId = await Made(At(Place.Own, Role.Planner), $"/scheduling/periods/{PeriodId}/requests", SlotRequestBody());
        while (_spareKeyDates.Count < 20) _spareKeyDates.Add(await Made(At(Place.Own, Role.Planner), "/scheduling/key-dates", new { unitId = NorthId, title = "Spare", startsAt = Now.AddDays(9), endsAt = Now.AddDays(10) }));
    }
}

internal static partial class Probes
{
    private static (string, string)[] FirstVersion => [("If-Match", "\"1\"")];
    private static string[] HeadquartersOnly => ["period.headquarters_only"];

    internal static IReadOnlyDictionary<string, Probe> OfPeriods => new Dictionary<string, Probe>
    {
        ["POST /scheduling/periods"] = new(Reach.Unscoped, _ => "/scheduling/periods", w => new { month = w.NextMonth() }),
        ["GET /scheduling/periods"] = new(Reach.ListTenant, _ => "/scheduling/periods", Subject: w => w.PeriodId),
        ["GET /scheduling/periods/{}"] = new(Reach.Tenant, w => $"/scheduling/periods/{w.PeriodId}"),
        ["PUT /scheduling/periods/{}"] = new(Reach.Headquarters, w => $"/scheduling/periods/{w.PeriodId}", _ => new { slotMinutes = 30, dayStartMinute = 0, dayEndMinute = 1440 }) { Headers = FirstVersion, OtherRefusals = HeadquartersOnly },
        ["PUT /scheduling/periods/{}/ranking"] = new(Reach.Headquarters, w => $"/scheduling/periods/{w.PeriodId}/ranking", w => new { ranks = new[] { new { unitId = w.NorthId, rank = 1 } } }) { Headers = FirstVersion, OtherRefusals = HeadquartersOnly },
        ["POST /scheduling/periods/{}/requests"] = new(Reach.Covered, w => $"/scheduling/periods/{w.PeriodId}/requests", w => w.SlotRequestBody()),
        ["GET /scheduling/periods/{}/requests"] = new(Reach.Unscoped, w => $"/scheduling/periods/{w.PeriodId}/requests"),
        ["GET /scheduling/periods/{}/requests/{}"] = new(Reach.Covered, w => $"/scheduling/periods/{w.PeriodId}/requests/{w.SlotRequestId}"),
        ["PUT /scheduling/periods/{}/requests/{}"] = new(Reach.Covered, w => $"/scheduling/periods/{w.PeriodId}/requests/{w.SlotRequestId}", w => w.SlotRequestBody(owned: false)) { Headers = FirstVersion },
        ["POST /scheduling/periods/{}/requests/{}/withdraw"] = new(Reach.Covered, w => $"/scheduling/periods/{w.PeriodId}/requests/{w.SlotRequestId}/withdraw"),
        ["POST /scheduling/periods/{}/proposal"] = new(Reach.Headquarters, w => $"/scheduling/periods/{w.PeriodId}/proposal") { OtherRefusals = HeadquartersOnly },
        ["GET /scheduling/periods/{}/proposal"] = new(Reach.Headquarters, w => $"/scheduling/periods/{w.PeriodId}/proposal") { OtherRefusals = HeadquartersOnly },
        ["PUT /scheduling/periods/{}/proposal/items/{}"] = new(Reach.Headquarters, w => $"/scheduling/periods/{w.PeriodId}/proposal/items/{w.SlotRequestId}", w => new { startsAt = w.Now.AddDays(40) }) { Headers = FirstVersion, OtherRefusals = HeadquartersOnly },
        ["POST /scheduling/periods/{}/publish"] = new(Reach.Headquarters, w => $"/scheduling/periods/{w.PeriodId}/publish") { Headers = [("If-Match", "\"0\"")], OtherRefusals = HeadquartersOnly },
        ["PUT /scheduling/key-dates/{}"] = new(Reach.Covered, w => $"/scheduling/key-dates/{w.KeyDateId}", w => new { title = "Fair", startsAt = w.Now.AddDays(5), endsAt = w.Now.AddDays(6) }) { Headers = FirstVersion },
        ["POST /scheduling/key-dates/{}/remove"] = new(Reach.Covered, w => $"/scheduling/key-dates/{w.SpareKeyDateId()}/remove"),
        ["POST /scheduling/key-dates/import"] = new(Reach.Covered, w => $"/scheduling/key-dates/import?unitId={w.NorthId}&dryRun=true"),
        ["GET /scheduling/months/{}"] = new(Reach.Covered, w => $"/scheduling/months/{w.Month}?unitId={w.NorthId}"),
    };
}

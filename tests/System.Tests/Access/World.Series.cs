using System.Globalization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    public Guid SeriesId { get; private set; }

    public Guid FeedId { get; private set; }

    public string SeriesDay(int day) => Now.AddDays(20 + day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public object SeriesBody(int daysAhead)
    {
        var body = SeriesEdit(daysAhead);
        body["tier"] = "RegionalBroadcast";
        body["ownerUnitId"] = NorthId;
        return body;
    }

    public Dictionary<string, object> SeriesEdit(int daysAhead = 20)
    {
        var body = OccurrenceEdit();
        body.Remove("apply");
        body["rule"] = "FREQ=DAILY;COUNT=5";
        body["startsLocal"] = $"{Now.AddDays(daysAhead):yyyy-MM-dd}T20:00";
        body["durationMinutes"] = 60;
        return body;
    }

    public Dictionary<string, object> OccurrenceEdit() => new()
    {
        ["apply"] = "This",
        ["title"] = "Every evening in the north",
        ["brandIds"] = new[] { BrandId },
        ["channelIds"] = new[] { ChannelId },
        ["hostId"] = HostId,
        ["roomId"] = RoomId,
    };

    internal async Task SeedSeries()
    {
        SeriesId = await Made(At(Place.Own, Role.Planner), "/scheduling/series", SeriesBody(20));
        FeedId = await Made(At(Place.Own, Role.Planner), "/scheduling/feeds", new { unitId = NorthId, kind = "Unit" });
        await _host.Settle();
    }
}

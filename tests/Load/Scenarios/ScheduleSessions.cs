using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>Every request a new session of headquarters, in a slot that is free between those that are there already.</summary>
/// <param name="existing">So many sessions are in the table before.</param>
internal sealed class ScheduleSessions(long existing) : Scenario
{
    public const int UsualExisting = 100_000;

    private const int Sets = 200;
    private const int FirstDay = 30;
    private const int LastDay = 390;
    private const int SlotMinutes = 30;

    /// <summary>Half hours of a day that no existing session takes.</summary>
    private const int SlotsADay = (24 - (ExistingSessions.ToHour - ExistingSessions.FromHour)) * 60 / SlotMinutes;

    private readonly List<(Guid Host, Guid Room, Guid Channel)> _sets = [];
    private Guid _owner;
    private Guid _brand;
    private DateTimeOffset _today;
    private long _sessions;

    public override string Expected => "201";

    public override int Connections => 32;

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        _owner = tenant.HeadquartersId;
        _today = new DateTimeOffset(TimeProvider.System.Now().UtcDateTime.Date, TimeSpan.Zero);
        _brand = (Guid)(await tenant.AsAdmin(HttpMethod.Post, "/organization/brands", new { code = "a", name = "A", grade = "A" }))["id"]!;
        for (var i = 0; i < Sets; i++)
            _sets.Add((await Add(tenant, "hosts", new { unitId = _owner, name = $"Host {i}" }),
                await Add(tenant, "rooms", new { unitId = _owner, name = $"Room {i}" }),
                await Add(tenant, "channels", new { unitId = _owner, name = $"Channel {i}", kind = "MiniProgram" })));
        // The service needs to know the brand before it takes sessions of it.
        await tenant.SendOnceKnown(HttpMethod.Post, "/scheduling/sessions", System.Text.Json.Nodes.JsonNode.Parse(Next(0)!.Value.Body!));
        ExistingSessions.Fill(tenant, _brand, _sets, _today, existing);
        tenant.ActAsStaff();
    }

    public override Call? Next(int connection)
    {
        var number = Interlocked.Increment(ref _sessions) - 1;
        var (host, room, channel) = _sets[(int)(number % Sets)];
        var slot = number / Sets;
        var day = FirstDay + slot / SlotsADay;
        if (day > LastDay) return null;
        var minute = slot % SlotsADay * SlotMinutes;
        if (minute >= ExistingSessions.FromHour * 60) minute += (ExistingSessions.ToHour - ExistingSessions.FromHour) * 60;
        var startsAt = _today.AddDays(day).AddMinutes(minute);
        return new Call(
            "POST",
            "/scheduling/sessions",
            $$"""
            {"title":"Session {{number}}","tier":"BrandBroadcast","ownerUnitId":"{{_owner}}","brandIds":["{{_brand}}"],"channelIds":["{{channel}}"],"hostId":"{{host}}","roomId":"{{room}}","startsAt":"{{startsAt:O}}","endsAt":"{{startsAt.AddMinutes(SlotMinutes):O}}","goals":{"views":200000,"conversionRate":0.03,"averageOrderValueMinor":39900},"displace":false}
            """);
    }

    public override Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        var accepted = all.Count(Expected);
        var (sessions, overlaps) = ExistingSessions.Count(tenant.DataFolder);
        var faults = new List<string>();
        // The first one was sent before the measurement.
        if (sessions != existing + accepted + 1) faults.Add($"{accepted} sessions were accepted on top of {existing}, but there are {sessions}");
        if (overlaps != 0) faults.Add($"{overlaps} bookings overlap the one before them");
        return Task.FromResult(new Verdict(overlaps, faults));
    }

    private static async Task<Guid> Add(Tenant tenant, string kind, object body) => (Guid)(await tenant.SendOnceKnown(HttpMethod.Post, $"/scheduling/{kind}", body))["id"]!;
}

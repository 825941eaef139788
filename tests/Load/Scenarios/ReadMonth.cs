using LiveCommerce.Kernel;

namespace LiveCommerce.Load.Scenarios;

/// <summary>Reads the month of a tree with 500 sessions whole, against a trivial read.</summary>
/// <param name="edits">So often a second a key date is put into the month, or taken out, meanwhile.</param>
internal sealed class ReadMonth(int edits) : Scenario
{
    private const int Regions = 10;
    private const int SessionsEach = 50;

    private string _path = "";
    private Tenant? _tenant;
    private object? _keyDate;
    private Task _editing = Task.CompletedTask;

    public override Call Baseline { get; } = new("GET", "/baseline");

    public override string Expected => "200";

    public override int Connections => 32;

    public override async Task Prepare(Tenant tenant)
    {
        await tenant.Open();
        var brand = (Guid)(await tenant.AsAdmin(HttpMethod.Post, "/organization/brands", new { code = "aurora", name = "Aurora", grade = "A" }))["id"]!;
        var now = TimeProvider.System.Now().AddMonths(2);
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.FromHours(8));
        for (var i = 0; i < Regions; i++)
        {
            var region = (Guid)(await tenant.AsAdmin(HttpMethod.Post, "/organization/units", new { parentId = tenant.HeadquartersId, code = $"r{i}", name = $"Region {i}", kind = "Region" }))["id"]!;
            await Fill(tenant, region, brand, month, i);
        }
        (_tenant, _keyDate) = (tenant, new { unitId = tenant.HeadquartersId, title = "Fair", startsAt = month.AddDays(10), endsAt = month.AddDays(12) });
        await tenant.SendOnceKnown(HttpMethod.Post, "/scheduling/key-dates", _keyDate);
        _path = $"/scheduling/months/{month:yyyy-MM}?unitId={tenant.HeadquartersId}";
    }

    public override async Task PrepareTurn(IReadOnlyList<HttpConnection> connections, TimeSpan turn)
    {
        await _editing;
        if (edits > 0) _editing = Edit(turn);
    }

    public override Call? Next(int connection) => new Call("GET", _path);

    public override async Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all)
    {
        await _editing;
        var month = await tenant.Send(HttpMethod.Get, _path);
        var sessions = month["sessions"]!.AsArray().Count;
        var faults = new List<string>();
        if (sessions != Regions * SessionsEach) faults.Add($"the month has {sessions} sessions instead of {Regions * SessionsEach}");
        // What is kept must not outlive a change.
        var one = (Guid)month["sessions"]![0]!["id"]!;
        await tenant.Send(HttpMethod.Post, $"/scheduling/sessions/{one}/cancel");
        if ((await tenant.Send(HttpMethod.Get, _path))["sessions"]!.AsArray().Count != sessions - 1) faults.Add("a cancelled session is still in the month");
        return new Verdict(0, faults);
    }

    private async Task Edit(TimeSpan turn)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / edits));
        Guid? added = null;
        while (TimeProvider.System.GetElapsedTime(started) < turn && await timer.WaitForNextTickAsync())
        {
            if (added is { } id) await _tenant!.Send(HttpMethod.Post, $"/scheduling/key-dates/{id}/remove");
            added = added is null ? (Guid)(await _tenant!.Send(HttpMethod.Post, "/scheduling/key-dates", _keyDate))["id"]! : null;
        }
    }

    private static async Task Fill(Tenant tenant, Guid region, Guid brand, DateTimeOffset month, int number)
    {
        async Task<Guid> Add(string resource, object body) => (Guid)(await tenant.SendOnceKnown(HttpMethod.Post, $"/scheduling/{resource}", body))["id"]!;

        for (var set = 0; set < 2; set++)
        {
            var host = await Add("hosts", new { unitId = region, name = $"Host {number}.{set}" });
            var room = await Add("rooms", new { unitId = region, name = $"Room {number}.{set}" });
            var channel = await Add("channels", new { unitId = region, name = "Mini-program", kind = "MiniProgram" });
            for (var i = 0; i < SessionsEach / 2; i++)
            {
                var start = month.AddDays(1 + i).AddHours(12 + set);
                await Add("sessions", new
                {
                    title = $"Evening {i} of region {number}",
                    tier = "RegionalBroadcast",
                    ownerUnitId = region,
                    brandIds = new[] { brand },
                    channelIds = new[] { channel },
                    hostId = host,
                    roomId = room,
                    startsAt = start,
                    endsAt = start.AddHours(3),
                });
            }
        }
    }
}

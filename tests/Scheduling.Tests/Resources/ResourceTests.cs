using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Resources;

internal sealed class ResourceTests
{
    [Test]
    public async Task AResource_IsListedForUnitsAboveAndBelowItsOwn_NotForSiblings()
    {
        await using var calendar = await Calendar.Open();
        var atTop = await calendar.AddHost(Calendar.Aurora);
        var north = await calendar.AddHost(Calendar.North);
        var reseller = await calendar.AddHost(Calendar.R7);
        await calendar.AddRoom(Calendar.North);
        var foreign = await calendar.AddHost(Calendar.Borealis);

        Assert.That(await Hosts(calendar, Calendar.Aurora), Is.EqualTo(new[] { atTop, north, reseller }));
        Assert.That(await Hosts(calendar, Calendar.North), Is.EqualTo(new[] { atTop, north, reseller }));
        Assert.That(await Hosts(calendar, Calendar.R7), Is.EqualTo(new[] { atTop, north, reseller }));
        Assert.That(await Hosts(calendar, Calendar.South), Is.EqualTo(new[] { atTop }));
        Assert.That(await Hosts(calendar, Calendar.Borealis), Is.EqualTo(new[] { foreign }));
    }

    [Test]
    public async Task AChannel_HasAKind_AndOthersHaveNone()
    {
        await using var calendar = await Calendar.Open();
        var unitId = calendar.Units[Calendar.North];
        var channel = await calendar.Planner().Post("/scheduling/channels", new { unitId, name = "Shop", kind = "VideoAccount" });
        Assert.That((string?)channel.Json["kind"], Is.EqualTo("VideoAccount"));
        Assert.That((string?)channel.Json["path"], Is.EqualTo(Calendar.North));
        Assert.That((string?)(await calendar.Planner().Get("/scheduling/channels")).Json["items"]![0]!["kind"], Is.EqualTo("VideoAccount"));
        Assert.That((await calendar.Planner().Post("/scheduling/channels", new { unitId, name = "", kind = "Radio" })).Status, Is.EqualTo(400));
        Assert.That((await calendar.Planner().Post("/scheduling/channels", new { unitId, name = " ", kind = "VideoAccount" })).Faults, Is.EqualTo(new[] { "/name" }));
        Assert.That((string?)(await calendar.Planner().Post("/scheduling/rooms", new { unitId, name = "Studio" })).Json["kind"], Is.Null);
    }

    [Test]
    public async Task OnlyAPlannerAboveOrAtTheUnit_AddsResources()
    {
        await using var calendar = await Calendar.Open();
        var body = new { unitId = calendar.Units[Calendar.North], name = "Lin Yue" };
        Assert.That((await calendar.Planner(Calendar.South).Post("/scheduling/hosts", body)).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await calendar.Planner(Calendar.R7).Post("/scheduling/hosts", body)).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await calendar.Planner(Calendar.Borealis).Post("/scheduling/hosts", body)).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await calendar.Host.At(Calendar.North, Role.Analyst).Post("/scheduling/hosts", body)).Status, Is.EqualTo(403));
        Assert.That((await calendar.Host.Anonymous().Post("/scheduling/hosts", body)).Status, Is.EqualTo(401));
        Assert.That((await calendar.Host.At(Calendar.North, Role.Analyst).Get("/scheduling/hosts")).Status, Is.EqualTo(200));
        Assert.That((await calendar.Host.At("/", Role.Operator).Get("/scheduling/hosts")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task OneHostRoomOrChannel_IsReadWithTheVersionItsEditNames()
    {
        await using var calendar = await Calendar.Open();
        foreach (var (list, id, body) in new (string, Guid, object)[]
        {
            ("hosts", await calendar.AddHost(Calendar.North), new { name = "New" }), ("rooms", await calendar.AddRoom(Calendar.North), new { name = "New", turnaroundMinutes = 5 }),
            ("channels", await calendar.AddChannel(Calendar.North), new { name = "New" }),
        })
        {
            var at = $"/scheduling/{list}/{id}";
            var read = await calendar.Planner(Calendar.R7).Get(at);
            Assert.That((read.Status, read.ETag), Is.EqualTo((200, "\"1\"")), read.Content);
            Assert.That((await calendar.Planner(Calendar.North).Put(at, body, ("If-Match", read.ETag!))).Status, Is.EqualTo(200));
            read = await calendar.Planner().Get(at);
            Assert.That((read.ETag, (string?)read.Json["name"]), Is.EqualTo(("\"2\"", "New")));
            foreach (var elsewhere in new[] { Calendar.South, Calendar.Borealis }) Assert.That((await calendar.Planner(elsewhere).Get(at)).Code, Is.EqualTo("resource.not_found"));
            Assert.That((await calendar.Planner().Get($"/scheduling/{(list == "hosts" ? "rooms" : "hosts")}/{id}")).Code, Is.EqualTo("resource.not_found"));
        }
    }

    [Test]
    public async Task AKeyDate_IsOnTheCalendarOfAllUnitsBelow_AndFoundByItsTime()
    {
        await using var calendar = await Calendar.Open();
        DateTimeOffset from = new(2026, 11, 10, 16, 0, 0, TimeSpan.Zero), to = from.AddDays(1);
        var body = new { unitId = calendar.Units[Calendar.Aurora], title = "Singles' Day", startsAt = from, endsAt = to, leadTimeDays = 30 };
        var added = await calendar.Planner().Post("/scheduling/key-dates", body);
        Assert.That(added.Status, Is.EqualTo(201), added.Content);
        Assert.That((int)added.Json["leadTimeDays"]!, Is.EqualTo(30));

        var at = $"/scheduling/key-dates/{(Guid)added.Json["id"]!}";
        var read = await calendar.Planner(Calendar.R7).Get(at);
        Assert.That((read.ETag, (string?)read.Json["title"]), Is.EqualTo(("\"1\"", body.title)));
        Assert.That((await calendar.Planner(Calendar.Borealis).Get(at)).Code, Is.EqualTo("key_date.not_found"));

        async Task<int> Count(string path, string query = "") =>
            (await calendar.Planner(path).Get($"/scheduling/key-dates{query}")).Json["items"]!.AsArray().Count;
        Assert.That(await Count(Calendar.R7), Is.EqualTo(1));
        Assert.That(await Count(Calendar.Borealis), Is.Zero);
        Assert.That(await Count(Calendar.R7, "?from=2026-11-11T16:00:00Z"), Is.Zero, "it ends then");
        Assert.That(await Count(Calendar.R7, "?to=2026-11-10T16:00:00Z"), Is.Zero, "it starts then");
        Assert.That(await Count(Calendar.R7, "?from=2026-11-11T23:59:00%2B08:00&to=2026-11-12T00:00:00%2B08:00"), Is.EqualTo(1));
        Assert.That((await calendar.Planner().Get("/scheduling/key-dates?from=now&to=2026-11-11")).Faults, Is.EqualTo(new[] { "?from", "?to" }));

        var bad = await calendar.Planner().Post("/scheduling/key-dates", new { body.unitId, title = "", startsAt = to, endsAt = from, leadTimeDays = 366 });
        Assert.That(bad.Faults, Is.EqualTo(new[] { "/title", "/endsAt", "/leadTimeDays" }));
        Assert.That((await calendar.Planner(Calendar.North).Post("/scheduling/key-dates", body)).Code, Is.EqualTo("unit.not_found"));
    }

    private static async Task<IEnumerable<Guid>> Hosts(Calendar calendar, string path) =>
        [.. (await calendar.Planner(path).Get("/scheduling/hosts")).Json["items"]!.AsArray().Select(h => (Guid)h!["id"]!)];
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Tests.Series;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Plans;

internal sealed class PlanFileTests
{
    private const string Header = "title,tier,owner,brands,host,room,channels,startsLocal,endsLocal";
    private const string Import = "/scheduling/plans/import";

    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open()
    {
        _calendar = await Calendar.Open("Europe/Berlin", new RecorderModule());
        foreach (var (noun, name) in new[] { ("hosts", "Mei"), ("hosts", "Bo"), ("rooms", "Blue"), ("rooms", "Red") })
            await _calendar.Planner().Post($"/scheduling/{noun}", new { unitId = _calendar.Units[Calendar.Aurora], name });
        foreach (var name in new[] { "Shop", "Video" })
            await _calendar.Planner().Post("/scheduling/channels", new { unitId = _calendar.Units[Calendar.Aurora], name, kind = "MiniProgram" });
    }

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [Test]
    public async Task AFile_IsPlannedAsAWhole()
    {
        var answer = await Send($"{Header},theme,coHosts\r\n\"Wool, \"\"new\"\"\",GroupBroadcast,/aurora/,a;b,Mei,Blue,Shop;Video,2026-10-24T20:00,2026-10-25T02:30,Autumn,Bo\n\nDown,groupbroadcast,/aurora/,A,Mei,Red,Shop,2026-10-26 20:00,2026-10-26 21:00,,\n");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        Assert.That((Number(answer, "created"), Number(answer, "changed"), Number(answer, "unchanged"), Number(answer, "faultCount")), Is.EqualTo((2, 0, 0, 0)));
        var sessions = await Sessions();
        Assert.That(sessions.Select(s => $"{s!["title"]} {s["startsAt"]} {s["endsAt"]}"), Is.EqualTo(new[]
        {
            "Wool, \"new\" 2026-10-24T18:00:00+00:00 2026-10-25T00:30:00+00:00",
            "Down 2026-10-26T19:00:00+00:00 2026-10-26T20:00:00+00:00",
        }));
        Assert.That(((string?)sessions[0]!["theme"], sessions[0]!["coHostIds"]!.AsArray().Count, sessions[0]!["brandIds"]!.AsArray().Count, sessions[0]!["channels"]!.AsArray().Count), Is.EqualTo(("Autumn", 1, 2, 2)));
        Assert.That((await Recorded.Of(_calendar.Host, (Guid)sessions[0]!["id"]!)).Select(r => r.Event), Is.EqualTo(new[] { "SessionScheduled" }));
    }

    [Test]
    public async Task AFile_SaysNothingOfWhomABroadcastCovers_AndLeavesItAsItIs()
    {
        await Send($"{Header}\nWool,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-10-24T20:00,2026-10-24T22:00\n");
        var id = (Guid)(await Sessions())[0]!["id"]!;
        var read = await _calendar.Read(id);
        var body = new JsonObject
        {
            ["title"] = "Wool",
            ["brandIds"] = read.Json["brandIds"]!.DeepClone(),
            ["channelIds"] = new JsonArray([.. read.Json["channels"]!.AsArray().Select(c => c!["channelId"]!.DeepClone())]),
            ["hostId"] = read.Json["hostId"]!.DeepClone(),
            ["roomId"] = read.Json["roomId"]!.DeepClone(),
            ["startsAt"] = read.Json["startsAt"]!.DeepClone(),
            ["endsAt"] = read.Json["endsAt"]!.DeepClone(),
            ["coversUnitIds"] = new JsonArray(_calendar.Units[Calendar.North]),
        };
        Assert.That((await _calendar.Planner().Put($"/scheduling/sessions/{id}", body, ("If-Match", read.ETag!))).Status, Is.EqualTo(200));
        var changed = await Send((await Export("2026-10")).Replace("Wool", "Down"));
        Assert.That(Number(changed, "changed"), Is.EqualTo(1), changed.Content);
        var after = await _calendar.Read(id);
        Assert.That(((string)after.Json["title"]!, after.Json["coversUnitIds"]!.AsArray().Select(u => (Guid)u!)), Is.EqualTo(("Down", new[] { _calendar.Units[Calendar.North] })));
    }

    [Test]
    public async Task ADryRun_SaysWhatWouldBe_AndStoresNothing()
    {
        var file = $"{Header}\nA,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00\nB,GroupBroadcast,/aurora/,a,Mei,Red,Video,2026-11-01T20:30,2026-11-01T21:30\n";
        var dry = await Send(file, "?dryRun=true");
        Assert.That((dry.Status, Number(dry, "created"), Number(dry, "faultCount"), (bool)dry.Json["isDryRun"]!), Is.EqualTo((200, 1, 1, true)), dry.Content);
        Assert.That(Faults(dry), Is.EqualTo(new[] { "line 3 session.conflict" }));
        Assert.That(await Sessions(), Is.Empty);
        var real = await Send(file);
        Assert.That((real.Status, real.Code), Is.EqualTo((400, "csv.has_faults")));
        Assert.That(Faults(real), Is.EqualTo(Faults(dry)));
        Assert.That(await Sessions(), Is.Empty, "all or nothing");
        Assert.That((await Send(file, "?dryRun=maybe")).Faults, Is.EqualTo(new[] { "?dryRun" }));
    }

    [Test]
    public async Task EveryFault_IsNamedByItsLine()
    {
        var answer = await Send(string.Join('\n',
            Header + ",timeZone,id",
            "A,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-02T21:00,,",
            ",Nonsense,/aurora/,z,Nobody,Blue,Shop,2026-11-01T20:00,tomorrow,Mars/Olympus,x",
            "A,GroupBroadcast,/borealis/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00,,",
            "A,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T19:00,,",
            "A,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2020-11-01T20:00,2020-11-01T21:00,,",
            "A,RegionalBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00,,",
            $"A,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00,,{Calendar.Id()}",
            "too,few",
            "\"A\"x,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00,,",
            " ,GroupBroadcast,/aurora/,a;a,Mei,Blue,,2026-11-01T20:00,2026-11-01T21:00,,"));
        Assert.That(answer.Code, Is.EqualTo("csv.has_faults"));
        Assert.That(Faults(answer), Is.SupersetOf(new[]
        {
            "line 2 session.length", "line 3 value.unknown", "line 3 csv.brand_unknown", "line 3 csv.resource_unknown", "line 3 time.local_invalid", "line 3 time_zone.unknown", "line 3 csv.id_invalid",
            "line 4 unit.not_found", "line 5 session.length", "line 6 session.starts_in_past", "line 7 session.tier_not_allowed", "line 8 session.not_found", "line 9 csv.field_count",
            "line 10 csv.quotes", "line 11 text.invalid", "line 11 list.length", "line 11 list.repeats",
        }), answer.Content);
        Assert.That(await Sessions(), Is.Empty);
    }

    [TestCase("", "line 1 csv.empty")]
    [TestCase(Header, "line 1 csv.empty")]
    [TestCase("title,tier\nA,B", "line 1 csv.missing_column")]
    [TestCase(Header + ",title\n", "line 1 csv.column_repeated")]
    [TestCase(Header + ",colour\n", "line 1 csv.column_unknown")]
    [TestCase(Header + "\n\"A", "line 2 csv.quotes")]
    [TestCase(Header + "\n\"A\"\"", "line 2 csv.quotes")]
    public async Task AFileThatIsNone_IsRefused(string file, string fault)
    {
        var answer = await Send(file);
        Assert.That(answer.Code, Is.EqualTo("csv.has_faults"), answer.Content);
        Assert.That(Faults(answer), Does.Contain(fault));
    }

    [Test]
    public async Task WhatIsNoTextOrTooMuch_IsRefused()
    {
        Assert.That((await Send([0x61, 0xff, 0x62])).Code, Is.EqualTo("csv.not_utf8"));
        Assert.That((await Send(Encoding.UTF8.GetBytes("x"), type: "application/json")).Code, Is.EqualTo("request.unsupported_media_type"));
        Assert.That((await Send(new byte[(1 << 20) + 1])).Status, Is.EqualTo(413));
        Assert.That((await Send($"{Header}\n{string.Concat(Enumerable.Repeat("A,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00\n", 1001))}")).Code, Is.EqualTo("csv.too_many_lines"));
    }

    [Test]
    public async Task WhatAnExportWrites_AnImportTakes()
    {
        var plan = (await _calendar.NewPlan()) with { Title = "=1+1, \"x\"; 羊毛", Goals = new { views = 1000, conversionRate = 0.1, averageOrderValueMinor = 500 } };
        var id = await _calendar.Scheduled(plan.At(new DateTimeOffset(2026, 11, 10, 19, 0, 0, TimeSpan.Zero), 2));
        await _calendar.Planned(await _calendar.NewSeries("FREQ=DAILY;COUNT=3", "2026-11-12T20:00"));
        var file = await Export("2026-11");
        Assert.That(file.Split("\r\n")[1], Does.StartWith($"{id},\"'=1+1, \"\"x\"\"; 羊毛\",,GroupBroadcast,/aurora/,a,").And.EndWith(",2026-11-10T20:00,2026-11-10T22:00,Europe/Berlin,Scheduled"));
        Assert.That(await Export("2026-12"), Is.EqualTo(file.Split("\r\n")[0] + "\r\n"));

        var same = await Send(file);
        Assert.That((same.Status, Number(same, "created"), Number(same, "changed"), Number(same, "unchanged")), Is.EqualTo((200, 0, 0, 4)), same.Content);
        Assert.That((await _calendar.Read(id)).ETag, Is.EqualTo("\"1\""));
        var edited = await Send(file.Replace("2026-11-10T20:00,2026-11-10T22:00", "2026-11-10T21:00,2026-11-10T23:00").Replace(",Premiere,", ",Encore,"));
        Assert.That((edited.Status, Number(edited, "changed"), Number(edited, "unchanged")), Is.EqualTo((200, 4, 0)), edited.Content);
        var session = (await _calendar.Read(id)).Json;
        Assert.That(((string?)session["title"], (DateTimeOffset)session["startsAt"]!, (long)session["goals"]!["salesMinor"]!), Is.EqualTo((plan.Title, new DateTimeOffset(2026, 11, 10, 20, 0, 0, TimeSpan.Zero), 50_000L)));
        Assert.That((await Sessions()).Count(s => (string?)s!["title"] == "Encore"), Is.EqualTo(3));
    }

    [Test]
    public async Task TheSameFileAgain_WithItsKey_PlansNothingMore()
    {
        var file = Encoding.UTF8.GetBytes($"{Header}\nA,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00\n");
        var first = await Send(file, key: "once");
        Assert.That((await Send(file, key: "once")).Content, Is.EqualTo(first.Content));
        Assert.That(await Sessions(), Has.Count.EqualTo(1));
        Assert.That((await Send([.. file, (byte)'\n'], key: "once")).Code, Is.EqualTo("request.idempotency_key_reused"));
        var many = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Send($"{Header}\nB,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-02T20:00,2026-11-02T21:00\n")));
        Assert.That(many.Count(a => a.Status == 200), Is.EqualTo(1), "of many at once one wins");
    }

    [Test]
    public async Task AFile_IsOfTheCallersReach()
    {
        var id = await _calendar.Scheduled();
        var north = await Send($"{Header},id\nA,GroupBroadcast,/aurora/,a,Mei,Blue,Shop,2026-11-01T20:00,2026-11-01T21:00,\n", at: Calendar.North);
        Assert.That(Faults(north), Is.EqualTo(new[] { "line 2 unit.not_found" }));
        var foreign = await Send($"{Header},id\nA,RegionalBroadcast,/aurora/north/,a,Mei,Blue,Video,2026-11-01T20:00,2026-11-01T21:00,{id}\n", at: Calendar.North);
        Assert.That(Faults(foreign), Is.EqualTo(new[] { "line 2 session.not_found" }));
        var good = await Send($"{Header}\nA,RegionalBroadcast,/aurora/north/,a,Mei,Blue,Video,2026-11-01T20:00,2026-11-01T21:00\n", at: Calendar.North);
        Assert.That(good.Status, Is.EqualTo(200), good.Content);
        Assert.That((await _calendar.Planner(Calendar.South).Get($"/scheduling/plans/2026-11.csv?unitId={_calendar.Units[Calendar.North]}")).Code, Is.EqualTo("unit.not_found"));
        Assert.That((await _calendar.Planner().Get($"/scheduling/plans/soon.csv?unitId={_calendar.Units[Calendar.North]}")).Status, Is.EqualTo(400));
        using var analyst = await Post(_calendar.Host.At(Calendar.Aurora, Role.Analyst), Encoding.UTF8.GetBytes("x"), "", "text/csv", null);
        Assert.That((int)analyst.StatusCode, Is.EqualTo(403));
    }

    private static int Number(Answer answer, string name) => (int)answer.Json[name]!;

    private static IReadOnlyList<string> Faults(Answer answer) => [.. answer.Json["faults"]!.AsArray().Select(f => $"{f!["pointer"]} {f["code"]}")];

    private async Task<JsonArray> Sessions() => (await _calendar.Planner().Get("/scheduling/sessions?limit=200")).Json["items"]!.AsArray();

    private async Task<string> Export(string month)
    {
        var answer = await _calendar.Planner().Get($"/scheduling/plans/{month}.csv?unitId={_calendar.Units[Calendar.Aurora]}");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return answer.Content;
    }

    private Task<Answer> Send(string file, string query = "", string at = Calendar.Aurora) => Send(Encoding.UTF8.GetBytes(file), query, at: at);

    private async Task<Answer> Send(byte[] file, string query = "", string type = "text/csv", string? key = null, string at = Calendar.Aurora)
    {
        using var response = await Post(_calendar.Planner(at), file, query, type, key);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), null, null);
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, byte[] file, string query, string type, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Import + query) { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}

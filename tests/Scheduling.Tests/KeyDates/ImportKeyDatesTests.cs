using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.KeyDates;

internal sealed class ImportKeyDatesTests
{
    private const string Ics = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Mall//Events//EN
        BEGIN:VTIMEZONE
        TZID:Europe/Berlin
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:1111@mall
        DTSTART;VALUE=DATE:20261111
        SUMMARY:Singles' Day\, all day
        END:VEVENT
        BEGIN:VEVENT
        UID:gala@mall
        DTSTART;TZID=Europe/Berlin:20261025T010000
        DURATION:PT4H
        SUMMARY:Long na
         me over two lines
        BEGIN:VALARM
        TRIGGER:-PT15M
        DURATION:PT5M
        END:VALARM
        END:VEVENT
        BEGIN:VEVENT
        UID:utc@mall
        DTSTART:20261120T120000Z
        DTEND:20261120T140000Z
        SUMMARY:Opening
        END:VEVENT
        END:VCALENDAR
        """;

    private Calendar _calendar = null!;

    [SetUp]
    public async Task Open() => _calendar = await Calendar.Open();

    [TearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [Test]
    public async Task ACalendarFile_IsBroughtIn_AndBroughtInAgainUpdates()
    {
        Assert.That(Counts(await Import(Ics, "text/calendar", dryRun: true)), Is.EqualTo((3, 0, 0, 0)));
        Assert.That(await Dates(), Is.Empty, "a dry run writes nothing");
        Assert.That(Counts(await Import(Ics, "text/calendar")), Is.EqualTo((3, 0, 0, 0)));
        var dates = await Dates();
        Assert.That(dates.Select(d => ((string)d["title"]!, (DateTimeOffset)d["startsAt"]!, (DateTimeOffset)d["endsAt"]!)), Is.EquivalentTo(new[]
        {
            ("Singles' Day, all day", At("2026-11-10T16:00:00Z"), At("2026-11-11T16:00:00Z")),
            ("Long name over two lines", At("2026-10-24T23:00:00Z"), At("2026-10-25T03:00:00Z")),
            ("Opening", At("2026-11-20T12:00:00Z"), At("2026-11-20T14:00:00Z")),
        }));
        var opening = dates.Single(d => (string)d["title"]! == "Opening");
        await _calendar.Planner().Put($"/scheduling/key-dates/{opening["id"]}",
            new { title = "Opening", startsAt = opening["startsAt"], endsAt = opening["endsAt"], kind = "MallEvent", leadTimeDays = 9 }, ("If-Match", "\"1\""));

        var changed = Ics.Replace("140000Z", "150000Z").Replace("SUMMARY:Long", "STATUS:CANCELLED\nSUMMARY:Long");
        Assert.That(Counts(await Import(changed, "text/calendar")), Is.EqualTo((0, 1, 1, 1)));
        Assert.That(Counts(await Import(changed, "text/calendar")), Is.EqualTo((0, 0, 3, 0)));
        var after = (await Dates()).Single(d => (string)d["title"]! == "Opening");
        Assert.That(((DateTimeOffset)after["endsAt"]!, (string)after["kind"]!, (int)after["leadTimeDays"]!), Is.EqualTo((At("2026-11-20T15:00:00Z"), "MallEvent", 9)));
    }

    [Test]
    public async Task ATable_IsBroughtIn_AndIsTheSameTheNextTime()
    {
        const string csv = "title,startsAt,endsAt,kind,leadTimeDays,brands\n\"Fair, \"\"autumn\"\"\",2026-11-05,2026-11-06,MallEvent,30,a;B\nNight,2026-11-08T20:00,2026-11-08T23:00,,,\n";
        Assert.That(Counts(await Import(csv, "text/csv")), Is.EqualTo((2, 0, 0, 0)));
        Assert.That(Counts(await Import(csv, "text/csv")), Is.EqualTo((0, 0, 2, 0)));
        var fair = (await Dates())[0];
        Assert.That(((string)fair["title"]!, (string)fair["kind"]!, (int)fair["leadTimeDays"]!, fair["brandIds"]!.AsArray().Count), Is.EqualTo(("Fair, \"autumn\"", "MallEvent", 30, 2)));
        Assert.That(((DateTimeOffset)fair["startsAt"]!, (DateTimeOffset)fair["endsAt"]!), Is.EqualTo((At("2026-11-04T16:00:00Z"), At("2026-11-06T16:00:00Z"))), "the last day whole");
    }

    [Test]
    public async Task WithAnyFault_NothingIsBroughtIn_AndEveryLineIsNamed()
    {
        const string csv = "title,startsAt,endsAt,kind,brands\nGood,2026-11-05,2026-11-06,,\n,2026-11-05,2026-11-06,,\nX,yesterday,2026-11-06,,\nY,2026-11-06,2026-11-05,Party,zz\nZ,2026-11-05\nGood,2026-11-05,2026-11-06,,\n";
        var refused = await Import(csv, "text/csv");
        Assert.That(refused.Code, Is.EqualTo("key_date_file.has_faults"), refused.Content);
        Assert.That(Faults(refused), Is.EquivalentTo(new[]
        {
            "line 3 text.invalid", "line 4 time.invalid", "line 5 window.ends_before_start", "line 5 value.unknown", "line 5 csv.brand_unknown", "line 6 csv.field_count", "line 7 key_date_file.repeated",
        }));
        Assert.That(await Dates(), Is.Empty);
        var dry = await Import(csv, "text/csv", dryRun: true);
        Assert.That(((int)dry.Json["faultCount"]!, (int)dry.Json["added"]!), Is.EqualTo((7, 1)), dry.Content);

        var ics = Ics.Replace("DURATION:PT4H", "RDATE:20271025T010000\nDURATION:4 hours").Replace("TZID=Europe/Berlin", "TZID=Mars/Olympus").Replace("DTEND:20261120T140000Z", "DTEND:20261120T110000Z");
        Assert.That(Faults(await Import(ics, "text/calendar")), Is.EquivalentTo(new[]
        {
            "line 15 ics.recurrence_unsupported", "line 14 ics.zone_unknown", "line 16 ics.duration_invalid", "line 24 window.ends_before_start",
        }));
        Assert.That(Faults(await Import("BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense\nDTSTART:20261120T120000Z\nEND:VEVENT\nEND:VTODO\n", "text/calendar")),
            Is.EquivalentTo(new[] { "line 3 ics.malformed", "line 2 ics.no_end", "line 6 ics.not_closed" }));
        Assert.That(Faults(await Import("", "text/calendar")), Is.EqualTo(new[] { "line 1 ics.not_a_calendar" }));
        Assert.That((await Import(Encoding.Latin1.GetBytes("title\né"), "text/csv")).Code, Is.EqualTo("key_date_file.unreadable"));
        Assert.That((await Import("x", "text/plain")).Code, Is.EqualTo("request.unsupported_media_type"));
    }

    [Test]
    public async Task WhatLastsForEver_OrIsToldWithoutEnd_IsRefused()
    {
        foreach (var length in new[] { $"PT{string.Concat(Enumerable.Repeat("999999H", 70))}", $"P{string.Concat(Enumerable.Repeat("999999W", 400))}", "PT99999H" })
            Assert.That(Faults(await Import(Ics.Replace("DURATION:PT4H", $"DURATION:{length}"), "text/calendar")), Is.EqualTo(new[] { "line 15 ics.duration_invalid" }), length[..8]);
        var many = string.Concat(Enumerable.Range(0, 30).Select(i => $"BEGIN:VEVENT\nUID:{i}\nDTSTART:20270101T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=400\nSUMMARY:{i}\nEND:VEVENT\n"));
        Assert.That((await Import($"BEGIN:VCALENDAR\n{many}END:VCALENDAR\n", "text/calendar")).Code, Is.EqualTo("key_date_file.too_long"));
        Assert.That(await Dates(), Is.Empty);
    }

    [Test]
    public async Task OfManyImportsAtOnce_EachDateIsThereOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Import(Ics, "text/calendar")));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(200));
        Assert.That(answers.Sum(a => (int)a.Json["added"]!), Is.EqualTo(3));
        Assert.That(await Dates(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task AKeyDate_IsEditedAndRemoved_ByItsOwnerAndThoseAbove()
    {
        var north = _calendar.Host.At(Calendar.North, Role.Planner);
        var date = await north.Post("/scheduling/key-dates", new { unitId = _calendar.Units[Calendar.North], title = "Fair", startsAt = _calendar.Soon, endsAt = _calendar.Soon.AddDays(1), brandIds = new[] { _calendar.Brand } });
        Assert.That(date.Status, Is.EqualTo(201), date.Content);
        var body = new { title = "Great fair", startsAt = _calendar.Soon, endsAt = _calendar.Soon.AddDays(2), kind = "MallEvent", brandIds = new[] { _calendar.OtherBrand } };
        Assert.That((await _calendar.Host.At(Calendar.R7, Role.Planner).Put($"/scheduling/key-dates/{date.Id}", body, ("If-Match", "\"1\""))).Code, Is.EqualTo("key_date.not_found"));
        Assert.That((await north.Put($"/scheduling/key-dates/{date.Id}", body with { brandIds = [_calendar.ForeignBrand] }, ("If-Match", "\"1\""))).Code, Is.EqualTo("session.brand_unknown"));
        var edits = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _calendar.Planner().Put($"/scheduling/key-dates/{date.Id}", body, ("If-Match", "\"1\""))));
        Assert.That(edits.Count(e => e.Status == 200), Is.EqualTo(1));
        Assert.That(((string)(await Dates())[0]["title"]!, (string)(await Dates())[0]["kind"]!), Is.EqualTo(("Great fair", "MallEvent")));
        Assert.That((await north.Post($"/scheduling/key-dates/{date.Id}/remove")).Status, Is.EqualTo(200));
        Assert.That((await north.Post($"/scheduling/key-dates/{date.Id}/remove")).Code, Is.EqualTo("key_date.not_found"));
        Assert.That(await BadInput.WrongAnswers(north, HttpMethod.Put, $"/scheduling/key-dates/{date.Id}", ("If-Match", "\"1\"")), Is.Empty);
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void WhateverTheFileSays_ReadingItEnds(byte[] noise, int at)
    {
        var text = Ics.Replace("\r", "");
        var from = Math.Abs(at % text.Length);
        var mangled = text[..from] + Encoding.Latin1.GetString(noise) + text[Math.Min(text.Length, from + noise.Length)..];
        var read = IcsReader.Read(mangled, TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch);
        Assert.That(read.Events.Count, Is.LessThanOrEqualTo(3));
        Assert.That(read.Events.All(e => e.StartsAt < e.EndsAt));
    }

    private Task<Answer> Import(string file, string type, bool dryRun = false) => Import(Encoding.UTF8.GetBytes(file), type, dryRun);

    private async Task<Answer> Import(byte[] file, string type, bool dryRun = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/scheduling/key-dates/import?unitId={_calendar.Units[Calendar.Aurora]}&dryRun={(dryRun ? "true" : "false")}")
        {
            Content = new ByteArrayContent(file),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _calendar.Planner().SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), null, null);
    }

    private async Task<IReadOnlyList<JsonNode>> Dates() => [.. (await _calendar.Planner().Get("/scheduling/key-dates")).Json["items"]!.AsArray().Select(d => d!)];

    private static (int Added, int Updated, int Unchanged, int Removed) Counts(Answer answer)
    {
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return ((int)answer.Json["added"]!, (int)answer.Json["updated"]!, (int)answer.Json["unchanged"]!, (int)answer.Json["removed"]!);
    }

    private static IEnumerable<string> Faults(Answer answer) => answer.Json["faults"]!.AsArray().Select(f => $"{(string)f!["pointer"]!} {(string)f["code"]!}");

    private static DateTimeOffset At(string text) => ApiJson.TryParse(text, out var at) ? at : throw new FormatException(text);
}

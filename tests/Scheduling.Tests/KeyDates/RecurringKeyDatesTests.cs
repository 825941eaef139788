using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.KeyDates;

internal sealed class RecurringKeyDatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void AWeeklyEvent_StaysAtItsHour_LeavesOutItsExceptions_AndMovesWhatWasMoved()
    {
        var read = Read("""
            BEGIN:VEVENT
            UID:market@mall
            DTSTART;TZID=Europe/Berlin:20261004T100000
            DTEND;TZID=Europe/Berlin:20261004T120000
            RRULE:FREQ=WEEKLY;COUNT=6
            EXDATE;TZID=Europe/Berlin:20261011T100000,20261018T100000
            EXDATE:20261108T090000Z
            SUMMARY:Market
            END:VEVENT
            BEGIN:VEVENT
            UID:market@mall
            RECURRENCE-ID;TZID=Europe/Berlin:20261101T100000
            DTSTART;TZID=Europe/Berlin:20261102T150000
            DTEND;TZID=Europe/Berlin:20261102T160000
            SUMMARY:Market on Monday
            END:VEVENT
            """);
        Assert.That(read.Faults.List, Is.Empty);
        Assert.That(read.Events.Where(e => !e.IsCancelled).Select(e => (e.Uid, e.Summary, e.StartsAt.UtcDateTime.ToString("MM-dd HH:mm"), (e.EndsAt - e.StartsAt).TotalHours)), Is.EqualTo(new[]
        {
            ("market@mall#20261004T100000", "Market", "10-04 08:00", 2.0),
            ("market@mall#20261025T100000", "Market", "10-25 09:00", 2.0),
            ("market@mall#20261101T100000", "Market on Monday", "11-02 14:00", 1.0),
        }));
        Assert.That(read.Events.Where(e => e.IsCancelled).Select(e => e.Uid), Is.EqualTo(new[] { "market@mall#20261011T100000", "market@mall#20261018T100000", "market@mall#20261108T100000" }));
    }

    [Test]
    public void AYearlyFestival_IsToldForTwoYears_HoweverLongItHasBeen()
    {
        var read = Read("BEGIN:VEVENT\nUID:f\nDTSTART;VALUE=DATE:19751111\nDTEND;VALUE=DATE:19751113\nRRULE:FREQ=YEARLY\nSUMMARY:Festival\nEND:VEVENT");
        Assert.That(read.Events.Select(e => (e.Uid, e.StartsAt.UtcDateTime.ToString("yyyy-MM-dd"), (e.EndsAt - e.StartsAt).TotalDays)),
            Is.EqualTo(new[] { ("f#20261111", "2026-11-11", 2.0), ("f#20271111", "2027-11-11", 2.0) }));
        var leap = Read("BEGIN:VEVENT\nUID:f\nDTSTART;VALUE=DATE:20200229\nRRULE:FREQ=YEARLY\nSUMMARY:Leap\nEND:VEVENT");
        Assert.That(leap.Events.Select(e => e.Uid), Is.EqualTo(new[] { "f#20280229" }));
        var running = Read("BEGIN:VEVENT\nUID:f\nDTSTART:20260930T200000Z\nDURATION:PT6H\nRRULE:FREQ=MONTHLY;UNTIL=20261130T200000Z\nSUMMARY:Night\nEND:VEVENT");
        Assert.That(running.Events.Select(e => e.Uid), Is.EqualTo(new[] { "f#20260930T200000", "f#20261030T200000", "f#20261130T200000" }), "what is going on is not over");
    }

    [Test]
    public void WhatCannotBeMeant_IsAFaultByLine()
    {
        Assert.That(Faults("BEGIN:VEVENT\nUID:d\nDTSTART:20260901T100000Z\nDTEND:20260901T110000Z\nRRULE:FREQ=DAILY\nSUMMARY:Daily\nEND:VEVENT"), Is.EqualTo(new[] { "line 6 ics.recurrence_too_many" }));
        Assert.That(Faults("BEGIN:VEVENT\nUID:d\nDTSTART:20260901T100000Z\nDTEND:20260901T110000Z\nRRULE:FREQ=HOURLY\nSUMMARY:Hourly\nEND:VEVENT"), Is.EqualTo(new[] { "line 6 series.rule_unsupported" }));
        Assert.That(Faults("BEGIN:VEVENT\nDTSTART:20261101T100000Z\nDTEND:20261101T110000Z\nRRULE:FREQ=YEARLY\nSUMMARY:X\nEND:VEVENT"), Is.EqualTo(new[] { "line 2 ics.no_uid" }));
        Assert.That(Faults("BEGIN:VEVENT\nUID:d\nDTSTART:20261101T100000Z\nDTEND:20261101T110000Z\nRDATE:20261201T100000Z\nEXDATE:soon\nSUMMARY:X\nEND:VEVENT"), Is.EqualTo(new[] { "line 6 ics.recurrence_unsupported", "line 7 time.invalid" }));
        const string master = "BEGIN:VEVENT\nUID:d\nDTSTART:20261101T100000Z\nDTEND:20261101T110000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:X\nEND:VEVENT\n";
        Assert.That(Faults(master + "BEGIN:VEVENT\nUID:d\nRECURRENCE-ID:20261102T100000Z\nDTSTART:20261103T100000Z\nDTEND:20261103T110000Z\nSUMMARY:Y\nEND:VEVENT"), Is.EqualTo(new[] { "line 11 ics.recurrence_id_unknown" }));
        Assert.That(Faults(master + "BEGIN:VEVENT\nUID:d\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261108T100000Z\nDTSTART:20261109T100000Z\nDTEND:20261109T110000Z\nSUMMARY:Y\nEND:VEVENT"), Is.EqualTo(new[] { "line 11 ics.recurrence_unsupported" }));
    }

    [Test]
    public async Task BroughtInAgain_TheSameFileChangesNothing_AndAnotherRuleTakesBackWhatIsAhead()
    {
        await using var calendar = await Calendar.Open();
        var first = calendar.Soon.UtcDateTime.Date.AddHours(4);
        string File(string rule, string more = "") =>
            $"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:m@mall\nDTSTART:{first:yyyyMMdd'T'HHmmss'Z'}\nDURATION:PT2H\nRRULE:{rule}\n{more}SUMMARY:Market\nEND:VEVENT\nEND:VCALENDAR\n";
        Assert.That(Counts(await Import(calendar, File("FREQ=WEEKLY;COUNT=4"))), Is.EqualTo((4, 0, 0, 0)));
        var before = await Dates(calendar);
        Assert.That(Counts(await Import(calendar, File("FREQ=WEEKLY;COUNT=4"))), Is.EqualTo((0, 0, 4, 0)));
        Assert.That((await Dates(calendar)).Select(d => d.ToJsonString()), Is.EqualTo(before.Select(d => d.ToJsonString())));
        // One left out, then every second week only, and one of those over.
        Assert.That(Counts(await Import(calendar, File("FREQ=WEEKLY;COUNT=4", $"EXDATE:{first.AddDays(7):yyyyMMdd'T'HHmmss'Z'}\n"))), Is.EqualTo((0, 0, 3, 1)));
        calendar.Host.Clock.Set(new DateTimeOffset(first, TimeSpan.Zero).AddDays(1));
        Assert.That(Counts(await Import(calendar, File("FREQ=WEEKLY;INTERVAL=2;COUNT=3"), dryRun: true)), Is.EqualTo((1, 0, 1, 1)));
        Assert.That(Counts(await Import(calendar, File("FREQ=WEEKLY;INTERVAL=2;COUNT=3"))), Is.EqualTo((1, 0, 1, 1)));
        Assert.That((await Dates(calendar)).Select(d => ((DateTimeOffset)d["startsAt"]!).UtcDateTime), Is.EquivalentTo(new[] { first, first.AddDays(14), first.AddDays(28) }));
        var racing = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Import(calendar, File("FREQ=WEEKLY;INTERVAL=2;COUNT=4"))));
        Assert.That(racing.Sum(a => (int)a.Json["added"]!), Is.EqualTo(1));
    }

    private static IcsReader Read(string events) => IcsReader.Read($"BEGIN:VCALENDAR\n{events}\nEND:VCALENDAR\n", TimeZoneInfo.Utc, Now);

    private static IEnumerable<string> Faults(string events) => Read(events).Faults.List.Select(f => $"{f.Pointer} {f.Code}");

    private static async Task<Answer> Import(Calendar calendar, string file, bool dryRun = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/scheduling/key-dates/import?unitId={calendar.Units[Calendar.Aurora]}&dryRun={(dryRun ? "true" : "false")}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(file)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/calendar");
        using var answer = await calendar.Planner().SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), null, null);
    }

    private static async Task<IReadOnlyList<JsonNode>> Dates(Calendar calendar) => [.. (await calendar.Planner().Get("/scheduling/key-dates")).Json["items"]!.AsArray().Select(d => d!)];

    private static (int Added, int Updated, int Unchanged, int Removed) Counts(Answer answer)
    {
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return ((int)answer.Json["added"]!, (int)answer.Json["updated"]!, (int)answer.Json["unchanged"]!, (int)answer.Json["removed"]!);
    }
}

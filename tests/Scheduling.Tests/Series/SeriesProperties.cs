using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Series;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Series;

internal sealed class SeriesProperties
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private Calendar _calendar = null!;

    [OneTimeSetUp]
    public async Task Open() => _calendar = await Calendar.Open();

    [OneTimeTearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void EveryOccurrenceAhead_AndEverySession_IsInExactlyOneStep(byte[] wanted, (byte, byte)[] planned)
    {
        var occurrences = wanted.Distinct().Order().Select(d => At(d)).ToList();
        var sessions = planned.DistinctBy(p => p.Item1).Select(p => new SessionRow
        {
            Id = Guid.CreateVersion7(Now.AddSeconds(p.Item1)),
            OccurrenceOn = At(p.Item1).On,
            StartsAt = At(p.Item1).StartsAt,
            Status = p.Item2 % 5 == 0 ? SessionStatus.Cancelled : SessionStatus.Scheduled,
            IsDetached = p.Item2 % 7 == 0,
        }).ToList();
        var steps = SeriesSteps.Of(occurrences, sessions, Now.AddDays(20));

        var free = sessions.Where(s => SeriesSteps.IsAhead(s, Now.AddDays(20)) && !s.IsDetached).ToList();
        var kept = sessions.Except(free).Select(s => s.OccurrenceOn).ToHashSet();
        Assert.That(steps.Where(s => s.Session is not null).Select(s => s.Session!.Id), Is.EquivalentTo(free.Select(s => s.Id)), "each session that may be changed once, no other");
        Assert.That(steps.Where(s => s.Occurrence is not null).Select(s => s.Occurrence!.Value.On),
            Is.EquivalentTo(occurrences.Where(o => o.StartsAt > Now.AddDays(20) && !kept.Contains(o.On)).Select(o => o.On)), "each occurrence ahead once");
        foreach (var step in steps.Where(s => s is { Session: not null, Occurrence: not null }))
            Assert.That(Math.Abs((step.Occurrence!.Value.StartsAt - step.Session!.StartsAt).TotalDays), Is.LessThanOrEqualTo(6));
        foreach (var step in steps.Where(s => s is { Session: not null, Occurrence: null }))
            Assert.That(steps.Any(s => s.Session is null && Math.Abs((s.Occurrence!.Value.StartsAt - step.Session!.StartsAt).TotalDays) <= 6), Is.False, "nothing is given up next to a day that lacks a session");
        Assert.That(steps.Where(s => s.Session is not null && occurrences.Any(o => o.On == s.Session.OccurrenceOn)).Select(s => s.Occurrence?.On == s.Session!.OccurrenceOn), Is.All.True, "its own day first");

        static SeriesOccurrence At(byte day) => new($"{Now.AddDays(day):yyyy-MM-dd}", Now.AddDays(day).AddHours(12), Now.AddDays(day).AddHours(13));
    }

    /// <summary>Whatever is done to some series that share a host: nothing is lost, nothing is double.</summary>
    [FsCheck.NUnit.Property(MaxTest = 12)]
    public void WhateverIsDoneToSeries_EveryOccurrenceIsASessionOrAReason_AndNoHostIsTwiceAtOnce((byte, byte)[] steps) => Run(steps).GetAwaiter().GetResult();

    private async Task Run((byte, byte)[] steps)
    {
        var body = await _calendar.NewSeries("FREQ=DAILY;COUNT=4", "2026-12-01T20:00");
        var series = new List<(JsonNode Series, JsonObject Body)>();
        foreach (var (what, how) in steps.Take(8))
        {
            var rule = (how % 3) switch { 0 => "FREQ=DAILY;COUNT=5", 1 => "FREQ=DAILY;INTERVAL=2;COUNT=4", _ => "FREQ=WEEKLY;COUNT=2" };
            var day = how % 6 + 1;
            var edit = body.With("rule", rule).With("startsLocal", $"2026-12-0{day}T{19 + how % 3}:30").With("roomId", await _calendar.AddRoom()).With("channelIds", new[] { await _calendar.AddChannel() });
            var some = series.Count == 0 ? default : series[what % series.Count];
            switch (what % 5)
            {
                case 1 when some.Series is not null:
                    await _calendar.Edit(some.Series, edit);
                    break;
                case 2 when some.Series is not null:
                    var parted = await _calendar.EditFrom(some.Series, $"2026-12-0{day}", "ThisAndFollowing", Streams.Without(edit, "rule", "startsLocal").With("durationMinutes", 90));
                    if (parted.Status == 200 && series.TrueForAll(s => (string?)s.Series["id"] != (string?)parted.Json["id"])) series.Add((parted.Json, edit));
                    break;
                case 3 when some.Series is not null:
                    await _calendar.Do(some.Series, $"occurrences/2026-12-0{day}/{(how % 2 == 0 ? "cancel" : "retry")}");
                    break;
                case 4 when some.Series is not null:
                    await _calendar.EditFrom(some.Series, $"2026-12-0{day}", "This", Streams.Without(edit, "rule"));
                    break;
                default:
                    series.Add((await _calendar.Planned(edit), edit));
                    break;
            }
            await Judge(series.Select(s => s.Series), (Guid)body["hostId"]!);
        }
        foreach (var (one, _) in series) await _calendar.Do(one, "cancel", new { });
    }

    private async Task Judge(IEnumerable<JsonNode> all, Guid host)
    {
        foreach (var known in all)
        {
            var series = await _calendar.Series(known);
            foreach (var occurrence in series["occurrences"]!.AsArray())
                Assert.That(occurrence!["sessionId"] is not null || occurrence["refusal"] is not null, Is.True, $"{occurrence} is neither planned nor listed");
        }
        var sessions = (await _calendar.Planner().Get("/scheduling/sessions?limit=200&status=Scheduled")).Json["items"]!.AsArray()
            .Where(s => (Guid)s!["hostId"]! == host).Select(s => new Window((DateTimeOffset)s!["startsAt"]!, (DateTimeOffset)s["endsAt"]!)).OrderBy(w => w.OpensAt).ToList();
        for (var i = 1; i < sessions.Count; i++) Assert.That(sessions[i - 1].Overlaps(sessions[i]), Is.False, $"{sessions[i - 1]} and {sessions[i]}");
    }
}

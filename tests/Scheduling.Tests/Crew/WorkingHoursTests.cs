using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Crew;

internal sealed class WorkingHoursTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Test]
    public void Hours_AreThoseOfTheWallsClock_OnTheDaysItIsChanged()
    {
        WorkingHours[] sundays = [new(DayOfWeek.Sunday, 60, 300)];
        // From 01:00 to 05:00: five hours when the clock is put back, three when it is put forward.
        foreach (var (day, hours) in new[] { (new DateTime(2026, 10, 25), 5), (new DateTime(2026, 3, 29), 3), (new DateTime(2026, 6, 7), 4) })
        {
            var midnight = new DateTimeOffset(day, Berlin.GetUtcOffset(day)).ToUniversalTime();
            var time = new Window(midnight, midnight.AddHours(12));
            var off = WorkingHours.Outside(sundays, Berlin, time).ToList();
            Assert.That(off.Select(w => (w.OpensAt, w.ClosesAt)), Is.EqualTo(new[] { (midnight, midnight.AddHours(1)), (midnight.AddHours(1 + hours), time.ClosesAt) }));
        }
        // What begins in the hour that is left out begins after it.
        var forward = new DateTimeOffset(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);
        Assert.That(WorkingHours.Outside([new(DayOfWeek.Sunday, 150, 300)], Berlin, new Window(forward, forward.AddHours(2))).Single().ClosesAt, Is.EqualTo(forward.AddMinutes(90)));
    }

    [Test]
    public void HoursOverMidnight_AndHoursThatMeet_AreOne()
    {
        WorkingHours[] hours = [new(DayOfWeek.Monday, 1200, 120), new(DayOfWeek.Tuesday, 120, 1440), new(DayOfWeek.Wednesday, 0, 60)];
        // Monday 20:00 to Wednesday 01:00, in winter.
        var from = new DateTimeOffset(2026, 11, 2, 19, 0, 0, TimeSpan.Zero);
        Assert.That(WorkingHours.Outside(hours, Berlin, new Window(from, from.AddHours(29))), Is.Empty);
        Assert.That(WorkingHours.Outside(hours, Berlin, new Window(from.AddHours(28), from.AddHours(30))), Is.EqualTo(new[] { new Window(from.AddHours(29), from.AddHours(30)) }));
        Assert.That(WorkingHours.Outside(hours, Berlin, new Window(from.AddHours(-1), from.AddHours(1))), Is.EqualTo(new[] { new Window(from.AddHours(-1), from) }));
        Assert.That(WorkingHours.Outside(hours, Berlin, new Window(from.AddDays(3), from.AddDays(3).AddHours(1))).Count(), Is.EqualTo(1));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void AMinuteIsOff_ExactlyIfNoHoursHoldIt(byte[] bits, int offset, ushort length)
    {
        var hours = bits.Take(12).Select((b, i) => new WorkingHours((DayOfWeek)(b % 7), b * 5 % 1440, i * 97 % 1440 + 1)).Distinct().ToList();
        var from = new DateTimeOffset(2026, 10, 20, 0, 0, 0, TimeSpan.Zero).AddMinutes(Math.Abs(offset % 20_000) / 15 * 15);
        var time = new Window(from, from.AddMinutes(length % 2000 + 1));
        var off = WorkingHours.Outside(hours, Berlin, time).ToList();
        for (var at = time.OpensAt; at < time.ClosesAt; at = at.AddMinutes(7))
        {
            var local = TimeZoneInfo.ConvertTime(at, Berlin).DateTime;
            // The hour that is struck twice cannot be told from the clock alone.
            if (Berlin.IsAmbiguousTime(local)) continue;
            var works = hours.Any(h => Enumerable.Range(-1, 2).Any(d =>
                local.Date.AddDays(d) is var day && day.DayOfWeek == h.Weekday && local >= day.AddMinutes(h.FromMinute) && local < day.AddMinutes(h.ToMinute > h.FromMinute ? h.ToMinute : h.ToMinute + 1440)));
            var shifted = local.Date == new DateTime(2026, 10, 25);
            if (!shifted) Assert.That(off.Exists(w => w.Contains(at)), Is.EqualTo(!works), $"{local} {string.Join(' ', hours)}");
        }
    }

    [Test]
    public async Task WhoIsOffWork_IsNotPlanned_NorOffered_AndSaysSo()
    {
        await using var calendar = await Calendar.Open("Europe/Berlin");
        // Soon is some day at the hour the test's clock has; the hours are set around it.
        var plan = await calendar.NewPlan();
        var local = TimeZoneInfo.ConvertTime(plan.StartsAt, Berlin).DateTime;
        var minute = (int)local.TimeOfDay.TotalMinutes;
        var person = await calendar.Planner().Post("/scheduling/people", new
        {
            unitId = calendar.Units[Calendar.Aurora],
            name = "Chen Bo",
            roles = new[] { "Host", "Model" },
            workingHours = new[] { new { weekday = local.DayOfWeek.ToString(), fromMinute = minute, toMinute = (minute + 240) % 1440 is 0 ? 1440 : (minute + 240) % 1440 } },
        });
        Assert.That((person.Status, (int?)person.Json["workingHours"]?[0]?["fromMinute"]), Is.EqualTo((201, (int?)minute)), person.Content);
        var id = await calendar.Scheduled(plan with { HostId = person.Id });
        Assert.That((await calendar.Move(id, plan.StartsAt.AddHours(1))).Status, Is.EqualTo(200));
        var refused = await calendar.Move(id, plan.StartsAt.AddHours(2));
        Assert.That(refused.Code, Is.EqualTo("crew.absent"), refused.Content);
        Assert.That(((DateTimeOffset)refused.Json["absences"]![0]!["startsAt"]!, (DateTimeOffset)refused.Json["absences"]![0]!["endsAt"]!), Is.EqualTo((plan.StartsAt.AddHours(4), plan.StartsAt.AddHours(5))));

        var free = await calendar.Planner().Get($"/scheduling/free-slots?ownerUnitId={calendar.Units[Calendar.Aurora]}&minutes=240&hostId={person.Id}&near={plan.StartsAt.AddDays(2):yyyy-MM-ddTHH:mm:ssZ}");
        Assert.That(free.Json["items"]!.AsArray(), Is.Not.Empty, free.Content);
        foreach (var slot in free.Json["items"]!.AsArray())
        {
            var at = TimeZoneInfo.ConvertTime((DateTimeOffset)slot!["startsAt"]!, Berlin).DateTime;
            Assert.That((at.DayOfWeek, (int)at.TimeOfDay.TotalMinutes), Is.EqualTo((local.DayOfWeek, minute)));
        }
        string Free(double hours) => $"/scheduling/people?role=Model&freeFrom={plan.StartsAt.AddDays(7).AddHours(hours):yyyy-MM-ddTHH:mm:ssZ}&freeTo={plan.StartsAt.AddDays(7).AddHours(hours + 1):yyyy-MM-ddTHH:mm:ssZ}";
        Assert.That((await calendar.Anyone().Get(Free(1))).Json["items"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await calendar.Anyone().Get(Free(4))).Json["items"]!.AsArray(), Is.Empty);

        // New hours leave what is planned alone, and show who is to be replaced.
        var edit = new { name = "Chen Bo", roles = new[] { "Host", "Model" }, workingHours = new[] { new { weekday = local.AddDays(1).DayOfWeek.ToString(), fromMinute = 0, toMinute = 1440 } } };
        Assert.That((await calendar.Planner().Put($"/scheduling/people/{person.Id}", edit, 1)).Status, Is.EqualTo(200));
        Assert.That(await calendar.Status(id), Is.EqualTo("Scheduled"));
        var crew = await calendar.Anyone().Get($"/scheduling/sessions/{id}/crew");
        Assert.That((bool)crew.Json["members"]![0]!["isAway"]!, Is.True, crew.Content);
        var always = await calendar.Planner().Put($"/scheduling/people/{person.Id}", new { edit.name, edit.roles }, 2);
        Assert.That(always.Json["workingHours"], Is.Null, always.Content);
        Assert.That((await calendar.Move(id, plan.StartsAt.AddHours(2))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task WrongHours_AreFaults()
    {
        await using var calendar = await Calendar.Open();
        var body = new { unitId = calendar.Units[Calendar.Aurora], name = "Chen Bo", roles = new[] { "Model" }, workingHours = new[] { new { weekday = "Monday", fromMinute = 1440, toMinute = 0 } } };
        Assert.That((await calendar.Planner().Post("/scheduling/people", body)).Faults, Is.EqualTo(new[] { "/workingHours/0/fromMinute", "/workingHours/0/toMinute" }));
        Assert.That((await calendar.Planner().Post("/scheduling/people", body with { workingHours = [] })).Faults, Is.EqualTo(new[] { "/workingHours" }));
        Assert.That((await calendar.Planner().Post("/scheduling/people", body with { workingHours = [new { weekday = "Someday", fromMinute = 0, toMinute = 60 }] })).Faults, Is.EqualTo(new[] { "/workingHours/0/weekday" }));
    }
}

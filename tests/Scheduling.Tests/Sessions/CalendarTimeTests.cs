using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Sessions;

/// <summary>Times where calendars are odd. Phases are days of 24 hours, whatever the clocks on the walls do meanwhile.</summary>
internal sealed class CalendarTimeTests
{
    [TestCase("Europe/Berlin", "2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", 3, TestName = "TheNightSummerTimeEnds_ASessionIsAnHourLongerThanTheWallClockSays")]
    [TestCase("Europe/Berlin", "2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00", 1, TestName = "TheNightSummerTimeBegins_ASessionIsAnHourShorterThanTheWallClockSays")]
    [TestCase("America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", 1, TestName = "TheHourThatComesTwice_IsOneOfAnHour")]
    [TestCase("Asia/Shanghai", "2027-02-28T23:00:00+08:00", "2027-03-01T02:00:00+08:00", 3, TestName = "FebruaryEndsOnThe28th")]
    [TestCase("Asia/Shanghai", "2026-12-31T23:00:00+08:00", "2027-01-01T01:00:00+08:00", 2, TestName = "AYearEndsOnTheAir")]
    public async Task ASession_IsAsLongAsItsInstantsAreApart(string zone, string startsAt, string endsAt, int hours)
    {
        await using var calendar = await Calendar.Open(zone);
        var plan = await calendar.NewPlan() with { StartsAt = DateTimeOffset.Parse(startsAt), EndsAt = DateTimeOffset.Parse(endsAt) };
        var made = await calendar.Schedule(plan);
        Assert.That(made.Status, Is.EqualTo(201), made.Content);
        Assert.That((DateTimeOffset)made.Json["endsAt"]! - (DateTimeOffset)made.Json["startsAt"]!, Is.EqualTo(TimeSpan.FromHours(hours)));
        var phases = ScheduleSessionTests.Phases(made.Json);
        Assert.That(phases, Is.EqualTo(new[]
        {
            plan.StartsAt.AddDays(-3), plan.StartsAt.AddDays(-2), plan.StartsAt.AddDays(-1), plan.StartsAt, plan.EndsAt, plan.EndsAt.AddDays(5),
        }));
        Assert.That(phases.Select(p => p.Offset), Is.All.EqualTo(TimeSpan.Zero), "kept in UTC");

        // Exactly then and not an hour off, whichever side of the change it is on.
        calendar.Host.Clock.Set(plan.StartsAt.AddDays(-2).AddMicroseconds(-1));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(made.Id), Is.EqualTo("Scheduled"));
        calendar.Host.Clock.Set(plan.StartsAt.AddDays(-2));
        await calendar.Host.CarryOutDue();
        Assert.That(await calendar.Status(made.Id), Is.EqualTo("WarmUp"));
    }

    [Test]
    public async Task PhasesCountTheLeapDay_AndTheEndsOfMonths()
    {
        await using var calendar = await Calendar.Open();
        calendar.Host.Clock.Set(DateTimeOffset.Parse("2028-01-15T00:00:00Z"));
        var plan = await calendar.NewPlan() with
        {
            StartsAt = DateTimeOffset.Parse("2028-02-29T12:00:00Z"),
            EndsAt = DateTimeOffset.Parse("2028-02-29T15:00:00Z"),
            Phases = new { preparationDays = 31, warmUpDays = 29, reservoirDays = 1, reviewDays = 1 },
        };
        Assert.That(ScheduleSessionTests.Phases((await calendar.Schedule(plan)).Json), Is.EqualTo(new[]
        {
            "2028-01-29T12:00:00Z", "2028-01-31T12:00:00Z", "2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z", "2028-02-29T15:00:00Z", "2028-03-01T15:00:00Z",
        }.Select(DateTimeOffset.Parse)));
        Assert.That(ScheduleSessionTests.Phases((await calendar.Schedule(plan with
        {
            StartsAt = DateTimeOffset.Parse("2028-03-01T12:00:00Z"),
            EndsAt = DateTimeOffset.Parse("2028-03-01T15:00:00Z"),
        })).Json)[2], Is.EqualTo(DateTimeOffset.Parse("2028-02-29T12:00:00Z")));
    }

    [TestCase(25)]
    [TestCase(24.0003)]
    [TestCase(-3)]
    [TestCase(0)]
    [TestCase(0.4999)]
    public async Task ASessionOfMoreThanADay_OrThatEndsBeforeItBegins_IsRefused_HoweverItComes(double hours)
    {
        await using var calendar = await Calendar.Open();
        var plan = await calendar.NewPlan();
        var id = await calendar.Scheduled(plan);
        foreach (var answer in new[]
        {
            await calendar.Schedule(plan.At(plan.StartsAt, hours)), await calendar.Draft(plan.At(plan.StartsAt, hours)), await calendar.Move(id, plan.StartsAt, hours),
            await calendar.Planner().Put($"/scheduling/sessions/{id}", plan.At(plan.StartsAt, hours).ForPut(), ("If-Match", "\"1\"")),
        })
            Assert.That((answer.Status, answer.Faults.Single()), Is.EqualTo((400, "/endsAt")), answer.Content);
    }
}

using LiveCommerce.Kernel;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests;

internal sealed class BadInputTests
{
    private Calendar _calendar = null!;

    [OneTimeSetUp]
    public async Task OpenOnce() => _calendar = await Calendar.Open();

    [OneTimeTearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [TestCase("sessions")]
    [TestCase("key-dates")]
    [TestCase("hosts")]
    [TestCase("channels")]
    public async Task ABodyThatDoesNotFit_IsRefused(string noun) =>
        Assert.That(await BadInput.WrongAnswers(_calendar.Planner(), HttpMethod.Post, $"/scheduling/{noun}"), Is.Empty);

    [Test]
    public async Task EveryFault_IsNamedByItsCode()
    {
        Assert.That(await Faults("key-dates", new { unitId = _calendar.Units[Calendar.Aurora], title = "Fair", startsAt = _calendar.Soon, endsAt = _calendar.Soon }),
            Is.EqualTo(new[] { "/endsAt window.ends_before_start" }));
        Assert.That(await Faults("key-dates", """{ "unitId": 7, "title": ["Fair"], "startsAt": "2026-11-11T20:00:00", "endsAt": "2026-11-11T21:00:00Z", "leadTimeDays": "x" }"""),
            Is.EquivalentTo(new[] { "/unitId json.wrong_type", "/title json.wrong_type", "/startsAt json.wrong_type", "/leadTimeDays json.wrong_type" }));
        var plan = await _calendar.NewPlan();
        var goals = new { views = 1, conversionRate = 1, salesMinor = Money.MaxMinor + 1 };
        Assert.That(await Faults("sessions", (plan with { Goals = goals }).ForPost()), Does.Contain("/goals/salesMinor money.out_of_range"));
        Assert.That(await Faults("sessions", (plan with { EndsAt = plan.StartsAt }).ForPost()), Is.EqualTo(new[] { "/endsAt session.length" }));
    }

    [TestCase("sessions")]
    [TestCase("key-dates")]
    public async Task ASpanThatEndsBeforeItStarts_IsAFault(string list)
    {
        var answer = await _calendar.Planner().Get($"/scheduling/{list}?from=2026-11-11T00:00:00Z&to=2026-11-10T00:00:00Z");
        Assert.That((answer.Status, BadInput.FaultsOf(answer).Single()), Is.EqualTo((400, "?to window.ends_before_start")));
    }

    private async Task<IReadOnlyList<string>> Faults(string noun, object body) => BadInput.FaultsOf(await _calendar.Planner().Post($"/scheduling/{noun}", body));
}

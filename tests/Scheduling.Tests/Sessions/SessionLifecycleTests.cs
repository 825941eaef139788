using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class SessionLifecycleTests
{
    /// <summary>Written down apart from the code: rows are states, columns actions; a dash is a refusal.</summary>
    private static readonly Dictionary<string, string[]> Table = new()
    {
        //               EnterWarmUp  Edit         Reschedule   GoLive   End      Cancel
        ["Scheduled"] = ["WarmUp", "Scheduled", "Scheduled", "Live", "-", "Cancelled"],
        ["WarmUp"] = ["-", "WarmUp", "WarmUp", "Live", "-", "Cancelled"],
        ["Live"] = ["-", "-", "-", "-", "Ended", "-"],
        ["Ended"] = ["-", "-", "-", "-", "-", "-"],
        ["Cancelled"] = ["-", "-", "-", "-", "-", "-"],
    };

    private static readonly string[] Actions = ["EnterWarmUp", "Edit", "Reschedule", "GoLive", "End", "Cancel"];

    [Test]
    public void EveryPairOfStateAndAction_IsAsTheTableSays()
    {
        Assert.That(Enum.GetNames<SessionStatus>(), Is.EquivalentTo(Table.Keys));
        Assert.That(Enum.GetNames<SessionAction>(), Is.EqualTo(Actions));
        foreach (var status in Enum.GetValues<SessionStatus>())
        {
            foreach (var action in Enum.GetValues<SessionAction>())
            {
                var result = SessionLifecycle.Apply(status, action);
                var got = result.IsRejected ? "-" : result.Value.ToString();
                Assert.That(got, Is.EqualTo(Table[status.ToString()][Array.IndexOf(Actions, action.ToString())]), $"{status} {action}");
                if (result.Rejection is { } rejection) Assert.That(rejection.Kind.Code, Is.EqualTo("session.illegal_transition"));
            }
        }
    }

    [Test]
    public async Task EveryPairOfStateAndAction_IsAsTheTableSays_OverHttp()
    {
        await using var calendar = await Calendar.Open();
        foreach (var (status, row) in Table)
        {
            for (var i = 1; i < Actions.Length; i++)
            {
                var (plan, id) = await In(calendar, status);
                Assert.That(await calendar.Status(id), Is.EqualTo(status));
                var answer = Actions[i] switch
                {
                    "Edit" => await calendar.Planner().Put($"/scheduling/sessions/{id}", plan.ForPut(), ("If-Match", (await calendar.Read(id)).ETag!)),
                    "Reschedule" => await calendar.Move(id, plan.StartsAt.AddMinutes(5)),
                    "GoLive" => await calendar.Do(id, "go-live"),
                    "End" => await calendar.Do(id, "end"),
                    _ => await calendar.Do(id, "cancel"),
                };
                // Where the session already is what the action makes of it, a repeat is answered, not refused.
                var repeat = (status, Actions[i]) is ("Live", "GoLive") or ("Ended", "End") or ("Cancelled", "Cancel");
                var expected = repeat ? status : row[i];
                Assert.That(answer.Code, Is.EqualTo(expected == "-" ? "session.illegal_transition" : null), $"{status} {Actions[i]}: {answer.Content}");
                Assert.That(await calendar.Status(id), Is.EqualTo(expected == "-" ? status : expected), $"{status} {Actions[i]}");
            }
        }
    }

    [Test]
    public async Task ARepeatedGoLiveEndOrCancel_AnswersTheSameState()
    {
        await using var calendar = await Calendar.Open();
        var id = await calendar.Scheduled();
        var live = await calendar.Do(id, "go-live");
        calendar.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.That((await calendar.Do(id, "go-live")).Content, Is.EqualTo(live.Content));
        var ended = await calendar.Do(id, "end");
        calendar.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.That((await calendar.Do(id, "end")).Content, Is.EqualTo(ended.Content));

        var other = await calendar.Scheduled();
        var cancelled = await calendar.Do(other, "cancel", new { reason = "The host is ill." });
        Assert.That((string?)cancelled.Json["cancelReason"], Is.EqualTo("The host is ill."));
        Assert.That((await calendar.Do(other, "cancel")).Content, Is.EqualTo(cancelled.Content));
    }

    [Test]
    public async Task RacingGoLives_ChangeTheSessionOnce()
    {
        await using var calendar = await Calendar.Open();
        var id = await calendar.Scheduled();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => calendar.Do(id, "go-live")));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(200));
        Assert.That(answers.Select(a => (long)a.Json["version"]!), Is.All.EqualTo(2));
    }

    private static async Task<(Plan, Guid)> In(Calendar calendar, string status)
    {
        var plan = await calendar.NewPlan();
        // Inside its warm-up from the beginning, it begins by itself.
        if (status == "WarmUp") plan = plan.At(calendar.Host.Clock.GetUtcNow().AddDays(1));
        var id = await calendar.Scheduled(plan);
        if (status is "WarmUp") await calendar.Host.CarryOutDue();
        if (status is "Live" or "Ended") await calendar.Do(id, "go-live");
        if (status is "Ended") await calendar.Do(id, "end");
        if (status is "Cancelled") await calendar.Do(id, "cancel");
        return (plan, id);
    }
}

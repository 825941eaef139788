using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class SessionLifecycleTests
{
    /// <summary>Written down apart from the code: a line for each state, of action and outcome; what is not there is a refusal.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        ["Draft"] = "Submit Submitted, Edit Draft, Reschedule Draft, Cancel Cancelled",
        ["Submitted"] = "Approve Scheduled, Reject Rejected, Withdraw Draft, Cancel Cancelled, Miss Cancelled",
        ["Rejected"] = "Submit Submitted, Edit Draft, Reschedule Draft, Cancel Cancelled",
        ["Scheduled"] = "EnterWarmUp WarmUp, Edit Scheduled, Reschedule Scheduled, Displace Displaced, GoLive Live, Cancel Cancelled",
        ["Displaced"] = "Edit Displaced, Reschedule Scheduled, Cancel Cancelled",
        ["WarmUp"] = "Edit WarmUp, Reschedule WarmUp, Displace Displaced, GoLive Live, Cancel Cancelled, Miss Cancelled",
        ["Live"] = "End Ended",
        ["Ended"] = "BeginReview InReview, Close Closed",
        ["InReview"] = "Close Closed",
        ["Closed"] = "",
        ["Cancelled"] = "",
    };

    private static readonly string[] Actions =
        ["Submit", "Approve", "Reject", "Withdraw", "Edit", "Reschedule", "Displace", "EnterWarmUp", "GoLive", "End", "BeginReview", "Close", "Cancel", "Miss"];

    private static string Outcome(string status, string action) =>
        Table[status].Split(", ").Select(pair => pair.Split(' ')).FirstOrDefault(pair => pair[0] == action)?[1] ?? "-";

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
                Assert.That(got, Is.EqualTo(Outcome(status.ToString(), action.ToString())), $"{status} {action}");
                if (result.Rejection is { } rejection) Assert.That(rejection.Kind.Code, Is.EqualTo("session.illegal_transition"));
            }
        }
    }

    [Test]
    public async Task EveryPairOfStateAndAction_IsAsTheTableSays_OverHttp()
    {
        await using var calendar = await Calendar.Open();
        foreach (var status in new[] { "Scheduled", "WarmUp", "Live", "Cancelled" })
        {
            foreach (var action in new[] { "Edit", "Reschedule", "GoLive", "End", "Cancel" })
            {
                var (plan, id) = await In(calendar, status);
                Assert.That(await calendar.Status(id), Is.EqualTo(status));
                var answer = action switch
                {
                    "Edit" => await calendar.Planner().Put($"/scheduling/sessions/{id}", plan.ForPut(), ("If-Match", (await calendar.Read(id)).ETag!)),
                    "Reschedule" => await calendar.Move(id, plan.StartsAt.AddMinutes(5)),
                    "GoLive" => await calendar.Do(id, "go-live"),
                    "End" => await calendar.Do(id, "end"),
                    _ => await calendar.Do(id, "cancel"),
                };
                // Where the session already is what the action makes of it, a repeat is answered, not refused.
                var repeat = (status, action) is ("Live", "GoLive") or ("Cancelled", "Cancel");
                var expected = repeat ? status : Outcome(status, action);
                Assert.That(answer.Code, Is.EqualTo(expected == "-" ? "session.illegal_transition" : null), $"{status} {action}: {answer.Content}");
                Assert.That(await calendar.Status(id), Is.EqualTo(expected == "-" ? status : expected), $"{status} {action}");
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
        Assert.That((DateTimeOffset)(await calendar.Do(id, "end")).Json["endedAt"]!, Is.EqualTo((DateTimeOffset)ended.Json["endedAt"]!));

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

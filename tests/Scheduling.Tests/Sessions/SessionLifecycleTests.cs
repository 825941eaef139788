using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class SessionLifecycleTests
{
    /// <summary>Written down apart from the code: a line for each state, of action and outcome; what is not there is a refusal.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        ["Draft"] = "Submit Submitted, Edit Draft, Reschedule Draft, Cancel Cancelled",
        ["Submitted"] = "Approve Scheduled, Reject Rejected, Withdraw Draft, Cancel Cancelled, Miss Cancelled",
        ["Rejected"] = "Submit Submitted, Edit Draft, Reschedule Draft, Cancel Cancelled",
        ["Scheduled"] = "EnterWarmUp WarmUp, Edit Scheduled, Reschedule Scheduled, AskAgain Submitted, Displace Displaced, GoLive Live, Cancel Cancelled",
        ["Displaced"] = "Edit Displaced, Reschedule Scheduled, AskAgain Draft, Cancel Cancelled",
        ["WarmUp"] = "Edit WarmUp, Reschedule WarmUp, AskAgain Submitted, Displace Displaced, GoLive Live, Cancel Cancelled, Miss Cancelled",
        ["Live"] = "End Ended",
        ["Ended"] = "BeginReview InReview, Close Closed",
        ["InReview"] = "Close Closed",
        ["Closed"] = "",
        ["Cancelled"] = "",
    };

    private static readonly string[] Actions =
        ["Submit", "Approve", "Reject", "Withdraw", "Edit", "Reschedule", "AskAgain", "Displace", "EnterWarmUp", "GoLive", "End", "BeginReview", "Close", "Cancel", "Miss"];

    /// <summary>Where the session already is what the action makes of it, a repeat is answered, not refused.</summary>
    private static readonly string[] Repeats =
    [
        "Submitted Submit", "Scheduled Approve", "WarmUp Approve", "Rejected Reject", "Draft Withdraw", "Live GoLive",
        "Ended End", "InReview End", "Closed End", "Closed Close", "Cancelled Cancel",
    ];

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

    [TestCaseSource(nameof(States))]
    public async Task EveryActionOnASession_IsAsTheTableSays_OverHttp(string status)
    {
        await using var calendar = await Calendar.Open();
        foreach (var action in new[] { "Submit", "Approve", "Reject", "Withdraw", "Edit", "Reschedule", "GoLive", "End", "Close", "Cancel" })
        {
            var (plan, id) = await In(calendar, status);
            Assert.That(await calendar.Status(id), Is.EqualTo(status));
            var answer = await Act(calendar, plan, id, action);
            var expected = Repeats.Contains($"{status} {action}") ? status : Outcome(status, action);
            Assert.That(answer.Code, Is.EqualTo(expected == "-" ? "session.illegal_transition" : null), $"{status} {action}: {answer.Content}");
            if (expected != "-") Assert.That((string?)answer.Json["status"], Is.EqualTo(expected), $"{status} {action}");
            // A review begins at once.
            var after = expected == "-" ? status : expected == "Ended" ? "InReview" : expected;
            if (after == "InReview") await calendar.Host.CarryOutDue();
            Assert.That(await calendar.Status(id), Is.EqualTo(after), $"{status} {action}");
            Assert.That(await Books(calendar, id), Is.EqualTo(after is "Submitted" or "Scheduled" or "WarmUp" or "Live" or "InReview" or "Closed"), $"{status} {action}");
        }
    }

    [Test]
    public async Task ARepeatedAction_AnswersTheSameState_AndTellsNobodyTwice()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var id = await calendar.Submitted(await calendar.NewPlan(Calendar.North, "RegionalBroadcast"));
        foreach (var action in new[] { "submit", "withdraw", "submit", "reject", "submit", "approve", "go-live", "end", "close" })
        {
            var path = action is "submit" or "withdraw" ? Calendar.North : Calendar.Aurora;
            object? body = action == "reject" ? new { reason = "Too early" } : null;
            var first = await calendar.DoAt(path, id, action, body);
            Assert.That(first.Status, Is.EqualTo(200), $"{action}: {first.Content}");
            calendar.Host.Clock.Advance(TimeSpan.FromMinutes(10));
            if (action == "end") await calendar.Host.CarryOutDue();
            var again = await calendar.DoAt(path, id, action, body);
            Assert.That(again.Status, Is.EqualTo(200), $"{action}: {again.Content}");
            if (action == "end") Assert.That((string?)again.Json["endedAt"], Is.EqualTo((string?)first.Json["endedAt"]));
            else Assert.That(again.Content, Is.EqualTo(first.Content), action);
        }
        Assert.That((await Recorded.Of(calendar.Host, id)).Select(t => t.Event), Is.EqualTo(new[]
        {
            nameof(SessionScheduled), nameof(SessionWentLive), nameof(SessionEnded), nameof(SessionEnteredReview), nameof(SessionClosed),
        }));

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

    [Test]
    public async Task ADisplacedSession_IsBackInThePlanAtItsNewTime_OrAtItsOldOneIfThatIsFreeAgain()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var (plan, id) = await In(calendar, "Displaced");
        Assert.That((await calendar.Do(id, "go-live")).Code, Is.EqualTo("session.illegal_transition"));
        var taken = await calendar.Scheduled(plan);
        Assert.That((await calendar.Move(id, plan.StartsAt)).Code, Is.EqualTo("session.conflict"));
        var moved = await calendar.Move(id, plan.StartsAt.AddDays(1));
        Assert.That((string?)moved.Json["status"], Is.EqualTo("Scheduled"), moved.Content);
        Assert.That(moved.Json["displacedBySessionId"], Is.Null);
        Assert.That((await Recorded.Of(calendar.Host, id))[^1].Event, Is.EqualTo(nameof(SessionRescheduled)));

        await Displace(calendar, id);
        await calendar.Do(taken, "cancel");
        var back = await calendar.Move(id, plan.StartsAt.AddDays(1));
        Assert.That((string?)back.Json["status"], Is.EqualTo("Scheduled"), back.Content);
        Assert.That((await calendar.Schedule(plan.At(plan.StartsAt.AddDays(1)))).Code, Is.EqualTo("session.conflict"), "it holds its slot again");
    }

    private static IEnumerable<string> States() => Table.Keys.Where(s => s != "Ended");

    private static string Outcome(string status, string action) =>
        Table[status].Split(", ").Select(pair => pair.Split(' ')).FirstOrDefault(pair => pair[0] == action)?[1] ?? "-";

    private static async Task<Answer> Act(Calendar calendar, Plan plan, Guid id, string action) => action switch
    {
        "Submit" => await calendar.DoAt(plan.Owner, id, "submit"),
        "Edit" => await calendar.Planner().Put($"/scheduling/sessions/{id}", plan.ForPut(), ("If-Match", (await calendar.Read(id)).ETag!)),
        "Reschedule" => await calendar.Move(id, plan.StartsAt.AddMinutes(5)),
        "Reject" => await calendar.Do(id, "reject", new { reason = "Too early" }),
        "GoLive" => await calendar.Do(id, "go-live"),
        _ => await calendar.Do(id, action.ToLowerInvariant()),
    };

    private static async Task<(Plan, Guid)> In(Calendar calendar, string status)
    {
        var plan = await calendar.NewPlan(Calendar.North, "RegionalBroadcast");
        // Inside its warm-up from the beginning, it begins by itself.
        if (status == "WarmUp") plan = plan.At(calendar.Host.Clock.GetUtcNow().AddDays(1));
        var id = status switch
        {
            "Draft" => await calendar.Drafted(plan),
            "Submitted" or "Rejected" => await calendar.Submitted(plan),
            _ => await calendar.Scheduled(plan),
        };
        if (status is "Rejected") await calendar.Do(id, "reject", new { reason = "Too late" });
        if (status is "Displaced") await Displace(calendar, id);
        if (status is "Live" or "InReview" or "Closed") await calendar.Do(id, "go-live");
        if (status is "InReview" or "Closed") await calendar.Do(id, "end");
        if (status is "WarmUp" or "InReview") await calendar.Host.CarryOutDue();
        if (status is "Closed") await calendar.Do(id, "close");
        if (status is "Cancelled") await calendar.Do(id, "cancel");
        return (plan, id);
    }

    /// <summary>As a session of a higher tier leaves it.</summary>
    private static Task Displace(Calendar calendar, Guid id) => calendar.Host.Services.GetRequiredService<SchedulingDb>().InTransaction<Done>(async work =>
    {
        var session = (await work.Find<SessionRow>(SessionSql.ById, new { Id = id }))!;
        var status = SessionLifecycle.Apply(session.Status, SessionAction.Displace).Value;
        var displaced = session with { Status = status, DisplacedAt = work.Now, DisplacedBySessionId = Calendar.Id() };
        await LiveCommerce.Scheduling.Conflicts.Bookings.Release(work, id);
        await BeginPhase.Expect(work, displaced);
        await SessionChange.Save(work, displaced, state => new SessionDisplaced(state, displaced.DisplacedBySessionId!.Value, []));
        return new Done();
    });

    private static async Task<bool> Books(Calendar calendar, Guid id) =>
        await calendar.Host.Services.GetRequiredService<SchedulingDb>().Scalar<long>("SELECT COUNT(*) FROM Bookings WHERE SessionId = @Id", new { Id = id }) > 0;
}

using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Scores;

namespace LiveCommerce.Scheduling.Tests.Scores;

internal sealed class ScoreTests
{
    private static readonly DateTimeOffset Due = new(2027, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void DoneAtTheDeadline_IsInTime_AndAMicrosecondLaterIsLate()
    {
        Assert.That(Of(20, Due).Lines[0], Has.Property("State").EqualTo(TaskState.Done).And.Property("Deducted").Zero.And.Property("Reason").Null);
        var late = Of(20, Due.AddMicroseconds(1)).Lines[0];
        Assert.That((late.State, late.Deducted, late.Reason), Is.EqualTo((TaskState.DoneLate, 10, "Done less than a minute late: 50 % of 20 points.")));
    }

    [Test]
    public void HalfOfAnOddNumber_CostsTheOddPoint() => Assert.That(Of(7, Due.AddHours(2)).Lines[0].Deducted, Is.EqualTo(4));

    [Test]
    public void NotDone_CostsAll_OnceTheDeadlineIsOver()
    {
        Assert.That(Of(20, null, Due).Lines[0].State, Is.EqualTo(TaskState.Open));
        var missed = Of(20, null, Due.AddMinutes(1)).Lines[0];
        Assert.That((missed.State, missed.Deducted, missed.Reason), Is.EqualTo((TaskState.Missed, 20, "Not done by 2027-03-10 12:00Z: all 20 points.")));
    }

    [Test]
    public void NotDone_IsMissedAtTheClose_WhateverTheDeadline() =>
        Assert.That(Score.Of([new TaskOutcome(Task(20), Due, null)], Due.AddDays(-1), isFinal: true).Points, Is.Zero);

    [Test]
    public void WhatIsWaived_CountsNeitherWay()
    {
        var score = Score.Of([new TaskOutcome(Task(20), Due, null, IsWaived: true), new TaskOutcome(Task(30), Due, Due)], Due.AddDays(1), isFinal: true);
        Assert.That((score.Points, score.MostPoints, score.Share), Is.EqualTo((30, 30, (int?)10_000)));
        Assert.That(Score.Of([new TaskOutcome(Task(20), Due, null, IsWaived: true)], Due, isFinal: true).Share, Is.Null);
    }

    [FsCheck.NUnit.Property]
    public bool TheLines_AddUpToTheScore_AndEveryLossHasAReason((byte, byte, short?, bool)[] tasks, bool isFinal)
    {
        var score = Score.Of(Outcomes(tasks), Due.AddHours(5), isFinal);
        return score.MostPoints == score.Lines.Sum(l => l.Points) && score.Points == score.MostPoints - score.Lines.Sum(l => l.Deducted) &&
            score.Points >= 0 && score.Lines.All(l => l.Deducted >= 0 && l.Deducted <= l.Points && (l.Deducted > 0) == (l.Reason is not null)) &&
            score.Share is null or >= 0 and <= Score.WholeShare;
    }

    [FsCheck.NUnit.Property]
    public bool DoingATask_OrDoingItEarlier_NeverCostsPoints((byte, byte, short?, bool)[] tasks, byte which, ushort earlier, bool isFinal)
    {
        var outcomes = Outcomes(tasks);
        if (outcomes.Count == 0) return true;
        var at = which % outcomes.Count;
        var better = outcomes.Select((o, i) => i == at ? o with { DoneAt = (o.DoneAt ?? Due.AddHours(5)).AddMinutes(-earlier) } : o).ToList();
        return Score.Of(better, Due.AddHours(5), isFinal).Points >= Score.Of(outcomes, Due.AddHours(5), isFinal).Points;
    }

    [FsCheck.NUnit.Property]
    public bool Waiting_NeverEarnsPoints((byte, byte, short?, bool)[] tasks, ushort minutes)
    {
        var outcomes = Outcomes(tasks);
        return Score.Of(outcomes, Due.AddMinutes(minutes), isFinal: false).Points <= Score.Of(outcomes, Due, isFinal: false).Points;
    }

    private static Score Of(int points, DateTimeOffset? doneAt, DateTimeOffset? now = null) =>
        Score.Of([new TaskOutcome(Task(points), Due, doneAt)], now ?? Due.AddDays(1), isFinal: false);

    private static List<TaskOutcome> Outcomes((byte Points, byte Percent, short? Done, bool Waived)[] tasks) =>
    [
        .. tasks.Select(t => new TaskOutcome(
            Task(t.Points % 100 + 1) with { LateCostsPercent = t.Percent % 101 }, Due.AddMinutes(t.Percent), t.Done is { } done ? Due.AddMinutes(done) : null, t.Waived)),
    ];

    private static ChecklistTask Task(int points) => new("t", "T", TaskAnchor.LiveStart, 0, points, Role.Planner);
}

using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Checklists;

namespace LiveCommerce.Scheduling.Tests.Checklists;

internal sealed class TaskDeadlineTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void ThreeDaysBeforeTheStart_IsThreeTimes24HoursBeforeThePlannedStart() =>
        Assert.That(TaskDeadline.Of(Task(TaskAnchor.LiveStart, -3 * 24 * 60), Times()), Is.EqualTo(Start.AddDays(-3)));

    [Test]
    public void AfterTheEnd_ItFollowsTheRealEnd() =>
        Assert.That(TaskDeadline.Of(Task(TaskAnchor.LiveEnd, 60), Times() with { LiveEndsAt = Start.AddHours(5) }), Is.EqualTo(Start.AddHours(6)));

    [Test]
    public void ADeadlineThatWasOverWhenTheSessionWasPlanned_IsItsStart()
    {
        var times = Times() with { PlannedAt = Start.AddDays(-2) };
        Assert.That(TaskDeadline.Of(Task(TaskAnchor.LiveStart, -3 * 24 * 60), times), Is.EqualTo(Start));
        Assert.That(TaskDeadline.Of(Task(TaskAnchor.LiveStart, -24 * 60), times), Is.EqualTo(Start.AddDays(-1)));
    }

    [FsCheck.NUnit.Property]
    public bool ADeadline_FollowsTheSession(TaskAnchor anchor, short offset, short minutes)
    {
        var task = Task(anchor, offset);
        var by = TimeSpan.FromMinutes(minutes);
        return TaskDeadline.Of(task, Moved(Times(), by)) == TaskDeadline.Of(task, Times()) + by;
    }

    [FsCheck.NUnit.Property]
    public bool ADeadline_IsNeverAfterTheReview_NorOverWhenTheSessionWasPlanned(TaskAnchor anchor, int offset, ushort hoursBefore)
    {
        var times = Times() with { PlannedAt = Start.AddHours(-hoursBefore % 1000 - 1) };
        var due = TaskDeadline.Of(Task(anchor, offset % 129_600), times);
        return due <= times.ReviewEndsAt && due > times.PlannedAt;
    }

    [FsCheck.NUnit.Property]
    public bool MoreMinutes_AreNeverAnEarlierDeadline(TaskAnchor anchor, short offset, byte more) =>
        TaskDeadline.Of(Task(anchor, offset), Times()) <= TaskDeadline.Of(Task(anchor, offset + more), Times());

    [TestCase(SessionTier.GroupBroadcast)]
    [TestCase(SessionTier.RegionalBroadcast)]
    [TestCase(SessionTier.BrandBroadcast)]
    [TestCase(SessionTier.ResellerBroadcast)]
    public void TheProductsOwnChecklists_AreSound_AndWorthAHundred(SessionTier tier)
    {
        var tasks = DefaultChecklist.Of(tier);
        var faults = new Faults();
        new EditChecklistTemplate.Request(tasks).Validate(faults);
        Assert.That(faults.List, Is.Empty);
        Assert.That(tasks.Sum(t => t.Points), Is.EqualTo(100));
    }

    internal static ChecklistTask Task(TaskAnchor anchor, int offset) => new("t", "T", anchor, offset, 10, Role.Planner);

    internal static ChecklistTimes Times() => new()
    {
        PlannedAt = Start.AddDays(-300),
        PreparationStartsAt = Start.AddDays(-21),
        WarmUpStartsAt = Start.AddDays(-14),
        ReservoirStartsAt = Start.AddDays(-7),
        LiveStartsAt = Start,
        LiveEndsAt = Start.AddHours(3),
        ReviewEndsAt = Start.AddHours(3).AddDays(5),
    };

    private static ChecklistTimes Moved(ChecklistTimes times, TimeSpan by) => new()
    {
        PlannedAt = times.PlannedAt,
        PreparationStartsAt = times.PreparationStartsAt + by,
        WarmUpStartsAt = times.WarmUpStartsAt + by,
        ReservoirStartsAt = times.ReservoirStartsAt + by,
        LiveStartsAt = times.LiveStartsAt + by,
        LiveEndsAt = times.LiveEndsAt + by,
        ReviewEndsAt = times.ReviewEndsAt + by,
    };
}

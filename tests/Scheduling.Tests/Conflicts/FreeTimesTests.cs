using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Tests.Conflicts;

internal sealed class FreeTimesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 11, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void TheNearestStartIsFirst_AndOfTwoTheEarlier() => Assert.That(
        Find(Noon, 60, [Busy(-30, 30)], 3), Is.EqualTo(new[] { Slot(30, 60), Slot(-90, 60), Slot(90, 60) }));

    [Test]
    public void ABusyTimeMayTouchTheSlot_OnEitherSide() => Assert.That(
        Find(Noon, 60, [Busy(-60, 0), Busy(60, 120)], 1), Is.EqualTo(new[] { Slot(0, 60) }));

    [Test]
    public void StartsAreQuartersOfAnHour_WhateverIsWanted() => Assert.That(
        Find(Noon.AddMinutes(7), 30, [Busy(-100, 21)], 2), Is.EqualTo(new[] { Slot(30, 30), Slot(60, 30) }));

    [Test]
    public void ALineOfBusyTimes_IsSteppedOver() => Assert.That(
        Find(Noon, 60, [.. Enumerable.Range(-10, 21).Select(i => Busy(i * 60, i * 60 + 45))], 1), Is.EqualTo(new[] { Slot(660 - 15, 60) }));

    [Test]
    public void NothingIsOffered_OutsideTheSearch() => Assert.That(
        FreeTimes.Nearest(Noon, TimeSpan.FromHours(1), new Window(Noon, Noon.AddHours(2)), [], _ => true, 9), Is.EqualTo(new[] { Slot(0, 60), Slot(60, 60) }));

    /// <summary>Against a look at every quarter of an hour there is.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public bool WhatIsOffered_IsWhatALookAtEveryStartFinds((short, byte)[] busy, byte length, short near, byte count)
    {
        var windows = busy.Take(60).Select(b => Busy(b.Item1 % 3000, b.Item1 % 3000 + b.Item2)).ToList();
        var minutes = 30 + length * 2;
        var wanted = Noon.AddMinutes(near % 2000);
        var search = new Window(Noon.AddMinutes(-2500), Noon.AddMinutes(2500));
        var expected = new List<Window>();
        var starts = Enumerable.Range(-400, 800).Select(i => Noon.AddMinutes(15 * i)).Where(s => s >= search.OpensAt && s < search.ClosesAt);
        foreach (var start in starts.OrderBy(s => (s - wanted).Duration()).ThenBy(s => s))
        {
            var slot = new Window(start, start.AddMinutes(minutes));
            if (expected.Count == count % 6) break;
            if (!windows.Exists(w => w.OpensAt < w.ClosesAt && w.Overlaps(slot)) && !expected.Exists(e => e.Overlaps(slot)) && IsAllowed(start)) expected.Add(slot);
        }
        return expected.SequenceEqual(FreeTimes.Nearest(
            wanted, TimeSpan.FromMinutes(minutes), search, windows.Where(w => w.OpensAt < w.ClosesAt).Select(w => FreeTimes.StartsForbiddenBy(w, TimeSpan.FromMinutes(minutes))), IsAllowed, count % 6));

        static bool IsAllowed(DateTimeOffset start) => start.Hour != 3;
    }

    private static IReadOnlyList<Window> Find(DateTimeOffset near, int minutes, IReadOnlyList<Window> busy, int count) => FreeTimes.Nearest(
        near, TimeSpan.FromMinutes(minutes), new Window(Noon.AddDays(-2), Noon.AddDays(2)),
        busy.Select(b => FreeTimes.StartsForbiddenBy(b, TimeSpan.FromMinutes(minutes))), _ => true, count);

    private static Window Busy(int fromMinute, int toMinute) => new(Noon.AddMinutes(fromMinute), Noon.AddMinutes(toMinute));

    private static Window Slot(int fromMinute, int minutes) => Busy(fromMinute, fromMinute + minutes);
}

using LiveCommerce.Data;
using LiveCommerce.Support;

namespace LiveCommerce.Dialect.Tests;

/// <summary>Who is let in, and who is turned away.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class WaitLimitTests
{
    private const int Always = 10;
    private const int Burst = 50;

    [Test]
    public void ACrowdThatComesAtOnce_IsLetIn_HoweverSlowTheMachineIs()
    {
        var (clock, limit) = Open();
        Serve(clock, limit, count: 64, each: TimeSpan.FromSeconds(1));
        Assert.That(Crowd(limit, Always + Burst), Is.EqualTo(Always + Burst));
        Assert.That(limit.TryEnter(), Is.False, "one more would wait longer still");
    }

    [Test]
    public void ACrowdThatKeepsComing_IsKeptToWhatCanBeAnsweredInTime()
    {
        var (clock, limit) = Open();
        // One a millisecond can be answered, 40 ms may be waited, and four a millisecond come.
        Serve(clock, limit, count: 64, each: TimeSpan.FromMilliseconds(1));
        var (letIn, longest) = (0, 0);
        for (var ms = 0; ms < 20_000; ms++)
        {
            letIn += Crowd(limit, 4);
            if (ms > 1000) longest = Math.Max(longest, limit.Inside);
            Pass(clock, limit, TimeSpan.FromMilliseconds(1), 1);
        }
        Assert.That(longest, Is.InRange(30, 50), "the burst is over; whoever is let in waits as long as these take");
        Assert.That(letIn, Is.InRange(20_000, 20_000 + Burst + 50), "nobody was idle");
    }

    [Test]
    public void WhenTheCrowdIsGone_TheNextBurstIsLetIn()
    {
        var (clock, limit) = Open();
        Serve(clock, limit, count: 64, each: TimeSpan.FromMilliseconds(100));
        Crowd(limit, 1000);
        limit.Leave(limit.Inside);
        Assert.That(Crowd(limit, 1000), Is.EqualTo(Always), "the burst is spent");
        limit.Leave(limit.Inside);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Crowd(limit, 1000), Is.EqualTo(Always + Burst));
    }

    [Test]
    public void TimeInWhichNobodyWasInside_DoesNotMakeTheServiceSlow()
    {
        var (clock, limit) = Open();
        for (var i = 0; i < 1000; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Serve(clock, limit, count: 1, each: TimeSpan.FromMilliseconds(1));
        }
        Assert.That(Crowd(limit, 1000), Is.GreaterThanOrEqualTo(40));
    }

    [Test]
    public void MostMayBeInside_HoweverQuickTheyAre_AndWhatNobodyWaitsForComesInAllTheSame()
    {
        var (_, limit) = Open(most: 20);
        Assert.That(Crowd(limit, 100), Is.EqualTo(20));
        Assert.That(limit.Enter(), Is.EqualTo(21));
        limit.Leave(2);
        Assert.That(Crowd(limit, 100), Is.EqualTo(1));
    }

    private static (ManualClock Clock, WaitLimit Limit) Open(int most = 10_000)
    {
        var clock = new ManualClock();
        return (clock, new WaitLimit(clock) { Always = Always, Most = most, Longest = TimeSpan.FromMilliseconds(40), Burst = Burst });
    }

    /// <summary>They come together and leave one after the other.</summary>
    private static void Serve(ManualClock clock, WaitLimit limit, int count, TimeSpan each)
    {
        for (var i = 0; i < count; i++) limit.Enter();
        for (var i = 0; i < count; i++) Pass(clock, limit, each, 1);
    }

    private static void Pass(ManualClock clock, WaitLimit limit, TimeSpan time, int leave)
    {
        clock.Advance(time);
        limit.Leave(leave);
    }

    /// <returns>How many were let in.</returns>
    private static int Crowd(WaitLimit limit, int count) => Enumerable.Range(0, count).Count(_ => limit.TryEnter());
}

using FsCheck;
using FsCheck.Fluent;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Tests.Sessions;

internal sealed class SessionGoalsTests
{
    [Test]
    public void AnyThree_GiveTheFourth()
    {
        var all = new SessionGoals(200_000, 0.03m, 39_900, 239_400_000);
        Assert.That(Complete(200_000, 0.03m, 39_900, null), Is.EqualTo(all));
        Assert.That(Complete(200_000, 0.03m, null, 239_400_000), Is.EqualTo(all));
        Assert.That(Complete(200_000, null, 39_900, 239_400_000), Is.EqualTo(all));
        Assert.That(Complete(null, 0.03m, 39_900, 239_400_000), Is.EqualTo(all));
        Assert.That(Complete(200_000, 0.03m, 39_900, 239_400_000), Is.EqualTo(all));
    }

    [Test]
    public void TheFourth_IsRoundedAsTheReferenceSays()
    {
        Assert.That(Complete(3, 0.333333m, 100, null)!.SalesMinor, Is.EqualTo(100));
        Assert.That(Complete(1, 0.5m, 1, null)!.SalesMinor, Is.EqualTo(1), "half a minor unit is rounded up");
        Assert.That(Complete(3, 1m, null, 100)!.AverageOrderValueMinor, Is.EqualTo(33));
        Assert.That(Complete(3, null, 100, 100)!.ConversionRate, Is.EqualTo(0.333333m));
        Assert.That(Complete(null, 1m, 33, 100)!.Views, Is.EqualTo(4), "three views would fall short");
    }

    [FsCheck.NUnit.Property]
    public bool FourThatFollowFromThree_AlwaysAgree(PositiveInt views, PositiveInt rate, PositiveInt value, byte left)
    {
        var share = (rate.Get % 1_000_000 + 1) / 1_000_000m;
        long v = views.Get * 1000L, a = value.Get * 100L;
        if (Complete(v, share, a, null) is not { } first) return v * share * a < 0.5m;
        var again = (left % 4) switch
        {
            0 => Complete(null, first.ConversionRate, first.AverageOrderValueMinor, first.SalesMinor),
            1 => Complete(first.Views, null, first.AverageOrderValueMinor, first.SalesMinor),
            2 => Complete(first.Views, first.ConversionRate, null, first.SalesMinor),
            _ => first,
        };
        // From rounded sales the fourth may be out of range by the rounding alone; otherwise all four agree.
        return again is null || Complete(again.Views, again.ConversionRate, again.AverageOrderValueMinor, again.SalesMinor) == again;
    }

    [FsCheck.NUnit.Property]
    public bool LeavingOutTheSalesOfThreeGivenGoals_GivesThemBack(PositiveInt views, PositiveInt rate, PositiveInt value)
    {
        var share = (rate.Get % 1_000_000 + 1) / 1_000_000m;
        var goals = Complete(views.Get, share, value.Get * 1_000_000L, null)!;
        return goals.SalesMinor == decimal.Round(views.Get * share * value.Get * 1_000_000m, MidpointRounding.AwayFromZero)
            && Complete(goals.Views, goals.ConversionRate, null, goals.SalesMinor)!.AverageOrderValueMinor is var back
            && Math.Abs(back - goals.AverageOrderValueMinor) <= decimal.Ceiling(0.5m / (views.Get * share)) + 1;
    }

    [Test]
    public void FourThatDoNotAgree_AreRefused() => Assert.That(Fault(200_000, 0.03m, 39_900, 239_500_000), Is.EqualTo("goals.disagree"));

    [Test]
    public void TwoGoalsOrFewer_AreIncomplete()
    {
        Assert.That(Fault(200_000, 0.03m, null, null), Is.EqualTo("goals.incomplete"));
        Assert.That(Fault(null, null, null, 5), Is.EqualTo("goals.incomplete"));
        Assert.That(Fault(null, null, null, null), Is.EqualTo("goals.incomplete"));
    }

    [Test]
    public void MoreBuyersThanViews_AreImpossible() => Assert.That(Fault(10, null, 100, 1_000_000), Is.EqualTo("goals.impossible"));

    [Test]
    public void SalesTooSmallForOneOrderOrTooLargeToKeep_AreImpossible()
    {
        Assert.That(Fault(1_000_000, 1m, null, 1), Is.EqualTo("goals.impossible"));
        Assert.That(Fault(SessionGoals.MostViews, 1m, Money.MaxMinor, null), Is.EqualTo("goals.impossible"));
        Assert.That(Fault(null, 0.000001m, 1, Money.MaxMinor), Is.EqualTo("goals.impossible"));
    }

    [Test]
    public void EveryGoalOutOfItsRange_IsListed()
    {
        var faults = new Faults();
        new GoalsEntry(0, 1.1m, 0, -1).Validate(faults, "/goals");
        Assert.That(faults.List.Select(f => f.Pointer), Is.EqualTo(new[] { "/goals/views", "/goals/conversionRate", "/goals/averageOrderValueMinor", "/goals/salesMinor" }));
        Assert.That(Fault(5, 0.0000001m, 5, null), Is.EqualTo("number.out_of_range"));
        Assert.That(Fault(5, 0.1234567m, 5, null), Is.EqualTo("number.out_of_range"));
    }

    private static SessionGoals? Complete(long? views, decimal? rate, long? value, long? sales) =>
        new GoalsEntry(views, rate, value, sales).Complete(new Faults(), "");

    private static string Fault(long? views, decimal? rate, long? value, long? sales)
    {
        var faults = new Faults();
        Assert.That(new GoalsEntry(views, rate, value, sales).Complete(faults, ""), Is.Null);
        return faults.List.Single().Code;
    }
}

using LiveCommerce.Scheduling.Scores;

namespace LiveCommerce.Scheduling.Tests.Scores;

internal sealed class StandingTests
{
    [Test]
    public void TheTotal_IsSeventyPercentScore_AndThirtyPercentSales()
    {
        var standings = Standing.Of([Unit("/a/", 1, 6_000, 1_000), Unit("/b/", 2, 12_000, 500), Unit("/c/", 1, 10_000, 0)]);
        Assert.That(standings.Select(s => (s.Place, s.Unit.Path, s.SalesShare, s.Total)), Is.EqualTo(new[] { (1, "/a/", 10_000, 7_200), (2, "/c/", 0, 7_000), (3, "/b/", 5_000, 5_700) }));
        Assert.That(Standing.Of([]), Is.Empty);
        Assert.That(Standing.Of([Unit("/b/", 1, 5_000, 0), Unit("/a/", 1, 5_000, 0)]).Select(s => s.Unit.Path), Is.EqualTo(new[] { "/a/", "/b/" }), "nobody sold anything");
    }

    [FsCheck.NUnit.Property]
    public bool TheOrder_IsTheSame_HoweverTheUnitsCome((ushort, uint)[] units)
    {
        var all = units.Select((u, i) => Unit($"/u{i:000}/", 1, u.Item1 % 10_001, u.Item2)).ToList();
        return Standing.Of(all).Select(s => s.Unit.Path).SequenceEqual(Standing.Of([.. all.AsEnumerable().Reverse()]).Select(s => s.Unit.Path));
    }

    [FsCheck.NUnit.Property]
    public bool ABetterScore_NeverLosesAPlace((ushort, uint)[] units, byte which, ushort more)
    {
        if (units.Length == 0) return true;
        var all = units.Select((u, i) => Unit($"/u{i:000}/", 1, u.Item1 % 10_001, u.Item2)).ToList();
        var at = which % all.Count;
        var better = all.Select((u, i) => i == at ? u with { Shares = Math.Min(10_000, u.Shares + more) } : u).ToList();
        return Place(better) <= Place(all);

        int Place(IReadOnlyList<UnitScore> of) => Standing.Of(of).Single(s => s.Unit.Path == all[at].Path).Place;
    }

    private static UnitScore Unit(string path, long sessions, long shares, long sales) =>
        new() { UnitId = Calendar.Id(), Path = path, Sessions = sessions, Shares = shares, SalesMinor = sales };
}

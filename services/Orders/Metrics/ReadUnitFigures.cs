using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Orders.Metrics;

/// <summary>A unit's figures, rolled up from itself and its direct children.</summary>
internal static class ReadUnitFigures
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/figures/units/{unitId:guid}", async (Guid unitId, string? from, string? to, Caller caller, OrdersDb db, CancellationToken ct) =>
            (await Read(db, caller, unitId, from, to, ct)).ToHttp())
        .Describe(nameof(ReadUnitFigures), "What a unit and all below it brought about, for itself and for each direct child.",
            "Counts and amounts of the unit are those of own plus those of all children. Buyers are distinct at each unit and do not add up.")
        .Allow(Permission.ReadFigures).Gives<UnitFigures>().Rejects(FiguresRejections.UnitNotFound);

    private static async Task<Result<UnitFigures>> Read(OrdersDb db, Caller caller, Guid unitId, string? from, string? to, CancellationToken ct)
    {
        var asked = Period.Parse(from, to);
        if (asked.Rejection is { } faults) return faults;
        if (await db.Find<UnitRow>(UnitSql.ById, new { Id = unitId, caller.Scope, caller.ScopeEnd }, ct) is not { } unit)
            return FiguresRejections.UnitNotFound.Because($"No unit {unitId}.");
        var sums = new Sums(db, asked.Value, unit, ct);
        await sums.Count();
        var known = (await db.Query<UnitRow>(UnitSql.Children, new { unit.Id }, ct)).ToDictionary(u => u.Path);
        var children = new List<ChildFigures>();
        // A child that sold before its own event came here is shown all the same: the figures must add up.
        foreach (var path in known.Keys.Union(sums.Paths.Where(p => p != unit.Path).Select(p => ChildOf(unit.Path, p))).Order(StringComparer.Ordinal))
        {
            var child = known.GetValueOrDefault(path);
            children.Add(await sums.Of(new ChildFigures { UnitId = child?.Id, Path = path, Name = child?.Name }, p => UnitPath.Covers(path, p), path));
        }
        var own = await sums.Of(new Figures(), p => p == unit.Path, unit.Path);
        return await sums.Of(new UnitFigures { UnitId = unit.Id, Path = unit.Path, Name = unit.Name, Own = own, Children = children }, _ => true, unit.Path);
    }

    private static string ChildOf(string parent, string path) => path[..(path.IndexOf('/', parent.Length) + 1)];

    /// <summary>One pass over orders and coupons, cut up by path.</summary>
    private sealed class Sums(OrdersDb db, Period period, UnitRow unit, CancellationToken ct)
    {
        private IReadOnlyList<OrderSums> _orders = [];
        private IReadOnlyList<CouponSums> _coupons = [];

        public IEnumerable<string> Paths => _orders.Select(o => o.Path).Concat(_coupons.Select(c => c.Path)).Distinct();

        public async Task Count()
        {
            _orders = await db.Query<OrderSums>(FiguresSql.OrdersByPath, Within(unit.Path), ct);
            _coupons = await db.Query<CouponSums>(FiguresSql.CouponsByPath, Within(unit.Path), ct);
        }

        public async Task<T> Of<T>(T named, Func<string, bool> covers, string path)
            where T : Figures
        {
            var orders = _orders.Where(o => covers(o.Path)).ToList();
            // Distinct buyers of several paths are not the sum of each path's.
            var selling = orders.Where(o => o.Buyers > 0).ToList();
            var buyers = selling.Count < 2 ? selling.Sum(o => o.Buyers) : await db.Scalar<long>(FiguresSql.Buyers, Within(path), ct);
            return Figures.Of(named, orders, _coupons.Where(c => covers(c.Path)), buyers, unit.Currency);
        }

        private object Within(string path) => new { Scope = path, ScopeEnd = UnitPath.End(path), period.From, period.To, period.FromMicros, period.ToMicros };
    }
}

/// <summary>Figures of one direct child with all below it.</summary>
internal sealed record ChildFigures : Figures
{
    /// <summary>Null while the unit is not known here.</summary>
    public Guid? UnitId { get; init; }

    public string Path { get; init; } = "";

    public string? Name { get; init; }
}

/// <summary>Figures of a unit with all below it.</summary>
internal sealed record UnitFigures : Figures
{
    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>What is credited to the unit itself.</summary>
    public Figures Own { get; init; } = new();

    public IReadOnlyList<ChildFigures> Children { get; init; } = [];
}

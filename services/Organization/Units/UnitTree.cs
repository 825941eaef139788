using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Units;

/// <summary>What holds for the tree as a whole: who waits for whom, what may hang where, and whose place is whose.</summary>
internal static class UnitTree
{
    /// <summary>
    /// Takes the turn of the unit's tree and then reads the unit: until the transaction ends no unit of the tree moves, is
    /// added or deactivated elsewhere.
    /// </summary>
    /// <returns>Null: no such unit within the caller's reach.</returns>
    public static async Task<UnitRow?> Take(UnitOfWork work, Caller caller, Guid id)
    {
        var key = new { Id = id, caller.Scope, caller.ScopeEnd };
        if (await work.Find<UnitRow>(UnitSql.ById, key) is not { } unit) return null;
        await work.Query<Guid>(UnitSql.TakeTurn, new { Headquarters = UnitPath.Headquarters(unit.Path) });
        return await work.Find<UnitRow>(UnitSql.ById, key);
    }

    public static Rejection? WrongParent(UnitKind kind, UnitRow parent) =>
        parent.Kind == UnitKind.Reseller || (parent.Kind == UnitKind.Region && kind == UnitKind.Region)
            ? UnitRejections.WrongParent.Because($"A {kind} cannot hang under a {parent.Kind}.")
            : null;

    /// <summary>A refusal if the unit there, or one above it, is deactivated.</summary>
    public static async Task<Rejection?> Inactive(UnitOfWork work, string path) =>
        await work.Find<UnitRow>(UnitSql.InactiveAmong, new { Ids = Sql.Json(UnitPath.SelfAndAncestors(path)) }) is { } unit
            ? UnitRejections.Inactive.Because($"{unit.Name} is deactivated.")
            : null;

    /// <summary>Keeps the units' places as theirs for ever, or refuses if one is another's.</summary>
    public static async Task<Rejection?> Settle(UnitOfWork work, IReadOnlyList<UnitRow> units)
    {
        var known = await work.Query<UnitPathRow>(UnitSql.PathsAmong, new { Ids = Sql.Json(units.Select(u => u.Path)) });
        var owners = known.ToDictionary(p => p.Path, p => p.UnitId);
        if (units.FirstOrDefault(u => owners.TryGetValue(u.Path, out var owner) && owner != u.Id) is { } taken)
            return UnitRejections.TakenPath(taken.Path);
        await work.Execute(UnitSql.KeepPaths, new { Rows = Rows(units) });
        return null;
    }

    public static string Rows(IEnumerable<UnitRow> units) => Sql.Json(units.Select(u => new { u.Id, u.Path }));

    public static async Task<IReadOnlyList<string>> FormerPaths(UnitOfWork work, UnitRow unit) =>
        [.. (await work.Query<UnitPathRow>(UnitSql.PathsOf, new { Ids = Sql.Json(new[] { unit.Id }) })).Select(p => p.Path).Where(p => p != unit.Path)];

    public static async Task<IReadOnlyList<object>> ToEvents(UnitOfWork work, IReadOnlyList<UnitRow> units)
    {
        var paths = (await work.Query<UnitPathRow>(UnitSql.PathsOf, new { Ids = Sql.Json(units.Select(u => u.Id)) })).ToLookup(p => p.UnitId, p => p.Path);
        return [.. units.Select(u => u.ToEvent([.. paths[u.Id].Where(p => p != u.Path)]))];
    }
}

/// <summary>A place in the tree and whose it is, or was.</summary>
internal sealed record UnitPathRow
{
    public string Path { get; init; } = "";

    public Guid UnitId { get; init; }
}

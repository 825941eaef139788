namespace LiveCommerce.Data;

/// <summary>
/// Units that were moved, in a service's replica of the tree: tables <c>Units</c> (Id, Path) and <c>FormerPaths</c> (Path, UnitId).
/// A path is one unit's for ever, so whatever names a former path means that unit, however late it comes.
/// </summary>
public static class MovedUnits
{
    private const string Keep =
        $"INSERT INTO FormerPaths (Path, UnitId) SELECT value, @UnitId FROM {Sql.Rows} WHERE NOT EXISTS (SELECT 1 FROM FormerPaths f WHERE f.Path = value)";

    private const string Current = $"SELECT f.Path AS Former, u.Path FROM FormerPaths f JOIN Units u ON u.Id = f.UnitId WHERE f.Path IN {Sql.Ids}";

    /// <summary>In SQL: where the unit that stands, or once stood, at a path stands now.</summary>
    /// <param name="path">An expression of the path.</param>
    public static string Today(string path) =>
        $"COALESCE((SELECT u.Path FROM FormerPaths f JOIN Units u ON u.Id = f.UnitId WHERE f.Path = {path}), {path})";

    /// <summary>Where the unit that stands, or once stood, at <paramref name="path"/> stands now, as far as is known here.</summary>
    public static async Task<string> Now(UnitOfWork work, string path) => (await Now(work, [path])).GetValueOrDefault(path, path);

    /// <returns>The paths among these that are former ones, each with its unit's path of today.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> Now(UnitOfWork work, IEnumerable<string> paths) =>
        (await work.Query<MovedPath>(Current, new { Ids = Sql.Json(paths.Distinct()) })).ToDictionary(m => m.Former, m => m.Path);

    /// <summary>Keeps a unit's former paths when its newest state is taken over.</summary>
    /// <param name="work">The transaction that takes it over.</param>
    /// <param name="unitId">The unit.</param>
    /// <param name="known">The path it had here; null if it is new here.</param>
    /// <param name="path">The path it has.</param>
    /// <param name="formerPaths">Those it had, as told.</param>
    /// <returns>The paths that rows of its own may still bear; none if it stands where it stood.</returns>
    public static async Task<IReadOnlyList<string>> Note(UnitOfWork work, Guid unitId, string? known, string path, IReadOnlyList<string> formerPaths)
    {
        if (known == path) return [];
        List<string> left = [.. formerPaths.Append(known).OfType<string>().Where(p => p != path).Distinct()];
        if (left.Count > 0) await work.Execute(Keep, new { UnitId = unitId, Rows = Sql.Json(left) });
        return left;
    }

    private sealed class MovedPath
    {
        public string Former { get; init; } = "";

        public string Path { get; init; } = "";
    }
}

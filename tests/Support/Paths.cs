using LiveCommerce.Data;

namespace LiveCommerce.Support;

/// <summary>Columns that hold the paths of units.</summary>
public static class Paths
{
    // Kept to look moved units up, and who acted where, which stays what it was.
    private static readonly string[] Everywhere = ["Units", "FormerPaths", "AuditTrail", "Access", "AccessUnits"];

    /// <summary>
    /// Columns whose names end in Path that are neither rewritten when a unit moves nor named as such that need not be, and
    /// columns named that are not there.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Astray(ServiceDb db, IEnumerable<PathColumn> followed, params string[] others)
    {
        var known = followed.Select(c => $"{c.Table}.{c.Column}").Concat(others).ToHashSet();
        var all = await db.Query<string>(
            "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE '%Path' ORDER BY 1");
        return [.. all.Where(c => !known.Contains(c) && !Everywhere.Contains(c.Split('.')[0])), .. known.Where(c => c.EndsWith("Path", StringComparison.Ordinal)).Except(all)];
    }
}

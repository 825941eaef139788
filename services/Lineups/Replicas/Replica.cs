using LiveCommerce.Data;

namespace LiveCommerce.Lineups.Replicas;

/// <summary>How one kind of replica is kept.</summary>
/// <param name="Version">Selects the version held of <c>@Id</c>.</param>
/// <param name="Update">Guarded by <c>Version &lt; @Version</c>.</param>
/// <param name="Insert">Under a unique <c>Id</c>.</param>
internal sealed record ReplicaSql(string Version, string Update, string Insert);

internal static class Replica
{
    /// <summary>
    /// Keeps the newest state, in whatever order states arrive. If another delivery inserts or overtakes between the look
    /// and the write, the unique id stops this one and the transaction runs again.
    /// </summary>
    public static async Task Keep(this UnitOfWork work, ReplicaSql sql, Guid id, long version, object state)
    {
        if (await work.Scalar<long?>(sql.Version, new { Id = id }) >= version) return;
        await work.Upsert(sql.Update, sql.Insert, state);
    }
}

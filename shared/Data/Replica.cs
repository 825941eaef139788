namespace LiveCommerce.Data;

/// <summary>
/// Rows that follow what another service publishes: a table with a unique <c>Id</c>, a <c>Version</c> and further columns.
/// In whatever order states arrive, and however often, the newest stays.
/// </summary>
public sealed class Replica
{
    private readonly string _insert;
    private readonly string _update;

    /// <param name="table">The table.</param>
    /// <param name="columns">The further columns; their parameters have the same names.</param>
    /// <param name="ofUnit">Which of them is the path of a unit that may have moved since the state was told; null for none.</param>
    public Replica(string table, IReadOnlyList<string> columns, string? ofUnit = null)
    {
        _insert =
            $"INSERT INTO {table} (Id, Version, {string.Join(", ", columns)}) SELECT @Id, @Version, {string.Join(", ", columns.Select(Value))} " +
            $"WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE Id = @Id)";
        _update = $"UPDATE {table} SET Version = @Version, {string.Join(", ", columns.Select(c => $"{c} = {Value(c)}"))} WHERE Id = @Id AND Version < @Version";

        string Value(string column) => column == ofUnit ? MovedUnits.Today($"@{column}") : $"@{column}";
    }

    /// <summary>Keeps the state unless a newer one is held. Of two that insert at once the unique id stops one, and its transaction runs again.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="state">With Id, Version and all columns.</param>
    public async Task Keep(UnitOfWork work, object state)
    {
        // Most of what is told is told of something new.
        if (await work.Execute(_insert, state) == 0) await work.Execute(_update, state);
    }
}

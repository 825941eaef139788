namespace LiveCommerce.Data;

internal static class DueWorkSql
{
    internal const string Insert = "INSERT INTO DueWork (Kind, WorkKey, DueAt) VALUES (@Kind, @WorkKey, @DueAt)";
    internal const string Move = "UPDATE DueWork SET DueAt = @DueAt, Failures = 0, LastError = NULL WHERE Kind = @Kind AND WorkKey = @WorkKey";
    internal const string Delete = "DELETE FROM DueWork WHERE Kind = @Kind AND WorkKey = @WorkKey";
    internal static readonly string InsertMany = $"INSERT INTO DueWork (Kind, WorkKey, DueAt) SELECT @Kind, n.WorkKey, @DueAt FROM ({Sql.Listed("WorkKey")}) AS n";
    internal const string DeleteMany = $"DELETE FROM DueWork WHERE Kind = @Kind AND WorkKey IN {Sql.Ids}";
    internal const string Due = $"SELECT Seq, Kind, WorkKey, DueAt, Failures FROM DueWork WHERE DueAt <= @Now ORDER BY DueAt {Sql.Page}";

    // SQLite gives the number of a row that has gone to the next one: only kind and key say that it is the row that was read.
    private const string SameRow = "Seq = @Seq AND Kind = @Kind AND WorkKey = @WorkKey AND DueAt = @DueAt";

    /// <summary>The row count decides which of several workers carries it out.</summary>
    internal const string Take = $"DELETE FROM DueWork WHERE {SameRow}";

    internal const string PutOff = $"UPDATE DueWork SET DueAt = @Next, Failures = Failures + 1, LastError = @Error WHERE {SameRow}";
}

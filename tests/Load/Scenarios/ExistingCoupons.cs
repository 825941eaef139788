using Microsoft.Data.Sqlite;

namespace LiveCommerce.Load.Scenarios;

/// <summary>
/// Puts coupons of other campaigns and other customers into the service's file, as years of use would have left them, while
/// nobody sends anything. Straight into the file, because through the API it would take longer than the measurement.
/// </summary>
internal static class ExistingCoupons
{
    /// <summary>Rows a commit: short enough for the server's own writes to come in between.</summary>
    private const long Chunk = 100_000;

    /// <summary>
    /// For row <c>i</c>: ids in the order of time, as those the product makes; customers in no order; 500 campaigns. Columns
    /// not named here take their default, or what <see cref="Anything"/> gives to those that have none.
    /// </summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["Id"] = "printf('01800000-%04x-7%03x-8000-%012x', i >> 32, (i >> 20) & 4095, i)",
        ["Version"] = "1",
        ["CampaignId"] = "printf('01700000-0000-7000-8000-%012x', i % 500)",
        ["CustomerId"] = "printf('existing-%010d', (i * 2654435761) % 10000000019)",
        ["Ordinal"] = "1 + i / 10000000019",
        ["Path"] = "'/other/'",
        ["ClaimedFrom"] = "'/other/'",
        ["ClaimedAt"] = "1700000000000000 + i * 1000",
        ["State"] = "'Free'",
    };

    /// <param name="folder">The server's data folder.</param>
    /// <param name="count">How many.</param>
    public static void Fill(string folder, long count)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "coupons.db"), Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA busy_timeout=10000; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;");
        var insert = Insert(connection);
        for (long first = 1; first <= count; first += Chunk)
            Execute(connection, insert, ("@First", first), ("@Last", Math.Min(count, first + Chunk - 1)));
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>For the table as it is: this tool does not have to know of every column.</summary>
    private static string Insert(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, type, [notnull] AND dflt_value IS NULL AND pk = 0 FROM pragma_table_info('Coupons')";
        using var reader = command.ExecuteReader();
        var columns = new Dictionary<string, string>();
        while (reader.Read())
        {
            var name = reader.GetString(0);
            if (Values.TryGetValue(name, out var value)) columns[name] = value;
            else if (reader.GetBoolean(2)) columns[name] = Anything(reader.GetString(1));
        }
        return "WITH RECURSIVE Numbers(i) AS (SELECT @First UNION ALL SELECT i + 1 FROM Numbers WHERE i < @Last) " +
            $"INSERT INTO Coupons ({string.Join(", ", columns.Keys)}) SELECT {string.Join(", ", columns.Values)} FROM Numbers";
    }

    private static string Anything(string type) => type == "TEXT" ? "''" : "0";

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, long Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 600;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}

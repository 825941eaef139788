using Microsoft.Data.Sqlite;

namespace LiveCommerce.Load.Scenarios;

/// <summary>
/// Puts sessions and their bookings into the service's file, as years of planning would have left them: half of them over,
/// half ahead, one a day for each host, room and channel. Straight into the file, while nobody sends anything.
/// </summary>
internal static class ExistingSessions
{
    /// <summary>When the existing sessions of a day are: what begins and ends outside is free.</summary>
    public const int FromHour = 12;
    public const int ToHour = 15;

    private const long Hour = 3_600_000_000;

    private const string Numbers = "WITH RECURSIVE Numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM Numbers WHERE i < @Count - 1) ";
    private const string Id = "printf('01800000-0000-7000-8000-%012x', i)";
    private const string StartsAt = "@Today + (i / @Sets - @Count / @Sets / 2) * 24 * @Hour + @FromHour * @Hour";
    private const string EndsAt = "@Today + (i / @Sets - @Count / @Sets / 2) * 24 * @Hour + @ToHour * @Hour";

    /// <summary>For row <c>i</c>. Columns not named here take their default, or an empty value if they have none.</summary>
    private static readonly Dictionary<string, string> Sessions = new()
    {
        ["Id"] = Id,
        ["Version"] = "1",
        ["Title"] = "printf('Existing %d', i)",
        ["Tier"] = "'BrandBroadcast'",
        ["Status"] = $"CASE WHEN {EndsAt} < @Now THEN 'Closed' ELSE 'Scheduled' END",
        ["OwnerUnitId"] = "@Owner",
        ["Path"] = "'/load/'",
        ["BrandIds"] = "json_array(@Brand)",
        ["Channels"] = "json_array(json_object('ChannelId', json_extract(@Channels, '$[' || (i % @Sets) || ']'), 'Kind', 'MiniProgram'))",
        ["HostId"] = "json_extract(@Hosts, '$[' || (i % @Sets) || ']')",
        ["CoHostIds"] = "'[]'",
        ["RoomId"] = "json_extract(@Rooms, '$[' || (i % @Sets) || ']')",
        ["StartsAt"] = StartsAt,
        ["EndsAt"] = EndsAt,
        ["PreparationDays"] = "14",
        ["WarmUpDays"] = "14",
        ["ReservoirDays"] = "7",
        ["ReviewDays"] = "3",
        ["WarmUpStartsAt"] = $"{StartsAt} - 14 * 24 * @Hour",
        ["ApprovedAt"] = "@Now",
        ["CreatedAt"] = "@Now",
    };

    /// <param name="tenant">Its member of staff added the resources.</param>
    /// <param name="brand">Of all of them.</param>
    /// <param name="sets">A host, a room and a channel each.</param>
    /// <param name="today">Midnight, UTC.</param>
    /// <param name="count">How many sessions.</param>
    public static void Fill(Tenant tenant, Guid brand, IReadOnlyList<(Guid Host, Guid Room, Guid Channel)> sets, DateTimeOffset today, long count)
    {
        using var connection = Open(tenant.DataFolder, SqliteOpenMode.ReadWrite);
        Execute(connection, "PRAGMA busy_timeout=10000; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;");
        var parameters = new Dictionary<string, object>
        {
            ["@Count"] = count,
            ["@Sets"] = sets.Count,
            ["@Hour"] = Hour,
            ["@FromHour"] = FromHour,
            ["@ToHour"] = ToHour,
            ["@Today"] = Micros(today),
            ["@Now"] = Micros(TimeProvider.System.GetUtcNow()),
            ["@Owner"] = Text(tenant.HeadquartersId),
            ["@Brand"] = Text(brand),
            ["@Hosts"] = Json(sets.Select(s => s.Host)),
            ["@Rooms"] = Json(sets.Select(s => s.Room)),
            ["@Channels"] = Json(sets.Select(s => s.Channel)),
        };
        Execute(connection, Insert(connection), parameters);
        foreach (var kind in new[] { "@Hosts", "@Rooms", "@Channels" })
        {
            Execute(
                connection,
                "INSERT INTO Bookings (ResourceId, SessionId, StartsAt, EndsAt, BusyUntil) " +
                $"{Numbers}SELECT json_extract({kind}, '$[' || (i % @Sets) || ']'), {Id}, {StartsAt}, {EndsAt}, {EndsAt} FROM Numbers",
                parameters);
        }
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <returns>All sessions there are, and how many bookings begin before the one before them on the same resource is over.</returns>
    public static (long Sessions, long Overlaps) Count(string folder)
    {
        using var connection = Open(folder, SqliteOpenMode.ReadOnly);
        return (
            Scalar(connection, "SELECT COUNT(*) FROM Sessions"),
            Scalar(connection, "SELECT COUNT(*) FROM (SELECT StartsAt, LAG(BusyUntil) OVER (PARTITION BY ResourceId ORDER BY StartsAt) AS BusyBefore FROM Bookings) WHERE BusyBefore > StartsAt"));
    }

    /// <summary>For the table as it is: this tool does not have to know of every column.</summary>
    private static string Insert(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, type, [notnull] AND dflt_value IS NULL AND pk = 0 FROM pragma_table_info('Sessions')";
        using var reader = command.ExecuteReader();
        var columns = new Dictionary<string, string>();
        while (reader.Read())
        {
            var name = reader.GetString(0);
            if (Sessions.TryGetValue(name, out var value)) columns[name] = value;
            else if (reader.GetBoolean(2)) columns[name] = reader.GetString(1) == "TEXT" ? "''" : "0";
        }
        return $"INSERT INTO Sessions ({string.Join(", ", columns.Keys)}) {Numbers}SELECT {string.Join(", ", columns.Values)} FROM Numbers";
    }

    private static SqliteConnection Open(string folder, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "scheduling.db"), Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql, IReadOnlyDictionary<string, object>? parameters = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 600;
        foreach (var (name, value) in parameters ?? new Dictionary<string, object>())
        {
            if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value);
        }
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static string Json(IEnumerable<Guid> ids) => $"[{string.Join(',', ids.Select(id => $"\"{Text(id)}\""))}]";

    private static string Text(Guid id) => id.ToString("D");
}

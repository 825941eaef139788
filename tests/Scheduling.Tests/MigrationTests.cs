using Dapper;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Support;
using Microsoft.Data.Sqlite;

namespace LiveCommerce.Scheduling.Tests;

internal sealed class MigrationTests
{
    private const long Day = 86_400_000_000;

    [Test]
    public async Task SessionsOfBefore_AreInThePlan_AndGoOnWithTheirLives()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "shared", "Data", "Migrations", "sqlite")).Order(StringComparer.Ordinal))
            await connection.ExecuteAsync(await File.ReadAllTextAsync(file));
        await connection.ExecuteAsync(await Text("0001_scheduling"));
        await connection.ExecuteAsync("INSERT INTO Units (Id, Version, Path, Kind, TimeZone, Turns) VALUES ('u', 7, '/a/', 'Headquarters', 'Asia/Shanghai', 0)");
        await connection.ExecuteAsync("INSERT INTO Brands (Id, Version, HeadquartersPath) VALUES ('b', 3, '/a/')");
        foreach (var (id, status) in new[] { ("s1", "Scheduled"), ("s2", "WarmUp"), ("s3", "Live"), ("s4", "Ended"), ("s5", "Cancelled") })
        {
            await connection.ExecuteAsync(
                "INSERT INTO Sessions (Id, Version, Title, Tier, Status, OwnerUnitId, Path, BrandIds, Channels, HostId, CoHostIds, RoomId, StartsAt, EndsAt, " +
                "PreparationDays, WarmUpDays, ReservoirDays, ReviewDays, WarmUpStartsAt, EndedAt, CreatedAt) " +
                $"VALUES ('{id}', 1, 'T', 'GroupBroadcast', '{status}', 'u', '/a/', '[]', '[]', 'h', '[]', 'r', {5 * Day}, {6 * Day}, 3, 2, 1, 5, {3 * Day}, {(status == "Ended" ? 4 : "NULL")}, 9)");
        }
        await connection.ExecuteAsync($"INSERT INTO DueWork (Kind, WorkKey, DueAt) VALUES ('session-warm-up', 's1', {3 * Day})");

        await connection.ExecuteAsync(await Text("0002_replicas"));
        await connection.ExecuteAsync(await Text("0003_lifecycle"));

        Assert.That(await connection.QueryAsync<string>("SELECT Kind || ' ' || WorkKey || ' ' || DueAt FROM DueWork ORDER BY WorkKey"),
            Is.EqualTo(new[] { $"session-phase s1 {3 * Day}", $"session-phase s2 {7 * Day}", "session-phase s4 4" }));
        Assert.That(await connection.QueryAsync<long>("SELECT ApprovedAt FROM Sessions"), Is.All.EqualTo(9));
        Assert.That(await connection.QueryAsync<string>("SELECT CrewIds FROM Sessions"), Is.All.EqualTo("[]"));
        Assert.That(await connection.QuerySingleAsync<string>("SELECT Version || ' ' || IsActive || ' ' || Name FROM Units"), Is.EqualTo("0 1 "), "any telling of it is news");
        Assert.That(await connection.QuerySingleAsync<string>("SELECT Version || ' ' || Grade FROM Brands"), Is.EqualTo("0 "));
    }

    [Test]
    public async Task GroupBroadcastsOfBefore_BlockTheirTime_AndWhatWasBookedIsBusy()
    {
        await using var connection = await Before("0008_blocks");
        foreach (var (id, tier, status, length) in new[]
        {
            ("g1", "GroupBroadcast", "Scheduled", Day / 8), ("g2", "GroupBroadcast", "WarmUp", Day / 8), ("g3", "GroupBroadcast", "Live", Day / 8),
            ("g4", "GroupBroadcast", "Submitted", Day / 8), ("g5", "GroupBroadcast", "Cancelled", Day / 8), ("g6", "GroupBroadcast", "Closed", Day / 8), ("g7", "GroupBroadcast", "Displaced", Day / 8),
            ("r1", "RegionalBroadcast", "Scheduled", Day / 8), ("r2", "ResellerBroadcast", "Ended", 3 * Day),
        })
        {
            await Session(connection, id, tier, status, length);
            await connection.ExecuteAsync($"INSERT INTO Bookings (ResourceId, SessionId, StartsAt, EndsAt) VALUES ('h', '{id}', {5 * Day}, {5 * Day + length})");
        }
        await connection.ExecuteAsync(await Text("0008_blocks"));

        Assert.That(await connection.QueryAsync<string>("SELECT Id || ' ' || Path || ' ' || UnitIds || ' ' || BrandIds || ' ' || (StartsAt = " + 5 * Day + ") || (EndsAt = " + (5 * Day + Day / 8) + ") || IsOpen || ' ' || SessionId || ' ' || Reason FROM Blocks ORDER BY Id"),
            Is.EqualTo(new[] { "g1", "g2", "g3" }.Select(id => $"{id} /a/ [] [\"b\"] 110 {id} T")));
        Assert.That(await connection.QueryAsync<string>("SELECT SessionId FROM Bookings WHERE IsOpen = 1 ORDER BY SessionId"), Is.EqualTo(new[] { "g3", "r2" }), "on the air, or longer than any plan");
        Assert.That(await connection.QueryAsync<long>("SELECT BusyUntil - EndsAt FROM Bookings"), Is.All.Zero);
        Assert.That(await connection.QueryAsync<string>("SELECT CoversUnitIds FROM Sessions"), Is.All.EqualTo("[]"));
    }

    [Test]
    public async Task WhoWasInSessionsThatAreOut_IsRemembered_AndTheIndexLeftServesTheLook()
    {
        await using var connection = await Before("0009_memory_and_hours");
        await Session(connection, "c", "RegionalBroadcast", "Cancelled", Day / 8, coHosts: "[\"x\",\"y\"]", crew: "[\"z\",\"h\"]");
        await Session(connection, "s", "RegionalBroadcast", "Scheduled", Day / 8, coHosts: "[\"x\"]");
        await connection.ExecuteAsync(await Text("0009_memory_and_hours"));
        Assert.That(await connection.QueryAsync<string>("SELECT SessionId || ' ' || ResourceId FROM FormerBookings ORDER BY ResourceId"), Is.EqualTo(new[] { "c h", "c r", "c x", "c y", "c z" }));

        foreach (var sql in new[] { BlockSql.AnyLowerSession, BlockSql.LowerSessions })
        {
            var plan = (await connection.QueryAsync("EXPLAIN QUERY PLAN " + sql, new { PlannedFrom = 1, StartsAt = 2, EndsAt = 3, Scope = "/a/", ScopeEnd = "/a0" })).Select(row => (string)row.detail).ToList();
            Assert.That(plan[0], Does.StartWith("SEARCH Sessions USING INDEX Sessions_Month (StartsAt>? AND StartsAt<?)"), string.Join('\n', plan));
        }
    }

    /// <summary>A database as it was before a migration, with nothing in it but a unit.</summary>
    private static async Task<SqliteConnection> Before(string migration)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "shared", "Data", "Migrations", "sqlite")).Order(StringComparer.Ordinal))
            await connection.ExecuteAsync(await File.ReadAllTextAsync(file));
        var folder = Path.Combine(Repository.Root, "services", "Scheduling", "Migrations", "sqlite");
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal).TakeWhile(f => Path.GetFileNameWithoutExtension(f) != migration))
            await connection.ExecuteAsync(await File.ReadAllTextAsync(file));
        await connection.ExecuteAsync("INSERT INTO Units (Id, Version, Path, Kind, TimeZone, Turns) VALUES ('u', 7, '/a/', 'Headquarters', 'Asia/Shanghai', 0)");
        return connection;
    }

    private static Task Session(SqliteConnection connection, string id, string tier, string status, long length, string coHosts = "[]", string crew = "[]") => connection.ExecuteAsync(
        "INSERT INTO Sessions (Id, Version, Title, Tier, Status, OwnerUnitId, Path, BrandIds, Channels, HostId, CoHostIds, CrewIds, RoomId, StartsAt, EndsAt, " +
        "PreparationDays, WarmUpDays, ReservoirDays, ReviewDays, WarmUpStartsAt, CreatedAt) " +
        $"VALUES ('{id}', 1, 'T', '{tier}', '{status}', 'u', '/a/', '[\"b\"]', '[]', 'h', '{coHosts}', '{crew}', 'r', {5 * Day}, {5 * Day + length}, 3, 2, 1, 5, {3 * Day}, 9)");

    private static Task<string> Text(string name) => File.ReadAllTextAsync(Path.Combine(Repository.Root, "services", "Scheduling", "Migrations", "sqlite", $"{name}.sql"));
}

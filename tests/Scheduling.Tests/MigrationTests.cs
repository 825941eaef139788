using Dapper;
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

    private static Task<string> Text(string name) => File.ReadAllTextAsync(Path.Combine(Repository.Root, "services", "Scheduling", "Migrations", "sqlite", $"{name}.sql"));
}

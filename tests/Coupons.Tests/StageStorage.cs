using LiveCommerce.Kernel;
using Microsoft.Data.SqlClient;

namespace LiveCommerce.Coupons.Tests;

/// <summary>The database under a stage.</summary>
internal sealed class StageStorage
{
    private const string Variable = "LIVECOMMERCE_TEST_SQLSERVER";

    private readonly string? _server;
    private readonly string _database = $"{{service}}-{TimeProvider.System.NewId():N}";

    private StageStorage(string? server) => _server = server;

    /// <summary>In the stage's own folder.</summary>
    public static StageStorage Sqlite { get; } = new(server: null);

    public IReadOnlyList<string> Settings => _server is null
        ? []
        : ["Storage:Engine=SqlServer", $"Storage:ConnectionString={new SqlConnectionStringBuilder(_server) { InitialCatalog = _database }.ConnectionString}"];

    /// <summary>A database of its own on the server that LIVECOMMERCE_TEST_SQLSERVER names. Without one, the test is not run.</summary>
    public static StageStorage SqlServer()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(server)) Assert.Ignore($"{Variable} holds no connection string of a SQL Server to test on.");
        return new StageStorage(server);
    }

    public async Task Drop()
    {
        if (_server is null) return;
        SqlConnection.ClearAllPools();
        await using var connection = new SqlConnection(new SqlConnectionStringBuilder(_server) { InitialCatalog = "master" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"DROP DATABASE IF EXISTS [{_database.Replace("{service}", "coupons", StringComparison.Ordinal)}]";
        await command.ExecuteNonQueryAsync();
    }
}

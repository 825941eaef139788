using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LiveCommerce.Kernel;

namespace LiveCommerce.Data;

/// <summary>Applies the numbered files embedded under <c>Migrations/&lt;dialect&gt;/</c>, each once, in order, one process at a time.</summary>
internal static class Migrator
{
    internal sealed record Migration(string Name, string Text)
    {
        public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }

    /// <summary>The files of one assembly, by name.</summary>
    internal static IReadOnlyList<Migration> Of(Assembly assembly, string dialect)
    {
        var mark = $".Migrations.{dialect}.";
        return assembly.GetManifestResourceNames()
            .Where(n => n.Contains(mark, StringComparison.Ordinal))
            .Select(n => new Migration(n[(n.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..], TextOf(assembly, n)))
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .ToList();
    }

    internal static async Task Migrate(ISqlDialect dialect, IReadOnlyList<Assembly> assemblies, TimeProvider clock, CancellationToken ct)
    {
        await dialect.CreateDatabase(ct);
        await using var connection = await dialect.OpenForMigration(ct);
        if (await connection.ExecuteScalarAsync<int>(dialect.Name == "sqlite"
                ? "SELECT COUNT(*) FROM sqlite_master WHERE name = 'SchemaMigrations'"
                : "SELECT COUNT(*) FROM sys.tables WHERE name = 'SchemaMigrations'") == 0)
        {
            await connection.ExecuteAsync(dialect.Name == "sqlite"
                ? "CREATE TABLE SchemaMigrations (Name TEXT PRIMARY KEY, Hash TEXT NOT NULL, AppliedAt INTEGER NOT NULL)"
                : "CREATE TABLE SchemaMigrations (Name NVARCHAR(200) NOT NULL PRIMARY KEY, Hash NVARCHAR(64) NOT NULL, AppliedAt DATETIME2(6) NOT NULL)");
        }
        var applied = (await connection.QueryAsync<AppliedRow>("SELECT Name, Hash FROM SchemaMigrations")).ToDictionary(r => r.Name, r => r.Hash);
        foreach (var migration in assemblies.Distinct().SelectMany(a => Of(a, dialect.Name)))
        {
            if (applied.TryGetValue(migration.Name, out var hash))
            {
                if (hash != migration.Hash)
                    throw new InvalidOperationException($"Migration {migration.Name} was edited after it had been applied. Write a new one.");
                continue;
            }
            await Apply(connection, migration, clock, ct);
        }
        if (dialect.Name == "sqlite") await connection.ExecuteAsync("COMMIT");
    }

    private static async Task Apply(DbConnection connection, Migration migration, TimeProvider clock, CancellationToken ct)
    {
        // On SQLite the migration lock is a transaction already, and holds all of them.
        await using var transaction = connection is Microsoft.Data.SqlClient.SqlConnection ? await connection.BeginTransactionAsync(ct) : null;
        await connection.ExecuteAsync(migration.Text, transaction: transaction);
        await connection.ExecuteAsync(
            "INSERT INTO SchemaMigrations (Name, Hash, AppliedAt) VALUES (@Name, @Hash, @AppliedAt)",
            new { migration.Name, migration.Hash, AppliedAt = clock.Now() },
            transaction);
        if (transaction is not null) await transaction.CommitAsync(ct);
    }

    private static string TextOf(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private sealed class AppliedRow
    {
        public string Name { get; init; } = "";

        public string Hash { get; init; } = "";
    }
}

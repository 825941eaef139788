using System.Text.RegularExpressions;
using LiveCommerce.Support;

namespace LiveCommerce.Dialect.Tests;

/// <summary>Both databases have the same tables, columns and indexes, for every assembly that has migrations.</summary>
internal sealed partial class SchemaTests
{
    private static IEnumerable<string> Owners => new[] { "shared", "services", "tests" }
        .SelectMany(top => Directory.GetDirectories(Path.Combine(Repository.Root, top)))
        .Where(d => Directory.Exists(Path.Combine(d, "Migrations", "sqlserver")))
        .Select(d => Path.GetRelativePath(Repository.Root, d))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Owners))]
    public void BothDatabases_HaveTheSameFiles_Tables_Columns_AndIndexes(string owner)
    {
        Assert.That(FilesOf(owner, "sqlserver").Select(Path.GetFileName), Is.EqualTo(FilesOf(owner, "sqlite").Select(Path.GetFileName)));
        Assert.That(SchemaOf(owner, "sqlserver"), Is.EqualTo(SchemaOf(owner, "sqlite")));
    }

    [TestCaseSource(nameof(Owners))]
    public void EveryFile_StartsWithItsNumber_AndNumbersAreNotRepeated(string owner)
    {
        var names = FilesOf(owner, "sqlite").Select(f => Path.GetFileName(f)!).ToList();
        Assert.That(names, Is.All.Match(@"^\d{4}_[a-z_]+\.sql$"));
        Assert.That(names.Select(n => n[..4]), Is.Unique);
    }

    [Test]
    public void TheParser_SeesTablesColumnsAndIndexes()
    {
        const string sql = "CREATE TABLE A (\n  Seq BIGINT IDENTITY CONSTRAINT A_Pk PRIMARY KEY,\n  Price DECIMAL(18, 2) NOT NULL,\n  CONSTRAINT A_Check CHECK (Price > 0)\n);\n" +
                           "CREATE UNIQUE INDEX A_Once ON A (Price, Seq) WHERE Price > 1;\nALTER TABLE A ADD COLUMN Note TEXT NULL;\nALTER TABLE A ADD Other BIT NULL;";
        Assert.That(Parse(sql), Is.EqualTo(new[] { "column A.Note", "column A.Other", "column A.Price", "column A.Seq", "index unique A_Once on A", "table A" }));
    }

    private static IReadOnlyList<string> FilesOf(string owner, string dialect) =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, owner, "Migrations", dialect), "*.sql").Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> SchemaOf(string owner, string dialect) => Parse(string.Join('\n', FilesOf(owner, dialect).Select(File.ReadAllText)));

    private static IReadOnlyList<string> Parse(string sql)
    {
        var text = Comment().Replace(sql, "");
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Match table in Table().Matches(text))
        {
            var name = table.Groups[1].Value;
            found.Add($"table {name}");
            foreach (var part in SplitOutsideParentheses(table.Groups[2].Value))
            {
                var first = part.Trim().Split([' ', '\n', '(', '\t'], 2)[0];
                if (first.Length > 0 && !TableConstraint().IsMatch(first)) found.Add($"column {name}.{first}");
            }
        }
        foreach (Match column in Added().Matches(text)) found.Add($"column {column.Groups[1].Value}.{column.Groups[2].Value}");
        foreach (Match index in Index().Matches(text))
            found.Add($"index {(index.Groups[1].Success ? "unique " : "")}{index.Groups[2].Value} on {index.Groups[3].Value}");
        return [.. found];
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth != 0 || text[i] != ',') continue;
            yield return text[start..i];
            start = i + 1;
        }
        yield return text[start..];
    }

    [GeneratedRegex(@"--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"CREATE\s+TABLE\s+(\w+)\s*\((.*?)\)\s*(?:WITHOUT\s+ROWID\s*)?;", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Table();

    [GeneratedRegex("^(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)$", RegexOptions.IgnoreCase)]
    private static partial Regex TableConstraint();

    [GeneratedRegex(@"ALTER\s+TABLE\s+(\w+)\s+ADD\s+(?:COLUMN\s+)?(\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Added();

    // Not its columns: what one database includes beside the key, the other can only append to it.
    [GeneratedRegex(@"CREATE\s+(UNIQUE\s+)?(?:NONCLUSTERED\s+|CLUSTERED\s+)?INDEX\s+(\w+)\s+ON\s+(\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Index();
}

using System.Text;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling;

/// <summary>A line of a table, by the names of its columns.</summary>
/// <param name="Line">Where it begins in the file.</param>
/// <param name="Fields">Without blanks around them.</param>
internal sealed record CsvRecord(int Line, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Empty if the file has no such column.</summary>
    public string this[string column] => Fields.GetValueOrDefault(column, "");
}

/// <summary>A CSV file (RFC 4180) with a header, small enough to be held in memory.</summary>
internal static class CsvTable
{
    /// <summary>The lines under the header; blank ones are passed over, those that do not fit are faults.</summary>
    /// <param name="text">The file.</param>
    /// <param name="columns">All there are; headers name them in any order and case.</param>
    /// <param name="needed">Those a file cannot do without.</param>
    /// <param name="faults">By line.</param>
    public static IReadOnlyList<CsvRecord> Read(string text, IReadOnlyList<string> columns, IReadOnlyList<string> needed, Faults faults)
    {
        var records = Split(text, faults);
        if (records.Count == 0)
        {
            faults.Add("line 1", "csv.empty", "Not even a header line.");
            return [];
        }
        var before = faults.Count;
        var header = records[0].Fields.ConvertAll(h => columns.FirstOrDefault(c => c.Equals(h.Trim(), StringComparison.OrdinalIgnoreCase)) ?? "");
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i].Length == 0) faults.Add("line 1", "csv.column_unknown", $"Column {i + 1} is none of {string.Join(", ", columns)}.");
            else if (header.IndexOf(header[i]) < i) faults.Add("line 1", "csv.column_repeated", $"{header[i]} is there twice.");
        }
        foreach (var column in needed.Where(n => !header.Contains(n))) faults.Add("line 1", "csv.missing_column", $"No column {column}.");
        if (faults.Count > before) return [];
        var table = new List<CsvRecord>();
        foreach (var (line, fields) in records.Skip(1))
        {
            if (fields.Count != header.Count) faults.Add($"line {line}", "csv.field_count", $"{fields.Count} fields where the header has {header.Count}.");
            else table.Add(new CsvRecord(line, header.Zip(fields).ToDictionary(p => p.First, p => Plain(p.Second.Trim()))));
        }
        return table;
    }

    // An export puts an apostrophe before what a spreadsheet would run as a formula.
    private static string Plain(string field) => field is ['\'', '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..] ? field[1..] : field;

    private static List<(int Line, List<string> Fields)> Split(string text, Faults faults)
    {
        var records = new List<(int, List<string>)>();
        var fields = new List<string>();
        var (line, at) = (1, 0);
        var began = line;
        while (at <= text.Length)
        {
            fields.Add(Field(text, ref at, ref line, faults));
            var isEnd = at >= text.Length || text[at] != ',';
            if (isEnd)
            {
                if (fields is not [var only] || !string.IsNullOrWhiteSpace(only)) records.Add((began, fields));
                fields = [];
                if (at < text.Length && text[at] == '\r') at++;
                line++;
                began = line;
            }
            at++;
        }
        return records;
    }

    /// <summary>One field; ends at the comma or the end of the line after it.</summary>
    private static string Field(string text, ref int at, ref int line, Faults faults)
    {
        var field = new StringBuilder();
        if (at < text.Length && text[at] == '"')
        {
            var (opened, isClosed) = (line, false);
            for (at++; at < text.Length && !isClosed; at++)
            {
                if (text[at] == '"')
                {
                    isClosed = at + 1 == text.Length || text[at + 1] != '"';
                    if (isClosed) continue;
                    at++;
                }
                if (text[at] == '\n') line++;
                field.Append(text[at]);
            }
            if (!isClosed) faults.Add($"line {opened}", "csv.quotes", "A quoted field must end with its quote.");
            if (at < text.Length && !IsEnd(text, at)) faults.Add($"line {line}", "csv.quotes", "A quote within a field must be doubled, and the field quoted.");
        }
        for (; at < text.Length && !IsEnd(text, at); at++) field.Append(text[at]);
        return field.ToString();
    }

    private static bool IsEnd(string text, int at) => text[at] is ',' or '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] == '\n'));
}

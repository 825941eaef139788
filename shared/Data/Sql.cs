using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiveCommerce.Data;

/// <summary>Marks in shared SQL text that each dialect replaces with its own words.</summary>
public static class Sql
{
    /// <summary>After ORDER BY: the first <c>@Limit</c> rows.</summary>
    public const string Page = "/*page*/";

    /// <summary>A list of values handed over as one JSON array in <c>@Ids</c>: <c>WHERE Id IN /*ids*/</c>.</summary>
    public const string Ids = "/*ids*/";

    /// <summary>
    /// For set-based writes: one JSON array of objects, handed over in <c>@Rows</c>, as a table of the column <c>value</c>:
    /// <c>INSERT INTO T (Id) SELECT /*field*/(value, '$.Id') FROM /*rows*/</c>. Only fields that are text, whole numbers or
    /// null are read alike by both databases: hand instants over as microseconds.
    /// </summary>
    public const string Rows = "/*rows*/";

    /// <summary>Reads one field of an object of <see cref="Rows"/>: <c>/*field*/(value, '$.Name')</c>.</summary>
    public const string Field = "/*field*/";

    /// <summary>
    /// For set-based writes on hot paths: the <see cref="Rows"/> as lists instead of objects, which are read in half the time, as a
    /// table of these columns: <c>INSERT INTO T (Id) SELECT Id FROM (Listed("Id")) AS r</c>.
    /// </summary>
    /// <param name="columns">What the table's columns shall be called, in the order of the lists.</param>
    public static string Listed(params ReadOnlySpan<string> columns)
    {
        var text = new StringBuilder("SELECT ");
        for (var i = 0; i < columns.Length; i++) text.Append(i == 0 ? "" : ", ").Append(Field).Append($"(value, '$[{i}]') AS {columns[i]}");
        return text.Append($" FROM {Rows}").ToString();
    }

    /// <summary>
    /// After a table's name: whoever reads these rows so next, and changes them, waits for this transaction, so that what was
    /// read still holds when it is written. <c>FROM T/*held*/ WHERE …</c>, in a transaction only.
    /// </summary>
    public const string Held = "/*held*/";

    /// <summary>The caller covers the row: <c>Path</c> column bare, parameters <c>@Scope</c> and <c>@ScopeEnd</c> (see <c>UnitPath.End</c>).</summary>
    public const string InScope = "(Path >= @Scope AND Path < @ScopeEnd)";

    // Letters stay letters: JSON here goes to the database, never into a page, and JSON_VALUE reads 4,000 characters at most.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Plain);

    public static T FromJson<T>(string json) => JsonSerializer.Deserialize<T>(json)!;
}

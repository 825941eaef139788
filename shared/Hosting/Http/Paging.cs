using System.Globalization;
using System.Reflection;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace LiveCommerce.Hosting;

/// <summary>One page of a list, oldest first.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Send as <c>after</c> for the next page; null on the last.</param>
public sealed record PageOf<T>(IReadOnlyList<T> Items, string? Next);

/// <summary><c>?after=&amp;limit=</c>. Statements page by <c>WHERE Seq &gt; @After … ORDER BY Seq /*page*/</c> and read one row more than asked.</summary>
public sealed class PageRequest
{
    public const int MostItems = 200;
    private const int Default = 50;

    private PageRequest(long after, int size) => (After, Size) = (after, size);

    /// <summary>For SQL: rows after this sequence number.</summary>
    public long After { get; }

    /// <summary>Items a page.</summary>
    public int Size { get; }

    /// <summary>For SQL: one more than a page, to know whether there is another.</summary>
    public int Limit => Size + 1;

    public static ValueTask<PageRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var faults = new Faults();
        var query = context.Request.Query;
        var size = Default;
        if (query.TryGetValue("limit", out var limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MostItems))
            faults.Add("?limit", "number.out_of_range", $"Must be from 1 to {MostItems}.");
        long after = 0;
        if (query.TryGetValue("after", out var cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            faults.Add("?after", "cursor.invalid", "Must be the next of an earlier page.");
        return faults.Count == 0
            ? ValueTask.FromResult<PageRequest?>(new PageRequest(after, size))
            : throw new RejectionException(faults.ToRejection());
    }

    /// <summary>Cuts the extra row off and turns its predecessor into the cursor.</summary>
    public PageOf<T> ToPage<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, long> seq, Func<TRow, T> map) => new(
        [.. rows.Take(Size).Select(map)],
        rows.Count > Size ? seq(rows[Size - 1]).ToString(CultureInfo.InvariantCulture) : null);
}

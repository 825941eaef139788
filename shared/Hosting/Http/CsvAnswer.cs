using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LiveCommerce.Hosting;

/// <summary>
/// A table as a CSV file: RFC 4180, UTF-8, first the names of the columns. It is sent while it is read, no faster than
/// the caller takes it, so it may be of any length. If a row cannot be read, the transfer breaks off, so that no part is
/// taken for the whole.
/// </summary>
/// <param name="fileName">What the caller's browser calls it; ASCII, without quotes.</param>
/// <param name="header">Names of the columns.</param>
/// <param name="rows">Read one after the other.</param>
/// <param name="write">Adds a row's fields, as many as there are columns.</param>
public sealed class CsvAnswer<TRow>(string fileName, IReadOnlyList<string> header, IAsyncEnumerable<TRow> rows, Action<CsvLine, TRow> write) : IResult
{
    private const int FlushAfterBytes = 1 << 15;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        await using var row = rows.GetAsyncEnumerator(ct);
        // What fails at once is answered with a status of its own.
        var isThere = await row.MoveNextAsync();
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        response.Headers.CacheControl = "no-store";
        var line = new CsvLine();
        foreach (var name in header) line.Add(name);
        line.End(header.Count);
        while (isThere)
        {
            write(line, row.Current);
            line.End(header.Count);
            if (line.Bytes.WrittenCount >= FlushAfterBytes) await Send();
            isThere = await row.MoveNextAsync();
        }
        await Send();

        async Task Send()
        {
            await response.BodyWriter.WriteAsync(line.Bytes.WrittenMemory, ct);
            line.Bytes.ResetWrittenCount();
        }
    }
}

/// <summary>Takes the fields of a line, one after the other. Null is an empty field.</summary>
public sealed class CsvLine
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private int _fields;

    internal CsvLine()
    {
    }

    /// <summary>What waits to be sent: asking the connection for room field by field would cost more than the fields.</summary>
    internal ArrayBufferWriter<byte> Bytes { get; } = new();

    /// <summary>
    /// Text, in quotes where it needs them. What a spreadsheet would run as a formula gets an apostrophe in front, which
    /// spreadsheets do not show.
    /// </summary>
    public CsvLine Add(string? text)
    {
        Separate();
        if (string.IsNullOrEmpty(text)) return this;
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠') text = $"'{text}";
        if (text.AsSpan().ContainsAny(Special) || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) text = $"\"{text.Replace("\"", "\"\"")}\"";
        var span = Bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Bytes.Advance(Encoding.UTF8.GetBytes(text, span));
        return this;
    }

    public CsvLine Add(long? number)
    {
        Separate();
        if (number is not { } value) return this;
        Utf8Formatter.TryFormat(value, Bytes.GetSpan(20), out var written);
        Bytes.Advance(written);
        return this;
    }

    public CsvLine Add(Guid? id)
    {
        Separate();
        if (id is not { } value) return this;
        Utf8Formatter.TryFormat(value, Bytes.GetSpan(36), out var written);
        Bytes.Advance(written);
        return this;
    }

    /// <summary>RFC 3339, in UTC.</summary>
    public CsvLine Add(DateTimeOffset? at) => Add(at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'"));

    /// <summary>Letters, digits and hyphens, as they are.</summary>
    public CsvLine Add(ReadOnlySpan<byte> ascii)
    {
        Separate();
        ascii.CopyTo(Bytes.GetSpan(ascii.Length));
        Bytes.Advance(ascii.Length);
        return this;
    }

    internal void End(int columns)
    {
        if (_fields != columns) throw new InvalidOperationException($"{_fields} fields in a line of {columns}.");
        _fields = 0;
        Put("\r\n"u8);
    }

    private void Separate()
    {
        if (_fields++ > 0) Put(","u8);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Bytes.GetSpan(bytes.Length));
        Bytes.Advance(bytes.Length);
    }
}

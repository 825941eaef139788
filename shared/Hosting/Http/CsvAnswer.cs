using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
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
        var line = new CsvLine(response.BodyWriter);
        foreach (var name in header) line.Add(name);
        line.End(header.Count);
        while (isThere)
        {
            write(line, row.Current);
            line.End(header.Count);
            if (line.Unflushed >= FlushAfterBytes) await line.Flush(ct);
            isThere = await row.MoveNextAsync();
        }
        await line.Flush(ct);
    }
}

/// <summary>Takes the fields of a line, one after the other. Null is an empty field.</summary>
public sealed class CsvLine
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private readonly PipeWriter _writer;
    private int _fields;

    internal CsvLine(PipeWriter writer) => _writer = writer;

    internal int Unflushed { get; private set; }

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
        var span = _writer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Advance(Encoding.UTF8.GetBytes(text, span));
        return this;
    }

    public CsvLine Add(long? number)
    {
        Separate();
        if (number is not { } value) return this;
        Utf8Formatter.TryFormat(value, _writer.GetSpan(20), out var written);
        Advance(written);
        return this;
    }

    public CsvLine Add(Guid? id)
    {
        Separate();
        if (id is not { } value) return this;
        Utf8Formatter.TryFormat(value, _writer.GetSpan(36), out var written);
        Advance(written);
        return this;
    }

    /// <summary>RFC 3339, in UTC.</summary>
    public CsvLine Add(DateTimeOffset? at) => Add(at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'"));

    /// <summary>Letters, digits and hyphens, as they are.</summary>
    public CsvLine Add(ReadOnlySpan<byte> ascii)
    {
        Separate();
        ascii.CopyTo(_writer.GetSpan(ascii.Length));
        Advance(ascii.Length);
        return this;
    }

    internal void End(int columns)
    {
        if (_fields != columns) throw new InvalidOperationException($"{_fields} fields in a line of {columns}.");
        _fields = 0;
        Put("\r\n"u8);
    }

    internal async Task Flush(CancellationToken ct)
    {
        Unflushed = 0;
        await _writer.FlushAsync(ct);
    }

    private void Separate()
    {
        if (_fields++ > 0) Put(","u8);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_writer.GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    private void Advance(int bytes)
    {
        _writer.Advance(bytes);
        Unflushed += bytes;
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Issues;

/// <summary>A file of customers, read and judged line by line as it streams in; no more than a batch of it is in memory.</summary>
internal sealed class IssueFile(TimeProvider clock)
{
    internal const int MostRows = 1_000_000;
    internal const int BatchSize = 1000;
    private const int LargestLine = 1 << 14;
    private const char BetweenSegments = ';';
    private const int LongestSegments = 500;

    private static readonly string[] Headers = ["customerId", "guideId", "sourceLink", "sessionId", "channelId", "segments"];

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        HasHeader = false,
        TrackLineNumbers = true,
        MaxRecordSize = LargestLine,
    };

    /// <summary>Where each of the columns that are known is in the file; below zero: it is not.</summary>
    private int[] _columns = [];

    private string[] _fields = [];
    private int _width;
    private int _rows;

    public Faults Faults { get; } = new();

    /// <summary>Good rows, by batches. Nothing more once there is a fault: the rest is only judged.</summary>
    /// <exception cref="RejectionException">The file as a whole cannot be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<IssueRow>> Read(Stream body, [EnumeratorCancellation] CancellationToken ct)
    {
        var misquoted = new HashSet<long>();
        // The reader would guess at encodings and quietly put a replacement mark for what it cannot decode.
        using var text = new StreamReader(
            body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        await using var csv = CsvReader.Create(text, Options with { OnMalformedRecord = m => misquoted.Add(m.LineNumber) }, leaveOpen: true);
        var batch = new List<IssueRow>(BatchSize);
        while (await Next(csv, ct))
        {
            _fields = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
            if (_fields is [var only] && string.IsNullOrWhiteSpace(only)) continue;
            if (_width == 0)
            {
                ReadHeader();
                continue;
            }
            if (++_rows > MostRows) throw Refused(IssueFileRejections.TooManyLines, $"Split the file: more than {MostRows} customers.");
            var row = ReadLine(csv.LineNumber, misquoted.Remove(csv.LineNumber));
            if (Faults.Count > 0) continue;
            batch.Add(row);
            if (batch.Count < BatchSize) continue;
            yield return batch;
            batch = new List<IssueRow>(BatchSize);
        }
        if (_rows == 0) throw Refused(IssueFileRejections.Empty, _width == 0 ? "Not even a header line." : "No customer.");
        if (batch.Count > 0 && Faults.Count == 0) yield return batch;
    }

    private static async Task<bool> Next(CsvReader csv, CancellationToken ct)
    {
        var line = csv.LineNumber;
        try
        {
            return await csv.ReadAsync(ct);
        }
        catch (DecoderFallbackException)
        {
            throw Refused(IssueFileRejections.NotUtf8, $"Bytes that are not UTF-8 follow somewhere after line {line}.");
        }
        catch (CsvFormatException)
        {
            throw Refused(IssueFileRejections.Malformed, $"What follows line {line} is one line of more than {LargestLine} bytes: most likely a quote is not closed.");
        }
    }

    private void ReadHeader()
    {
        var names = _fields.Select(f => f.Trim()).ToList();
        if (names.FirstOrDefault(n => !Headers.Contains(n, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw Refused(IssueFileRejections.UnknownColumn, $"No column is called {(unknown.Length > 100 ? unknown[..100] : unknown)}; known are {string.Join(", ", Headers)}.");
        if (names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            throw Refused(IssueFileRejections.RepeatedColumn, $"{repeated.Key} is there {repeated.Count()} times.");
        _columns = [.. Headers.Select(h => names.FindIndex(n => n.Equals(h, StringComparison.OrdinalIgnoreCase)))];
        if (_columns[0] < 0) throw Refused(IssueFileRejections.MissingColumn, $"No column {Headers[0]}.");
        _width = names.Count;
    }

    private IssueRow ReadLine(long line, bool misquoted)
    {
        if (misquoted)
        {
            Fault("csv.quotes", "A quote within a field must be doubled, and the field quoted; a quoted field must end with its quote.");
            return new IssueRow();
        }
        if (_fields.Length != _width)
        {
            Fault("csv.field_count", $"{_fields.Length} fields where the header has {_width}.");
            return new IssueRow();
        }
        var customer = Text(0, ClaimCoupon.LongestId);
        if (customer is null) Fault("csv.customer_missing", "No customer.");
        return new IssueRow
        {
            Ordinal = _rows,
            CouponId = clock.NewId(),
            CustomerId = customer ?? "",
            GuideId = Text(1, ClaimCoupon.LongestId),
            SourceLink = Text(2, ClaimCoupon.LongestLink),
            SessionId = Id(3),
            ChannelId = Id(4),
            Segments = Segments(),
        };

        void Fault(string code, string detail) => Faults.Add($"line {line}", code, detail);

        string? Field(int column) => _columns[column] < 0 || _fields[_columns[column]].Trim() is not { Length: > 0 } value ? null : value;

        string? Text(int column, int longest)
        {
            var value = Field(column);
            if (value?.Length > longest || value?.Any(char.IsControl) == true)
                Fault("csv.text_invalid", $"{Headers[column]} must be at most {longest} characters, without control characters.");
            return value;
        }

        Guid? Id(int column)
        {
            if (Field(column) is not { } value) return null;
            if (Guid.TryParseExact(value, "D", out var id)) return id;
            Fault("csv.id_invalid", $"{Headers[column]} must be a UUID.");
            return null;
        }

        string? Segments()
        {
            if (Field(5) is not { } value) return null;
            var segments = value.Split(BetweenSegments, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (segments.Length > ClaimCoupon.MostSegments || value.Length > LongestSegments || value.Any(char.IsControl))
                Fault("csv.segments_invalid", $"At most {ClaimCoupon.MostSegments} segments in {LongestSegments} characters, with {BetweenSegments} between them and without control characters.");
            return Sql.Json(segments);
        }
    }

    private static RejectionException Refused(RejectionKind kind, string detail) => new(kind.Because(detail));
}

internal static class IssueFileRejections
{
    internal static readonly RejectionKind NotUtf8 = new("csv.not_utf8", 400, "The file is not UTF-8 text.");
    internal static readonly RejectionKind Empty = new("csv.empty", 400, "The file is empty.");
    internal static readonly RejectionKind Malformed = new("csv.malformed", 400, "The file cannot be taken apart into fields.");
    internal static readonly RejectionKind MissingColumn = new("csv.missing_column", 400, "The header lacks a column the import needs.");
    internal static readonly RejectionKind UnknownColumn = new("csv.unknown_column", 400, "The header names a column there is not.");
    internal static readonly RejectionKind RepeatedColumn = new("csv.column_repeated", 400, "Two columns of the header mean the same.");
    internal static readonly RejectionKind TooManyLines = new("csv.too_many_lines", 400, "The file holds more lines than one file may.");
    internal static readonly RejectionKind HasFaults = new("csv.has_faults", 400, "Lines of the file have faults, and nothing was imported.");
}

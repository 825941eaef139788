using System.Runtime.CompilerServices;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
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

    /// <summary>Where each of the columns that are known is in the file; below zero: it is not.</summary>
    private int[] _columns = [];

    private IReadOnlyList<string> _fields = [];
    private int _width;
    private int _rows;

    public Faults Faults { get; } = new();

    /// <summary>Good rows, by batches. Nothing more once there is a fault: the rest is only judged.</summary>
    /// <exception cref="RejectionException">The file as a whole cannot be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<IssueRow>> Read(Stream body, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new List<IssueRow>(BatchSize);
        await foreach (var record in CsvRecords.Read(body, LargestLine, ct))
        {
            _fields = record.Fields;
            if (_width == 0)
            {
                ReadHeader();
                continue;
            }
            if (++_rows > MostRows) throw Refused(CsvRejections.TooManyLines, $"Split the file: more than {MostRows} customers.");
            var row = record.Fits(_width, Faults) ? ReadLine(record.Line) : new IssueRow();
            if (Faults.Count > 0) continue;
            batch.Add(row);
            if (batch.Count < BatchSize) continue;
            yield return batch;
            batch = new List<IssueRow>(BatchSize);
        }
        if (_rows == 0) throw Refused(CsvRejections.Empty, _width == 0 ? "Not even a header line." : "No customer.");
        if (batch.Count > 0 && Faults.Count == 0) yield return batch;
    }

    private void ReadHeader()
    {
        var names = _fields.Select(f => f.Trim()).ToList();
        if (names.FirstOrDefault(n => !Headers.Contains(n, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw Refused(CsvRejections.UnknownColumn, $"No column is called {(unknown.Length > 100 ? unknown[..100] : unknown)}; known are {string.Join(", ", Headers)}.");
        if (names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            throw Refused(CsvRejections.RepeatedColumn, $"{repeated.Key} is there {repeated.Count()} times.");
        _columns = [.. Headers.Select(h => names.FindIndex(n => n.Equals(h, StringComparison.OrdinalIgnoreCase)))];
        if (_columns[0] < 0) throw Refused(CsvRejections.MissingColumn, $"No column {Headers[0]}.");
        _width = names.Count;
    }

    private IssueRow ReadLine(long line)
    {
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

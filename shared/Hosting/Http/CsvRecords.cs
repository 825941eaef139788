using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using LiveCommerce.Kernel;

namespace LiveCommerce.Hosting;

/// <summary>A line of a CSV file, the header included; over several lines of text if a quoted field is.</summary>
/// <param name="Line">Where it stands in the file, from 1.</param>
/// <param name="Fields">As they are, blanks and all, without their quotes.</param>
/// <param name="IsMisquoted">A quote stands where none may: what the fields hold is a guess.</param>
public sealed record CsvRecord(long Line, IReadOnlyList<string> Fields, bool IsMisquoted)
{
    /// <summary>True if the line can be read under a header of so many columns; else the fault is added.</summary>
    public bool Fits(int columns, Faults faults)
    {
        if (IsMisquoted) faults.Add($"line {Line}", "csv.quotes", "A quote within a field must be doubled, and the field quoted; a quoted field must end with its quote.");
        else if (Fields.Count != columns) faults.Add($"line {Line}", "csv.field_count", $"{Fields.Count} fields where the header has {columns}.");
        else return true;
        return false;
    }
}

/// <summary>Reads CSV files (RFC 4180, UTF-8) as they stream in, one line in memory, however many there are.</summary>
public static class CsvRecords
{
    /// <summary>All lines but blank ones.</summary>
    /// <param name="body">With or without a byte order mark.</param>
    /// <param name="largestLine">Bytes.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="RejectionException"><see cref="CsvRejections.NotUtf8"/> or <see cref="CsvRejections.Malformed"/>.</exception>
    public static async IAsyncEnumerable<CsvRecord> Read(Stream body, int largestLine, [EnumeratorCancellation] CancellationToken ct)
    {
        var misquoted = new HashSet<long>();
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = largestLine,
            OnMalformedRecord = m => misquoted.Add(m.LineNumber),
        };
        // The reader would guess at encodings and quietly put a replacement mark for what it cannot decode.
        using var text = new StreamReader(
            body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        await using var csv = CsvReader.Create(text, options, leaveOpen: true);
        while (await Next(csv, largestLine, ct))
        {
            var fields = new string[csv.FieldCount];
            for (var i = 0; i < fields.Length; i++) fields[i] = csv.GetString(i);
            if (fields is [var only] && string.IsNullOrWhiteSpace(only)) continue;
            yield return new CsvRecord(csv.LineNumber, fields, misquoted.Remove(csv.LineNumber));
        }
    }

    private static async Task<bool> Next(CsvReader csv, int largestLine, CancellationToken ct)
    {
        var line = csv.LineNumber;
        try
        {
            return await csv.ReadAsync(ct);
        }
        catch (DecoderFallbackException)
        {
            throw new RejectionException(CsvRejections.NotUtf8.Because($"Bytes that are not UTF-8 follow somewhere after line {line}."));
        }
        catch (CsvFormatException)
        {
            throw new RejectionException(CsvRejections.Malformed.Because($"What follows line {line} is one line of more than {largestLine} bytes: most likely a quote is not closed."));
        }
    }
}

/// <summary>Why a file as a whole is refused.</summary>
public static class CsvRejections
{
    public static readonly RejectionKind NotUtf8 = new("csv.not_utf8", 400, "The file is not UTF-8 text.");
    public static readonly RejectionKind Empty = new("csv.empty", 400, "The file is empty.");
    public static readonly RejectionKind Malformed = new("csv.malformed", 400, "The file cannot be taken apart into fields.");
    public static readonly RejectionKind MissingColumn = new("csv.missing_column", 400, "The header lacks a column the import needs.");
    public static readonly RejectionKind UnknownColumn = new("csv.unknown_column", 400, "The header names a column there is not.");
    public static readonly RejectionKind RepeatedColumn = new("csv.column_repeated", 400, "Two columns of the header mean the same.");
    public static readonly RejectionKind TooManyLines = new("csv.too_many_lines", 400, "The file holds more lines than one file may.");
    public static readonly RejectionKind HasFaults = new("csv.has_faults", 400, "Lines of the file have faults, and nothing was imported.");

    /// <summary>Names the first hundred faults and counts all.</summary>
    public static Rejection Refused(IReadOnlyList<Fault> faults, int count, string consequence) =>
        (HasFaults.Because($"{count} faults; {consequence}") with { Faults = faults }).With("faultCount", count);
}

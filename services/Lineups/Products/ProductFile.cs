using System.Globalization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Lineups.Products;

/// <summary>The columns an import understands; headers name them in any order and case.</summary>
internal enum ProductColumn
{
    Code,
    Name,
    Gender,
    MasterCategory,
    SubCategory,
    ArticleType,
    BaseColour,
    Season,
    Year,
    Usage,
    Brand,
    ListPriceMinor,
    FloorPriceMinor,
    Stock,
}

/// <summary>A product file, read and judged line by line as it streams in. Good lines and faults; nothing is stored.</summary>
internal sealed class ProductFile
{
    internal const int MostLines = 200_000;
    private const int LongestCode = 64;
    private const int LongestName = 200;
    private const int LongestText = 100;
    private const int LargestLine = 1 << 16;
    private const int MostStock = 1_000_000_000;

    private static readonly Dictionary<string, ProductColumn> Headers = new(
        Enum.GetValues<ProductColumn>().ToDictionary(c => c.ToString(), StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = ProductColumn.Code,
        ["productDisplayName"] = ProductColumn.Name,
    };

    private readonly IReadOnlyDictionary<string, Guid> _brands;
    private readonly Dictionary<ProductColumn, int> _columns = [];
    private readonly Dictionary<string, long> _lineOfCode = [];
    private readonly List<ProductLine> _lines = [];
    private readonly List<string> _ignored = [];
    private IReadOnlyList<string> _fields = [];

    private ProductFile(IReadOnlyDictionary<string, Guid> brands) => _brands = brands;

    /// <summary>Lines that hold a product, good or not.</summary>
    public int LinesRead { get; private set; }

    public IReadOnlyList<ProductLine> Lines => _lines;

    public IReadOnlyList<string> IgnoredColumns => _ignored;

    public Faults Faults { get; } = new();

    /// <summary>A column that is not in the file leaves what is stored alone.</summary>
    public bool Has(ProductColumn column) => _columns.ContainsKey(column);

    /// <param name="body">UTF-8, with or without a byte order mark.</param>
    /// <param name="brands">Ids by code.</param>
    /// <returns>A refusal only if the header does not do or there are too many lines; what is wrong with single lines is in <see cref="Faults"/>.</returns>
    /// <exception cref="RejectionException">The file as a whole cannot be read.</exception>
    public static async Task<Result<ProductFile>> Read(Stream body, IReadOnlyDictionary<string, Guid> brands, CancellationToken ct)
    {
        var file = new ProductFile(brands);
        await foreach (var record in CsvRecords.Read(body, LargestLine, ct))
        {
            file._fields = record.Fields;
            if (file._columns.Count == 0)
            {
                if (file.ReadHeader() is { } refused) return refused;
                continue;
            }
            if (++file.LinesRead > MostLines) return CsvRejections.TooManyLines.Because($"Split the file: more than {MostLines} products.");
            if (record.Fits(file._columns.Count + file._ignored.Count, file.Faults)) file.ReadLine(record.Line);
        }
        return file._columns.Count == 0 ? CsvRejections.Empty.Because("Not even a header line.") : file;
    }

    private Rejection? ReadHeader()
    {
        var faults = new Faults();
        for (var i = 0; i < _fields.Count; i++)
        {
            var header = _fields[i].Trim();
            if (!Headers.TryGetValue(header, out var column)) _ignored.Add(header.Length > LongestText ? header[..LongestText] : header);
            else if (!_columns.TryAdd(column, i)) faults.Add("line 1", CsvRejections.RepeatedColumn.Code, $"{header} says again what column {_columns[column] + 1} says.");
        }
        if (faults.Count > 0) return CsvRejections.RepeatedColumn.Because("Two columns mean the same.") with { Faults = faults.List };
        foreach (var needed in new[] { ProductColumn.Code, ProductColumn.Name }.Where(c => !Has(c)))
            faults.Add("line 1", CsvRejections.MissingColumn.Code, $"No column {string.Join(" or ", Headers.Where(h => h.Value == needed).Select(h => char.ToLowerInvariant(h.Key[0]) + h.Key[1..]))}.");
        return faults.Count == 0 ? null : CsvRejections.MissingColumn.Because("The header lacks a column.") with { Faults = faults.List };
    }

    private void ReadLine(long line)
    {
        var before = Faults.Count;
        void Fault(string code, string detail) => Faults.Add($"line {line}", code, detail);
        var code = Text(ProductColumn.Code, LongestCode, Fault);
        if (code is null) Fault("csv.code_missing", "No product code.");
        else if (code.Contains('/')) Fault("csv.text_invalid", "A product code must not contain a slash.");
        else if (!_lineOfCode.TryAdd(code, line)) Fault("csv.code_repeated", $"Product {code} is on line {_lineOfCode[code]} already.");
        var name = Text(ProductColumn.Name, LongestName, Fault);
        if (name is null) Fault("csv.name_missing", "No product name.");
        var brand = Text(ProductColumn.Brand, LongestText, Fault)?.ToLowerInvariant();
        Guid brandId = default;
        if (brand is not null && !_brands.TryGetValue(brand, out brandId)) Fault("csv.brand_unknown", $"No brand {brand}.");
        string?[] category = [Text(ProductColumn.MasterCategory, LongestText, Fault), Text(ProductColumn.SubCategory, LongestText, Fault), Text(ProductColumn.ArticleType, LongestText, Fault)];
        var product = new ProductLine
        {
            Line = line,
            Code = code ?? "",
            Name = name ?? "",
            BrandId = brand is null ? null : brandId,
            BrandCode = brand,
            Gender = Text(ProductColumn.Gender, LongestText, Fault),
            Category = category.Any(c => c is not null) ? string.Join('/', category.Where(c => c is not null)) : null,
            Colour = Text(ProductColumn.BaseColour, LongestText, Fault),
            Season = Text(ProductColumn.Season, LongestText, Fault),
            Year = (int?)Number(ProductColumn.Year, 1900, 2999, Fault),
            Usage = Text(ProductColumn.Usage, LongestText, Fault),
            ListPriceMinor = Number(ProductColumn.ListPriceMinor, 1, Money.MaxMinor, Fault),
            FloorPriceMinor = Number(ProductColumn.FloorPriceMinor, 0, Money.MaxMinor, Fault),
            Stock = Number(ProductColumn.Stock, 0, MostStock, Fault),
        };
        if (product.ListPriceMinor < product.FloorPriceMinor) Fault("csv.price_below_floor", ProductLine.BelowFloor(product.ListPriceMinor, product.FloorPriceMinor));
        if (Faults.Count == before) _lines.Add(product);
    }

    private string? Text(ProductColumn column, int longest, Action<string, string> fault)
    {
        if (!_columns.TryGetValue(column, out var i)) return null;
        var value = _fields[i].Trim();
        if (value.Length == 0) return null;
        if (value.Length > longest || value.Any(char.IsControl)) fault("csv.text_invalid", $"{column} must be at most {longest} characters, without control characters.");
        return value;
    }

    private long? Number(ProductColumn column, long min, long max, Action<string, string> fault)
    {
        if (!_columns.TryGetValue(column, out var i)) return null;
        var text = _fields[i].Trim();
        if (text.Length == 0) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && min <= number && number <= max) return number;
        fault("csv.number_invalid", $"{column} must be a whole number from {min} to {max}.");
        return null;
    }
}

/// <summary>One good line of a file.</summary>
internal sealed record ProductLine
{
    public required long Line { get; init; }

    public required string Code { get; init; }

    public required string Name { get; init; }

    public Guid? BrandId { get; init; }

    public string? BrandCode { get; init; }

    public string? Gender { get; init; }

    public string? Category { get; init; }

    public string? Colour { get; init; }

    public string? Season { get; init; }

    public int? Year { get; init; }

    public string? Usage { get; init; }

    public long? ListPriceMinor { get; init; }

    public long? FloorPriceMinor { get; init; }

    public long? Stock { get; init; }

    public static string BelowFloor(long? list, long? floor) => $"The list price {list} is below the floor price {floor}.";

    /// <summary>The product as it is after this line: an empty field empties, a missing column leaves alone.</summary>
    public ProductRow ApplyTo(ProductRow product, ProductFile file) => product with
    {
        Code = Code,
        Name = Name,
        BrandId = file.Has(ProductColumn.Brand) ? BrandId : product.BrandId,
        BrandCode = file.Has(ProductColumn.Brand) ? BrandCode : product.BrandCode,
        Gender = file.Has(ProductColumn.Gender) ? Gender : product.Gender,
        Category = file.Has(ProductColumn.MasterCategory) || file.Has(ProductColumn.SubCategory) || file.Has(ProductColumn.ArticleType) ? Category : product.Category,
        Colour = file.Has(ProductColumn.BaseColour) ? Colour : product.Colour,
        Season = file.Has(ProductColumn.Season) ? Season : product.Season,
        Year = file.Has(ProductColumn.Year) ? Year : product.Year,
        Usage = file.Has(ProductColumn.Usage) ? Usage : product.Usage,
        ListPriceMinor = file.Has(ProductColumn.ListPriceMinor) ? ListPriceMinor : product.ListPriceMinor,
        FloorPriceMinor = file.Has(ProductColumn.FloorPriceMinor) ? FloorPriceMinor : product.FloorPriceMinor,
        Stock = file.Has(ProductColumn.Stock) ? Stock : product.Stock,
    };
}

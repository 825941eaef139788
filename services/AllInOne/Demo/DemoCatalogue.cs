using System.Globalization;
using CsvHelper;

namespace LiveCommerce.AllInOne.Demo;

/// <summary>A product of the demonstration, with the price the rule gives it.</summary>
internal sealed record DemoProduct(string Code, string Name, long ListPriceMinor)
{
    public long FloorPriceMinor => ListPriceMinor * 60 / 100;

    public long LivePriceMinor => ListPriceMinor * 80 / 100;
}

/// <summary>
/// The catalogue to import. The data set has no prices and no stock; the rule is: list price by master category (Apparel 199,
/// Footwear 399, Accessories 149, others 89 yuan) plus ten yuan times the id modulo 50; floor price 60 % of it; stock 50 plus the id
/// modulo 200; brand by the id modulo the number of brands. The file, or without one the excerpt, is cut short, or repeated in
/// further colours, until there are just as many products as the scale asks for.
/// </summary>
internal sealed class DemoCatalogue
{
    private static readonly string[] Colours = ["Black", "White", "Navy Blue", "Grey", "Red", "Green", "Beige", "Pink", "Brown", "Purple"];

    private DemoCatalogue(string csv, IReadOnlyList<DemoProduct> products) => (Csv, Products) = (csv, products);

    /// <summary>As sent to the import.</summary>
    public string Csv { get; }

    /// <summary>Those the import will take.</summary>
    public IReadOnlyList<DemoProduct> Products { get; }

    public static DemoCatalogue Load(DemoScale scale, IReadOnlyList<string> brandCodes)
    {
        using var text = scale.CatalogueFile is { } file
            ? new StreamReader(file)
            : new StreamReader(typeof(DemoCatalogue).Assembly.GetManifestResourceStream("LiveCommerce.AllInOne.Demo.catalogue-excerpt.csv")!);
        var rows = Read(text);
        using var csv = new StringWriter();
        using var writer = CsvWriter.Create(csv, CsvWriterOptions.Default, leaveOpen: true);
        string[] copied = ["gender", "masterCategory", "subCategory", "articleType", "season", "usage"];
        foreach (var name in (string[])["code", "name", "baseColour", "year", .. copied, "brand", "listPriceMinor", "floorPriceMinor", "stock"]) writer.WriteField(name);
        writer.EndRecord();
        var products = new List<DemoProduct>();
        for (var i = 0; i < scale.Products; i++)
        {
            var row = rows[i % rows.Count];
            var round = i / rows.Count;
            var id = int.Parse(row["id"], CultureInfo.InvariantCulture) + round * 100_000;
            var colour = round == 0 ? row["baseColour"] : Colours[round % Colours.Length];
            var name = round == 0 ? row["productDisplayName"] : $"{row["productDisplayName"]} {colour} {round}";
            var product = new DemoProduct(id.ToString(CultureInfo.InvariantCulture), name, ListPrice(row["masterCategory"], id));
            writer.WriteField(product.Code);
            writer.WriteField(name);
            writer.WriteField(colour);
            writer.WriteField(row["year"]);
            foreach (var column in copied) writer.WriteField(row[column]);
            writer.WriteField(brandCodes[id % brandCodes.Count]);
            writer.WriteField(product.ListPriceMinor);
            writer.WriteField(product.FloorPriceMinor);
            writer.WriteField(50 + id % 200);
            writer.EndRecord();
            if (name.Trim().Length > 0) products.Add(product);
        }
        writer.Flush();
        return new DemoCatalogue(csv.ToString(), products);
    }

    private static List<Dictionary<string, string>> Read(TextReader text)
    {
        using var reader = CsvReader.Create(text, CsvReaderOptions.Default, leaveOpen: true);
        reader.ReadHeader();
        var headers = reader.Headers.ToArray();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read()) rows.Add(headers.ToDictionary(h => h, h => reader.GetString(h)));
        return rows;
    }

    private static long ListPrice(string category, int id) => 100 * (category switch
    {
        "Apparel" => 199,
        "Footwear" => 399,
        "Accessories" => 149,
        _ => 89,
    } + 10 * (id % 50));
}

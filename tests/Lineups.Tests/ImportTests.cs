using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Lineups.Tests;

internal sealed class ImportTests
{
    [Test]
    public async Task AFileIsImported_WhateverTheOrderAndCaseOfItsColumns()
    {
        await using var world = await World.Start();
        var report = await world.Import(
            "ProductDisplayName,ID,articletype,MasterCategory,subCategory,gender,baseColour,season,year,usage,brand,listPriceMinor,floorPriceMinor,stock,image,\n" +
            "Check Shirt,15970,Shirts,Apparel,Topwear,Men,Navy Blue,Fall,2011,Casual,Nordic,19900,9900,30,a.jpg,x\n");
        Assert.That(report.Status, Is.EqualTo(200), report.Content);
        Assert.That((int)report.Json["added"]!, Is.EqualTo(1));
        Assert.That(report.Json["ignoredColumns"]!.AsArray().Select(c => (string)c!), Is.EqualTo(new[] { "image", "" }));

        var product = (await world.At(World.Reseller, Role.Analyst).Get("/lineups/products")).Json["items"]!.AsArray().Single()!;
        Assert.Multiple(() =>
        {
            Assert.That((string)product["code"]!, Is.EqualTo("15970"));
            Assert.That((string)product["name"]!, Is.EqualTo("Check Shirt"));
            Assert.That((Guid)product["brandId"]!, Is.EqualTo(world.BrandId));
            Assert.That((string)product["brandCode"]!, Is.EqualTo("nordic"));
            Assert.That((string)product["category"]!, Is.EqualTo("Apparel/Topwear/Shirts"));
            Assert.That((string)product["colour"]!, Is.EqualTo("Navy Blue"));
            Assert.That((int)product["year"]!, Is.EqualTo(2011));
            Assert.That((string)product["currency"]!, Is.EqualTo("CNY"));
            Assert.That((long)product["listPriceMinor"]!, Is.EqualTo(19900));
            Assert.That((long)product["floorPriceMinor"]!, Is.EqualTo(9900));
            Assert.That((long)product["stock"]!, Is.EqualTo(30));
        });
        var one = await world.At(World.South).Get($"/lineups/products/{(Guid)product["id"]!}");
        Assert.That((string)one.Json["usage"]!, Is.EqualTo("Casual"));
    }

    [Test]
    public async Task ARepeatedImportChangesNothing_AndAChangedLineUpdatesOnlyItself()
    {
        await using var world = await World.Start();
        Assert.That(Counts(await world.Import(World.Catalogue)), Is.EqualTo((4, 4, 0, 0, 0)));
        Assert.That(Counts(await world.Import(World.Catalogue)), Is.EqualTo((4, 0, 0, 4, 0)));
        Assert.That(Counts(await world.Import(World.Catalogue.Replace("Scarf", "Long scarf") + "E,New,1,,\n")), Is.EqualTo((5, 1, 1, 3, 0)));
    }

    [Test]
    public async Task AMissingColumnLeavesAlone_AndAnEmptyFieldEmpties()
    {
        await using var world = await World.Start();
        await world.Import("code,name,gender,listPriceMinor,stock\nA,Coat,Women,10000,5\n");
        await world.Import("code,name,gender\nA,Long coat,\n");
        var product = (await world.At(World.Hq).Get("/lineups/products")).Json["items"]![0]!;
        Assert.That((string)product["name"]!, Is.EqualTo("Long coat"));
        Assert.That(product["gender"], Is.Null);
        Assert.That((long)product["listPriceMinor"]!, Is.EqualTo(10000));

        var floor = await world.Import("code,name,floorPriceMinor\nA,Long coat,10001\n");
        Assert.That(floor.Code, Is.EqualTo("csv.has_faults"), "the floor is judged with the list price as it is stored");
        Assert.That((string)floor.Json["faults"]![0]!["code"]!, Is.EqualTo("csv.price_below_floor"));
        Assert.That(Counts(await world.Import("code,name,floorPriceMinor\nA,Long coat,10001\nB,Hat,5\n", "?onError=skip")), Is.EqualTo((2, 1, 0, 0, 1)));
    }

    [TestCase("\n", "\uFEFF")]
    [TestCase("\r\n", "")]
    public async Task QuotesCommasAndBlankLines_AreRead(string newline, string mark)
    {
        await using var world = await World.Start();
        var csv = string.Join(newline, $"{mark}code,name,colour", "1,\"Shirt, \"\"Blue\"\"\",x", "", "2, 羽绒服 ,y", "   ", "3,Last,z");
        var report = await world.Import(csv);
        Assert.That(Counts(report), Is.EqualTo((3, 3, 0, 0, 0)), report.Content);
        var names = (await world.At(World.Hq).Get("/lineups/products")).Json["items"]!.AsArray().Select(p => (string)p!["name"]!).Order(StringComparer.Ordinal);
        Assert.That(names, Is.EqualTo(new[] { "Last", "Shirt, \"Blue\"", "羽绒服" }));
    }

    // The line after each fault tells that numbering goes on rightly, also after a blank line and a line break in quotes.
    private const string Faulty =
        "code,name,year,listPriceMinor,floorPriceMinor,stock,brand\n" + // 1
        "G1,Good,2020,100,50,1,nordic\n" + // 2
        ",No code,,,,,\n" + // 3
        "F2,,,,,,\n" + // 4
        "G1,Again,,,,,\n" + // 5
        "\n" + // 6
        "F3,Too few,2020\n" + // 7
        "F4,Too many,,,,,,\n" + // 8
        "F5,Year,twelve,,,,\n" + // 9
        "F6,Price,,12.50,,,\n" + // 10
        "F7,Negative,,,,-1,\n" + // 11
        "F8,Brand,,,,,unheard-of\n" + // 12
        "F9,Floor,,50,51,,\n" + // 13
        "F10,\"Broken\nname\",,,,,\n" + // 14, 15
        "F11,Stray \"quote,,,,,\n" + // 16
        "a/b,Slash,,,,,\n" + // 17
        "F12,,,x,,x,unheard-of\n" + // 18: four faults
        "G2,Good too,,,,,\n"; // 19

    private static readonly string[] FaultyReport =
    [
        "line 3 csv.code_missing", "line 4 csv.name_missing", "line 5 csv.code_repeated", "line 7 csv.field_count", "line 8 csv.field_count",
        "line 9 csv.number_invalid", "line 10 csv.number_invalid", "line 11 csv.number_invalid", "line 12 csv.brand_unknown", "line 13 csv.price_below_floor",
        "line 14 csv.text_invalid", "line 16 csv.quotes", "line 17 csv.text_invalid",
        "line 18 csv.name_missing", "line 18 csv.brand_unknown", "line 18 csv.number_invalid", "line 18 csv.number_invalid",
    ];

    [Test]
    public async Task EveryFaultIsReportedByItsLine_AndNothingIsImported()
    {
        await using var world = await World.Start();
        var refused = await world.Import(Faulty);
        Assert.That(refused.Status, Is.EqualTo(400), refused.Content);
        Assert.That(refused.Code, Is.EqualTo("csv.has_faults"));
        Assert.That(Faults(refused), Is.EqualTo(FaultyReport));
        Assert.That((int)refused.Json["faultCount"]!, Is.EqualTo(FaultyReport.Length));
        Assert.That((await world.At(World.Hq).Get("/lineups/products")).Json["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task SkippingImportsTheGoodLines_AndSaysWhatWasLeftOut()
    {
        await using var world = await World.Start();
        var report = await world.Import(Faulty, "?onError=skip");
        Assert.That(Counts(report), Is.EqualTo((16, 2, 0, 0, 14)), report.Content);
        Assert.That(Faults(report), Is.EqualTo(FaultyReport));
        var codes = (await world.At(World.Hq).Get("/lineups/products")).Json["items"]!.AsArray().Select(p => (string)p!["code"]!);
        Assert.That(codes, Is.EquivalentTo(new[] { "G1", "G2" }));
    }

    [Test]
    public async Task FaultsBeyondAHundred_AreCounted()
    {
        await using var world = await World.Start();
        var refused = await world.Import("code,name\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"{i},\n")));
        Assert.That(Faults(refused), Has.Length.EqualTo(100));
        Assert.That((int)refused.Json["faultCount"]!, Is.EqualTo(250));
    }

    [TestCase("", "csv.empty")]
    [TestCase("\n\n", "csv.empty")]
    [TestCase("gender,season\nMen,Fall\n", "csv.missing_column")]
    [TestCase("code,gender\n1,Men\n", "csv.missing_column")]
    [TestCase("code,name,id\n1,x,1\n", "csv.column_repeated")]
    public async Task AFileThatCannotBeAnImport_IsRefused(string csv, string code)
    {
        await using var world = await World.Start();
        var refused = await world.Import(csv, "?onError=skip");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, code)));
    }

    [Test]
    public async Task BothMissingColumns_AreNamed()
    {
        await using var world = await World.Start();
        Assert.That((await world.Import("gender\n")).Json["faults"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task WhatIsNotUtf8_IsRefused()
    {
        await using var world = await World.Start();
        byte[] latin = [.. "code,name\n1,Caf"u8, 0xE9, .. "\n"u8];
        Assert.That((await world.Import(latin)).Code, Is.EqualTo("csv.not_utf8"));
        byte[] wide = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("code,name\n1,x\n")];
        Assert.That((await world.Import(wide)).Code, Is.EqualTo("csv.not_utf8"));
    }

    [Test]
    public async Task AQuoteThatIsNeverClosed_DoesNotSwallowMemoryNorPass()
    {
        await using var world = await World.Start();
        var rest = string.Concat(Enumerable.Repeat("2,Name\n", 100_000));
        Assert.That((await world.Import($"code,name\n1,\"Name\n{rest}")).Code, Is.EqualTo("csv.malformed"));
        Assert.That(Faults(await world.Import("code,name\n1,\"Name\n")), Does.Contain("line 2 csv.quotes"));
    }

    [Test]
    public async Task OnlyCsvIsTaken_AndOnlyKnownModes()
    {
        await using var world = await World.Start();
        Assert.That((await world.Import("{}"u8.ToArray(), type: "application/json")).Status, Is.EqualTo(415));
        Assert.That((await world.Import(World.Catalogue, "?onError=ignore")).Faults, Is.EqualTo(new[] { "?onError" }));
    }

    [Test]
    public async Task AFileBeyondTheLimit_IsRefusedBeforeItIsSent()
    {
        await using var world = await World.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(world.Host.Address.Host, world.Host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /lineups/products/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: {world.At(World.Hq).DefaultRequestHeaders.Authorization}\r\n" +
            $"Content-Type: text/csv\r\nContent-Length: {(64 << 20) + 1}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync(), Does.StartWith("HTTP/1.1 413"));
    }

    [Test]
    public async Task AFileOfSeveralMegabytes_IsTaken()
    {
        await using var world = await World.Start();
        var name = new string('n', 190);
        var report = await world.Import("code,name\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i},{name}\n")));
        Assert.That(Counts(report), Is.EqualTo((10_000, 10_000, 0, 0, 0)));
    }

    [Test]
    public async Task OnlyHeadquartersImports_AndEachTenantHasItsOwnCatalogue()
    {
        await using var world = await World.Start();
        Assert.That((await world.Import(World.Catalogue, at: World.North)).Code, Is.EqualTo("product.headquarters_only"));
        Assert.That((await world.Import(World.Catalogue, at: "/")).Code, Is.EqualTo("product.headquarters_only"));
        Assert.That((await world.At(World.Hq, Role.Planner).Post("/lineups/products/import")).Status, Is.EqualTo(403));
        Assert.That((await world.Host.Anonymous().Post("/lineups/products/import")).Status, Is.EqualTo(401));

        var ours = await world.Products();
        var theirs = await world.Products(World.Catalogue.Replace("Coat", "Manteau"), World.Foreign);
        Assert.That(ours.Values, Is.Not.EquivalentTo(theirs.Values));
        Assert.That((await world.At(World.Foreign).Get($"/lineups/products/{ours["A"]}")).Code, Is.EqualTo("product.not_found"));
        Assert.That((string)(await world.At(World.Foreign).Get($"/lineups/products/{theirs["A"]}")).Json["currency"]!, Is.EqualTo("EUR"));
        Assert.That((await world.Import("code,name,brand\nX,x,nordic\n", at: World.Foreign)).Code, Is.EqualTo("csv.has_faults"), "a brand of another tenant");
    }

    [Test]
    public async Task TheSameKeyGivesTheFirstAnswer_AndIsRefusedForAnotherFile()
    {
        await using var world = await World.Start();
        var first = await world.Import(World.Catalogue, key: "k1");
        var second = await world.Import(World.Catalogue, key: "k1");
        Assert.That(Counts(second), Is.EqualTo(Counts(first)), "added again, as the first time");
        Assert.That((await world.Import(World.Catalogue + "E,New,1,,\n", key: "k1")).Code, Is.EqualTo("request.idempotency_key_reused"));
    }

    [Test]
    public async Task ImportsThatRace_AddEachProductOnce()
    {
        await using var world = await World.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Import(World.Catalogue)));
        Assert.That(answers.Sum(a => (int)a.Json["added"]!), Is.EqualTo(4));
        Assert.That(answers.Sum(a => (int)a.Json["unchanged"]!), Is.EqualTo(28));
    }

    [Test]
    public async Task ImportsOfOtherColumns_DoNotUndoEachOther()
    {
        await using var world = await World.Start();
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(world.Import($"code,name,gender\nA,Coat,g{round}\n"), world.Import($"code,name,season\nA,Coat,s{round}\n"));
            var product = (await world.At(World.Hq).Get("/lineups/products")).Json["items"]![0]!;
            Assert.That(((string?)product["gender"], (string?)product["season"]), Is.EqualTo(($"g{round}", $"s{round}")));
        }
    }

    [Test]
    public async Task AThirdImport_WaitsUntilOneOfTwoIsDone()
    {
        await using var world = await World.Start();
        using TcpClient first = new(), second = new(), third = new();
        // The server asks for the file when it begins to read it.
        foreach (var client in new[] { first, second })
        {
            await Announce(world, client);
            Assert.That(await Line(client), Does.StartWith("HTTP/1.1 100"));
        }
        await Announce(world, third);
        var turn = Line(third);
        for (var i = 0; i < 5; i++) Assert.That((await world.At(World.Hq).Get("/lineups/products")).Status, Is.EqualTo(200), "everything else goes on");
        Assert.That(turn.IsCompleted, Is.False);
        await first.GetStream().WriteAsync(Encoding.ASCII.GetBytes(SmallFile));
        Assert.That(await turn.WaitAsync(TimeSpan.FromMinutes(2)), Does.StartWith("HTTP/1.1 100"));
    }

    private const string SmallFile = "code,name\n1,Coat\n";

    private static async Task Announce(World world, TcpClient client)
    {
        await client.ConnectAsync(world.Host.Address.Host, world.Host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /lineups/products/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: {world.At(World.Hq).DefaultRequestHeaders.Authorization}\r\n" +
            $"Content-Type: text/csv\r\nContent-Length: {SmallFile.Length}\r\nExpect: 100-continue\r\n\r\n"));
    }

    private static async Task<string?> Line(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
        return await reader.ReadLineAsync();
    }

    [Test]
    public async Task AFullCatalogueWithPrices_IsImportedWhole()
    {
        var file = await CatalogueFile();
        var lines = file.Split('\n').Where(l => l.Length > 0).ToArray();
        await using var world = await World.Start();
        // Prices by rule: 10.00 to 509.00 by the row's number, with a floor of six tenths.
        var priced = string.Join('\n', lines.Select((l, i) => i == 0 ? $"{l},listPriceMinor,floorPriceMinor" : $"{l},{1000 + (i % 500) * 100},{600 + (i % 500) * 60}"));
        var watch = Stopwatch.StartNew();
        var report = await world.Import(priced);
        TestContext.Out.WriteLine($"{lines.Length - 1} products imported in {watch.ElapsedMilliseconds} ms");
        Assert.That(Counts(report), Is.EqualTo((lines.Length - 1, lines.Length - 1, 0, 0, 0)), report.Content);
        watch.Restart();
        report = await world.Import(priced);
        TestContext.Out.WriteLine($"again, unchanged, in {watch.ElapsedMilliseconds} ms");
        Assert.That(Counts(report), Is.EqualTo((lines.Length - 1, 0, 0, lines.Length - 1, 0)));
        Assert.That(Counts(await world.Import(file)), Is.EqualTo((lines.Length - 1, 0, 0, lines.Length - 1, 0)), "without prices it leaves them alone");
    }

    [Test]
    public async Task TheCatalogueIsFilteredAndPaged()
    {
        await using var world = await World.Start();
        await world.Import(
            "code,name,gender,season,brand,masterCategory,subCategory,articleType\n" +
            "1,Blue shirt,Men,Fall,nordic,Apparel,Topwear,Shirts\n2,100% wool,Women,Fall,,Apparel,Topwear,Sweaters\n" +
            "3,1000 wool,Women,Winter,,Apparel,Topwears,Sweaters\n4,Watch,Women,Winter,,Accessories,,\n5,[x] Watch,Men,Fall,,Accessories,Watches,\n");
        Assert.Multiple(async () =>
        {
            Assert.That(await Codes("category=Apparel"), Is.EqualTo("1 2 3"));
            Assert.That(await Codes("category=Apparel/Topwear"), Is.EqualTo("1 2"));
            Assert.That(await Codes("category=Accessories"), Is.EqualTo("4 5"));
            Assert.That(await Codes("gender=Women&season=Winter"), Is.EqualTo("3 4"));
            Assert.That(await Codes("brand=nordic"), Is.EqualTo("1"));
            Assert.That(await Codes("q=100%25"), Is.EqualTo("2"), "a percent sign is a letter");
            Assert.That(await Codes("q=[x]"), Is.EqualTo("5"));
            Assert.That(await Codes("q=WATCH"), Is.EqualTo("4 5"));
            Assert.That(await Codes("q=nothing"), Is.Empty);
            Assert.That((await world.At(World.Hq).Get("/lineups/products?q=&limit=0")).Status, Is.EqualTo(400));
        });
        var page = (await world.At(World.Hq).Get("/lineups/products?limit=2")).Json;
        Assert.That(await Codes($"after={(string)page["next"]!}&limit=200"), Is.EqualTo("3 4 5"));

        async Task<string> Codes(string query) =>
            string.Join(' ', (await world.At(World.North).Get($"/lineups/products?{query}")).Json["items"]!.AsArray().Select(p => (string)p!["code"]!));
    }

    /// <summary>The data set itself where it lies beside the repository; else as many products, made from the excerpt.</summary>
    private static async Task<string> CatalogueFile()
    {
        var whole = Path.Combine(Repository.Root, "..", "shared", "data", "fashion-catalogue.csv");
        if (File.Exists(whole)) return (await File.ReadAllTextAsync(whole)).ReplaceLineEndings("\n");
        var excerpt = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "services", "AllInOne", "Demo", "catalogue-excerpt.csv"));
        var products = Enumerable.Range(0, 21).SelectMany(copy => excerpt.Skip(1).Where(l => l.Length > 0).Select(l => $"{copy}-{l}"));
        return string.Join('\n', [excerpt[0], .. products]);
    }

    private static (int Read, int Added, int Updated, int Unchanged, int Skipped) Counts(Answer report)
    {
        var json = report.Json;
        return ((int)json["read"]!, (int)json["added"]!, (int)json["updated"]!, (int)json["unchanged"]!, (int)json["skipped"]!);
    }

    private static string[] Faults(Answer answer) => [.. answer.Json["faults"]!.AsArray().Select(f => $"{f!["pointer"]} {f["code"]}")];
}

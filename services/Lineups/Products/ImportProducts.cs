using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;
using Microsoft.AspNetCore.Mvc;

namespace LiveCommerce.Lineups.Products;

/// <summary>Brings a product file into the catalogue: all of it or nothing, or with what is faulty left out.</summary>
internal static class ImportProducts
{
    internal const long LargestFile = 64L << 20;

    /// <summary>Files read at once; each is held in memory whole until it is stored.</summary>
    internal const int MostAtOnce = 2;

    /// <summary>What an import did. Read = added + updated + unchanged + skipped.</summary>
    /// <param name="Read">Lines that hold a product.</param>
    /// <param name="Added">New codes.</param>
    /// <param name="Updated">Known codes with something new.</param>
    /// <param name="Unchanged">Known codes with nothing new.</param>
    /// <param name="Skipped">Faulty lines left out.</param>
    /// <param name="FaultCount">All faults; a line can have several.</param>
    /// <param name="Faults">The first hundred.</param>
    /// <param name="IgnoredColumns">Headers that mean nothing here.</param>
    internal sealed record Report(
        int Read, int Added, int Updated, int Unchanged, int Skipped, int FaultCount, IReadOnlyList<Fault> Faults, IReadOnlyList<string> IgnoredColumns);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/products/import", async (string? onError, HttpRequest request, Caller caller, ImportProductsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, request, onError, ct)).ToHttp())
        .Describe(nameof(ImportProducts), "Adds and updates products from a CSV file.",
            "UTF-8, comma-separated, RFC 4180 quotes, at most 64 MiB and 200,000 products. Columns, in any order and case: code (or id) and name (or productDisplayName); " +
            "optional gender, masterCategory, subCategory, articleType, baseColour, season, year, usage, brand (a brand's code), listPriceMinor, floorPriceMinor, stock. " +
            "An empty field empties what is stored; a missing column leaves it alone. onError=abort (default) imports nothing if any line is faulty; onError=skip leaves faulty lines out.")
        .WithMetadata(new RequestSizeLimitAttribute(LargestFile))
        .Accepts<Stream>("text/csv")
        .Allow(Permission.ManageProducts)
        .Gives<Report>()
        .Rejects(
            ProductRejections.HeadquartersOnly, CsvRejections.HasFaults, CsvRejections.MissingColumn, CsvRejections.RepeatedColumn,
            CsvRejections.Empty, CsvRejections.NotUtf8, CsvRejections.Malformed, CsvRejections.TooManyLines);
}

internal sealed class ImportProductsHandler(LineupsDb db, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _places = new(ImportProducts.MostAtOnce);

    public void Dispose() => _places.Dispose();

    public async Task<Result<ImportProducts.Report>> Handle(Caller caller, HttpRequest request, string? onError, CancellationToken ct)
    {
        var faults = new Faults().Check(onError is null or "abort" or "skip", "?onError", "value.unknown", "Must be abort or skip.");
        if (faults.Count > 0) return faults.ToRejection();
        if (request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true) return CommonRejections.UnsupportedMediaType.Because("Send text/csv.");
        var headquarters = UnitPath.Headquarters(caller.Path);
        if (caller.Path == UnitPath.Root || caller.Path != headquarters)
            return ProductRejections.HeadquartersOnly.Because($"{caller.Path} is not a headquarters.");
        if (!await _places.WaitAsync(LongestWait, ct))
            return CommonRejections.Overloaded.Because($"{ImportProducts.MostAtOnce} imports are under way.") with { RetryAfter = LongestWait };
        try
        {
            return await Import(caller, request, headquarters, skip: onError == "skip", ct);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<Result<ImportProducts.Report>> Import(Caller caller, HttpRequest request, string headquarters, bool skip, CancellationToken ct)
    {
        var brands = (await db.Query<BrandRow>(BrandSql.ByHeadquarters, new { HeadquartersPath = headquarters }, ct)).ToDictionary(b => b.Code, b => b.Id);
        using var hash = SHA256.Create();
        await using var body = new CryptoStream(request.Body, hash, CryptoStreamMode.Read, leaveOpen: true);
        var read = await ProductFile.Read(body, brands, ct);
        if (read.Rejection is { } unreadable) return unreadable;
        var file = read.Value;
        if (caller.Write is { IdempotencyKey: not null } write)
            write.RequestHash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"), .. hash.Hash!]));
        if (!skip && file.Faults.Count > 0) return Refused(file.Faults.List, file.Faults.Count);
        return await db.InTransaction<ImportProducts.Report>(caller.Write, work => Store(work, headquarters, file, skip), ct);
    }

    private async Task<Result<ImportProducts.Report>> Store(UnitOfWork work, string headquarters, ProductFile file, bool skip)
    {
        // One import at a time for a catalogue: each writes whole rows, so it has to see what the one before it wrote.
        await work.Execute(UnitSql.Lock, new { Path = headquarters });
        var known = (await work.Query<ProductRow>(ProductSql.ByHeadquarters, new { HeadquartersPath = headquarters })).ToDictionary(p => p.Code);
        List<ProductRow> added = [], updated = [];
        var belowFloor = new Faults();
        // In the order of codes, so that two imports at once take their rows in the same order.
        foreach (var line in file.Lines.OrderBy(l => l.Code, StringComparer.Ordinal))
        {
            var before = known.GetValueOrDefault(line.Code);
            var after = line.ApplyTo(before ?? new ProductRow { Id = clock.NewId(), HeadquartersPath = headquarters }, file);
            // A file with only one of the two prices is judged with the other as it is stored.
            if (after.IsBelowFloor) belowFloor.Add($"line {line.Line}", "csv.price_below_floor", ProductLine.BelowFloor(after.ListPriceMinor, after.FloorPriceMinor));
            else if (before is null) added.Add(after with { Version = 1 });
            else if (after != before) updated.Add(after with { Version = before.Version + 1 });
        }
        IReadOnlyList<Fault> faults = [.. file.Faults.List.Concat(belowFloor.List).Take(Faults.MostListed)];
        var count = file.Faults.Count + belowFloor.Count;
        if (!skip && count > 0) return Refused(faults, count);
        await work.Execute(ProductSql.Insert, added);
        await work.Execute(ProductSql.Update, updated);
        foreach (var news in ProductNews.Of(headquarters, added.Concat(updated))) work.Publish(news);
        var skipped = file.LinesRead - file.Lines.Count + belowFloor.Count;
        var unchanged = file.LinesRead - skipped - added.Count - updated.Count;
        return new ImportProducts.Report(file.LinesRead, added.Count, updated.Count, unchanged, skipped, count, faults, file.IgnoredColumns);
    }

    private static Rejection Refused(IReadOnlyList<Fault> faults, int count) => CsvRejections.Refused(faults, count, "send onError=skip to import the other lines.");
}

using System.Globalization;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests.Exports;

internal sealed class ExportTests
{
    private Stage _stage = null!;

    [SetUp]
    public async Task Set() => _stage = await Stage.Set();

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task ACampaignsCoupons_AreAFile_OfWhatEachCallerMaySee()
    {
        var campaign = await _stage.Campaign();
        var other = await _stage.Campaign();
        var ann = (await _stage.Claim(campaign, "ann")).Id;
        var bob = (await _stage.Claim(campaign, "=cmd|'/c calc'!A1", from: Stage.South)).Id;
        await _stage.Claim(other, "cyd");
        var file = await Table($"/coupons/campaigns/{campaign}/coupons.csv");
        Assert.That(file.Select(r => r["couponId"]), Is.EqualTo(new[] { ann.ToString(), bob.ToString() }));
        Assert.That(file[1]["customerId"], Is.EqualTo("'=cmd|'/c calc'!A1"), "never a formula");
        var row = file[0];
        Assert.That(
            (row["customerId"], row["status"], row["origin"], row["unitPath"], row["claimedFrom"], row["orderId"], row["discountMinor"]),
            Is.EqualTo(("ann", "Effective", "Claim", Stage.R7, Stage.R7, "", "")));
        Assert.That(DateTimeOffset.Parse(row["claimedAt"], CultureInfo.InvariantCulture), Is.EqualTo(_stage.Now));
        Assert.That(DateTimeOffset.Parse(row["closesAt"], CultureInfo.InvariantCulture), Is.EqualTo(_stage.Now.AddDays(2)));
        foreach (var (path, seen) in new[] { (Stage.North, new[] { ann }), (Stage.R7, [ann]), (Stage.R8, []), (Stage.South, [bob]) })
            Assert.That((await Table($"/coupons/campaigns/{campaign}/coupons.csv", path)).Select(r => Guid.Parse(r["couponId"])), Is.EqualTo(seen), path);
        foreach (var file404 in new[] { "coupons.csv", "redemptions.csv" })
            Assert.That((await _stage.Marketer(Stage.Foreign).Get($"/coupons/campaigns/{campaign}/{file404}")).Code, Is.EqualTo("campaign.not_found"));
        Assert.That((await _stage.Host.At(Stage.Hq, Role.Planner).Get($"/coupons/campaigns/{campaign}/coupons.csv")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task ALongFile_HoldsEveryCouponOnce_WhileOthersAreClaimed()
    {
        const int Issued = 2500;
        var campaign = await _stage.Campaign(_stage.Terms(stock: 10_000));
        var customers = Enumerable.Range(0, Issued).Select(i => new { customerId = $"c{i}" });
        var job = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/issues", new { customers });
        while ((string?)(await _stage.Marketer().Get($"/coupons/issues/{job.Id}")).Json["status"] == "Running") await Task.Yield();
        var claims = Task.WhenAll(Enumerable.Range(0, 50).Select(i => _stage.Claim(campaign, $"late{i}")));
        var rows = await Table($"/coupons/campaigns/{campaign}/coupons.csv");
        await claims;
        Assert.That(rows.Select(r => r["couponId"]), Is.Unique);
        Assert.That(rows.Select(r => r["customerId"]).Where(c => c[0] == 'c'), Is.EqualTo(Enumerable.Range(0, Issued).Select(i => $"c{i}")));
        Assert.That(rows.CountBy(r => r["origin"]).ToDictionary()["Issue"], Is.EqualTo(Issued));
    }

    [Test]
    public async Task TheUsesOfACampaignsCoupons_AreAFile_OfTheOrdersShopAndOfWhoIsCredited()
    {
        var campaign = await _stage.Campaign();
        Assert.That(await Table($"/coupons/campaigns/{campaign}/redemptions.csv"), Is.Empty);
        var coupon = (await _stage.Claim(campaign, "ann")).Id;
        var order = _stage.NewId();
        var locked = await _stage.Shop(Stage.Hq).Put($"/coupons/redemptions/{order}", new
        {
            couponIds = new[] { coupon },
            customerId = "ann",
            lines = new[] { new { productCode = "p1", quantity = 2, unitPriceMinor = 5_000 } },
        });
        Assert.That(locked.Status, Is.EqualTo(201).Or.EqualTo(200), locked.Content);
        var row = (await Table($"/coupons/campaigns/{campaign}/redemptions.csv")).Single();
        Assert.That(
            (row["orderId"], row["couponId"], row["customerId"], row["status"], row["shopPath"], row["unitPath"], row["discountMinor"], row["rolledBackMinor"], row["isReturned"], row["currency"]),
            Is.EqualTo((order.ToString(), coupon.ToString(), "ann", "Locked", Stage.Hq, Stage.R7, "500", "0", "false", "CNY")));
        Assert.That((await _stage.Shop(Stage.Hq).Post($"/coupons/redemptions/{order}/redeem")).Status, Is.EqualTo(200));
        Assert.That((await Table($"/coupons/campaigns/{campaign}/redemptions.csv", Stage.North)).Single()["status"], Is.EqualTo("Redeemed"), "credited below");
        Assert.That(await Table($"/coupons/campaigns/{campaign}/redemptions.csv", Stage.South), Is.Empty);
    }

    [Test]
    public async Task TheReference_SaysWhichAnswersAreFiles()
    {
        var reference = (await _stage.Host.Anonymous().Get("/openapi/coupons.json")).Json["paths"]!.AsObject();
        var files = reference.Where(p => p.Key.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        Assert.That(files, Has.Count.EqualTo(5));
        foreach (var (path, operations) in files)
            Assert.That(operations!["get"]!["responses"]!["200"]!["content"]!.AsObject().Select(c => c.Key), Is.EqualTo(new[] { "text/csv" }), path);
        var issue = reference["/coupons/campaigns/{id}/issues"]!["post"]!["requestBody"]!["content"]!.AsObject();
        Assert.That(issue.Select(c => c.Key), Is.EquivalentTo(new[] { "application/json", "text/csv" }));
    }

    /// <summary>By column; for values without commas.</summary>
    private async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> Table(string path, string from = Stage.Hq)
    {
        var answer = await _stage.Marketer(from).Get(path);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        var lines = answer.Content.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();
        return [.. lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second))];
    }
}

using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class PagingTests
{
    [TestCase("brands", 1)]
    [TestCase("brands", 7)]
    [TestCase("brands", 20)]
    [TestCase("mandates", 7)]
    [TestCase("units", 7)]
    public async Task PagesTogetherGiveEverythingOnce_OldestFirst(string list, int limit)
    {
        await using var tree = await Tree.Grow();
        var expected = new List<Guid>();
        var brand = await tree.Brand(Tree.Hq, "first");
        if (list == "brands") expected.Add(brand);
        if (list == "units") expected.AddRange([tree.Aurora, tree.North, tree.South, tree.R7, tree.S1]);
        while (expected.Count < 20)
        {
            expected.Add(list switch
            {
                "brands" => await tree.Brand(Tree.Hq, $"b{expected.Count}"),
                "mandates" => Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, brand)).Id,
                _ => await tree.Add(Tree.Hq, tree.Aurora, $"u{expected.Count}", "Region"),
            });
            // Rows of others in between must neither show nor cut a page short.
            await tree.Brand(Tree.Foreign, $"b{expected.Count}");
        }

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = await tree.Admin(Tree.Hq).Get($"/organization/{list}?limit={limit}{(next is null ? "" : $"&after={next}")}");
            var items = page.Json["items"]!.AsArray();
            Assert.That(items, Has.Count.LessThanOrEqualTo(limit).And.Count.GreaterThan(0));
            seen.AddRange(items.Select(i => (Guid)i!["id"]!));
            next = (string?)page.Json["next"];
        }
        while (next is not null);
        Assert.That(seen, Is.EqualTo(expected));
    }

    [Test]
    public async Task WhatIsAddedWhileOnePagesComesLast()
    {
        await using var tree = await Tree.Grow();
        for (var i = 0; i < 3; i++) await tree.Brand(Tree.Hq, $"b{i}");
        var first = await tree.Admin(Tree.Hq).Get("/organization/brands?limit=2");
        await tree.Brand(Tree.Hq, "late");
        var second = await tree.Admin(Tree.Hq).Get($"/organization/brands?limit=2&after={(string?)first.Json["next"]}");
        Assert.That(second.Json["items"]!.AsArray().Select(b => (string)b!["code"]!), Is.EqualTo(new[] { "b2", "late" }));
        Assert.That(second.Json["next"], Is.Null);
    }
}

using LiveCommerce.Contracts.Organization;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class ChangeMandateTests
{
    [Test]
    public async Task EveryTermIsChanged_AndTold()
    {
        await using var tree = await Tree.GrowBeside(new RepublishTests.RecorderModule());
        var (women, men) = (await tree.Brand(Tree.Hq, "women"), await tree.Brand(Tree.Hq, "men"));
        var id = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, women)).Id;
        var changed = await Change(tree, Tree.NorthPath, id, 1, men);
        Assert.That((changed.Status, changed.ETag), Is.EqualTo((200, "\"2\"")), changed.Content);
        Assert.That(((int)changed.Json["earliestMinute"]!, (int)changed.Json["latestMinute"]!, changed.Json["couponQuota"]), Is.EqualTo((600, 120, (object?)null)));
        Assert.That((await tree.Admin(Tree.R7Path).Get($"/organization/mandates/{id}")).Content, Is.EqualTo(changed.Content));
        await tree.Host.Settle();
        var told = RepublishTests.Seen(tree).OfType<MandateChanged>().Single(m => m.Version == 2);
        Assert.That((told.EarliestMinute, told.LatestMinute, told.SessionsPerWeek, told.DeepestDiscountPercent, told.CouponQuota), Is.EqualTo(((int?)600, (int?)120, (int?)1, (int?)5, (long?)null)));
        Assert.That(told.BrandIds, Is.EqualTo(new[] { men }));
    }

    [Test]
    public async Task ARevokedOneStaysAsItIs()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var id = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, brand)).Id;
        await tree.Admin(Tree.Hq).Post($"/organization/mandates/{id}/revoke");
        Assert.That((await Change(tree, Tree.Hq, id, 2, brand)).Code, Is.EqualTo("mandate.revoked"));
    }

    [Test]
    public async Task OnlyAboveTheReseller_OfTheVersionRead_ForKnownBrands()
    {
        await using var tree = await Tree.Grow();
        var brand = await tree.Brand(Tree.Hq, "women");
        var id = Tree.Created(await tree.Mandate(Tree.Hq, tree.R7, brand)).Id;
        Assert.That((await Change(tree, Tree.R7Path, id, 1, brand)).Code, Is.EqualTo("mandate.own_unit"));
        foreach (var path in new[] { Tree.SouthPath, Tree.S1Path, Tree.Foreign })
            Assert.That((await Change(tree, path, id, 1, brand)).Code, Is.EqualTo("mandate.not_found"), path);
        Assert.That((await Change(tree, Tree.Hq, id, 2, brand)).Status, Is.EqualTo(412));
        Assert.That((await Change(tree, Tree.Hq, id, 1, Guid.Empty)).Code, Is.EqualTo("mandate.brand_unknown"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Change(tree, Tree.Hq, id, 1, brand)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Status == 412), Is.EqualTo(7));
    }

    [Test]
    public async Task EveryFaultIsListed()
    {
        await using var tree = await Tree.Grow();
        var answer = await tree.Admin(Tree.Hq).Put($"/organization/mandates/{Guid.Empty}", new
        {
            brandIds = Array.Empty<Guid>(),
            channels = new[] { "MiniProgram", "MiniProgram" },
            opensAt = "2026-11-02T00:00:00Z",
            closesAt = "2026-11-01T00:00:00Z",
            earliestMinute = 1440,
            latestMinute = 0,
        }, ("If-Match", "\"1\""));
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/brandIds", "/channels", "/closesAt", "/earliestMinute", "/latestMinute" }), answer.Content);
        answer = await tree.Admin(Tree.Hq).Put($"/organization/mandates/{Guid.Empty}", new
        {
            brandIds = new[] { Guid.Empty },
            channels = new[] { "MiniProgram" },
            opensAt = "2026-11-01T00:00:00Z",
            closesAt = "2026-11-02T00:00:00Z",
            earliestMinute = 600,
            latestMinute = 600,
        }, ("If-Match", "\"1\""));
        Assert.That(answer.Faults, Is.EqualTo(new[] { "/latestMinute" }), answer.Content);
    }

    private static Task<Answer> Change(Tree tree, string caller, Guid id, int version, Guid brand) => tree.Admin(caller).Put($"/organization/mandates/{id}", new
    {
        brandIds = new[] { brand },
        channels = new[] { "OfflineTerminal" },
        opensAt = "2026-11-02T00:00:00+08:00",
        closesAt = "2026-12-01T00:00:00+08:00",
        sessionsPerWeek = 1,
        deepestDiscountPercent = 5,
        earliestMinute = 600,
        latestMinute = 120,
    }, ("If-Match", $"\"{version}\""));
}

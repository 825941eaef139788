using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>What the trail says of edits that need a world of their own to happen.</summary>
internal sealed class AuditTests
{
    private Stage _stage = null!;

    [SetUp]
    public async Task Set() => _stage = await Stage.Set();

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    [Test]
    public async Task AVoidedCoupon_SaysWhatItWas_AndWhy()
    {
        var coupon = await _stage.Coupon(await _stage.Campaign());
        Assert.That((await _stage.Marketer().Post($"/coupons/claims/{coupon}/void", new { reason = "mistake" })).Status, Is.EqualTo(200));
        var entry = await Last("VoidCoupon");
        Assert.That(((string?)entry["before"]!["status"], (string?)entry["after"]!["status"], (string?)entry["after"]!["reason"]), Is.EqualTo(("Effective", "Voided", "mistake")));
        Assert.That((Guid?)entry["subjectId"], Is.EqualTo(coupon));
    }

    [Test]
    public async Task ACancelledJob_SaysThatItRan()
    {
        var campaign = await _stage.Campaign();
        await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/pause");
        var job = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/issues", new { customers = new[] { new { customerId = "ann" } } });
        Assert.That((await _stage.Marketer().Post($"/coupons/issues/{job.Id}/cancel")).Status, Is.EqualTo(200));
        var entry = await Last("CancelIssue");
        Assert.That(((string?)entry["before"]!["status"], (string?)entry["after"]!["status"], (Guid?)entry["subjectId"]), Is.EqualTo(("Running", "Cancelled", (Guid?)job.Id)));
    }

    private async Task<JsonNode> Last(string action) => (await _stage.Admin().Get($"/coupons/audit?action={action}")).Json["items"]!.AsArray()[^1]!;
}

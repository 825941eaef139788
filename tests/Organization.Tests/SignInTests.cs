using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class SignInTests
{
    [Test]
    public async Task TheOperatorOpensAHeadquarters_AndItsAdminSignsInAndAddsUnits()
    {
        await using var host = await TestHost.Start(new OrganizationModule());
        var secret = await File.ReadAllTextAsync(Path.Combine(host.Folder, "operator-secret.txt"));
        var token = await host.Anonymous().Post("/organization/tokens", new { signInName = "operator", secret });
        Assert.That(token.Status, Is.EqualTo(200), token.Content);

        var admin = new { signInName = "admin", displayName = "Admin", password = "a-long-enough-secret" };
        var hq = await host.At("/", Role.Operator).Post("/organization/headquarters", new { code = "aurora", name = "Aurora", timeZone = "Asia/Shanghai", currency = "CNY", admin });
        Assert.That(hq.Status, Is.EqualTo(201), hq.Content);
        Assert.That((await host.Anonymous().Post("/organization/tokens", new { signInName = "admin", secret = "a-long-enough-secret" })).Status, Is.EqualTo(200));
        Assert.That((await host.Anonymous().Post("/organization/tokens", new { signInName = "admin", secret = "wrong" })).Code, Is.EqualTo("sign_in.refused"));

        var north = await host.At("/aurora/", Role.Admin).Post("/organization/units", new { parentId = hq.Id, code = "north", name = "North", kind = "Region" });
        Assert.That(north.Status, Is.EqualTo(201), north.Content);
        Assert.That((string?)north.Json["path"], Is.EqualTo("/aurora/north/"));
        await host.Settle();
    }
}

using System.Text;
using LiveCommerce.AllInOne;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using LiveCommerce.System.Tests.Access;

namespace LiveCommerce.System.Tests;

/// <summary>What lets whoever knows it in is shown to whoever asked for it, and stands nowhere.</summary>
internal sealed class SecretTests
{
    [Test]
    public async Task NoTrail_AndNothingThatIsStored_HoldsALinkATokenOrASecret()
    {
        await using var world = await World.Create();
        var admin = world.At(Place.Own, Role.Admin);
        var opened = await Twice(world.At(Place.Own, Role.Planner), "/scheduling/feeds", new { unitId = world.NorthId, kind = "Unit" }, 201);
        var link = (string)opened.First.Json["url"]!;
        var program = await Twice(admin, "/organization/programs", new { unitId = world.NorthId, name = "Shop", roles = new[] { "Storefront" } }, 201);
        var rotated = await Twice(admin, $"/organization/programs/{program.First.Id}/rotate", new { }, 200);
        var invited = await Twice(admin, "/organization/members/invite", new { unitId = world.NorthId, signInName = "new@north", displayName = "New", roles = new[] { "Planner" } }, 201);
        string[] secrets =
        [
            link[(link.LastIndexOf('/') + 1)..^".ics".Length], (string)program.First.Json["secret"]!, (string)rotated.First.Json["secret"]!, (string)invited.First.Json["token"]!,
        ];
        Assert.That(secrets, Is.Unique.And.All.Length.GreaterThan(20));
        await world.Settle();

        foreach (var trail in Modules.All.Select(m => $"/{m.Name}/audit").Append("/organization/audit/all").SelectMany(t => new[] { $"{t}?limit=200", $"{t}.csv" }))
        {
            var entries = await world.At(Place.Above, Role.Admin).Get(trail);
            Assert.That(entries.Status, Is.EqualTo(200), trail);
            foreach (var secret in secrets) Assert.That(entries.Content, Does.Not.Contain(secret), trail);
        }
        var everywhere = (await world.At(Place.Above, Role.Admin).Get("/organization/audit/all?limit=200")).Content;
        Assert.That(everywhere, Does.Contain("\"OpenFeed\"").And.Contain("\"RotateSecret\"").And.Contain("\"InviteMember\""), "that it was done is told");
        foreach (var file in Directory.GetFiles(world.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync();
            Assert.That(secrets.Where(s => text.Contains(s, StringComparison.Ordinal)), Is.Empty, file);
        }

        Assert.That((await world.Anonymous().Get($"/scheduling/feeds/{secrets[0]}.ics")).Status, Is.EqualTo(200));
        Assert.That((opened.Again.Id, opened.Again.Json["url"]), Is.EqualTo((opened.First.Id, (object?)null)), "drawn, not worked out: a repeat says which feed it was, to be revoked");
        foreach (var (first, again) in new[] { program, rotated, invited }) Assert.That(again.Content, Is.EqualTo(first.Content), "worked out again");
    }

    private static async Task<(Answer First, Answer Again)> Twice(HttpClient client, string path, object body, int status)
    {
        var (first, again) = (await client.Post(path, body, ("Idempotency-Key", path)), await client.Post(path, body, ("Idempotency-Key", path)));
        Assert.That((first.Status, again.Status), Is.EqualTo((status, status)), first.Content + again.Content);
        return (first, again);
    }
}

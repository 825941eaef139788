using System.Text.Json.Nodes;
using LiveCommerce.Support;

namespace LiveCommerce.Architecture.Tests;

/// <summary>The API reference, as a running host gives it.</summary>
internal sealed class ReferenceTests
{
    private static readonly string[] Public = ["IssueToken", "AcceptInvitation", "ReadDiscovery", "ReadFeed", "ReadKeys"];

    private TestHost _host = null!;

    private static IEnumerable<string> Services => Product.Modules.Select(m => m.Name);

    [OneTimeSetUp]
    public async Task Start() => _host = await TestHost.Start([.. Product.Modules]);

    [OneTimeTearDown]
    public async Task Stop() => await _host.DisposeAsync();

    [TestCaseSource(nameof(Services))]
    public async Task EveryOperation_IsDescribedToTheEnd(string service)
    {
        var document = (await _host.Anonymous().Get($"/openapi/{service}.json")).Json;
        Assert.That((string?)document["openapi"], Does.StartWith("3.1"));
        var operations = document["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject(), (p, o) => (Method: o.Key, Name: (string?)o.Value!["operationId"] ?? p.Key, Json: o.Value!)).ToList();
        Assert.That(operations, Has.Count.GreaterThan(5));
        Assert.Multiple(() =>
        {
            foreach (var (method, name, operation) in operations)
            {
                Assert.That((string?)operation["summary"], Does.EndWith("."), name);
                Assert.That(operation["security"] is not null, Is.EqualTo(!Public.Contains(name)), $"{name} wants a token, or is public");
                if (operation["requestBody"]?["content"]?["application/json"] is { } body) Assert.That(body["example"], Is.Not.Null, name);
                if (method == "get") Assert.That(Parameters(operation), Has.None.EqualTo("Idempotency-Key"), name);
            }
        });
    }

    [Test]
    public async Task AWrite_ListsWhatEveryWriteCanBeRefusedFor()
    {
        var paths = (await _host.Anonymous().Get("/openapi/organization.json")).Json["paths"]!;
        var add = paths["/organization/brands"]!["post"]!;
        Assert.That(Parameters(add), Has.Some.EqualTo("Idempotency-Key"));
        Assert.That(Codes(add, 422), Is.EqualTo(new[] { "request.idempotency_key_reused" }));
        Assert.That(Codes(add, 503), Does.Contain("server.overloaded"));
        var signIn = paths["/organization/tokens"]!["post"]!;
        Assert.That(Parameters(signIn), Has.None.EqualTo("Idempotency-Key"));
        Assert.That(signIn["responses"]!["503"], Is.Null);
        Assert.That(Parameters(paths["/organization/operations/dead-letters/resend"]!["post"]!), Has.None.EqualTo("Idempotency-Key"));
        string[] members = ["type", "title", "status", "detail", "instance", "code", "traceId", "faults"];
        Assert.That(Problem(add, 422)["properties"]!.AsObject().Select(p => p.Key), Is.EquivalentTo(members));
    }

    [Test]
    public async Task TheReferencePage_Answers()
    {
        Assert.That((await _host.Anonymous().Get("/reference/")).Content, Does.Contain("LiveCommerce API reference"));
        Assert.That((await _host.Anonymous().Get("/")).Status, Is.EqualTo(200), "the root leads there");
    }

    private static IEnumerable<string?> Parameters(JsonNode operation) => operation["parameters"]?.AsArray().Select(p => (string?)p!["name"]) ?? [];

    private static JsonNode Problem(JsonNode operation, int status) => operation["responses"]![$"{status}"]!["content"]!["application/problem+json"]!["schema"]!;

    private static IEnumerable<string?> Codes(JsonNode operation, int status) => Problem(operation, status)["properties"]!["code"]!["enum"]!.AsArray().Select(c => (string?)c);
}

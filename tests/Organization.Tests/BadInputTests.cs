using System.Text;
using LiveCommerce.Support;

namespace LiveCommerce.Organization.Tests;

internal sealed class BadInputTests
{
    private Tree _tree = null!;

    [OneTimeSetUp]
    public async Task GrowOnce() => _tree = await Tree.Grow();

    [OneTimeTearDown]
    public async Task Fell() => await _tree.DisposeAsync();

    [Test]
    public async Task EveryFaultOfTheShapeIsListed()
    {
        var answer = await Post("mandates", """
            { "resellerId": "r7", "brandIds": ["x", 7, null], "channels": ["Radio", 1], "opensAt": "2026-11-01T00:00:00", "sessionsPerWeek": "three", "couponQuota": 1.5, "colour": "red" }
            """);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "request.invalid")), answer.Content);
        Assert.That(answer.Faults, Is.EquivalentTo(new[]
        {
            "/resellerId", "/brandIds/0", "/brandIds/1", "/brandIds/2", "/channels/0", "/channels/1", "/opensAt", "/sessionsPerWeek", "/couponQuota", "/colour", "/closesAt",
        }));
    }

    [Test]
    public async Task EveryFaultOfTheContentIsListed()
    {
        var id = Guid.Empty;
        var answer = await Post("mandates", $$"""
            { "resellerId": "{{id}}", "brandIds": ["{{id}}", "{{id}}"], "channels": [], "opensAt": "2026-11-02T00:00:00Z", "closesAt": "2026-11-02T00:00:00Z",
              "sessionsPerWeek": 0, "deepestDiscountPercent": 101, "couponQuota": -1 }
            """);
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/brandIds", "/channels", "/closesAt", "/sessionsPerWeek", "/deepestDiscountPercent", "/couponQuota" }), answer.Content);

        answer = await Post("members", $$"""{ "unitId": "{{id}}", "signInName": "a b", "displayName": " ", "password": "short", "roles": ["Planner", "Planner"] }""");
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/signInName", "/displayName", "/password", "/roles" }), answer.Content);

        answer = await Post("brands", """{ "code": "Women!", "name": "", "grade": "AA" }""");
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/code", "/name", "/grade" }), answer.Content);

        answer = await Post("units", $$"""{ "parentId": "{{id}}", "code": "-x", "name": "\u0007", "kind": "Headquarters", "resellerKind": "Agent", "timeZone": "Mars/Base" }""");
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/code", "/name", "/kind", "/resellerKind", "/timeZone" }), answer.Content);
    }

    [Test]
    public async Task NestedFaultsSayWhere()
    {
        var body = """{ "code": "x", "name": "X", "timeZone": "Asia/Shanghai", "currency": "yuan", "admin": { "signInName": 7, "password": "p", "pet": "cat" } }""";
        var answer = await _tree.Host.At("/", Hosting.Role.Operator).Post("/organization/headquarters", body);
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/admin/signInName", "/admin/pet", "/admin/displayName" }), answer.Content);
        answer = await _tree.Host.At("/", Hosting.Role.Operator).Post("/organization/headquarters", """{ "code": "x", "name": "X", "timeZone": "Asia/Shanghai", "currency": "yuan", "admin": null }""");
        Assert.That(answer.Faults, Is.EqualTo(new[] { "/admin" }), answer.Content);
    }

    [TestCase("2026-11-01T00:00:00")]
    [TestCase("2026-11-01")]
    [TestCase("2026-11-01 00:00:00+08:00")]
    [TestCase("2026-13-01T00:00:00Z")]
    [TestCase("2026-11-01T00:00:00+99:00")]
    [TestCase("0001-01-01T00:00:00Z")]
    [TestCase("soon")]
    [TestCase("")]
    public async Task ATimeNeedsADateAClockAndAnOffset(string at)
    {
        var answer = await Post("mandates", $$"""
            { "resellerId": "{{Guid.Empty}}", "brandIds": ["{{Guid.Empty}}"], "channels": ["MiniProgram"], "opensAt": "{{at}}", "closesAt": "2027-01-01T00:00:00Z" }
            """);
        Assert.That((answer.Status, answer.Faults.Single()), Is.EqualTo((400, "/opensAt")), answer.Content);
    }

    [TestCase("Mars/Base")]
    [TestCase("Shanghai")]
    [TestCase("")]
    [TestCase("Asia/")]
    [TestCase("/etc/passwd")]
    [TestCase("../zoneinfo/Asia/Shanghai")]
    [TestCase("/usr/share/zoneinfo/Asia/Shanghai")]
    [TestCase("Asia/Shanghai\\u0000")]
    public async Task AZoneMustBeOneOfTheWorlds(string timeZone)
    {
        var answer = await Post("units", $$"""{ "parentId": "{{_tree.Aurora}}", "code": "zone", "name": "Zone", "kind": "Region", "timeZone": "{{timeZone}}" }""");
        Assert.That((answer.Status, answer.Faults.SingleOrDefault()), Is.EqualTo((400, "/timeZone")), answer.Content);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("grade=A")]
    [TestCase("""{ "code": "x" } { }""")]
    [TestCase("""{ "code": "x", "code": "y", "name": "X", "grade": "A" }""")]
    [TestCase("""{ "code": "x", "name": "X", "grade": "A", }""")]
    [TestCase("""{ "code": "x", "name": "X", "grade": "A" } // comment""")]
    public async Task ABodyThatIsNotJsonIsRefused(string body)
    {
        var answer = await Post("brands", body);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "request.malformed")), answer.Content);
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("\"brand\"")]
    public async Task JsonOfAnotherKindIsRefused(string body)
    {
        var answer = await Post("brands", body);
        Assert.That((answer.Status, answer.Faults.Single()), Is.EqualTo((400, "")), answer.Content);
    }

    [Test]
    public async Task DeepNestingIsRefused()
    {
        var answer = await Post("brands", string.Concat(Enumerable.Repeat("[", 5000)));
        Assert.That(answer.Code, Is.EqualTo("request.malformed"), answer.Content);
    }

    [Test]
    public async Task TextThatIsNotUtf8IsRefused()
    {
        using var content = new ByteArrayContent([.. "{ \"code\": \"x\", \"name\": \""u8, 0xff, 0xfe, .. "\", \"grade\": \"A\" }"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await _tree.Admin(Tree.Hq).PostAsync("/organization/brands", content);
        Assert.That((int)response.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task AMemberNameThatIsNotTextIsRefused()
    {
        byte[][] bodies = [[.. "{\"\\ud800\":1}"u8], [.. "{\""u8, 0xff, 0xfe, .. "\":1}"u8]];
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var response = await _tree.Admin(Tree.Hq).PostAsync("/organization/brands", content);
            Assert.That((int)response.StatusCode, Is.EqualTo(400));
        }
    }

    [Test]
    public async Task AnEntryThatIsNullIsAFaultOfItsOwn()
    {
        var answer = await Post("mandates", """{ "resellerId": "0192f0c8-0000-7000-8000-000000000001", "brandIds": [null], "channels": ["MiniProgram", null], "opensAt": "2026-11-01T00:00:00Z", "closesAt": "2026-12-01T00:00:00Z" }""");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "request.invalid")), answer.Content);
        Assert.That(answer.Faults, Is.EqualTo(new[] { "/brandIds/0", "/channels/1" }));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task AnotherContentTypeIsRefused(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{ "code": "typed", "name": "X", "grade": "A" }"""));
        if (type is not null) content.Headers.ContentType = new(type);
        using var response = await _tree.Admin(Tree.Hq).PostAsync("/organization/brands", content);
        Assert.That((int)response.StatusCode, Is.EqualTo(415));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("request.unsupported_media_type"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task ABodyOverAMebibyteIsRefused(bool chunked)
    {
        var text = $$"""{ "code": "large", "name": "{{new string('x', 1 << 20)}}", "grade": "A" }""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/organization/brands") { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _tree.Admin(Tree.Hq).SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(413));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("request.too_large"));
    }

    [Test]
    public async Task ANameOfTheLargestLengthIsTaken_AndOneLongerIsNot()
    {
        var admin = _tree.Admin(Tree.Hq);
        Tree.Created(await admin.Post("/organization/brands", new { code = new string('b', 32), name = new string('界', 200), grade = "Z" }));
        var answer = await admin.Post("/organization/brands", new { code = new string('c', 33), name = new string('界', 201), grade = "Z" });
        Assert.That(answer.Faults, Is.EquivalentTo(new[] { "/code", "/name" }));
    }

    [TestCase("?limit=0")]
    [TestCase("?limit=201")]
    [TestCase("?limit=ten")]
    [TestCase("?after=-1")]
    [TestCase("?after=x&limit=0")]
    [TestCase("?after=99999999999999999999")]
    public async Task APageOutsideTheRangeIsRefused(string query)
    {
        foreach (var list in new[] { "units", "brands", "members", "mandates" })
        {
            var answer = await _tree.Admin(Tree.Hq).Get($"/organization/{list}{query}");
            Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "request.invalid")), answer.Content);
        }
    }

    [TestCase("/organization/brands/7", 404)]
    [TestCase("/organization/nothing", 404)]
    [TestCase("/organization/headquarters", 405)]
    public async Task AnAddressThatIsNoneSaysSo(string path, int status)
    {
        var answer = await _tree.Admin(Tree.Hq).Get(path);
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Code, Does.StartWith("route."));
    }

    private Task<Answer> Post(string noun, string body) => _tree.Admin(Tree.Hq).Post($"/organization/{noun}", body);
}

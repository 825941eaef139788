using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LiveCommerce.Organization.Tests;

internal sealed class SignInTests
{
    [Test]
    public async Task APasswordThatCouldBeSet_CanBeUsed()
    {
        await using var tree = await Tree.Grow();
        foreach (var (name, password) in new[] { ("blank@north", " blanks around it "), ("tab@north", "a\ttab in the middle") })
        {
            Tree.Created(await tree.Admin(Tree.Hq).Post("/organization/members", new { unitId = tree.North, signInName = name, displayName = "X", password, roles = new[] { "Planner" } }));
            Assert.That((await tree.Host.Anonymous().Post("/organization/tokens", new { signInName = name, secret = password })).Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task TooManyTries_AreToldWhenToComeAgain()
    {
        await using var host = await TestHost.StartIn(Directory.CreateTempSubdirectory("live-commerce-").FullName, new ManualClock(), ["SignIn:AttemptsPerMinute=2"], new OrganizationModule());
        var client = host.Anonymous();
        for (var i = 0; i < 2; i++) Assert.That((await client.Post("/organization/tokens", new { signInName = "nobody", secret = "x" })).Status, Is.EqualTo(401));
        var refused = await client.Post("/organization/tokens", new { signInName = "nobody", secret = "x" });
        Assert.That((refused.Status, refused.Code), Is.EqualTo((429, "request.rate_limited")), refused.Content);
        Assert.That(refused.RetryAfter, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task ATokenWhoseSubjectIsTooLong_IsRefused()
    {
        await using var tree = await Tree.Grow();
        // Whoever stands at a path of that length has a subject made of it: see TestHost.
        var answer = await tree.Host.At($"/{new string('a', 120)}/", Role.Admin).Get("/organization/units");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((401, "access.unauthenticated")), answer.Content);
    }

    [Test]
    public async Task OnlyItsOwnerReadsTheOperatorsSecret()
    {
        await using var host = await TestHost.Start(new OrganizationModule());
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Path.Combine(host.Folder, "operator-secret.txt")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFiles(host.Folder, "operator-secret*").Select(Path.GetFileName), Is.EqualTo(new[] { "operator-secret.txt" }), "no draft is left");
    }

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

    [Test]
    public async Task AnUnknownNameAndAWrongPasswordLookTheSame()
    {
        await using var tree = await Tree.Grow();
        var anonymous = tree.Host.Anonymous();
        var wrong = await anonymous.Post("/organization/tokens", new { signInName = "admin@aurora", secret = "a-long-enough-guess" });
        var unknown = await anonymous.Post("/organization/tokens", new { signInName = "nobody@aurora", secret = "a-long-enough-guess" });
        Assert.That((wrong.Status, wrong.Code, (string?)wrong.Json["detail"]), Is.EqualTo((401, "sign_in.refused", (string?)unknown.Json["detail"])));
        Assert.That((unknown.Status, unknown.Code), Is.EqualTo((401, "sign_in.refused")));
        var empty = await anonymous.Post("/organization/tokens", new { signInName = "", secret = "" });
        Assert.That(empty.Faults, Is.EquivalentTo(new[] { "/signInName", "/secret" }));
    }

    [Test]
    public async Task ATokenIsGoodByThePublishedKeyAlone()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var answer = await tree.Host.Anonymous().Post("/organization/tokens", new { signInName = "admin@aurora", secret = "a-long-enough-secret" });
        var discovery = (await tree.Host.Anonymous().Get("/organization/.well-known/openid-configuration")).Json;
        Assert.That((string?)discovery["jwks_uri"], Does.EndWith("/organization/.well-known/jwks.json"));
        var published = await tree.Host.Anonymous().Get(new Uri((string)discovery["jwks_uri"]!).PathAndQuery);
        Assert.That(published.Content, Does.Not.Contain("\"d\"").And.Not.Contain("\"p\""), "the private half stays here");

        var rules = new TokenValidationParameters
        {
            IssuerSigningKeys = new JsonWebKeySet(published.Content).GetSigningKeys(),
            ValidIssuer = (string)discovery["issuer"]!,
            ValidAudience = TokenClaims.Audience,
        };
        var token = (string)answer.Json["accessToken"]!;
        var verdict = await new JsonWebTokenHandler().ValidateTokenAsync(token, rules);
        Assert.That(verdict.IsValid, Is.True, verdict.Exception?.Message);
        Assert.That((verdict.Claims[TokenClaims.Path], verdict.Claims[TokenClaims.Unit], verdict.Claims[TokenClaims.Role]), Is.EqualTo(((object)Tree.Hq, (object)tree.Aurora.ToString(), (object)"Admin")));
        Assert.That(verdict.SecurityToken.ValidTo - verdict.SecurityToken.ValidFrom, Is.EqualTo(TimeSpan.FromSeconds((int)answer.Json["expiresIn"]!)));
        Assert.That((await new JsonWebTokenHandler().ValidateTokenAsync(Forge(token), rules)).IsValid, Is.False);
    }

    [Test]
    public async Task AForgedOrExpiredTokenOpensNothing()
    {
        await using var tree = await Tree.Grow();
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow().AddHours(-3));
        var old = (string)(await tree.Host.Anonymous().Post("/organization/tokens", new { signInName = "admin@aurora", secret = "a-long-enough-secret" })).Json["accessToken"]!;
        tree.Host.Clock.Set(TimeProvider.System.GetUtcNow());
        var good = (string)(await tree.Host.Anonymous().Post("/organization/tokens", new { signInName = "admin@aurora", secret = "a-long-enough-secret" })).Json["accessToken"]!;
        Assert.That(await StatusWith(good), Is.EqualTo((200, (string?)null)));
        foreach (var bad in new[] { old, Forge(good), "nonsense", good[..good.LastIndexOf('.')] + ".", "" })
            Assert.That(await StatusWith(bad), Is.EqualTo((401, "access.unauthenticated")), bad);

        async Task<(int, string?)> StatusWith(string token)
        {
            var answer = await tree.Host.Anonymous().Send(HttpMethod.Get, "/organization/units", null, ("Authorization", $"Bearer {token}"));
            return (answer.Status, answer.Code);
        }
    }

    [TestCase(TokenClaims.Unit, null)]
    [TestCase(TokenClaims.Unit, "north")]
    [TestCase(TokenClaims.Path, null)]
    [TestCase(TokenClaims.Path, "")]
    [TestCase(TokenClaims.Path, "/aurora")]
    [TestCase(TokenClaims.Subject, null)]
    public async Task AWellSignedTokenThatDoesNotSayWhereTheCallerStandsOpensNothing(string claim, string? value)
    {
        await using var tree = await Tree.Grow();
        var claims = new Dictionary<string, object>
        {
            [TokenClaims.Subject] = "somebody",
            [TokenClaims.Unit] = tree.Aurora.ToString(),
            [TokenClaims.Path] = Tree.Hq,
            [TokenClaims.Role] = new[] { "Admin", "Chairman" },
        };
        Assert.That((await Read()).Status, Is.EqualTo(200), "a role of another product is no obstacle");
        if (value is null) claims.Remove(claim);
        else claims[claim] = value;
        Assert.That((await Read()).Code, Is.EqualTo("access.unauthenticated"));

        Task<Answer> Read()
        {
            var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = TokenClaims.Issuer,
                Audience = TokenClaims.Audience,
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
                SigningCredentials = new SigningCredentials(tree.Host.Services.GetRequiredService<SigningKey>().Key, SecurityAlgorithms.RsaSha256),
                Claims = claims,
            });
            return tree.Host.Anonymous().Send(HttpMethod.Get, "/organization/units", null, ("Authorization", $"Bearer {token}"));
        }
    }

    [Test]
    public async Task TheOperatorsSecretOutlivesARestart()
    {
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        var first = await TestHost.StartIn(folder, new ManualClock(), new OrganizationModule());
        var secret = await File.ReadAllTextAsync(Path.Combine(folder, "operator-secret.txt"));
        await first.Stop();
        await using var second = await TestHost.StartIn(folder, new ManualClock(), new OrganizationModule());
        Assert.That((await second.Anonymous().Post("/organization/tokens", new { signInName = "operator", secret })).Status, Is.EqualTo(200));
    }

    /// <summary>The same token for another unit, under the old signature.</summary>
    private static string Forge(string token)
    {
        var parts = token.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace(Tree.Hq, Tree.Foreign);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}";
    }
}

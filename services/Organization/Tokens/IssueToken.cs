using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Members;
using LiveCommerce.Organization.Units;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LiveCommerce.Organization.Tokens;

/// <summary>Sign-in of a member by password, or of a client program by secret.</summary>
internal static class IssueToken
{
    internal static readonly RejectionKind Refused = new("sign_in.refused", 401, "Name and secret do not belong together.");

    /// <param name="SignInName">A member's sign-in name, or a client program's id.</param>
    /// <param name="Secret">The member's password, or the program's secret.</param>
    internal sealed record Request(string SignInName, string Secret) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(SignInName, "/signInName", 100)
            // Whatever could be set as a password, a blank at its end too, is a password here.
            .Check(Secret is { Length: >= 1 and <= 200 }, "/secret", "text.invalid", "Must be 1 to 200 characters.");
    }

    /// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
    /// <param name="TokenType">Always Bearer.</param>
    /// <param name="ExpiresIn">Seconds.</param>
    internal sealed record Response(string AccessToken, string TokenType, int ExpiresIn);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/tokens", async (Body<Request> body, IssueTokenHandler handler, CancellationToken ct) => (await handler.Handle(body.Value, ct)).ToHttp())
        .Describe(nameof(IssueToken), "Signs a member or a client program in.")
        .RequireRateLimiting(ServiceHost.PublicLimit)
        .Example(new Request("planner@aurora", "the-password"))
        .Gives<Response>()
        .Rejects(Refused, CommonRejections.TooManyRequests);
}

internal sealed class IssueTokenHandler(OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher, SigningKey key, AccessTokenOptions options)
{
    private static readonly MemberRow Nobody = new();

    // An unknown name costs as much time as a wrong password, so that names cannot be found out by the clock.
    private readonly string _nobodysHash = hasher.HashPassword(Nobody, "nobody");

    public async Task<Result<IssueToken.Response>> Handle(IssueToken.Request body, CancellationToken ct)
    {
        var member = await db.Find<MemberRow>(MemberSql.BySignInName, new { body.SignInName }, ct);
        var verdict = hasher.VerifyHashedPassword(member ?? Nobody, member?.SecretHash ?? _nobodysHash, body.Secret);
        if (member is null || verdict == PasswordVerificationResult.Failed) return IssueToken.Refused.Because("Sign-in was refused.");
        var now = clock.GetUtcNow();
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime + options.TokenLifetime,
            SigningCredentials = new SigningCredentials(key.Key, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object>
            {
                [TokenClaims.Subject] = member.Id.ToString(),
                [TokenClaims.Name] = member.DisplayName,
                [TokenClaims.Unit] = member.UnitId.ToString(),
                [TokenClaims.Path] = member.Path,
                [TokenClaims.Role] = member.RoleList.Select(r => r.ToString()).ToArray(),
            },
        });
        return new IssueToken.Response(token, "Bearer", (int)options.TokenLifetime.TotalSeconds);
    }
}

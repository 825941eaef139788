using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Members;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LiveCommerce.Organization.Tokens;

/// <summary>Sign-in of a member by password, or of a client program by secret.</summary>
internal static class IssueToken
{
    internal static readonly RejectionKind Refused = new("sign_in.refused", 401, "Name and secret do not belong together.");

    // Only whoever brought the right secret is told these.
    internal static readonly RejectionKind Suspended = new("sign_in.suspended", 403, "The member is suspended.");
    internal static readonly RejectionKind UnitInactive = new("sign_in.unit_inactive", 403, "The member's unit, or one above it, has been deactivated.");

    /// <param name="SignInName">A member's sign-in name, or a client program's id.</param>
    /// <param name="Secret">The member's password, or the program's secret.</param>
    internal sealed record Request(string SignInName, [property: Secret] string Secret) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(SignInName, "/signInName", 100)
            // Whatever could be set as a password, a blank at its end too, is a password here.
            .Check(Secret is { Length: >= 1 and <= 200 }, "/secret", "text.invalid", "Must be 1 to 200 characters.");
    }

    /// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
    /// <param name="TokenType">Always Bearer.</param>
    /// <param name="ExpiresIn">Seconds.</param>
    internal sealed record Response([property: Secret] string AccessToken, string TokenType, int ExpiresIn);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/tokens", async (Body<Request> body, HttpContext context, IssueTokenHandler handler, CancellationToken ct) =>
            (await handler.Handle(body.Value, context.Connection.RemoteIpAddress?.ToString(), ct)).ToHttp())
        .Describe(nameof(IssueToken), "Signs a member or a client program in.",
            $"After {SignInAttempts.Tries} failures in a row under a name it is locked for the address they came from for a minute, then for ever longer, up to {SignInAttempts.LongestLock.Minutes} minutes, whether there is anybody of that name or not; " +
            $"after {SignInAttempts.TriesOfStrangers} from all addresses, for every address it was not signed in from in the last {SignInAttempts.KnownFor.Days} days.")
        .RequireRateLimiting(ServiceHost.PublicLimit)
        .Example(new Request("planner@aurora", "the-password"))
        .Gives<Response>()
        .Rejects(Refused, Suspended, UnitInactive, SignInAttempts.LockedOut, CommonRejections.TooManyRequests);
}

internal sealed class IssueTokenHandler(
    OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher, SignInAttempts attempts, SigningKey key, AccessTokenOptions options)
{
    private const string InactiveUnits = $"SELECT COUNT(*) FROM Units WHERE IsActive = 0 AND Path IN {Sql.Ids}";

    private static readonly MemberRow Nobody = new();

    // An unknown name costs as much time as a wrong password, so that names cannot be found out by the clock.
    private readonly string _nobodysHash = hasher.HashPassword(Nobody, "nobody");

    public async Task<Result<IssueToken.Response>> Handle(IssueToken.Request body, string? origin, CancellationToken ct)
    {
        var member = await Identify(body, origin, ct);
        if (member.IsRejected) return member.Rejection!;
        if (member.Value.IsSuspended) return IssueToken.Suspended.Because("Ask whoever manages members.");
        if (await db.Scalar<long>(InactiveUnits, new { Ids = Sql.Json(UnitPath.SelfAndAncestors(member.Value.Path)) }, ct) > 0)
            return IssueToken.UnitInactive.Because("Ask whoever manages the units above.");
        return Issue(member.Value);
    }

    private async Task<Result<MemberRow>> Identify(IssueToken.Request body, string? origin, CancellationToken ct)
    {
        using var attempt = await attempts.Begin(body.SignInName, origin, ct);
        if (attempt.Refusal is { } locked) return locked;
        var member = await db.Find<MemberRow>(MemberSql.BySignInName, new { body.SignInName }, ct);
        // Who has not accepted an invitation yet has no secret either.
        var hash = member is { SecretHash.Length: > 0 } ? member.SecretHash : _nobodysHash;
        var isRight = Verify(member, hash, body.Secret) || (member?.OldSecretUntil > clock.Now() && Verify(member, member.OldSecretHash!, body.Secret));
        if (member is null || hash == _nobodysHash || !isRight)
        {
            await attempt.Failed();
            return IssueToken.Refused.Because("Sign-in was refused.");
        }
        await attempt.Succeeded(ct);
        return member;
    }

    private bool Verify(MemberRow? member, string hash, string secret) => hasher.VerifyHashedPassword(member ?? Nobody, hash, secret) != PasswordVerificationResult.Failed;

    private IssueToken.Response Issue(MemberRow member)
    {
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
                [TokenClaims.Version] = member.Version,
                [TokenClaims.Role] = member.RoleList.Select(r => r.ToString()).ToArray(),
            },
        });
        return new IssueToken.Response(token, "Bearer", (int)options.TokenLifetime.TotalSeconds);
    }
}

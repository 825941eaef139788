using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Tokens;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Members;

/// <summary>A member changes their own password.</summary>
internal static class ChangePassword
{
    /// <param name="OldPassword">The one that holds now.</param>
    /// <param name="NewPassword">12 to 200 characters. Kept only as a hash.</param>
    internal sealed record Request([property: Secret] string OldPassword, [property: Secret] string NewPassword) : IValidated
    {
        public void Validate(Faults faults) => faults
            .Check(OldPassword is { Length: >= 1 and <= 200 }, "/oldPassword", "text.invalid", "Must be 1 to 200 characters.")
            .Password(NewPassword, "/newPassword");

        // Whoever prints a request must not print passwords.
        public override string ToString() => nameof(ChangePassword);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/members/me/password", async (Body<Request> body, Caller caller, ChangePasswordHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp())
        .Describe(nameof(ChangePassword), "Changes the caller's own password.", "Every access token of the caller ends with it, this one too: sign in again. Wrong old passwords count as failures to sign in.")
        .Allow(Permission.ChangeOwnPassword)
        .Example(new Request("the-old-password", "a-long-enough-secret"))
        .Gives<MemberView>()
        .Rejects(MemberRejections.NotFound, MemberRejections.IsProgram, MemberRejections.WrongPassword, SignInAttempts.LockedOut);
}

internal sealed class ChangePasswordHandler(OrganizationDb db, PasswordHasher<MemberRow> hasher, SignInAttempts attempts)
{
    public async Task<Result<MemberView>> Handle(Caller caller, ChangePassword.Request body, CancellationToken ct)
    {
        // With another OpenID Connect authority a caller need not be a member here, nor its subject a UUID.
        if (!Guid.TryParse(caller.Id, out var id) || await db.Find<MemberRow>(MemberSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is not { } found)
            return MemberRejections.NotFound.Because("The caller signed in elsewhere and has no password here.");
        if (found.IsProgram) return MemberRejections.IsProgram.Because("Ask for its secret to be rotated.");
        using (var attempt = await attempts.Begin(found.SignInName, caller.Write.Origin, ct))
        {
            if (attempt.Refusal is { } locked) return locked;
            if (found.SecretHash.Length == 0 || hasher.VerifyHashedPassword(found, found.SecretHash, body.OldPassword) == PasswordVerificationResult.Failed)
            {
                await attempt.Failed();
                return MemberRejections.WrongPassword.Because("Type the old password again.");
            }
            await attempt.Succeeded(ct);
        }
        // Hashing is slow on purpose; it must not hold up the writers behind this one.
        var hash = hasher.HashPassword(found, body.NewPassword);
        return await db.InTransaction<MemberView>(caller.Write, async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.Anywhere, new { Id = id }) is not { } member || member.SecretHash != found.SecretHash)
                return CommonRejections.LostRace.Because("The password was changed at this moment.");
            return (await work.Save(member, member with { SecretHash = hash, InvitedUntil = null }, endsTokens: true)).Map(m => m.ToView());
        }, ct);
    }
}

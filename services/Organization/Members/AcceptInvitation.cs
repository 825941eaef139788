using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Members;

/// <summary>A person chooses the password they will sign in with.</summary>
internal static class AcceptInvitation
{
    internal static readonly RejectionKind NotFound = new("invitation.not_found", 404, "There is no such invitation, or it has been used or replaced.");
    internal static readonly RejectionKind Expired = new("invitation.expired", 410, "The invitation has run out; ask for a new one.");

    /// <param name="Token">From whoever invited.</param>
    /// <param name="Password">12 to 200 characters. Kept only as a hash.</param>
    internal sealed record Request([property: Secret] string Token, [property: Secret] string Password) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Token, "/token").Password(Password, "/password");

        // Whoever prints a request must not print the password.
        public override string ToString() => nameof(AcceptInvitation);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/invitations/accept", async (Body<Request> body, HttpContext context, AcceptInvitationHandler handler, CancellationToken ct) =>
            (await handler.Handle(body.Value, context.Connection.RemoteIpAddress?.ToString(), ct)).ToHttp())
        .Describe(nameof(AcceptInvitation), "Sets the password of whoever was invited; works once.", "Whoever signed in with an earlier password has to sign in again.")
        .RequireRateLimiting(ServiceHost.PublicLimit)
        .Example(new Request("the-token-of-the-invitation", "a-long-enough-secret"))
        .Gives<MemberView>()
        .Rejects(NotFound, Expired, CommonRejections.TooManyRequests);
}

internal sealed class AcceptInvitationHandler(OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher, DerivedSecrets secrets)
{
    public async Task<Result<MemberView>> Handle(AcceptInvitation.Request body, string? origin, CancellationToken ct)
    {
        var none = AcceptInvitation.NotFound.Because("Ask for a new invitation.");
        if (DerivedSecrets.InvitedBy(body.Token) is not { } id || await db.Find<MemberRow>(MemberSql.Anywhere, new { Id = id }, ct) is not { } found) return none;
        if (!secrets.IsInvitation(body.Token, id, found.Generation) || found.InvitedUntil is null || found.IsSuspended) return none;
        if (found.InvitedUntil <= clock.Now()) return AcceptInvitation.Expired.Because($"It held until {found.InvitedUntil:O}.");
        // Hashing is slow on purpose; it must not hold up the writers behind this one.
        var hash = hasher.HashPassword(found, body.Password);
        var write = new WriteContext
        {
            ActorId = id.ToString(),
            ActorName = found.DisplayName,
            ActorPath = found.Path,
            Action = nameof(AcceptInvitation),
            Subject = "/organization/invitations/accept",
            Origin = origin,
            IsAudited = true,
        };
        return await db.InTransaction<MemberView>(write, async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.Anywhere, new { Id = id }) is not { } member || member.Version != found.Version) return none;
            return (await work.Save(member, member with { SecretHash = hash, InvitedUntil = null }, endsTokens: true)).Map(m => m.ToView());
        }, ct);
    }
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Members;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Programs;

/// <summary>A new secret for a client program, while the old one still holds for a while.</summary>
internal static class RotateSecret
{
    private const int LongestOverlapMinutes = 7 * 24 * 60;

    internal static readonly RejectionKind NotFound = new("program.not_found", 404, "No such client program.");

    /// <param name="OverlapMinutes">How long the old secret still holds, 0 to 10,080. With 0 it ends at once, and the program's access tokens with it.</param>
    internal sealed record Request(int OverlapMinutes = 24 * 60) : IValidated
    {
        public void Validate(Faults faults) => faults.Range(OverlapMinutes, 0, LongestOverlapMinutes, "/overlapMinutes");
    }

    /// <param name="Program">As it now is.</param>
    /// <param name="Secret">For <c>POST /organization/tokens</c>. Shown here and nowhere else: only its hash is kept.</param>
    internal sealed record Response(MemberView Program, [property: Secret] string Secret)
    {
        // Whoever prints it must not print the secret.
        public override string ToString() => $"{nameof(RotateSecret)} {Program.SignInName}";
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/programs/{id:guid}/rotate", async (Guid id, Body<Request> body, Caller caller, RotateSecretHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, body.Value, ct)).ToHttp())
        .Describe(nameof(RotateSecret), "Makes up a new secret for a client program; the old one holds for a while longer.", "A secret older than the old one ends at once.")
        .Allow(Permission.ManageMembers)
        .Example(new Request(OverlapMinutes: 60))
        .Gives<Response>()
        .Rejects(NotFound);
}

internal sealed class RotateSecretHandler(OrganizationDb db, PasswordHasher<MemberRow> hasher, DerivedSecrets secrets)
{
    public async Task<Result<RotateSecret.Response>> Handle(Caller caller, Guid id, RotateSecret.Request body, CancellationToken ct)
    {
        var key = new { Id = id, caller.Scope, caller.ScopeEnd };
        var unknown = RotateSecret.NotFound.Because($"No client program {id}.");
        if (await db.Find<MemberRow>(MemberSql.ById, key, ct) is not { IsProgram: true } found) return unknown;
        // Hashing is slow on purpose; it must not hold up the writers behind this one.
        var generation = found.Generation + 1;
        var hash = hasher.HashPassword(found, secrets.OfProgram(id, generation));
        var rotated = await db.InTransaction<Rotated>(caller.Write, async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.ById, key) is not { } program) return unknown;
            if (program.Generation != found.Generation) return CommonRejections.LostRace.Because("Its secret was rotated at this moment.");
            var overlaps = body.OverlapMinutes > 0;
            var renewed = program with
            {
                Generation = generation,
                SecretHash = hash,
                OldSecretHash = overlaps ? program.SecretHash : null,
                OldSecretUntil = overlaps ? work.Now.AddMinutes(body.OverlapMinutes) : null,
            };
            return (await work.Save(program, renewed, endsTokens: !overlaps)).Map(m => new Rotated(m.ToView(), m.Generation));
        }, ct);
        return rotated.Map(r => new RotateSecret.Response(r.Program, secrets.OfProgram(id, r.Generation)));
    }

    private sealed record Rotated(MemberView Program, long Generation);
}

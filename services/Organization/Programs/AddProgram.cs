using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Members;
using LiveCommerce.Organization.Units;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Programs;

/// <summary>A shop's or channel's program, which acts for the customers of one unit.</summary>
internal static class AddProgram
{
    /// <param name="UnitId">Within the caller's reach.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Roles">Storefront.</param>
    internal sealed record Request(Guid UnitId, string Name, IReadOnlyList<Role> Roles) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(Name, "/name");
            MemberFaults.Roles(faults, Roles, MemberFaults.ProgramRoles);
        }
    }

    /// <param name="Id">The program.</param>
    /// <param name="UnitId">Where it belongs.</param>
    /// <param name="Path">Of that unit.</param>
    /// <param name="SignInName">For <c>POST /organization/tokens</c>.</param>
    /// <param name="DisplayName">For people.</param>
    /// <param name="Roles">What it may do.</param>
    /// <param name="Secret">For <c>POST /organization/tokens</c>. Shown here and nowhere else: only its hash is kept.</param>
    internal sealed record Response(Guid Id, Guid UnitId, string Path, string SignInName, string DisplayName, IReadOnlyList<Role> Roles, [property: Secret] string Secret)
    {
        public override string ToString() => $"{nameof(AddProgram)} {SignInName}";
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/programs", async (Body<Request> body, Caller caller, AddProgramHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(AddProgram), "Adds a client program to a unit and makes up its secret.")
        .Allow(Permission.ManageMembers)
        .Example(new Request(Guid.Empty, "North's mini-program shop", [Role.Storefront]))
        .Gives<Response>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.NotFound, UnitRejections.Inactive);
}

internal sealed class AddProgramHandler(OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher, DerivedSecrets secrets)
{
    public async Task<Result<AddProgram.Response>> Handle(Caller caller, AddProgram.Request body, CancellationToken ct)
    {
        if (await db.Find<UnitRow>(UnitSql.ById, new { Id = body.UnitId, caller.Scope, caller.ScopeEnd }, ct) is not { } unit)
            return UnitRejections.Unknown(body.UnitId);
        var id = clock.NewId();
        var program = MemberRow.Create(clock, unit, $"program-{id}", body.Name, body.Roles, secrets.OfProgram(id, 0), hasher, isProgram: true) with { Id = id };
        var added = await db.InTransaction<MemberView>(caller.Write, async work =>
        {
            // It may have moved while the secret was hashed.
            if (await UnitTree.Take(work, caller, body.UnitId) is not { } now) return UnitRejections.Unknown(body.UnitId);
            if (await UnitTree.Inactive(work, now.Path) is { } inactive) return inactive;
            program = program with { Path = now.Path };
            await work.Execute(MemberSql.Insert, program);
            work.Publish(program.ToEvent());
            return program.ToView();
        }, ct);
        return added.Map(m => new AddProgram.Response(m.Id, m.UnitId, m.Path, m.SignInName, m.DisplayName, m.Roles, secrets.OfProgram(m.Id, 0)));
    }
}

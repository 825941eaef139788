using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Units;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Members;

/// <summary>A person at a unit of the caller's or below.</summary>
internal static class AddMember
{
    /// <param name="UnitId">Within the caller's reach; the member's authority covers it and everything below.</param>
    /// <param name="SignInName">Unique in the deployment; never changes.</param>
    /// <param name="DisplayName">For people.</param>
    /// <param name="Password">Kept only as a hash.</param>
    /// <param name="Roles">Any but Operator and Storefront.</param>
    internal sealed record Request(Guid UnitId, string SignInName, string DisplayName, [property: Secret] string Password, IReadOnlyList<Role> Roles) : IValidated
    {
        public void Validate(Faults faults)
        {
            MemberFaults.SignIn(faults, SignInName, Password, "");
            faults.Text(DisplayName, "/displayName");
            MemberFaults.Roles(faults, Roles, MemberFaults.StaffRoles);
        }

        // Whoever prints a request must not print the password.
        public override string ToString() => $"{nameof(AddMember)} {SignInName}";
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/members", async (Body<Request> body, Caller caller, AddMemberHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(AddMember), "Adds a member to a unit, with roles there.")
        .Allow(Permission.ManageMembers)
        .Example(new Request(Guid.Empty, "planner@aurora", "North's planner", "a-long-enough-secret", [Role.Planner]))
        .Gives<MemberView>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.NotFound, UnitRejections.Inactive, MemberRejections.NameTaken);
}

internal sealed class AddMemberHandler(OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher)
{
    public async Task<Result<MemberView>> Handle(Caller caller, AddMember.Request body, CancellationToken ct)
    {
        // An unknown unit is refused before the password costs a hash; where the unit stands is read again below.
        if (await db.Find<UnitRow>(UnitSql.ById, new { Id = body.UnitId, caller.Scope, caller.ScopeEnd }, ct) is not { } unit)
            return UnitRejections.Unknown(body.UnitId);
        // Hashing is slow on purpose; it must not hold up the writers behind this one.
        var member = MemberRow.Create(clock, unit, body.SignInName, body.DisplayName, body.Roles, body.Password, hasher);
        return await db.InTransaction<MemberView>(caller.Write, async work =>
        {
            // It may have moved while the password was hashed.
            if (await UnitTree.Take(work, caller, body.UnitId) is not { } now) return UnitRejections.Unknown(body.UnitId);
            if (await UnitTree.Inactive(work, now.Path) is { } inactive) return inactive;
            if (await work.Find<MemberRow>(MemberSql.BySignInName, new { member.SignInName }) is not null)
                return MemberRejections.NameTaken.Because($"Somebody signs in as {member.SignInName}.");
            member = member with { Path = now.Path };
            await work.Execute(MemberSql.Insert, member);
            work.Publish(member.ToEvent());
            return member.ToView();
        }, ct);
    }
}

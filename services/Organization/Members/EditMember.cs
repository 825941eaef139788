using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Members;

/// <summary>Renames a member or client program, or gives it other roles.</summary>
internal static class EditMember
{
    /// <param name="DisplayName">For people.</param>
    /// <param name="Roles">For a person any but Operator and Storefront, for a program Storefront. Others than before end its access tokens.</param>
    internal sealed record Request(string DisplayName, IReadOnlyList<Role> Roles) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(DisplayName, "/displayName");
            MemberFaults.Roles(faults, Roles, [.. MemberFaults.StaffRoles, .. MemberFaults.ProgramRoles]);
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/members/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditMemberHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditMember), "Renames a member or client program, or changes its roles.", "A member whose roles change has to sign in again.")
        .Allow(Permission.ManageMembers).Conditional()
        .Example(new Request("North's planner", [Role.Planner, Role.Analyst]))
        .Gives<MemberView>()
        .Rejects(MemberRejections.NotFound, MemberRejections.OwnRoles, MemberRejections.LastAdmin);
}

internal sealed class EditMemberHandler(OrganizationDb db)
{
    public Task<Result<MemberView>> Handle(Caller caller, Guid id, IfMatch ifMatch, EditMember.Request body, CancellationToken ct) =>
        db.InTransaction<MemberView>(caller.Write, async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } member) return MemberRejections.Unknown(id);
            if (ifMatch.Check(member.Version) is { } stale) return stale;
            var faults = new Faults();
            MemberFaults.Roles(faults, body.Roles, member.IsProgram ? MemberFaults.ProgramRoles : MemberFaults.StaffRoles);
            if (faults.Count > 0) return faults.ToRejection();
            var hasOthers = !body.Roles.ToHashSet().SetEquals(member.RoleList);
            if (hasOthers && caller.Id == id.ToString()) return MemberRejections.OwnRoles.Because("Ask another administrator.");
            var edited = member with { DisplayName = body.DisplayName, Roles = Sql.Json(body.Roles.Select(r => r.ToString())) };
            return (await work.Save(member, edited, endsTokens: hasOthers)).Map(m => m.ToView());
        }, ct);
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Members;

/// <summary>Shuts a member or client program out, everywhere, and lets it in again.</summary>
internal static class SuspendMember
{
    private const string Meaning =
        "Sign-in is refused at once; every service refuses its access tokens within a minute, usually at once. Asked again, it changes nothing.";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/members/{id:guid}/suspend", async (Guid id, Caller caller, SuspendMemberHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, isSuspended: true, ct)).ToHttp())
            .Describe(nameof(SuspendMember), "Shuts a member or client program out.", Meaning)
            .Allow(Permission.ManageMembers).Gives<MemberView>().Rejects(MemberRejections.NotFound, MemberRejections.LastAdmin);
        routes.MapPost("/members/{id:guid}/reinstate", async (Guid id, Caller caller, SuspendMemberHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, isSuspended: false, ct)).ToHttp())
            .Describe("ReinstateMember", "Lets a suspended member or client program in again.", "It has to sign in again: access tokens from before the suspension do not come back.")
            .Allow(Permission.ManageMembers).Gives<MemberView>().Rejects(MemberRejections.NotFound);
    }
}

internal sealed class SuspendMemberHandler(OrganizationDb db)
{
    public Task<Result<MemberView>> Handle(Caller caller, Guid id, bool isSuspended, CancellationToken ct) =>
        db.InTransaction<MemberView>(caller.Write, async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } member) return MemberRejections.Unknown(id);
            work.Audited(member.ToView());
            if (member.IsSuspended == isSuspended) return member.ToView();
            return (await work.Save(member, member with { IsSuspended = isSuspended }, endsTokens: isSuspended)).Map(m => m.ToView());
        }, ct);
}

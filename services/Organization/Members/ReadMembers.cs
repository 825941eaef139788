using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Members;

/// <summary>Members and client programs of the caller's unit and below; and the caller.</summary>
internal static class ReadMembers
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/members", async (Caller caller, PageRequest page, OrganizationDb db, CancellationToken ct) =>
                page.ToPage(await db.Query<MemberRow>(MemberSql.Page, new { caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct), r => r.Seq, r => r.ToView()))
            .Describe("ListMembers", "Members and client programs of the caller's unit and below.")
            .Allow(Permission.ManageMembers).Paged().Gives<PageOf<MemberView>>();
        routes.MapGet("/members/{id:guid}", async (Guid id, Caller caller, OrganizationDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadMember", "One member or client program.")
            .Allow(Permission.ManageMembers).Gives<MemberView>().Rejects(MemberRejections.NotFound);
        routes.MapGet("/members/me", async (Caller caller, OrganizationDb db, CancellationToken ct) =>
                (await FindSelf(db, caller, ct)).ToHttp())
            .Describe("ReadSelf", "Who the caller is: the member or client program that signed in.")
            .Allow(Permission.ReadOrganization).Gives<MemberView>().Rejects(MemberRejections.NotFound);
    }

    private static async Task<Result<MemberView>> Find(OrganizationDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<MemberRow>(MemberSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } row ? row.ToView() : MemberRejections.Unknown(id);

    // With another OpenID Connect authority a caller need not be a member here, nor its subject a UUID.
    private static async Task<Result<MemberView>> FindSelf(OrganizationDb db, Caller caller, CancellationToken ct) =>
        Guid.TryParse(caller.Id, out var id) && await db.Find<MemberRow>(MemberSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is { } row
            ? row.ToView()
            : MemberRejections.NotFound.Because("The caller signed in elsewhere and is no member here.");
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Units;

namespace LiveCommerce.Organization.Members;

/// <summary>A person who shall choose a password of their own: at first, or because the old one is lost.</summary>
internal static class InviteMember
{
    internal static readonly TimeSpan Holds = TimeSpan.FromDays(7);

    /// <param name="UnitId">Within the caller's reach; the member's authority covers it and everything below.</param>
    /// <param name="SignInName">Unique in the deployment; never changes.</param>
    /// <param name="DisplayName">For people.</param>
    /// <param name="Roles">Any but Operator and Storefront.</param>
    internal sealed record Request(Guid UnitId, string SignInName, string DisplayName, IReadOnlyList<Role> Roles) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.SignInName(SignInName, "/signInName").Text(DisplayName, "/displayName");
            MemberFaults.Roles(faults, Roles, MemberFaults.StaffRoles);
        }
    }

    /// <param name="Member">Cannot sign in until the invitation is accepted.</param>
    /// <param name="Token">For <c>POST /organization/invitations/accept</c>: hand it to the person, and to nobody else. Shown here and nowhere else.</param>
    internal sealed record Response(MemberView Member, [property: Secret] string Token)
    {
        // Whoever prints it must not print the token.
        public override string ToString() => $"{nameof(InviteMember)} {Member.SignInName}";
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/members/invite", async (Body<Request> body, Caller caller, InviteMemberHandler handler, CancellationToken ct) =>
                (await handler.Invite(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
            .Describe(nameof(InviteMember), "Adds a member who chooses a password by a one-time invitation.", $"The invitation holds for {Holds.Days} days.")
            .Allow(Permission.ManageMembers)
            .Example(new Request(Guid.Empty, "planner@aurora", "North's planner", [Role.Planner]))
            .Gives<Response>(StatusCodes.Status201Created)
            .Rejects(UnitRejections.NotFound, UnitRejections.Inactive, MemberRejections.NameTaken);
        routes.MapPost("/members/{id:guid}/invite", async (Guid id, Caller caller, InviteMemberHandler handler, CancellationToken ct) =>
                (await handler.InviteAgain(caller, id, ct)).ToHttp())
            .Describe("InviteMemberAgain", "Gives a member a new one-time invitation to choose a password by.",
                "For an invitation that was lost or ran out, or a password that was forgotten. Earlier invitations end; the password there is holds until the new one is chosen.")
            .Allow(Permission.ManageMembers).Gives<Response>().Rejects(MemberRejections.NotFound, MemberRejections.IsProgram);
    }
}

internal sealed class InviteMemberHandler(OrganizationDb db, TimeProvider clock, DerivedSecrets secrets)
{
    public async Task<Result<InviteMember.Response>> Invite(Caller caller, InviteMember.Request body, CancellationToken ct)
    {
        var invited = await db.InTransaction<MemberView>(caller.Write, async work =>
        {
            if (await UnitTree.Take(work, caller, body.UnitId) is not { } unit) return UnitRejections.Unknown(body.UnitId);
            if (await UnitTree.Inactive(work, unit.Path) is { } inactive) return inactive;
            if (await work.Find<MemberRow>(MemberSql.BySignInName, new { body.SignInName }) is not null)
                return MemberRejections.NameTaken.Because($"Somebody signs in as {body.SignInName}.");
            var member = MemberRow.Create(clock, unit, body.SignInName, body.DisplayName, body.Roles) with { Generation = 1, InvitedUntil = work.Now + InviteMember.Holds };
            await work.Execute(MemberSql.Insert, member);
            work.Publish(member.ToEvent());
            return member.ToView();
        }, ct);
        return invited.Map(m => new InviteMember.Response(m, secrets.OfInvitation(m.Id, 1)));
    }

    public async Task<Result<InviteMember.Response>> InviteAgain(Caller caller, Guid id, CancellationToken ct)
    {
        var invited = await db.InTransaction<Invited>(caller.Write, async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.ById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } member) return MemberRejections.Unknown(id);
            if (member.IsProgram) return MemberRejections.IsProgram.Because("Rotate its secret instead.");
            var again = member with { Generation = member.Generation + 1, InvitedUntil = work.Now + InviteMember.Holds };
            return (await work.Save(member, again, endsTokens: false)).Map(m => new Invited(m.ToView(), m.Generation));
        }, ct);
        return invited.Map(i => new InviteMember.Response(i.Member, secrets.OfInvitation(id, i.Generation)));
    }

    private sealed record Invited(MemberView Member, long Generation);
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Organization.Audit;
using LiveCommerce.Organization.Brands;
using LiveCommerce.Organization.Mandates;
using LiveCommerce.Organization.Members;
using LiveCommerce.Organization.Operations;
using LiveCommerce.Organization.Programs;
using LiveCommerce.Organization.Reactions;
using LiveCommerce.Organization.Tokens;
using LiveCommerce.Organization.Units;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization;

/// <summary>The organization's own database.</summary>
internal sealed class OrganizationDb(ServiceDbSetup setup) : ServiceDb("organization", setup);

/// <summary>Who is who: the tree of units, brands, members and client programs, mandates, sign-in.</summary>
public sealed class OrganizationModule : IServiceModule
{
    public string Name => "organization";

    public string Summary => "The tree of headquarters, regions and resellers, its brands, members, client programs and mandates, and sign-in.";

    public IReadOnlyList<Type> Reactions => [typeof(OnAccessChanged), typeof(OnAuditRecorded)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<OrganizationDb>()
        .AddSingleton<PasswordHasher<MemberRow>>()
        .AddSingleton<OpenHeadquartersHandler>()
        .AddSingleton<AddUnitHandler>()
        .AddSingleton<EditUnitHandler>()
        .AddSingleton<AddBrandHandler>()
        .AddSingleton<EditBrandHandler>()
        .AddSingleton<AddMemberHandler>()
        .AddSingleton<InviteMemberHandler>()
        .AddSingleton<AcceptInvitationHandler>()
        .AddSingleton<EditMemberHandler>()
        .AddSingleton<SuspendMemberHandler>()
        .AddSingleton<ChangePasswordHandler>()
        .AddSingleton<RotateSecretHandler>()
        .AddSingleton<DerivedSecrets>()
        .AddSingleton<SignInAttempts>()
        .AddSingleton<AddProgramHandler>()
        .AddSingleton<GrantMandateHandler>()
        .AddSingleton<RevokeMandateHandler>()
        .AddSingleton<ChangeMandateHandler>()
        .AddSingleton<MoveUnitHandler>()
        .AddSingleton<ActivateUnitHandler>()
        .AddSingleton<IssueTokenHandler>()
        .AddSingleton<RepublishOrganizationHandler>()
        .AddHostedService<OperatorAccount>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        OpenHeadquarters.Map(routes);
        AddUnit.Map(routes);
        EditUnit.Map(routes);
        ReadUnits.Map(routes);
        AddBrand.Map(routes);
        EditBrand.Map(routes);
        ReadBrands.Map(routes);
        AddMember.Map(routes);
        InviteMember.Map(routes);
        AcceptInvitation.Map(routes);
        EditMember.Map(routes);
        SuspendMember.Map(routes);
        ChangePassword.Map(routes);
        ReadMembers.Map(routes);
        AddProgram.Map(routes);
        RotateSecret.Map(routes);
        GrantMandate.Map(routes);
        RevokeMandate.Map(routes);
        ChangeMandate.Map(routes);
        MoveUnit.Map(routes);
        ActivateUnit.Map(routes);
        ReadMandates.Map(routes);
        IssueToken.Map(routes);
        PublishKeys.Map(routes);
        RepublishOrganization.Map(routes);
        ReadAllAudit.Map(routes);
    }
}

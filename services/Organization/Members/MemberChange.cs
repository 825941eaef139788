using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Members;

/// <summary>The steps every change of a member goes through.</summary>
internal static class MemberChange
{
    /// <summary>Writes <paramref name="after"/> over the version that was read, and tells of it.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="before">As it was read.</param>
    /// <param name="after">As it shall be; its version is still that of <paramref name="before"/>.</param>
    /// <param name="endsTokens">Access tokens issued so far hold no longer.</param>
    public static async Task<Result<MemberRow>> Save(this UnitOfWork work, MemberRow before, MemberRow after, bool endsTokens)
    {
        if (TakesAnAdmin(before, after) && await IsLastAdmin(work, before))
            return MemberRejections.LastAdmin.Because($"{before.DisplayName} is the last at {before.Path} who can.");
        if (endsTokens) after = after with { TokensFrom = before.Version + 1 };
        if (await work.Execute(MemberSql.Update, after) == 0)
            return CommonRejections.LostRace.Because("Somebody changed the member at this moment.");
        after = after with { Version = before.Version + 1 };
        work.Audited(before.ToView(), after.ToView());
        work.Publish(after.ToEvent());
        return after;
    }

    private static bool TakesAnAdmin(MemberRow before, MemberRow after) =>
        before.Path == UnitPath.Headquarters(before.Path) && IsAdmin(before) && !IsAdmin(after);

    private static bool IsAdmin(MemberRow member) => !member.IsProgram && !member.IsSuspended && member.SecretHash.Length > 0 && member.RoleList.Contains(Role.Admin);

    private static async Task<bool> IsLastAdmin(UnitOfWork work, MemberRow member)
    {
        await work.Execute(MemberSql.TakeTurn, new { member.Path });
        return await work.Scalar<long>(MemberSql.OtherAdmins, new { member.Path, member.Id }) == 0;
    }
}

namespace LiveCommerce.System.Tests.Access;

internal static partial class Probes
{
    internal static IReadOnlyDictionary<string, Probe> OfMembers => new Dictionary<string, Probe>
    {
        ["POST /organization/members/invite"] = new(Reach.Covered, _ => "/organization/members/invite", w => new { unitId = w.NorthId, signInName = Next("invited"), displayName = "I", roles = new[] { "Planner" } }),
        ["POST /organization/members/{}/invite"] = new(Reach.Covered, w => $"/organization/members/{w.MemberId}/invite"),
        ["GET /organization/members/{}"] = new(Reach.Covered, w => $"/organization/members/{w.MemberId}"),
        ["PUT /organization/members/{}"] = new(Reach.Covered, w => $"/organization/members/{w.MemberId}", _ => new { displayName = "P", roles = new[] { "Planner" } }) { Headers = [("If-Match", "\"1\"")] },
        ["POST /organization/members/{}/suspend"] = new(Reach.Covered, w => $"/organization/members/{w.MemberId}/suspend"),
        ["POST /organization/members/{}/reinstate"] = new(Reach.Covered, w => $"/organization/members/{w.MemberId}/reinstate"),
        ["PUT /organization/members/me/password"] = new(Reach.Unscoped, _ => "/organization/members/me/password"),
        ["POST /organization/programs/{}/rotate"] = new(Reach.Covered, w => $"/organization/programs/{w.ProgramId}/rotate", _ => new { overlapMinutes = 60 }),
    };
}

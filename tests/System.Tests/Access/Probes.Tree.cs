namespace LiveCommerce.System.Tests.Access;

internal static partial class Probes
{
    internal static IReadOnlyDictionary<string, Probe> OfTree => new Dictionary<string, Probe>
    {
        ["POST /organization/units/{}/move"] = new(Reach.Covered, w => $"/organization/units/{w.ResellerId}/move", w => new { parentId = w.NorthId }) { Headers = [("If-Match", "\"1\"")] },
        ["POST /organization/headquarters/{}/deactivate"] = new(Reach.Unscoped, w => $"/organization/headquarters/{w.HeadquartersId}/deactivate"),
        ["POST /organization/headquarters/{}/reactivate"] = new(Reach.Unscoped, w => $"/organization/headquarters/{w.HeadquartersId}/reactivate"),
        ["POST /organization/units/{}/deactivate"] = new(Reach.Covered, w => $"/organization/units/{w.SpareUnitId}/deactivate"),
        ["POST /organization/units/{}/reactivate"] = new(Reach.Covered, w => $"/organization/units/{w.SpareUnitId}/reactivate"),
        ["PUT /organization/mandates/{}"] = new(Reach.Covered, w => $"/organization/mandates/{w.MandateId}", w => w.MandateTerms()) { Headers = [("If-Match", "\"1\"")], OtherRefusals = ["mandate.own_unit", "mandate.revoked"] },
    };
}

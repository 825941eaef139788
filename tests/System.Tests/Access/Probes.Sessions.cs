namespace LiveCommerce.System.Tests.Access;

internal static partial class Probes
{
    internal static IReadOnlyDictionary<string, Probe> OfSessionLife => new Dictionary<string, Probe>
    {
        ["POST /scheduling/sessions/{}/submit"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SubmittedId}/submit"),
        ["POST /scheduling/sessions/{}/withdraw"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SubmittedId}/withdraw"),
        ["POST /scheduling/sessions/{}/approve"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SubmittedId}/approve"),
        ["POST /scheduling/sessions/{}/reject"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SubmittedId}/reject", _ => new { reason = "Too early" }),
        ["POST /scheduling/sessions/{}/close"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/close"),
    };
}

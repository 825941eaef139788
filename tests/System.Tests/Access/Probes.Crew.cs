namespace LiveCommerce.System.Tests.Access;

internal static partial class Probes
{
    internal static IReadOnlyDictionary<string, Probe> OfCrew => new Dictionary<string, Probe>
    {
        ["POST /scheduling/people"] = new(Reach.Covered, _ => "/scheduling/people", w => new { unitId = w.NorthId, name = "P", roles = new[] { "Model" } }),
        ["GET /scheduling/people"] = new(Reach.ListAndBelow, _ => "/scheduling/people", Subject: w => w.PersonId),
        ["GET /scheduling/people/{}"] = new(Reach.AndBelow, w => $"/scheduling/people/{w.PersonId}"),
        ["PUT /scheduling/people/{}"] = new(Reach.Covered, w => $"/scheduling/people/{w.PersonId}", _ => new { name = "P", roles = new[] { "Model" } }) { Headers = [("If-Match", "\"1\"")] },
        ["POST /scheduling/people/{}/absences"] = new(Reach.Covered, w => $"/scheduling/people/{w.PersonId}/absences", w => new { startsAt = w.Now.AddDays(200), endsAt = w.Now.AddDays(201) }),
        ["POST /scheduling/people/{}/absences/{}/withdraw"] = new(Reach.Covered, w => $"/scheduling/people/{w.PersonId}/absences/{w.AbsenceId}/withdraw"),
        ["GET /scheduling/people/{}/calendar"] = new(Reach.Covered, w => $"/scheduling/people/{w.PersonId}/calendar"),
        ["POST /scheduling/people/me/feed"] = new(Reach.Unscoped, _ => "/scheduling/people/me/feed"),
        ["GET /scheduling/people/me/calendar"] = new(Reach.Unscoped, _ => "/scheduling/people/me/calendar"),
        ["PUT /scheduling/sessions/{}/crew"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/crew", w => new { crew = new[] { new { personId = w.PersonId, role = "Model" } } }) { Headers = [("If-Match", "\"1\"")] },
        ["GET /scheduling/sessions/{}/crew"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/crew"),

        ["GET /scheduling/checklist-templates"] = new(Reach.Unscoped, _ => "/scheduling/checklist-templates"),
        ["GET /scheduling/checklist-templates/{}"] = new(Reach.Unscoped, _ => "/scheduling/checklist-templates/GroupBroadcast"),
        ["PUT /scheduling/checklist-templates/{}"] = new(Reach.Unscoped, _ => "/scheduling/checklist-templates/GroupBroadcast",
            _ => new { tasks = new[] { new { code = "rehearsal", title = "Rehearsal held", anchor = "LiveStart", offsetMinutes = -1440, points = 15, ownerRole = "Planner" } } })
        { Headers = [("If-Match", "\"0\"")] },
        ["GET /scheduling/sessions/{}/checklist"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/checklist"),
        ["GET /scheduling/tasks"] = new(Reach.List, _ => "/scheduling/tasks?limit=200", Subject: w => w.QuietSessionId),
        ["POST /scheduling/sessions/{}/tasks/{}/complete"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/tasks/rehearsal/complete"),
        ["POST /scheduling/sessions/{}/tasks/{}/correct"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/tasks/rehearsal/correct", _ => new { outcome = "Waived", reason = "Weather" }),
        ["GET /scheduling/sessions/{}/score"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/score"),
        ["GET /scheduling/scores/{}"] = new(Reach.Covered, w => $"/scheduling/scores/2026-11?unitId={w.NorthId}"),

        ["PUT /scheduling/sessions/{}/activities"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/activities", _ => new { activities = new[] { new { kind = "Lottery", title = "Coats" } } }) { Headers = [("If-Match", "\"0\"")] },
        ["GET /scheduling/sessions/{}/activities"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/activities"),
        ["PUT /scheduling/sessions/{}/reviews/qualitative"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/reviews/qualitative", _ => new { summary = "Good" }) { Headers = [("If-Match", "\"0\"")] },
        ["PUT /scheduling/sessions/{}/reviews/quantitative"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/reviews/quantitative", _ => new { summary = "Good", figures = new { views = 1, buyers = 0, salesMinor = 0 } }) { Headers = [("If-Match", "\"0\"")] },
        ["GET /scheduling/sessions/{}/reviews"] = new(Reach.Covered, w => $"/scheduling/sessions/{w.SessionId}/reviews"),
    };
}

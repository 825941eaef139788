using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Crew;

/// <summary>People and what they do, in short.</summary>
internal static class Floor
{
    public static Task<Answer> Add(this Calendar calendar, string path, string name, string? memberId, params string[] roles) =>
        calendar.Planner(path).Post("/scheduling/people", new { unitId = calendar.Units[path], name, roles, memberId });

    public static async Task<Guid> AddPerson(this Calendar calendar, params string[] roles)
    {
        var added = await calendar.Add(Calendar.Aurora, "Chen Bo", null, roles);
        Assert.That(added.Status, Is.EqualTo(201), added.Content);
        return added.Id;
    }

    public static object Crew(params (Guid PersonId, string Role)[] crew) => new { crew = crew.Select(c => new { personId = c.PersonId, role = c.Role }) };

    public static async Task<Answer> Assign(this Calendar calendar, Guid session, params (Guid PersonId, string Role)[] crew) =>
        await calendar.Planner().Put($"/scheduling/sessions/{session}/crew", Crew(crew), ("If-Match", (await calendar.Read(session)).ETag!));

    /// <summary>Somebody for every place the tier needs besides the host and the co-hosts, free of other sessions.</summary>
    public static async Task<(Guid PersonId, string Role)[]> FullCrew(this Calendar calendar, Contracts.Scheduling.SessionTier tier)
    {
        var crew = new List<(Guid, string)>();
        foreach (var role in Enum.GetValues<CrewRole>().Where(r => r is not (CrewRole.Host or CrewRole.CoHost)))
            for (var i = 0; i < CrewNeeds.Of(tier, role); i++) crew.Add((await calendar.AddPerson(role.ToString()), role.ToString()));
        return [.. crew];
    }

    public static Task<Answer> Away(this Calendar calendar, Guid person, DateTimeOffset from, DateTimeOffset to) =>
        calendar.Planner().Post($"/scheduling/people/{person}/absences", new { startsAt = from, endsAt = to, reason = "Fair" });

    public static Task<Answer> Put(this HttpClient client, string path, object body, long version) => client.Put(path, body, ("If-Match", $"\"{version}\""));

    public static HttpClient Anyone(this Calendar calendar, string path = Calendar.Aurora) => calendar.Host.At(path, Role.Analyst);
}

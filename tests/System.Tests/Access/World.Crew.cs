using LiveCommerce.Hosting;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    public Guid PersonId { get; private set; }

    public Guid AbsenceId { get; private set; }

    /// <summary>A session that nobody moves, goes live with or cancels.</summary>
    public Guid QuietSessionId { get; private set; }

    internal async Task SeedCrew()
    {
        var planner = At(Place.Own, Role.Planner);
        PersonId = await Made(planner, "/scheduling/people", new { unitId = NorthId, name = "Person", roles = new[] { "Model" } });
        AbsenceId = await Made(planner, $"/scheduling/people/{PersonId}/absences", new { startsAt = Now.AddDays(100), endsAt = Now.AddDays(101) });
        QuietSessionId = await Made(At(Place.Above, Role.Planner), "/scheduling/sessions", SessionBody(TimeSpan.FromDays(90)));
    }
}

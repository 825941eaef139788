using LiveCommerce.Hosting;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    public Guid PersonId { get; private set; }

    public Guid AbsenceId { get; private set; }

    internal async Task SeedCrew()
    {
        var planner = At(Place.Own, Role.Planner);
        PersonId = await Made(planner, "/scheduling/people", new { unitId = NorthId, name = "Person", roles = new[] { "Model" } });
        AbsenceId = await Made(planner, $"/scheduling/people/{PersonId}/absences", new { startsAt = Now.AddDays(100), endsAt = Now.AddDays(101) });
    }
}

using LiveCommerce.Hosting;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    /// <summary>A session of the region that waits for approval.</summary>
    public Guid SubmittedId { get; private set; }

    internal async Task SeedSubmittedSession() =>
        SubmittedId = await Made(At(Place.Own, Role.Planner), "/scheduling/sessions", SessionBody(TimeSpan.FromDays(300)));
}

using LiveCommerce.Hosting;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    public Guid ProgramId { get; private set; }

    public Task Settle() => _host.Settle();

    public Task Deliver(object @event) => _host.Deliver(@event);

    private async Task SeedProgram() =>
        ProgramId = await Made(At(Place.Above, Role.Admin), "/organization/programs", new { unitId = NorthId, name = "Shop", roles = new[] { "Storefront" } });
}

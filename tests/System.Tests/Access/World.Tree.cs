using LiveCommerce.Hosting;

namespace LiveCommerce.System.Tests.Access;

internal sealed partial class World
{
    /// <summary>A reseller of the region's that nothing hangs on.</summary>
    public Guid SpareUnitId { get; private set; }

    public object MandateTerms() => new { brandIds = new[] { BrandId }, channels = new[] { "MiniProgram" }, opensAt = Now, closesAt = Now.AddDays(60), earliestMinute = 0, latestMinute = 1440 };

    internal async Task SeedTree()
    {
        SpareUnitId = await Made(At(Place.Above, Role.Admin), "/organization/units", new { parentId = NorthId, code = "spare", name = "Spare", kind = "Reseller", resellerKind = "Dealer" });
        await _host.Settle();
    }
}

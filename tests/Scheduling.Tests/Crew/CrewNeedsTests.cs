using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Crew;

namespace LiveCommerce.Scheduling.Tests.Crew;

internal sealed class CrewNeedsTests
{
    [TestCase(SessionTier.GroupBroadcast, 10)]
    [TestCase(SessionTier.RegionalBroadcast, 9)]
    [TestCase(SessionTier.BrandBroadcast, 9)]
    [TestCase(SessionTier.ResellerBroadcast, 3)]
    public void ATierNeeds_AFullFloor_OrAShopsThree(SessionTier tier, int people) =>
        Assert.That(CrewNeeds.Count(tier, []).Sum(c => c.Missing), Is.EqualTo(people));

    [FsCheck.NUnit.Property]
    public bool ACrewIsComplete_ExactlyIfNoRoleIsMissing(SessionTier tier, CrewRole[] roles) =>
        CrewNeeds.AreMet(tier, roles) == Enum.GetValues<CrewRole>().All(r => roles.Count(a => a == r) >= CrewNeeds.Of(tier, r));

    [FsCheck.NUnit.Property]
    public bool OnePersonMore_NeverMakesMorePeopleMissing(SessionTier tier, CrewRole[] roles, CrewRole one) =>
        CrewNeeds.Count(tier, [.. roles, one]).Sum(c => c.Missing) <= CrewNeeds.Count(tier, roles).Sum(c => c.Missing);

    [FsCheck.NUnit.Property]
    public bool WhoIsMissing_CompletesTheCrew(SessionTier tier, CrewRole[] roles)
    {
        var missing = CrewNeeds.Count(tier, roles).SelectMany(c => Enumerable.Repeat(c.Role, c.Missing));
        return CrewNeeds.AreMet(tier, [.. roles, .. missing]);
    }
}

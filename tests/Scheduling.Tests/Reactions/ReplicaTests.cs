using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Reactions;

internal sealed class ReplicaTests
{
    [Test]
    public async Task UnitsThatArriveTwiceOrInAnyOrder_EndAsTheirNewestState()
    {
        await using var calendar = await Calendar.Open();
        calendar.Units["/aurora/x/"] = Calendar.Id();
        var versions = new[]
        {
            calendar.Unit("/aurora/x/", UnitKind.Region, "Asia/Shanghai"),
            calendar.Unit("/aurora/x/", UnitKind.Region, "Asia/Tokyo", 2),
            calendar.Unit("/aurora/x/", UnitKind.Reseller, "Asia/Seoul", 3),
        };
        foreach (var i in new[] { 1, 0, 2, 1, 0, 2 }) await calendar.Host.Deliver(versions[i]);
        var plan = await calendar.NewPlan("/aurora/x/", "RegionalBroadcast");
        Assert.That((await calendar.Schedule(plan)).Code, Is.EqualTo("session.tier_not_allowed"), "it is a reseller by now");
    }

    [Test]
    public async Task AnOldStateOfAMandate_DoesNotUndoItsRevocation()
    {
        await using var calendar = await Calendar.Open();
        var id = Calendar.Id();
        await calendar.Mandate(id, version: 2, revoked: true);
        await calendar.Mandate(id, version: 1);
        await calendar.Mandate(id, version: 2, revoked: true);
        var plan = await calendar.NewPlan(Calendar.R7, "ResellerBroadcast");
        Assert.That((await calendar.Schedule(plan with { MandateId = id })).Code, Is.EqualTo("mandate.revoked"));
    }

    [Test]
    public async Task RacingStatesOfOneBrand_EndAsTheNewest()
    {
        await using var calendar = await Calendar.Open();
        var id = Calendar.Id();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(v => calendar.Host.Deliver(new BrandChanged
        {
            BrandId = id,
            Version = v,
            HeadquartersPath = v == 20 ? Calendar.Aurora : Calendar.Borealis,
            Code = "d",
            Name = "D",
            Grade = "A",
        })));
        await calendar.Scheduled(await calendar.NewPlan() with { BrandIds = [id] });
    }

    [Test]
    public async Task ALineupAndAPriceList_AreNotedOnTheSession_NewestLast_WithoutANewVersion()
    {
        await using var calendar = await Calendar.Open("Asia/Shanghai", new RecorderModule());
        var session = await calendar.Scheduled();
        var at = calendar.Host.Clock.GetUtcNow();
        var again = Calendar.Id();
        await calendar.Host.Deliver(Lineup(session, 3, at.AddMinutes(3)), again);
        await calendar.Host.Deliver(Lineup(session, 2, at.AddMinutes(2)));
        await calendar.Host.Deliver(Lineup(session, 3, at.AddMinutes(3)), again);
        await calendar.Host.Deliver(Prices(session, 2, at.AddMinutes(5)));
        await calendar.Host.Deliver(Prices(session, 1, at.AddMinutes(4)));
        await calendar.Host.Deliver(Prices(Calendar.Id(), 1, at));

        var read = await calendar.Read(session);
        Assert.That((DateTimeOffset)read.Json["lineupFinalAt"]!, Is.EqualTo(at.AddMinutes(3)));
        Assert.That((DateTimeOffset)read.Json["priceListPublishedAt"]!, Is.EqualTo(at.AddMinutes(5)));
        Assert.That(read.ETag, Is.EqualTo("\"1\""));
        Assert.That(await Recorded.Of(calendar.Host, session), Has.Count.EqualTo(1));

        var later = await calendar.Do(session, "cancel");
        Assert.That((DateTimeOffset)later.Json["lineupFinalAt"]!, Is.EqualTo(at.AddMinutes(3)));
    }

    private static LineupFinalized Lineup(Guid session, long version, DateTimeOffset at) =>
        new() { SessionId = session, Version = version, OwnerPath = Calendar.Aurora, FinalizedAt = at, Items = [] };

    private static PriceListPublished Prices(Guid session, long version, DateTimeOffset at) =>
        new() { SessionId = session, Version = version, OwnerPath = Calendar.Aurora, Currency = "CNY", PublishedAt = at, Prices = [] };
}

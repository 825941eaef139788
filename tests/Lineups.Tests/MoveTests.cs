using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Lineups.Reactions;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Lineups.Tests;

internal sealed class MoveTests
{
    private const string Moved = "/aurora/south/r8/";
    private const string Before = "/aurora/north/r8/";

    [Test]
    public async Task LineupsAndPriceListsOfAMovedUnitFollowIt_HoweverLateAndOftenItIsTold()
    {
        await using var world = await World.Start();
        var unit = world.NewId();
        await world.Host.Deliver(Told(unit, 1, Before));
        var products = await world.Products();
        var session = await world.Session(Before);
        await world.Put(session.SessionId, "\"0\"", World.Item(products["A"], 7000));
        await world.Finalize(session.SessionId, "\"1\"");
        Assert.That((await world.Publish(session.SessionId)).Status, Is.EqualTo(200));
        await world.Host.Deliver(Told(unit, 3, Moved, Before, "/aurora/r8/"));
        await world.Host.Deliver(Told(unit, 2, "/aurora/r8/", Before));
        await world.Host.Deliver(new SessionEdited(session with { Version = 2, Title = "Told under the old path" }));
        var late = await world.Session("/aurora/r8/");
        foreach (var (path, sees) in new[] { (World.Hq, true), (World.South, true), (Moved, true), (World.North, false), (Before, false), (World.Foreign, false) })
        {
            Assert.That((await world.At(path).Get(World.Lineup(session.SessionId))).Status, Is.EqualTo(sees ? 200 : 404), path);
            Assert.That((await world.At(path).Get(World.PriceList(session.SessionId))).Status, Is.EqualTo(sees ? 200 : 404), path);
        }
        Assert.That((await world.Put(World.South, late.SessionId, "\"0\"", World.Item(products["A"], 7000))).Status, Is.EqualTo(200));
        Assert.That((await world.Put(World.North, late.SessionId, "\"1\"", World.Item(products["A"], 7000))).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task AMandateThatAllowsLessNow_StopsThePublication()
    {
        await using var world = await World.Start();
        var products = await world.Products();
        var mandate = await world.Mandate(40);
        var session = await world.Session(World.Reseller, mandate);
        await world.Put(session.SessionId, "\"0\"", World.Item(products["A"], 6500), World.Item(products["D"], 1900));
        Assert.That((await world.Finalize(session.SessionId, "\"1\"")).Status, Is.EqualTo(200));
        await world.Host.Deliver(Mandate(world, mandate, 2, 30));
        var refused = await world.Publish(session.SessionId);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "mandate.discount_too_deep")), refused.Content);
        Assert.That(refused.Faults, Is.EqualTo(new[] { "/items/0/livePriceMinor" }));
        await world.Host.Deliver(Mandate(world, mandate, 3, 35));
        Assert.That((await world.Publish(session.SessionId)).Status, Is.EqualTo(200));
        await world.Host.Deliver(Mandate(world, mandate, 4, 0));
        Assert.That((await world.Publish(session.SessionId)).Status, Is.EqualTo(200), "what is out already stays as it is");
    }

    [Test]
    public async Task NothingIsMadeFinalOrPublished_UnderAMandateThatWasRevokedOrDoesNotHoldForTheSession()
    {
        await using var world = await World.Start();
        var products = await world.Products();
        var mandate = await world.Mandate(null);
        var session = await world.Session(World.Reseller, mandate);
        await world.Put(session.SessionId, "\"0\"", World.Item(products["A"], 6500));
        var (starts, ends) = (session.Phases.LiveStartsAt, session.Phases.LiveEndsAt);
        var version = 1L;
        foreach (var (opens, closes, revoked, code) in new (DateTimeOffset, DateTimeOffset, bool, string?)[]
        {
            (starts.AddMicroseconds(1), ends, false, "mandate.outside_dates"),
            (starts, ends.AddMicroseconds(-1), false, "mandate.outside_dates"),
            (starts, ends, true, "mandate.revoked"),
            (starts, ends, false, null),
        })
        {
            await world.Host.Deliver(Mandate(world, mandate, ++version, 40) with { OpensAt = opens, ClosesAt = closes, RevokedAt = revoked ? world.Now : null });
            var answer = await world.Finalize(session.SessionId, "\"1\"");
            Assert.That((answer.Status, answer.Code), Is.EqualTo(code is null ? (200, null) : (409, code)), answer.Content);
        }
        // On the air beyond its plan, the mandate may run out before the session ends.
        await world.Host.Deliver(new SessionWentLive(session with { Version = 2, Status = SessionStatus.Live }));
        world.Host.Clock.Set(ends);
        var refused = await world.Publish(session.SessionId);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "mandate.outside_dates")), refused.Content);
        world.Host.Clock.Set(ends.AddMicroseconds(-1));
        Assert.That((await world.Publish(session.SessionId)).Status, Is.EqualTo(200));
        world.Host.Clock.Set(ends);
        Assert.That((await world.Publish(session.SessionId)).Status, Is.EqualTo(200), "what is out already stays as it is");
    }

    [Test]
    public async Task NoColumnThatHoldsAPathIsForgotten()
    {
        await using var world = await World.Start();
        Assert.That(await Paths.Astray(world.Host.Services.GetRequiredService<LineupsDb>(), MovedRows.All.Columns, "Brands.HeadquartersPath", "Products.HeadquartersPath"), Is.Empty);
    }

    private static UnitChanged Told(Guid id, long version, string path, params string[] former) => new()
    {
        UnitId = id,
        Version = version,
        Path = path,
        FormerPaths = former,
        Name = "R8",
        Kind = UnitKind.Reseller,
        TimeZone = "Asia/Shanghai",
        Currency = "CNY",
        IsActive = true,
    };

    private static MandateChanged Mandate(World world, Guid id, long version, int deepest) => new()
    {
        MandateId = id,
        Version = version,
        ResellerId = Guid.Empty,
        ResellerPath = World.Reseller,
        BrandIds = [world.BrandId],
        Channels = [ChannelKind.MiniProgram],
        OpensAt = world.Now,
        ClosesAt = world.Now.AddDays(30),
        DeepestDiscountPercent = deepest,
    };
}

using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Lineups.PriceLists;
using LiveCommerce.Support;

namespace LiveCommerce.Lineups.Tests;

internal sealed class PriceListTests
{
    private World _world = null!;
    private Dictionary<string, Guid> _products = null!;
    private SessionState _session = null!;

    [SetUp]
    public async Task Start()
    {
        _world = await World.Start();
        _products = await _world.Products();
        _session = await _world.Session(World.North);
        await _world.Put(_session.SessionId, "\"0\"",
            new { productId = _products["A"], kind = "Hot", minutes = 5, livePriceMinor = 7000, liveStock = 9, perCustomerLimit = 2 }, World.Item(_products["B"], 4500));
    }

    [TearDown]
    public ValueTask Stop() => _world.DisposeAsync();

    [Test]
    public async Task OnlyAFinalLineupsPricesArePublished_EachPublicationUnderANewVersion()
    {
        var heard = _world.Listen<PriceListPublished>();
        Assert.That((await _world.At(World.North).Get(World.PriceList(_session.SessionId))).Code, Is.EqualTo("price_list.not_found"));
        Assert.That((await _world.Publish(_session.SessionId)).Code, Is.EqualTo("price_list.lineup_not_final"));
        await _world.Finalize(_session.SessionId, "\"1\"");
        var published = await _world.Publish(_session.SessionId);
        Assert.That(published.Status, Is.EqualTo(200), published.Content);
        Assert.That(((long)published.Json["version"]!, (string)published.Json["currency"]!, (string)published.Json["status"]!), Is.EqualTo((1L, "CNY", "Pending")));
        Assert.That((await _world.Publish(_session.SessionId)).Content, Is.EqualTo(published.Content), "published already");
        Assert.That((await _world.At(World.Reseller, Role.Storefront).Get(World.PriceList(_session.SessionId))).Content, Is.EqualTo(published.Content));
        var first = published.Json["prices"]![0]!;
        Assert.That(((string)first["productCode"]!, (long)first["livePriceMinor"]!, (long)first["listPriceMinor"]!, (long)first["liveStock"]!, (int)first["perCustomerLimit"]!),
            Is.EqualTo(("A", 7000L, 10000L, 9L, 2)));

        await _world.Put(_session.SessionId, "\"2\"", World.Item(_products["A"], 6500));
        Assert.That((await _world.Publish(_session.SessionId)).Code, Is.EqualTo("price_list.lineup_not_final"));
        await _world.Finalize(_session.SessionId, "\"3\"");
        Assert.That((long)(await _world.Publish(_session.SessionId)).Json["version"]!, Is.EqualTo(2));
        await _world.Host.Settle();
        Assert.That(heard.Select(e => (e.Version, e.OwnerPath, e.Currency, e.Prices.Count, e.Prices[0].LivePriceMinor)),
            Is.EqualTo(new[] { (1L, World.North, "CNY", 2, 7000L), (2L, World.North, "CNY", 1, 6500L) }));
    }

    [Test]
    public async Task PublicationsThatRace_MakeOneVersion()
    {
        var heard = _world.Listen<PriceListPublished>();
        await _world.Finalize(_session.SessionId, "\"1\"");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _world.Publish(_session.SessionId)));
        Assert.That(answers.Select(a => (a.Status, (long)a.Json["version"]!)), Is.All.EqualTo((200, 1L)));
        await _world.Host.Settle();
        Assert.That(heard, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task PricesHoldFromLiveStartToLiveEnd()
    {
        await FinalizeAndPublish();
        var (starts, ends) = (_session.Phases.LiveStartsAt, _session.Phases.LiveEndsAt);
        await Holds("Pending", 10000);
        await At(starts.AddMicroseconds(-1), "Pending");
        await At(starts, "InForce");
        await At(ends.AddMicroseconds(-1), "InForce");
        await At(ends, "Over");
        await At(starts.AddHours(1), "InForce");
    }

    [Test]
    public async Task ReschedulingMovesThePrices()
    {
        await FinalizeAndPublish();
        var starts = _session.Phases.LiveStartsAt.AddDays(2);
        await Tell(2, SessionStatus.Scheduled, s => new SessionRescheduled(s), starts, starts.AddHours(1));
        await At(_session.Phases.LiveStartsAt, "Pending");
        await At(starts, "InForce");
        await At(starts.AddHours(1), "Over");
        var list = (await _world.At(World.Hq).Get(World.PriceList(_session.SessionId))).Json;
        Assert.That(((DateTimeOffset)list["opensAt"]!, (DateTimeOffset)list["closesAt"]!), Is.EqualTo((starts, starts.AddHours(1))));
    }

    [Test]
    public async Task GoingLiveEarlyOpensThem_OverrunningKeepsThem_EndingClosesThem()
    {
        await FinalizeAndPublish();
        var early = _session.Phases.LiveStartsAt.AddHours(-2);
        _world.Host.Clock.Set(early);
        await Holds("Pending", 10000);
        await Tell(2, SessionStatus.Live, s => new SessionWentLive(s), early, _session.Phases.LiveEndsAt);
        await Holds("InForce", 7000);
        await At(_session.Phases.LiveEndsAt.AddHours(1), "InForce");
        await Tell(3, SessionStatus.Ended, s => new SessionEnded(s), early, _world.Now);
        await Holds("Over", 10000);
    }

    [Test]
    public async Task EndingEarlyClosesThem()
    {
        await FinalizeAndPublish();
        await Tell(2, SessionStatus.Live, s => new SessionWentLive(s), _session.Phases.LiveStartsAt, _session.Phases.LiveEndsAt);
        await At(_session.Phases.LiveStartsAt.AddHours(1), "InForce");
        await Tell(3, SessionStatus.Ended, s => new SessionEnded(s), _session.Phases.LiveStartsAt, _world.Now);
        await Holds("Over", 10000);
    }

    [Test]
    public async Task AReviewDoesNotOpenThemAgain()
    {
        await FinalizeAndPublish();
        var (starts, ends) = (_session.Phases.LiveStartsAt, _session.Phases.LiveStartsAt.AddMinutes(20));
        await Tell(2, SessionStatus.InReview, s => new SessionEnteredReview(s), starts, ends);
        await Holds("Over", 10000);
        await Tell(3, SessionStatus.Closed, s => new SessionClosed(s), starts, ends);
        await Holds("Over", 10000);
        Assert.That((await _world.At(World.Hq).Post($"{World.PriceList(_session.SessionId)}/publish")).Code, Is.EqualTo("lineup.session_over"));
    }

    [Test]
    public async Task ADisplacedSessionsPrices_WaitForItsNewTime()
    {
        await FinalizeAndPublish();
        var starts = _session.Phases.LiveStartsAt;
        await Tell(2, SessionStatus.Displaced, s => new SessionDisplaced(s, _world.NewId(), [new FreeSlot(starts.AddDays(1), starts.AddDays(1).AddHours(3))]), starts, _session.Phases.LiveEndsAt);
        await At(starts.AddMinutes(30), "Pending");
        await Tell(3, SessionStatus.Scheduled, s => new SessionRescheduled(s), starts.AddDays(1), starts.AddDays(1).AddHours(3));
        await At(starts.AddDays(1), "InForce");
    }

    [Test]
    public async Task CancellingClosesThem()
    {
        await FinalizeAndPublish();
        await Tell(2, SessionStatus.Cancelled, s => new SessionCancelled(s), _session.Phases.LiveStartsAt, _session.Phases.LiveEndsAt);
        await Holds("Over", 10000);
        await At(_session.Phases.LiveStartsAt.AddHours(1), "Over");
    }

    [Test]
    public async Task NewsInAnyOrderAndAnyNumber_EndsTheSame([Range(1, 12)] int seed)
    {
        await FinalizeAndPublish();
        var random = new Random(seed);
        var starts = _session.Phases.LiveStartsAt.AddHours(5);
        object[] news =
        [
            new SessionRescheduled(State(2, SessionStatus.Scheduled, starts, starts.AddHours(1))),
            new SessionEnteredWarmUp(State(3, SessionStatus.WarmUp, starts, starts.AddHours(1))),
            new SessionWentLive(State(4, SessionStatus.Live, starts.AddHours(-1), starts.AddHours(1))),
            new SessionEdited(State(5, SessionStatus.Live, starts.AddHours(-1), starts.AddHours(1))),
            new SessionEnded(State(6, SessionStatus.Ended, starts.AddHours(-1), starts.AddMinutes(30))),
        ];
        var kept = news[..random.Next(1, news.Length + 1)];
        // Each twice: once as a redelivery of the same message, once as the same news under another id.
        var deliveries = kept.SelectMany(n => { var id = _world.NewId(); return new[] { (n, id), (n, id), (n, _world.NewId()) }; }).ToArray();
        random.Shuffle(deliveries);
        foreach (var (@event, id) in deliveries) await _world.Host.Deliver(@event, id);

        string[] atTheHour = ["Pending", "Pending", "InForce", "InForce", "Over"];
        await At(starts.AddMinutes(-30), atTheHour[kept.Length - 1]);
        await At(starts.AddHours(2), kept.Length is 3 or 4 ? "InForce" : "Over");
    }

    [Test]
    public async Task NewsThatRaces_EndsWithTheNewest()
    {
        var starts = _session.Phases.LiveStartsAt;
        await FinalizeAndPublish();
        await Task.WhenAll(Enumerable.Range(2, 20).Reverse().Select(v =>
            _world.Host.Deliver(new SessionRescheduled(State(v, SessionStatus.Scheduled, starts.AddHours(v), starts.AddHours(v + 1))))));
        var list = (await _world.At(World.Hq).Get(World.PriceList(_session.SessionId))).Json;
        Assert.That((DateTimeOffset)list["opensAt"]!, Is.EqualTo(starts.AddHours(21)));
    }

    [FsCheck.NUnit.Property]
    public bool WhileNothingIsTold_PricesOnlyMoveForward(SessionStatus status, int opens, ushort length, int a, ushort later)
    {
        var zero = ManualClock.Start;
        var (from, to) = (zero.AddSeconds(opens), zero.AddSeconds((double)opens + length));
        var before = PriceListRules.StatusAt(zero.AddSeconds(a), status, from, to);
        var after = PriceListRules.StatusAt(zero.AddSeconds((double)a + later), status, from, to);
        return before <= after;
    }

    [Test]
    public async Task AProductsPrice_IsLiveOnlyIfItIsOnTheListAndTheListHolds()
    {
        await FinalizeAndPublish();
        _world.Host.Clock.Set(_session.Phases.LiveStartsAt);
        await _world.Import("code,name,listPriceMinor\nA,Coat,12000\nD,Hat,2500\n");
        var live = await Price("A");
        Assert.That(live.Content, Is.EqualTo("""{"productCode":"A","priceMinor":7000,"listPriceMinor":10000,"isLive":true,"currency":"CNY"}"""), "as published");
        var unlisted = await Price("D");
        Assert.That(unlisted.Content, Is.EqualTo("""{"productCode":"D","priceMinor":2500,"listPriceMinor":2500,"isLive":false,"currency":"CNY"}"""));
        Assert.That((await Price("C")).Code, Is.EqualTo("price.not_found"));
        Assert.That((await Price("Z")).Code, Is.EqualTo("product.not_found"));
        Assert.That((await Price("A", World.South)).Code, Is.EqualTo("session.not_found"));
        Assert.That((await Price("A", World.Foreign)).Code, Is.EqualTo("session.not_found"));
        Assert.That((await _world.At(World.South).Get(World.PriceList(_session.SessionId))).Code, Is.EqualTo("session.not_found"));
        _world.Host.Clock.Set(_session.Phases.LiveEndsAt);
        Assert.That((long)(await Price("A")).Json["priceMinor"]!, Is.EqualTo(12000), "the catalogue's, as it is today");
    }

    [Test]
    public async Task RepublishingTellsTheSameVersionsAgain()
    {
        await FinalizeAndPublish();
        for (var i = 0; i < 60; i++)
        {
            var other = await _world.Session(World.North);
            await _world.Put(other.SessionId, "\"0\"", World.Item(_products["A"], 7000));
            if (i > 0) await _world.Finalize(other.SessionId, "\"1\"");
        }
        await _world.Host.Settle();
        var lineups = _world.Listen<LineupFinalized>();
        var lists = _world.Listen<PriceListPublished>();
        Assert.That((await _world.At("/", Role.Operator).Post("/lineups/operations/republish")).Status, Is.EqualTo(202));
        await _world.Host.Settle();
        Assert.That(lineups.Select(l => l.SessionId).Distinct().Count(), Is.EqualTo(60), "drafts are not told");
        Assert.That(lineups.Select(l => l.Version), Is.All.EqualTo(2));
        Assert.That(lists.Single().Version, Is.EqualTo(1));
        Assert.That((await _world.At(World.Hq, Role.Admin).Post("/lineups/operations/republish")).Status, Is.EqualTo(403));
    }

    private async Task FinalizeAndPublish()
    {
        await _world.Finalize(_session.SessionId, "\"1\"");
        Assert.That((await _world.Publish(_session.SessionId)).Status, Is.EqualTo(200));
    }

    private SessionState State(long version, SessionStatus status, DateTimeOffset starts, DateTimeOffset ends) =>
        _session with { Version = version, Status = status, Phases = World.Phases(starts, ends) };

    private Task Tell(long version, SessionStatus status, Func<SessionState, object> wrap, DateTimeOffset starts, DateTimeOffset ends) =>
        _world.Host.Deliver(wrap(State(version, status, starts, ends)));

    private async Task At(DateTimeOffset now, string status)
    {
        _world.Host.Clock.Set(now);
        await Holds(status, status == "InForce" ? 7000 : 10000);
    }

    private async Task Holds(string status, long priceMinor)
    {
        var list = await _world.At(World.North).Get(World.PriceList(_session.SessionId));
        Assert.That((string)list.Json["status"]!, Is.EqualTo(status), $"at {_world.Now}");
        Assert.That((long)(await Price("A")).Json["priceMinor"]!, Is.EqualTo(priceMinor), $"at {_world.Now}");
    }

    private Task<Answer> Price(string code, string at = World.Reseller) => _world.At(at, Role.Storefront).Get($"/lineups/sessions/{_session.SessionId}/prices/{code}");
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests.Figures;

/// <summary>Figures are what one gets who asks for every coupon and counts.</summary>
internal sealed class FigureTests
{
    private static readonly string[] Bys = ["Campaign", "Unit", "Session", "Channel", "Guide"];

    private readonly List<Came> _came = [];
    private readonly Dictionary<Guid, Spending> _spent = [];
    private Stage _stage = null!;

    /// <summary>What becomes of the session that windows hang on.</summary>
    public enum Fate
    {
        AsPlanned,
        Moved,
        Cancelled,
        Displaced,
        Overrun,
    }

    [SetUp]
    public async Task Set()
    {
        _came.Clear();
        _spent.Clear();
        _stage = await Stage.Set();
    }

    [TearDown]
    public async Task Clear() => await _stage.DisposeAsync();

    private CouponsDb Db => (CouponsDb)_stage.Host.Services.GetServices<ServiceDb>().Single(d => d is CouponsDb);

    private HttpClient Operator => _stage.Host.At("/", Role.Operator);

    [Test]
    public async Task Figures_AreTheCountOfTheCoupons_ByWhateverTheyCameThrough()
    {
        await Play(async () =>
        {
            foreach (var by in Bys) Assert.That(await Differences(by), Is.Empty, by);
            Assert.That(await Verified(), Is.Empty);
        });
        Assert.That((await Rows("")).Select(r => (string?)r["key"]), Is.EqualTo((await Rows("?by=Campaign")).Select(r => (string?)r["key"])), "by campaign, if not asked otherwise");
        Assert.That((await Rows("?by=Campaign")).Select(r => (long)r["issued"]! + (long)r["claimed"]!), Is.Ordered.Descending);
        var all = (await Rows($"?by=Unit&unitId={_stage.Unit(Stage.Hq)}")).Single(r => (string?)r["key"] == Stage.Hq);
        foreach (var figure in new[] { "issued", "claimed", "effective", "locked", "redeemed", "voided", "discountMinor", "rolledBackMinor", "claimToOrderRate" })
            Assert.That((decimal)all[figure]!, Is.Positive, figure);
    }

    [Test]
    public async Task AUnitSees_WhatIsCreditedToItAndBelow()
    {
        var session = await Play(() => Task.CompletedTask);
        var known = await Statuses();
        foreach (var scope in new[] { Stage.Hq, Stage.North, Stage.South, Stage.R7, Stage.R8 })
        {
            foreach (var by in Bys)
            {
                Assert.That(await Differences(by, scope, known: known), Is.Empty, $"{by} at {scope}");
                Assert.That(await Differences(by, scope, unit: scope, known: known), Is.Empty, $"{by} of {scope} itself");
                Assert.That(await Differences(by, unit: scope, known: known), Is.Empty, $"{by} of {scope} from above");
                Assert.That(await Differences(by, scope, session: session.SessionId, known: known), Is.Empty, $"{by} of the session at {scope}");
                Assert.That(await Differences(by, scope, campaign: _came[0].Campaign, known: known), Is.Empty, $"{by} of a campaign at {scope}");
            }
        }
        foreach (var by in Bys)
        {
            Assert.That(await Rows($"?by={by}", Stage.Foreign), Is.Empty, by);
            foreach (var asked in new[] { $"campaignId={_came[0].Campaign}", $"sessionId={session.SessionId}" })
                Assert.That(await Rows($"?by={by}&{asked}", Stage.Foreign), Is.Empty, asked);
        }
        foreach (var (at, of) in new[] { (Stage.Foreign, Stage.R7), (Stage.South, Stage.North), (Stage.R7, Stage.North), (Stage.North, Stage.Hq), (Stage.Hq, Stage.Foreign) })
            Assert.That((await Ask($"?unitId={_stage.Unit(of)}", at)).Code, Is.EqualTo("unit.not_found"), $"{at} asks of {of}");
        Assert.That((await Ask($"?unitId={_stage.NewId()}")).Code, Is.EqualTo("unit.not_found"));
        Assert.That(await Rows($"?campaignId={_stage.NewId()}"), Is.Empty);
        Assert.That((await Ask("?by=Weather")).Status, Is.EqualTo(400));
        Assert.That((await _stage.Host.Anonymous().Get("/coupons/figures")).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task FreeCoupons_AreSplitAsTheirOwnStatusSays_AtEveryMoment([Values] Fate fate)
    {
        var session = await _stage.Scheduled();
        var campaigns = new Dictionary<string, Guid>();
        foreach (var (name, window) in Windows()) campaigns[name] = await _stage.Campaign(WithWindow(session, window));
        var start = _stage.Now;
        foreach (var (after, from) in new[] { (0, Stage.R7), (18, Stage.South), (30, Stage.R7), (72, Stage.R8) })
        {
            _stage.Clock.Set(start.AddHours(after));
            foreach (var campaign in campaigns.Values) await Come(campaign, from, mayBeRefused: true);
            await AsTheirStatuses(campaigns);
        }
        Assert.That(_came.Select(c => c.Campaign).Distinct().Count(), Is.EqualTo(campaigns.Count), "some of each");
        if (fate == Fate.Moved)
            session = await Tell(session, s => new SessionRescheduled(s), session.Phases with { LiveStartsAt = session.Phases.LiveStartsAt.AddDays(1), LiveEndsAt = session.Phases.LiveEndsAt.AddDays(1), ReviewEndsAt = session.Phases.ReviewEndsAt.AddDays(1) });
        if (fate == Fate.Cancelled) session = await Tell(session with { Status = SessionStatus.Cancelled }, s => new SessionCancelled(s));
        if (fate == Fate.Displaced) session = await Tell(session with { Status = SessionStatus.Displaced }, s => new SessionDisplaced(s, _stage.NewId(), []));
        foreach (var at in await Boundaries(session))
        {
            _stage.Clock.Set(at);
            if (fate == Fate.Overrun && session.Status == SessionStatus.Scheduled && at >= session.Phases.LiveStartsAt)
                session = await Tell(session with { Status = SessionStatus.Live, WentLiveAt = at }, s => new SessionWentLive(s));
            await AsTheirStatuses(campaigns);
        }
        if (fate == Fate.Overrun) await Tell(session with { Status = SessionStatus.Ended, EndedAt = _stage.Now }, s => new SessionEnded(s), session.Phases with { LiveEndsAt = _stage.Now });
        await AsTheirStatuses(campaigns);
        Assert.That(await Verified(), Is.Empty);
    }

    [Test]
    public async Task WhatADeactivatedCampaignHasOutside_IsVoid_ButForWhatIsHeldOrSpent()
    {
        var session = await _stage.Scheduled();
        foreach (var (_, window) in Windows())
        {
            var campaign = await _stage.Campaign(WithWindow(session, window));
            for (var i = 0; i < 2; i++) await Come(campaign, Stage.R7);
            await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/deactivate", new { reason = "A test." });
        }
        var other = await _stage.Campaign(_stage.Terms(limit: 9));
        var (held, spent, free) = (await Come(other, Stage.R7), await Come(other, Stage.R7), await Come(other, Stage.South));
        var order = await Locked(held);
        await Spent(spent);
        await _stage.Marketer().Post($"/coupons/campaigns/{other}/deactivate", new { reason = "A test." });
        Assert.That(await Differences("Campaign"), Is.Empty);
        var row = (await Rows($"?campaignId={other}")).Single();
        Assert.That(((long)row["voided"]!, (long)row["locked"]!, (long)row["redeemed"]!, (long)row["effective"]!), Is.EqualTo((1L, 1L, 1L, 0L)));
        Assert.That(await _stage.Status(free!.Id), Is.EqualTo("Voided"));
        await _stage.Use(order, "release");
        Assert.That((long)(await Rows($"?campaignId={other}")).Single()["voided"]!, Is.EqualTo(2));
        foreach (var by in Bys) Assert.That(await Differences(by), Is.Empty, by);
        Assert.That(await Verified(), Is.Empty);
    }

    [Test]
    public async Task Figures_LoseNothing_WhenManyComeAtOnce()
    {
        var session = await _stage.Scheduled(Stage.North);
        var campaigns = new[] { await _stage.Campaign(), await _stage.Campaign(_stage.Terms(budget: 7_000)) };
        var came = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var (campaign, isOfSession) = (campaigns[i % 2], i % 3 == 0);
            var from = new[] { Stage.R7, Stage.R8 }[i % 4 / 2];
            var coupon = new Came(_stage.NewId(), $"c{i}", campaign, isOfSession ? Stage.North : from, isOfSession ? session.SessionId : null, null, i % 5 == 0 ? "g1" : null, IsIssued: false);
            var claimed = await _stage.Shop(from).Put($"/coupons/claims/{coupon.Id}", new { campaignId = campaign, customerId = coupon.Customer, sessionId = coupon.Session, guideId = coupon.Guide });
            Assert.That(claimed.Status, Is.EqualTo(201), claimed.Content);
            var order = _stage.NewId();
            var locked = await _stage.Lock(order, coupon.Id, coupon.Customer, from: from);
            if (locked.Status != 200) return (coupon, order, false);
            if (i % 4 == 0) await _stage.Use(order, "release", from);
            else Assert.That((await _stage.Use(order, "redeem", from)).Status, Is.EqualTo(200));
            return (coupon, order, i % 4 != 0);
        }));
        foreach (var (coupon, order, isSpent) in came)
        {
            _came.Add(coupon);
            if (isSpent) _spent[order] = new Spending(coupon.Id, 500, IsSpent: true);
        }
        foreach (var by in Bys) Assert.That(await Differences(by), Is.Empty, by);
        Assert.That(await Verified(), Is.Empty);
    }

    [Test]
    public async Task ARecount_FindsWhatWasChangedByHand()
    {
        await Play(() => Task.CompletedTask);
        var campaign = _came[0].Campaign;
        var answer = await Operator.Post("/coupons/operations/verify-figures");
        Assert.That((answer.Status, (int)answer.Json["campaigns"]!), Is.EqualTo((200, _came.Select(c => c.Campaign).Distinct().Count())));
        await ByHand("UPDATE Figures SET Free = Free + 2, Locked = Locked - 1, DiscountMinor = DiscountMinor + 7 WHERE CampaignId = @Campaign AND Path = '/aurora/north/r7/' AND GuideKey = 'g1'", campaign);
        var changed = (await Verified()).Single();
        Assert.That(((Guid)changed!["campaignId"]!, (long)changed["free"]!, (long)changed["locked"]!, (long)changed["discountMinor"]!, (long)changed["taken"]!), Is.EqualTo((campaign, 2L, -1L, 7L, 0L)));
        Assert.That((string?)changed["at"], Does.StartWith(Stage.R7).And.EndWith("g1"));
        await ByHand("UPDATE Figures SET Free = Free - 2, Locked = Locked + 1, DiscountMinor = DiscountMinor - 7 WHERE CampaignId = @Campaign AND Path = '/aurora/north/r7/' AND GuideKey = 'g1'", campaign);
        Assert.That(await Verified(), Is.Empty);
        foreach (var (sign, found) in new[] { ("+", new[] { 1L }), ("-", []) })
        {
            var other = sign == "+" ? "-" : "+";
            await ByHand($"UPDATE Figures SET Issued = Issued {sign} 1, Claimed = Claimed {other} 1 WHERE CampaignId = @Campaign AND Path = '/aurora/' AND GuideKey = ''", campaign);
            Assert.That((await Verified()).Select(d => (long)d!["issued"]!), Is.EqualTo(found), "how they came");
        }
        await ByHand("UPDATE QuotaNodes SET BudgetUsedMinor = BudgetUsedMinor + 1 WHERE CampaignId = @Campaign AND ParentSeq IS NULL", campaign);
        Assert.That((await Verified()).Select(d => (long)d!["rolledBackMinor"]!), Is.EqualTo(new[] { 1L }));
        await ByHand("DELETE FROM Figures WHERE CampaignId = @Campaign", campaign);
        Assert.That((await Verified()).Sum(d => (long)d!["taken"]!), Is.EqualTo(-_came.Count(c => c.Campaign == campaign)));
        foreach (var client in new[] { _stage.Marketer(), _stage.Admin(), _stage.Shop() })
            Assert.That((await client.Post("/coupons/operations/verify-figures")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task WhyOrdersAreRefused_IsCountedForTheCampaign_ButNotWhatIsOnlyAsked()
    {
        var campaign = await _stage.Campaign(_stage.Terms(
            limit: 9, benefit: new { kind = "AmountOff", amountMinor = 500, minimumSpendMinor = 1_000 }, scope: new { productCodes = new[] { "p1", "floored" } },
            redemption: Stage.Between(_stage.Now.AddHours(1), _stage.Now.AddHours(20))));
        await _stage.Host.Deliver(new ProductsChanged(Stage.Hq, [new ProductState { ProductId = _stage.NewId(), Version = 1, Code = "floored", FloorPriceMinor = 2_000 }]));
        var (coupon, also) = (await _stage.Coupon(campaign), await _stage.Coupon(campaign));
        var expected = new Dictionary<string, long>();
        await Refused("coupon.not_effective_yet", "p1", 1_000);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++) await Refused("coupon.not_in_scope", "p2", 1_000);
        await Refused("coupon.below_minimum_spend", "p1", 999);
        await Refused("coupon.nothing_to_take_off", "floored", 2_000);
        await Refused("coupon.does_not_stack", "p1", 1_000, [coupon, also]);
        await Refused("coupon.wrong_customer", "p1", 1_000, customer: "bob");
        var last = _stage.Clock.Now();
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        var of = $"/coupons/campaigns/{campaign}/refusals";
        var refusals = (await _stage.Marketer().Get(of)).Json["refusals"]!.AsArray();
        Assert.That(refusals.ToDictionary(r => (string)r!["code"]!, r => (long)r!["refused"]!), Is.EquivalentTo(expected));
        Assert.That(((string?)refusals[0]!["code"], (DateTimeOffset)refusals[0]!["lastAt"]!), Is.EqualTo(("coupon.not_in_scope", last)), "the most frequent first");
        foreach (var path in new[] { Stage.North, Stage.Foreign }) Assert.That((await _stage.Marketer(path).Get(of)).Code, Is.EqualTo("campaign.not_found"), path);
        Assert.That((await _stage.Marketer().Get($"/coupons/campaigns/{_stage.NewId()}/refusals")).Code, Is.EqualTo("campaign.not_found"));

        async Task Refused(string code, string product, long price, Guid[]? coupons = null, string customer = "ann")
        {
            object body = new { couponIds = coupons ?? [coupon], customerId = customer, lines = new[] { new { productCode = product, quantity = 1, unitPriceMinor = price } } };
            Assert.That((await _stage.Shop().Post("/coupons/evaluations", body)).Status, Is.EqualTo(200), "asking is never refused, nor counted");
            Assert.That((await _stage.Shop().Put($"/coupons/redemptions/{_stage.NewId()}", body)).Code, Is.EqualTo(code));
            expected[code] = expected.GetValueOrDefault(code) + 1;
        }
    }

    [Test]
    public async Task OfSeveralCoupons_TheOneInTheWay_IsNamed_AndCountedForItsCampaign()
    {
        var (fine, scant) = (await _stage.Campaign(_stage.Terms(limit: 9, stacking: new { group = "a", priority = -1 })), await _stage.Campaign(_stage.Terms(limit: 9, budget: 900, stacking: new { group = "b" })));
        Guid[] coupons = [await _stage.Coupon(fine), await _stage.Coupon(scant)];
        await _stage.Lock(_stage.NewId(), await _stage.Coupon(scant));
        var refused = await _stage.LockAll(_stage.NewId(), coupons);
        Assert.That(refused.Code, Is.EqualTo("coupon.budget_spent"));
        var named = refused.Json["coupons"]!.AsArray().Select(c => (Guid)c!["couponId"]!).ToList();
        Assert.That((await Counts(fine), await Counts(scant), named.Single()), Is.EqualTo(("", "coupon.budget_spent 1", coupons[1])));
    }

    [Test]
    public async Task APaymentThatComesTooLate_IsCountedForTheCampaignInTheWay()
    {
        var (fine, other) = (await _stage.Campaign(_stage.Terms(stacking: new { group = "a", priority = -1 })), await _stage.Campaign(_stage.Terms(stacking: new { group = "b" })));
        Guid[] coupons = [await _stage.Coupon(fine), await _stage.Coupon(other)];
        var order = _stage.NewId();
        Assert.That((await _stage.LockAll(order, coupons)).Status, Is.EqualTo(200));
        await _stage.Use(order, "release");
        await _stage.Marketer().Post($"/coupons/claims/{coupons[1]}/void", new { reason = "A test." });
        Assert.That((await _stage.Use(order, "redeem")).Code, Is.EqualTo("coupon.voided"));
        Assert.That((await Counts(fine), await Counts(other)), Is.EqualTo(("", "coupon.voided 1")));
    }

    private async Task<string> Counts(Guid campaign) =>
        string.Join(", ", (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}/refusals")).Json["refusals"]!.AsArray().Select(r => $"{r!["code"]} {r["refused"]}"));

    /// <summary>A bit of everything that moves a figure; <paramref name="check"/> is run after each step.</summary>
    private async Task<SessionState> Play(Func<Task> check)
    {
        var session = await _stage.Scheduled(Stage.North);
        var everywhere = await _stage.Campaign(_stage.Terms(budget: 100_000));
        var ofNorth = await _stage.Campaign(_stage.Terms(Stage.North));
        var (first, second) = (_stage.NewId(), _stage.NewId());
        Came[] r7 = [await Come(everywhere, Stage.R7, guide: "g1"), await Come(everywhere, Stage.R7, channel: first), await Come(everywhere, Stage.R7), await Come(ofNorth, Stage.R7, channel: first)];
        Came[] others =
        [
            await Come(everywhere, Stage.R8, channel: second, guide: "g2"), await Come(everywhere, Stage.South, channel: second), await Come(everywhere, Stage.Hq),
            await Come(everywhere, Stage.R7, session, first, "g2"), await Come(ofNorth, Stage.R8, session), await Come(everywhere, Stage.R8, session), await Come(everywhere, Stage.R7),
        ];
        await check();
        await Issue(everywhere, session);
        await ComeByCode(everywhere, Stage.R8);
        await check();
        var orders = new List<Guid>();
        foreach (var coupon in r7) orders.Add(await Locked(coupon));
        var (released, lapsing) = (await Locked(others[0]), await Locked(others[1]));
        await check();
        foreach (var order in orders) await Redeem(order);
        foreach (var coupon in others[3..6]) await Spent(coupon);
        await _stage.Use(released, "release");
        await check();
        await Refund(orders[0], 3_000);
        await Refund(orders[1], refundedMinor: null);
        await _stage.Marketer().Post($"/coupons/claims/{others[2].Id}/void", new { reason = "A test." });
        await check();
        _stage.Clock.Advance(TimeSpan.FromMinutes(30));
        await _stage.Host.CarryOutDue();
        await check();
        await Refund(orders[0], 5_000);
        await Redeem(lapsing);
        await Spent(r7[1]);
        await Locked(others[6]);
        await check();
        return session;
    }

    private IEnumerable<(string Name, object Window)> Windows()
    {
        var now = _stage.Now;
        yield return ("instants", Stage.Between(now.AddHours(12), now.AddHours(75)));
        yield return ("phases", Stage.Phases("WarmUpStart", "LiveEnd"));
        yield return ("after the claim", new { opens = new { afterClaimMinutes = 60 }, closes = new { afterClaimMinutes = 2_880 } });
        yield return ("after the claim to an instant", new { opens = new { afterClaimMinutes = 1_440 }, closes = new { at = now.AddDays(4) } });
        yield return ("an instant to after the claim", new { opens = new { at = now.AddHours(24) }, closes = new { afterClaimMinutes = 2_160 } });
        yield return ("a phase to after the claim", new { opens = new { phase = "WarmUpStart", offsetMinutes = 30 }, closes = new { afterClaimMinutes = 4_320 } });
        yield return ("after the claim to a phase", new { opens = new { afterClaimMinutes = 720 }, closes = new { phase = "LiveEnd" } });
    }

    private object WithWindow(SessionState session, object window) =>
        _stage.Terms(limit: 9, session: session.SessionId, claim: Stage.Between(_stage.Now, _stage.Now.AddDays(30)), redemption: window);

    /// <summary>Each instant from now on at which a coupon's status or a session's phase may change, and the last before it.</summary>
    private async Task<IReadOnlyList<DateTimeOffset>> Boundaries(SessionState session)
    {
        var phases = session.Phases;
        var ends = new HashSet<DateTimeOffset> { phases.WarmUpStartsAt, phases.ReservoirStartsAt, phases.LiveStartsAt, phases.LiveEndsAt, phases.ReviewEndsAt };
        foreach (var coupon in _came)
        {
            var view = await _stage.Read(coupon.Id);
            ends.UnionWith([(DateTimeOffset)view["opensAt"]!, (DateTimeOffset)view["closesAt"]!]);
        }
        return [.. ends.SelectMany(e => new[] { e.AddMicroseconds(-1), e }).Where(e => e > _stage.Now).Distinct().Order()];
    }

    private async Task AsTheirStatuses(Dictionary<string, Guid> campaigns)
    {
        var statuses = await Statuses();
        var different = await Differences("Campaign", known: statuses);
        var names = campaigns.ToDictionary(c => c.Value.ToString("D"), c => c.Key);
        Assert.That(different.Select(d => $"{names[d[..36]]}{d[36..]}"), Is.Empty, $"{_stage.Now:O}");
        Assert.That(await Differences("Unit", known: statuses), Is.Empty, $"{_stage.Now:O}");
    }

    private async Task<SessionState> Tell(SessionState session, Func<SessionState, object> told, SessionPhases? phases = null)
    {
        var next = session with { Version = session.Version + 1, Phases = phases ?? session.Phases };
        await _stage.Host.Deliver(told(next));
        return next;
    }

    private async Task<Came> Come(
        Guid campaign, string from, SessionState? session = null, Guid? channel = null, string? guide = null, bool mayBeRefused = false)
    {
        var came = new Came(_stage.NewId(), $"c{_came.Count}", campaign, session?.OwnerPath ?? from, session?.SessionId, channel, guide, IsIssued: false);
        var answer = await _stage.Shop(from).Put(
            $"/coupons/claims/{came.Id}", new { campaignId = campaign, customerId = came.Customer, sessionId = came.Session, channelId = channel, guideId = guide });
        if (mayBeRefused && answer.Code is "claim.never_effective") return came;
        Assert.That(answer.Status, Is.EqualTo(201), answer.Content);
        _came.Add(came);
        return came;
    }

    private async Task ComeByCode(Guid campaign, string from)
    {
        var batch = await _stage.Marketer().Post($"/coupons/campaigns/{campaign}/code-batches", new { count = 3, budgetMinor = 2_000 });
        Assert.That(batch.Status, Is.EqualTo(201), batch.Content);
        var code = (await _stage.Marketer().Get($"/coupons/code-batches/{batch.Id}/codes.csv")).Content.Split("\r\n")[2].Split(',')[1];
        var came = new Came(_stage.NewId(), $"c{_came.Count}", campaign, from, null, null, "g3", IsIssued: false);
        var answer = await _stage.Shop(from).Put($"/coupons/claims/{came.Id}", new { code, customerId = came.Customer, guideId = came.Guide });
        Assert.That((answer.Status, (string?)answer.Json["origin"]), Is.EqualTo((201, "Code")), answer.Content);
        _came.Add(came);
        await Spent(came);
    }

    private async Task Issue(Guid campaign, SessionState session)
    {
        var job = await _stage.Marketer().Post(
            $"/coupons/campaigns/{campaign}/issues", new { customers = new object[] { new { customerId = "i0" }, new { customerId = "i1", guideId = "g1", sessionId = session.SessionId } } });
        Assert.That(job.Status, Is.EqualTo(202), job.Content);
        var limit = Stopwatch.StartNew();
        while ((string?)(await _stage.Marketer().Get($"/coupons/issues/{job.Id}")).Json["status"] == "Running")
        {
            Assert.That(limit.Elapsed, Is.LessThan(TimeSpan.FromMinutes(2)));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
        foreach (var customer in new[] { "i0", "i1" })
        {
            var id = (await _stage.Shop(Stage.Hq).Get($"/coupons/customers/{customer}/coupons")).Json["items"]!.AsArray().Single()!["id"]!;
            var isOfSession = customer == "i1";
            _came.Add(new Came((Guid)id, customer, campaign, isOfSession ? Stage.North : Stage.Hq, isOfSession ? session.SessionId : null, null, isOfSession ? "g1" : null, IsIssued: true));
        }
    }

    private async Task<Guid> Locked(Came coupon)
    {
        var order = _stage.NewId();
        var answer = await _stage.Lock(order, coupon.Id, coupon.Customer);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        _spent[order] = new Spending(coupon.Id, (long)answer.Json["discountMinor"]!);
        return order;
    }

    private async Task Spent(Came coupon) => await Redeem(await Locked(coupon));

    private async Task Redeem(Guid order)
    {
        var answer = await _stage.Use(order, "redeem");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        _spent[order] = _spent[order] with { IsSpent = true };
    }

    private async Task Refund(Guid order, long? refundedMinor)
    {
        var answer = refundedMinor is { } some ? await _stage.Refund(order, some) : await _stage.Use(order, "roll-back");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        _spent[order] = _spent[order] with { RolledBackMinor = (long)answer.Json["rolledBackMinor"]! };
    }

    private async Task<IReadOnlyList<JsonNode?>> Verified() => [.. (await Operator.Post("/coupons/operations/verify-figures")).Json["differences"]!.AsArray()];

    private async Task ByHand(string sql, Guid campaign)
    {
        var changed = await Db.InTransaction<Done>(async work =>
        {
            Assert.That(await work.Execute(sql, new { Campaign = campaign }), Is.Positive);
            return new Done();
        });
        Assert.That(changed.IsRejected, Is.False);
    }

    private Task<Answer> Ask(string query, string at = Stage.Hq) => _stage.Marketer(at).Get($"/coupons/figures{query}");

    private async Task<IReadOnlyList<JsonNode>> Rows(string query, string at = Stage.Hq)
    {
        var answer = await Ask(query, at);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Content);
        return [.. answer.Json["rows"]!.AsArray().Select(r => r!)];
    }

    /// <summary>What each coupon says of itself, now.</summary>
    private async Task<Dictionary<Guid, string>> Statuses()
    {
        var (shop, statuses) = (_stage.Shop(Stage.Hq), new Dictionary<Guid, string>());
        foreach (var coupon in _came) statuses[coupon.Id] = (string)(await shop.Get($"/coupons/claims/{coupon.Id}")).Json["status"]!;
        return statuses;
    }

    /// <summary>A line for each row of figures that is not what asking for the coupons and counting gives.</summary>
    private async Task<IReadOnlyList<string>> Differences(
        string by, string at = Stage.Hq, string? unit = null, Guid? session = null, Guid? campaign = null, Dictionary<Guid, string>? known = null)
    {
        var statuses = known ?? await Statuses();
        var scope = unit ?? at;
        var query = $"?by={by}" + (unit is null ? "" : $"&unitId={_stage.Unit(unit)}") + (session is null ? "" : $"&sessionId={session}") + (campaign is null ? "" : $"&campaignId={campaign}");
        var told = (await Rows(query, at)).ToDictionary(r => (string)r["key"]!, Figure.Of);
        var counted = new Dictionary<string, Figure>();
        foreach (var coupon in _came.Where(c => UnitPath.Covers(scope, c.Path) && (session ?? c.Session) == c.Session && (campaign ?? c.Campaign) == c.Campaign))
        {
            var uses = _spent.Values.Where(s => s.Coupon == coupon.Id && s.IsSpent).ToList();
            var one = Figure.Of(coupon, statuses[coupon.Id], uses.Sum(u => u.DiscountMinor), uses.Sum(u => u.RolledBackMinor));
            foreach (var key in coupon.KeysBy(by, scope)) counted[key] = counted.TryGetValue(key, out var sum) ? sum.Plus(one) : one;
        }
        return [.. told.Keys.Union(counted.Keys).Where(k => told.GetValueOrDefault(k) != counted.GetValueOrDefault(k)).Order(StringComparer.Ordinal)
            .Select(k => $"{k}: told {told.GetValueOrDefault(k)}, counted {counted.GetValueOrDefault(k)}")];
    }

    /// <summary>A coupon that came to a customer, and what is credited with it.</summary>
    private sealed record Came(Guid Id, string Customer, Guid Campaign, string Path, Guid? Session, Guid? Channel, string? Guide, bool IsIssued)
    {
        public IEnumerable<string> KeysBy(string by, string scope) => by switch
        {
            "Campaign" => [$"{Campaign}"],
            "Unit" => UnitPath.SelfAndAncestors(Path).Where(p => UnitPath.Covers(scope, p)),
            "Session" => [$"{Session}"],
            "Channel" => [$"{Channel}"],
            _ => [Guide ?? ""],
        };
    }

    private sealed record Spending(Guid Coupon, long DiscountMinor, long RolledBackMinor = 0, bool IsSpent = false);

    private sealed record Figure(long Issued, long Claimed, long NotYet, long Effective, long Expired, long Locked, long Redeemed, long Voided, long DiscountMinor, long RolledBackMinor)
    {
        public decimal Rate { get; private init; }

        public static Figure Of(JsonNode row) => new(
            (long)row["issued"]!, (long)row["claimed"]!, (long)row["notYetEffective"]!, (long)row["effective"]!, (long)row["expired"]!, (long)row["locked"]!,
            (long)row["redeemed"]!, (long)row["voided"]!, (long)row["discountMinor"]!, (long)row["rolledBackMinor"]!)
        {
            Rate = (decimal)row["claimToOrderRate"]!,
        };

        public static Figure Of(Came coupon, string status, long discountMinor, long rolledBackMinor) => new Figure(
            Is(coupon.IsIssued), Is(!coupon.IsIssued), Is(status == "Claimed"), Is(status == "Effective"), Is(status == "Expired"), Is(status == "Locked"),
            Is(status == "Redeemed"), Is(status == "Voided"), discountMinor, rolledBackMinor).Rated();

        public Figure Plus(Figure other) => new Figure(
            Issued + other.Issued, Claimed + other.Claimed, NotYet + other.NotYet, Effective + other.Effective, Expired + other.Expired, Locked + other.Locked,
            Redeemed + other.Redeemed, Voided + other.Voided, DiscountMinor + other.DiscountMinor, RolledBackMinor + other.RolledBackMinor).Rated();

        private Figure Rated() => this with { Rate = Math.Round((decimal)Redeemed / (Issued + Claimed), 4) };

        private static long Is(bool fact) => fact ? 1 : 0;
    }
}

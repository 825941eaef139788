using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Coupons.Tests.Model;

/// <summary>
/// Two small campaigns on a stage, and a model beside them that lives through the same. The first has a budget and hangs on a
/// session; coupons of the second are good for a while after their claim, and come back with any refund.
/// </summary>
internal sealed class CouponLife
{
    private static readonly string[] Shops = [Stage.R7, Stage.R7, Stage.R8, Stage.North, Stage.South, Stage.Hq];
    private static readonly long[] Carts = [4_000, 4_000, 1_001, 600, 400];
    private static readonly (string Path, bool IsUnit)[] Targets = [(Stage.North, true), (Stage.R7, true), (Stage.South, true), (Stage.North, false)];

    private readonly Stage _stage;
    private readonly CouponModel _model = new();
    private readonly JsonObject[] _terms = new JsonObject[2];
    private readonly string[] _customers;
    private readonly Guid[] _coupons;
    private readonly Guid[] _orders;
    private readonly List<(Func<Task<Answer>> Send, Func<string> Expect)> _sent = [];
    private readonly Dictionary<string, HttpClient> _clients = [];
    private SessionState _session;

    private CouponLife(Stage stage)
    {
        _stage = stage;
        _customers = [$"ann-{stage.NewId()}", $"bob-{stage.NewId()}"];
        _coupons = [.. Enumerable.Range(0, 10).Select(_ => stage.NewId())];
        _orders = [.. Enumerable.Range(0, 12).Select(_ => stage.NewId())];
        _session = stage.Session(Stage.North);
        _session = _session with
        {
            Phases = new SessionPhases
            {
                PreparationStartsAt = stage.Now.AddMinutes(-30),
                WarmUpStartsAt = stage.Now.AddMinutes(-10),
                ReservoirStartsAt = stage.Now.AddMinutes(30),
                LiveStartsAt = stage.Now.AddMinutes(60),
                LiveEndsAt = stage.Now.AddHours(6),
                ReviewEndsAt = stage.Now.AddHours(7),
            },
        };
    }

    public static async Task<CouponLife> Begin(Stage stage)
    {
        stage.Forget();
        // Whether the worker is there is the life's to say: the model knows of no other.
        await stage.Host.HoldDueWork();
        var life = new CouponLife(stage);
        await stage.Host.Deliver(new SessionScheduled(life._session));
        var start = stage.Now;
        life._model.Now = start;
        await life.Add(stock: 6, budget: 1_700, limit: 3, "ReturnOnFullRefund", new { kind = "AmountOff", amountMinor = 500 }, left => Math.Min(500, left),
            Stage.Phases("PreparationStart", "LiveEnd"), new { opens = new { phase = "WarmUpStart" }, closes = new { phase = "LiveEnd", offsetMinutes = 60 } },
            () => (life._session.Phases.PreparationStartsAt, life._session.Phases.LiveEndsAt),
            _ => (life._session.Phases.WarmUpStartsAt, life._session.Phases.LiveEndsAt.AddMinutes(60)));
        await life.Add(stock: 5, budget: null, limit: 3, "ReturnOnAnyRefund", new { kind = "PercentOff", percent = 10, capMinor = 300 }, left => Math.Min(300, left / 10),
            Stage.Between(start, start.AddHours(8)), new { opens = new { afterClaimMinutes = 0 }, closes = new { afterClaimMinutes = 300 } },
            () => (start, start.AddHours(8)), claimedAt => (claimedAt, claimedAt.AddMinutes(300)));
        return life;
    }

    /// <summary>Does one thing, and compares the answer.</summary>
    public async Task Take(Step step)
    {
        var (number, campaign) = (step.A % 2, _model.Campaigns[step.A % 2]);
        var (coupon, order) = (_coupons[step.B % _coupons.Length], Known(step.B, step.C, _orders, _model.Orders.Keys));
        switch (step.Kind % 22)
        {
            case < 4: await Claim(step, campaign, coupon); break;
            case < 8: await Lock(step); break;
            case < 11: await Exchange(() => Use(order, "redeem"), () => _model.Redeem(order)); break;
            case 11 when _model.Orders.Count > 0 || step.C % 16 == 7: await Exchange(() => Use(order, "release"), () => _model.Release(order)); break;
            case 12: await Exchange(() => Use(order, "roll-back", new { }), () => _model.RollBack(order, null)); break;
            case 13: await Refund(order, step.C * 20); break;
            case 14 when step.C % 4 == 0: await Void(Known(step.B, (byte)(step.C / 4), _coupons, _model.Coupons.Keys)); break;
            case 15: await Allocate(step, campaign); break;
            case 16: await TakeBack(step, campaign); break;
            case 17: await Move(step, campaign); break;
            case 18: await EditStock(number, 2 + step.B % 6); break;
            case 19: await Reschedule(TimeSpan.FromMinutes((step.B % 5 - 2) * 20)); break;
            case 20: await Advance(TimeSpan.FromMinutes(5 + step.B % 40), isWorkerThere: step.C % 2 == 0); break;
            default: await Repeat(step.B); break;
        }
    }

    /// <summary>Compares everything there is with the model.</summary>
    public async Task Compare()
    {
        await Advance(TimeSpan.Zero, isWorkerThere: true);
        foreach (var campaign in _model.Campaigns)
        {
            var view = (await At(Stage.Hq, Role.Marketer).Get($"/coupons/campaigns/{campaign.Id}")).Json;
            Assert.That(((string?)view["status"], (long)view["claimed"]!, (long)view["remaining"]!), Is.EqualTo(
                (campaign.Status, campaign.Nodes.Sum(n => n.Taken), campaign.Root.Stock - campaign.Nodes.Sum(n => n.Taken))));
            if (campaign.HasBudget) Assert.That((long)view["budgetUsedMinor"]!, Is.EqualTo(campaign.Nodes.Sum(n => n.BudgetUsed)));
            var tree = (await At(Stage.Hq, Role.Marketer).Get($"/coupons/campaigns/{campaign.Id}/allocations")).Json["nodes"]!.AsArray().Single()!;
            Assert.That(Flat(tree), Is.EquivalentTo(campaign.Nodes.Select(n =>
                (n.Path, n.Stock, n.Given, n.Taken, Redeemed(n, campaign), n.Budget, n.BudgetGiven, n.BudgetUsed))));
            var figures = await _stage.Host.Services.GetRequiredService<CouponsDb>().Query<Figure>(Figure.OfCampaign, new { CampaignId = campaign.Id });
            Assert.That(figures.Where(f => f.Claimed > 0), Is.EquivalentTo(Figures(campaign)));
        }
        foreach (var customer in _customers)
        {
            var read = (await At(Stage.Hq, Role.Storefront).Get($"/coupons/customers/{customer}/coupons")).Json["items"]!.AsArray();
            Assert.That(read.Select(c => ((Guid)c!["id"]!, (string?)c["status"])), Is.EqualTo(
                _model.Coupons.Values.Where(c => c.Customer == customer).Select(c => (c.Id, (string?)_model.StatusOf(c)))));
        }
        await CompareEvents();
    }

    /// <summary>All that was told of a coupon, in the order of its versions, comes to how it stands.</summary>
    private async Task CompareEvents()
    {
        var told = new Dictionary<Guid, SortedDictionary<long, (string State, Guid? OrderId)>>();
        foreach (var message in await _stage.Heard<object>())
        {
            if (message is CouponsClaimed claimed)
                foreach (var claim in claimed.Claims) Hear(claim.CouponId, 1, "Free", null);
            if (message is CouponVoided voided) Hear(voided.CouponId, voided.Version, "Voided", null);
            var state = message switch { CouponsLocked => "Locked", CouponsRedeemed or CouponsRefundedInPart => "Redeemed", _ => "Free" };
            foreach (var use in Stage.UsesOf(message)) Hear(use.CouponId, use.Version, state, state == "Free" ? null : use.OrderId);
        }
        Assert.That(told.Keys.Intersect(_coupons), Is.EquivalentTo(_model.Coupons.Keys));
        foreach (var (id, known) in _model.Coupons)
        {
            Assert.That(told[id].Keys, Is.EqualTo(Enumerable.Range(1, told[id].Count)), "no version is left out");
            var order = _model.Orders.Where(o => o.Value == known.Order).Select(o => (Guid?)o.Key).SingleOrDefault();
            Assert.That(told[id].Last().Value, Is.EqualTo((known.State, order)));
        }

        void Hear(Guid coupon, long version, string state, Guid? order)
        {
            if (!told.TryGetValue(coupon, out var versions)) told[coupon] = versions = [];
            // Twice is allowed, differently is not.
            if (!versions.TryAdd(version, (state, order))) Assert.That(versions[version], Is.EqualTo((state, order)));
        }
    }

    private IEnumerable<Figure> Figures(ModelCampaign campaign) => _model.Coupons.Values.Where(c => c.Campaign == campaign).GroupBy(c => (c.Path, c.Session)).Select(g =>
    {
        var spent = _model.Orders.Values.Where(o => o.Status is "Redeemed" or "RolledBack").SelectMany(o => o.Uses).Where(u => g.Contains(u.Coupon)).ToList();
        return new Figure
        {
            Path = g.Key.Path,
            SessionKey = g.Key.Session?.ToString("D") ?? "",
            Claimed = g.Count(),
            Free = g.Count(c => c.State == "Free"),
            Locked = g.Count(c => c.State == "Locked"),
            Redeemed = g.Count(c => c.State == "Redeemed"),
            Voided = g.Count(c => c.State == "Voided"),
            DiscountMinor = spent.Sum(u => u.Discount),
            RolledBackMinor = spent.Sum(u => u.RolledBack),
        };
    });

    private long Redeemed(ModelNode node, ModelCampaign campaign) => _model.Coupons.Values.Count(c => c.Campaign == campaign && c.Node == node && c.State == "Redeemed");

    private static List<(string, long, long, long, long, long, long, long)> Flat(JsonNode node)
    {
        var children = node["children"]!.AsArray();
        List<(string, long, long, long, long, long, long, long)> all =
        [
            ((string)node["path"]!, Of("allocated"), Of("given"), Of("claimedHere"), Of("redeemed") - children.Sum(c => (long)c!["redeemed"]!), Of("budgetMinor"), Of("budgetGivenMinor"), Of("budgetUsedMinor")),
        ];
        Assert.That(Of("allocated"), Is.EqualTo(Of("given") + Of("claimedHere") + Of("remaining")));
        Assert.That(Of("given"), Is.EqualTo(children.Sum(c => (long)c!["allocated"]!)));
        foreach (var child in children) all.AddRange(Flat(child!));
        return all;

        long Of(string member) => (long)node[member]!;
    }

    private Task Claim(Step step, ModelCampaign campaign, Guid coupon)
    {
        var customer = _customers[step.C % 2];
        var from = Shops[step.C / 2 % Shops.Length];
        var isThroughSession = step.C / 16 % 4 == 0;
        return Exchange(
            () => At(from, Role.Storefront).Put($"/coupons/claims/{coupon}", new { campaignId = campaign.Id, customerId = customer, sessionId = isThroughSession ? _session.SessionId : (Guid?)null }),
            () => _model.Claim(coupon, campaign, customer, from, isThroughSession ? (_session.SessionId, Stage.North) : null));
    }

    /// <summary>Mostly one that is there: lives among what does not exist would say little.</summary>
    private static Guid Known(byte which, byte how, Guid[] all, IReadOnlyCollection<Guid> known) =>
        how % 16 == 7 || known.Count == 0 ? all[which % all.Length] : known.ElementAt(which % known.Count);

    private Task Lock(Step step)
    {
        var order = step.A % 4 == 0 ? Known(step.A, step.C, _orders, _model.Orders.Keys) : _orders[step.A % _orders.Length];
        var coupon = Known(step.B, step.C, _coupons, _model.Coupons.Keys);
        var owner = _model.Coupons.GetValueOrDefault(coupon)?.Customer ?? _customers[0];
        var others = _model.Coupons.Values.Where(c => c.Id != coupon && (step.C % 16 == 3 || c.Customer == owner)).ToList();
        Guid[] asked = step.C / 8 % 2 == 0 || others.Count == 0 ? [coupon] : [coupon, others[step.B % others.Count].Id];
        var customer = step.C % 16 == 5 ? "cid" : owner;
        var lines = Carts[step.C / 32 % Carts.Length];
        return Exchange(
            () => At(Stage.R7, Role.Storefront).Put($"/coupons/redemptions/{order}", new { couponIds = asked, customerId = customer, lines = new[] { new { productCode = "p1", quantity = 1, unitPriceMinor = lines } } }),
            () => _model.Lock(order, asked, customer, lines));
    }

    private Task Void(Guid coupon) => Exchange(() => At(Stage.Hq, Role.Marketer).Post($"/coupons/claims/{coupon}/void", new { reason = "A test." }), () => _model.Void(coupon));

    private Task Refund(Guid order, long refunded) => Exchange(() => Use(order, "roll-back", new { refundedMinor = refunded }), () => _model.RollBack(order, refunded));

    private Task Allocate(Step step, ModelCampaign campaign)
    {
        var (target, key, body) = Target(step);
        var (stock, budget) = (1L + step.C % 3, campaign.HasBudget ? step.C / 4 % 3 * 500L : 0);
        body["stock"] = stock;
        if (campaign.HasBudget) body["budgetMinor"] = budget;
        return Once($"/coupons/campaigns/{campaign.Id}/allocate", body, () => CouponModel.Allocate(campaign, key, target.Path, target.IsUnit, stock, budget));
    }

    private Task TakeBack(Step step, ModelCampaign campaign)
    {
        var (_, key, body) = Target(step);
        long? stock = step.C % 2 == 0 ? null : 1 + step.C / 2 % 3;
        if (stock is { } some) body["stock"] = some;
        return Once($"/coupons/campaigns/{campaign.Id}/take-back", body, () => _model.TakeBack(campaign, key, stock));
    }

    private ((string Path, bool IsUnit) Target, string Key, JsonObject Body) Target(Step step)
    {
        var target = Targets[step.B % Targets.Length];
        return target.IsUnit
            ? (target, $"unit:{target.Path}", new JsonObject { ["unitId"] = _stage.Unit(target.Path) })
            : (target, $"session:{_session.SessionId:D}", new JsonObject { ["sessionId"] = _session.SessionId });
    }

    /// <summary>What adds each time it is sent has a key; sent again with it, it changes nothing.</summary>
    private Task Once(string address, JsonObject body, Func<string> expect)
    {
        var (key, isDone) = (_stage.NewId().ToString(), false);
        return Exchange(() => At(Stage.Hq, Role.Marketer).Post(address, body, ("Idempotency-Key", key)), () =>
        {
            var expected = isDone ? "200" : expect();
            isDone = expected == "200";
            return expected;
        });
    }

    private Task Move(Step step, ModelCampaign campaign)
    {
        var verb = step.C > 240 ? "deactivate" : step.C % 3 == 0 ? "pause" : "resume";
        return Exchange(
            () => At(Stage.Hq, Role.Marketer).Post($"/coupons/campaigns/{campaign.Id}/{verb}", verb == "deactivate" ? new { reason = "A test." } : null),
            () => CouponModel.Move(campaign, verb));
    }

    private Task EditStock(int number, long stock)
    {
        var campaign = _model.Campaigns[number];
        return Exchange(
            async () =>
            {
                var etag = (await At(Stage.Hq, Role.Marketer).Get($"/coupons/campaigns/{campaign.Id}")).ETag!;
                var terms = _terms[number].DeepClone();
                terms["stock"] = stock;
                return await At(Stage.Hq, Role.Marketer).Put($"/coupons/campaigns/{campaign.Id}", terms, ("If-Match", etag));
            },
            () => CouponModel.EditStock(campaign, stock));
    }

    private async Task Reschedule(TimeSpan by)
    {
        var phases = _session.Phases;
        _session = _session with
        {
            Version = _session.Version + 1,
            Phases = new SessionPhases
            {
                PreparationStartsAt = phases.PreparationStartsAt + by,
                WarmUpStartsAt = phases.WarmUpStartsAt + by,
                ReservoirStartsAt = phases.ReservoirStartsAt + by,
                LiveStartsAt = phases.LiveStartsAt + by,
                LiveEndsAt = phases.LiveEndsAt + by,
                ReviewEndsAt = phases.ReviewEndsAt + by,
            },
        };
        await _stage.Host.Deliver(new SessionRescheduled(_session));
    }

    private async Task Advance(TimeSpan by, bool isWorkerThere)
    {
        _stage.Clock.Advance(by);
        _model.Now = _stage.Now;
        if (!isWorkerThere) return;
        await _stage.Host.CarryOutDue();
        _model.LapseAll();
    }

    private async Task Repeat(int which)
    {
        if (_sent.Count == 0) return;
        var (send, expect) = _sent[which % _sent.Count];
        await Exchange(send, expect);
    }

    private async Task Exchange(Func<Task<Answer>> send, Func<string> expect)
    {
        _sent.Add((send, expect));
        var answer = await send();
        Assert.That(answer.Code ?? answer.Status.ToString(), Is.EqualTo(expect()), answer.Content);
    }

    private Task<Answer> Use(Guid order, string verb, object? body = null) => At(Stage.R7, Role.Storefront).Post($"/coupons/redemptions/{order}/{verb}", body);

    private HttpClient At(string path, Role role)
    {
        var key = $"{path} {role} {_stage.Host.Address}";
        return _clients.TryGetValue(key, out var client) ? client : _clients[key] = _stage.Host.At(path, role);
    }

    private async Task Add(
        long stock, long? budget, int limit, string refundPolicy, object benefit, Func<long, long> discountOn, object claim, object redemption,
        Func<(DateTimeOffset, DateTimeOffset)> claimWindow, Func<DateTimeOffset, (DateTimeOffset, DateTimeOffset)> redemptionWindow)
    {
        var number = _model.Campaigns.Count;
        var terms = _stage.Terms(
            benefit: benefit, stock: stock, budget: budget, limit: limit, claim: claim, redemption: redemption, session: number == 0 ? _session.SessionId : null,
            lockMinutes: CouponModel.LockMinutes, stacking: new { group = $"g{number}", priority = number }, refundPolicy: refundPolicy);
        var id = await _stage.Campaign(terms);
        _terms[number] = System.Text.Json.JsonSerializer.SerializeToNode(terms)!.AsObject();
        _terms[number].Remove("ownerUnitId");
        _model.Campaigns.Add(new ModelCampaign(id, new ModelNode($"unit:{Stage.Hq}", Stage.Hq, isUnit: true, parent: null) { Stock = stock, Budget = budget ?? 0 })
        {
            HasBudget = budget.HasValue,
            Limit = limit,
            ReturnsOnAnyRefund = refundPolicy == "ReturnOnAnyRefund",
            DiscountOn = discountOn,
            ClaimWindow = claimWindow,
            RedemptionWindow = redemptionWindow,
        });
    }

    /// <summary>A row of figures.</summary>
    private sealed record Figure
    {
        internal const string OfCampaign =
            "SELECT Path, SessionKey, Claimed, Free, Locked, Redeemed, Voided, DiscountMinor, RolledBackMinor FROM Figures WHERE CampaignId = @CampaignId";

        public string Path { get; init; } = "";

        public string SessionKey { get; init; } = "";

        public long Claimed { get; init; }

        public long Free { get; init; }

        public long Locked { get; init; }

        public long Redeemed { get; init; }

        public long Voided { get; init; }

        public long DiscountMinor { get; init; }

        public long RolledBackMinor { get; init; }
    }
}

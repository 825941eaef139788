using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests;

/// <summary>Random lives of a small campaign, step by step against a model that knows no database.</summary>
internal sealed class CouponModelTests
{
    private const int Stock = 5;
    private const int Limit = 2;
    private const int Steps = 40;

    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set();

    [OneTimeTearDown]
    public async Task Clear() => await _stage.DisposeAsync();

#pragma warning disable NUnit1027 // FsCheck supplies the argument.
    [FsCheck.NUnit.Property(MaxTest = 30)]
#pragma warning restore NUnit1027
    public void EveryAnswer_IsTheModels(int seed) => Live(new Random(seed)).GetAwaiter().GetResult();

    private async Task Live(Random random)
    {
        var start = _stage.Now;
        var model = new Model(start);
        var campaign = await _stage.Campaign(_stage.Terms(
            stock: Stock, limit: Limit, claim: Stage.Between(start, start.AddHours(3)), redemption: Stage.Between(start.AddHours(1), start.AddHours(5))));
        var coupons = Enumerable.Range(0, 8).Select(_ => _stage.NewId()).ToArray();
        var orders = Enumerable.Range(0, 6).Select(_ => _stage.NewId()).ToArray();
        string[] customers = ["ann", "bob", "cid"];
        for (var step = 0; step < Steps; step++)
        {
            var coupon = random.GetItems(coupons, 1)[0];
            var order = random.GetItems(orders, 1)[0];
            var customer = random.GetItems(customers, 1)[0];
            var (answer, expected) = random.Next(12) switch
            {
                < 3 => (await _stage.Claim(campaign, customer, coupon), model.Claim(coupon, customer)),
                < 7 => (await LockOwn(model, order, coupon, customer), model.Lock(order, coupon, model.OwnerOr(coupon, customer))),
                < 9 => (await _stage.Use(order, "redeem"), model.Redeem(order)),
                9 => (await _stage.Use(order, "release"), model.Move(order, "Locked", "Released")),
                10 => (await _stage.Use(order, "roll-back"), model.Move(order, "Redeemed", "RolledBack")),
                _ => (null, ""),
            };
            if (answer is null)
            {
                _stage.Clock.Advance(TimeSpan.FromMinutes(random.Next(5, 50)));
                model.Now = _stage.Now;
                continue;
            }
            Assert.That(answer.Code ?? answer.Status.ToString(), Is.EqualTo(expected), $"step {step}: {answer.Content}");
        }
        var view = (await _stage.Marketer().Get($"/coupons/campaigns/{campaign}")).Json;
        Assert.That((long)view["claimed"]!, Is.EqualTo(model.Coupons.Count));
        foreach (var (id, known) in model.Coupons) Assert.That(await _stage.Status(id), Is.EqualTo(model.StatusOf(known)));
    }

    // Mostly the coupon's own customer: a model of nothing but wrong customers would say little.
    private Task<Answer> LockOwn(Model model, Guid order, Guid coupon, string customer) => _stage.Lock(order, coupon, model.OwnerOr(coupon, customer));

    private sealed class Model
    {
        private readonly DateTimeOffset _start;
        private readonly Dictionary<Guid, Use> _uses = [];

        public Dictionary<Guid, Coupon> Coupons { get; } = [];

        public Model(DateTimeOffset start) => (_start, Now) = (start, start);

        public DateTimeOffset Now { get; set; }

        private string Window => Now < _start.AddHours(1) ? "Claimed" : Now < _start.AddHours(5) ? "Effective" : "Expired";

        public string OwnerOr(Guid coupon, string customer) => Coupons.TryGetValue(coupon, out var known) && customer != "cid" ? known.Customer : customer;

        public string Claim(Guid id, string customer)
        {
            if (Coupons.TryGetValue(id, out var known)) return known.Customer == customer ? "200" : "claim.id_reused";
            if (Now >= _start.AddHours(3)) return "claim.over";
            if (Coupons.Count == Stock) return "claim.out_of_stock";
            if (Coupons.Values.Count(c => c.Customer == customer) == Limit) return "claim.per_customer_limit";
            Coupons[id] = new Coupon(customer);
            return "201";
        }

        public string Lock(Guid order, Guid coupon, string customer)
        {
            if (_uses.TryGetValue(order, out var use)) return use.CouponId == coupon && use.Customer == customer ? "200" : "redemption.id_reused";
            if (!Coupons.TryGetValue(coupon, out var known)) return "coupon.not_found";
            if (Refusal(known, customer) is { } refusal) return refusal;
            Take(known, _uses[order] = new Use(coupon, customer));
            return "200";
        }

        public string Redeem(Guid order)
        {
            if (!_uses.TryGetValue(order, out var use)) return "redemption.not_found";
            Lapse(use);
            if (use.Status == "Redeemed") return "200";
            var coupon = Coupons[use.CouponId];
            if (use is { Status: "Released", Lapsed: true })
            {
                if (Refusal(coupon, use.Customer) is { } refusal) return refusal;
                Take(coupon, use);
            }
            return Move(order, "Locked", "Redeemed");
        }

        public string Move(Guid order, string from, string to)
        {
            if (!_uses.TryGetValue(order, out var use)) return "redemption.not_found";
            Lapse(use);
            if (use.Status == to) return "200";
            if (use.Status != from) return "redemption.illegal_transition";
            use.Status = to;
            return "200";
        }

        public string StatusOf(Coupon coupon)
        {
            if (coupon.By is { } use) Lapse(use);
            return coupon.By?.Status is "Locked" or "Redeemed" ? coupon.By.Status : Window;
        }

        private string? Refusal(Coupon coupon, string customer)
        {
            if (coupon.Customer != customer) return "coupon.wrong_customer";
            return StatusOf(coupon) switch
            {
                "Redeemed" => "coupon.already_redeemed",
                "Locked" => "coupon.already_locked",
                "Claimed" => "coupon.not_effective_yet",
                "Expired" => "coupon.expired",
                _ => null,
            };
        }

        private void Take(Coupon coupon, Use use)
        {
            coupon.By = use;
            (use.Status, use.Lapsed, use.Until) = ("Locked", false, Now.AddMinutes(30));
        }

        private void Lapse(Use use)
        {
            if (use.Status == "Locked" && Now >= use.Until) (use.Status, use.Lapsed) = ("Released", true);
        }

        public sealed record Coupon(string Customer)
        {
            public Use? By { get; set; }
        }

        public sealed record Use(Guid CouponId, string Customer)
        {
            public string Status { get; set; } = "Locked";

            public bool Lapsed { get; set; }

            public DateTimeOffset Until { get; set; }
        }
    }
}

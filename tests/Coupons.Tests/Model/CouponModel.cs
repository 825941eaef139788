namespace LiveCommerce.Coupons.Tests.Model;

/// <summary>What the service is to do, said as plainly as can be: no database, no transactions, no batches. Every method answers a status or a code.</summary>
internal sealed class CouponModel
{
    public const int LockMinutes = 30;

    public DateTimeOffset Now { get; set; }

    public List<ModelCampaign> Campaigns { get; } = [];

    public Dictionary<Guid, ModelCoupon> Coupons { get; } = [];

    public Dictionary<Guid, ModelOrder> Orders { get; } = [];

    public static string Allocate(ModelCampaign campaign, string key, string path, bool isUnit, long stock, long budget)
    {
        if (campaign.Status == "Deactivated") return "quota.campaign_over";
        var node = campaign.Nodes.Find(n => n.Key == key);
        var parent = node?.Parent ?? campaign.Nodes.Where(n => n.IsUnit && path.StartsWith(n.Path, StringComparison.Ordinal) && (!isUnit || n.Path != path)).MaxBy(n => n.Path.Length)!;
        if (parent.Remaining < stock || parent.BudgetRemaining < budget) return "quota.exceeds_remaining";
        if (node is null) campaign.Nodes.Add(node = new ModelNode(key, path, isUnit, parent));
        parent.Given += stock;
        parent.BudgetGiven += budget;
        node.Stock += stock;
        node.Budget += budget;
        return "200";
    }

    /// <param name="campaign">The campaign.</param>
    /// <param name="key">The allocation.</param>
    /// <param name="stock">Null: all that is left, and its share of the budget that is left.</param>
    public string TakeBack(ModelCampaign campaign, string key, long? stock)
    {
        if (campaign.Nodes.Find(n => n.Key == key) is not { Parent: { } parent } node) return "quota.no_allocation";
        var open = node.Remaining + node.Taken - Coupons.Values.Count(c => c.Node == node && c.State == "Redeemed");
        var (coupons, budget) = stock is { } some ? (some, 0) : (node.Remaining, open > 0 ? node.BudgetRemaining * node.Remaining / open : node.BudgetRemaining);
        if (node.Remaining < coupons) return "quota.exceeds_remaining";
        node.Stock -= coupons;
        node.Budget -= budget;
        parent.Given -= coupons;
        parent.BudgetGiven -= budget;
        return "200";
    }

    public static string EditStock(ModelCampaign campaign, long stock)
    {
        if (campaign.Status == "Deactivated" && stock != campaign.Root.Stock) return "campaign.not_editable";
        if (stock < campaign.Root.Given + campaign.Root.Taken) return "campaign.below_taken";
        campaign.Root.Stock = stock;
        return "200";
    }

    public static string Move(ModelCampaign campaign, string verb)
    {
        if (campaign.Status == "Deactivated") return verb == "deactivate" ? "200" : "campaign.illegal_transition";
        campaign.Status = verb switch { "pause" => "Paused", "resume" => "Issuing", _ => "Deactivated" };
        return "200";
    }

    public string Claim(Guid id, ModelCampaign campaign, string customer, string from, (Guid Id, string Owner)? session)
    {
        if (Coupons.TryGetValue(id, out var known))
            return known.Campaign == campaign && known.Customer == customer && known.Session == session?.Id ? "200" : "claim.id_reused";
        if (session is { } through && !IsOneChain(from, through.Owner)) return "claim.session_unknown";
        if (campaign.Status != "Issuing") return "campaign.not_issuing";
        var window = campaign.ClaimWindow();
        if (Now >= window.Closes) return "claim.over";
        if (Now < window.Opens) return "claim.not_started";
        if (Now >= campaign.RedemptionWindow(Now).Closes) return "claim.never_effective";
        var path = session?.Owner ?? from;
        var node = session is { } s && campaign.Nodes.Find(n => n.Key == $"session:{s.Id:D}") is { } own
            ? own
            : campaign.Nodes.Where(n => n.IsUnit && path.StartsWith(n.Path, StringComparison.Ordinal)).MaxBy(n => n.Path.Length)!;
        if (node.Remaining <= 0) return node.Parent is null ? "claim.out_of_stock" : "claim.quota_spent";
        if (campaign.HasBudget && node.BudgetRemaining <= 0) return "claim.budget_spent";
        if (Coupons.Values.Count(c => c.Campaign == campaign && c.Customer == customer) >= campaign.Limit) return "claim.per_customer_limit";
        node.Taken++;
        Coupons[id] = new ModelCoupon(id, campaign, customer, path, session?.Id, node, Now);
        return "201";
    }

    public string Lock(Guid orderId, Guid[] asked, string customer, long lines)
    {
        Touch([orderId], asked);
        if (Orders.TryGetValue(orderId, out var seen))
        {
            if (seen.Uses.Count == 0) return "redemption.already_released";
            return seen.Customer == customer && seen.Lines == lines && seen.Asked.SequenceEqual(asked) ? "200" : "redemption.id_reused";
        }
        if (asked.Any(a => !Coupons.ContainsKey(a))) return "coupon.not_found";
        var blocked = new Dictionary<Guid, string>();
        var uses = new List<ModelUse>();
        foreach (var coupon in asked.Select(a => Coupons[a]).OrderBy(c => Campaigns.IndexOf(c.Campaign)).ThenBy(c => c.Id))
        {
            var discount = coupon.Campaign.DiscountOn(lines - uses.Sum(u => u.Discount));
            if (uses.Exists(u => u.Coupon.Campaign == coupon.Campaign)) blocked[coupon.Id] = "coupon.does_not_stack";
            else if (discount == 0) blocked[coupon.Id] = "coupon.nothing_to_take_off";
            else uses.Add(new ModelUse(coupon, discount));
        }
        foreach (var id in asked)
            if ((Refusal(Coupons[id], customer) ?? blocked.GetValueOrDefault(id)) is { } refusal) return refusal;
        if (uses.Exists(IsTooDear)) return "coupon.budget_spent";
        Take(Orders[orderId] = new ModelOrder(customer, lines, asked) { Uses = uses });
        return "200";
    }

    public string Redeem(Guid orderId)
    {
        if (!Orders.TryGetValue(orderId, out var order)) return "redemption.not_found";
        Touch([orderId], []);
        if (order.Status is "Redeemed" or "RolledBack") return "200";
        if (order.Uses.Count == 0) return "redemption.illegal_transition";
        if (order.Status == "Released" && TakeAgain(order) is { } refusal) return refusal;
        Spend(order);
        return "200";
    }

    public string Release(Guid orderId)
    {
        if (!Orders.TryGetValue(orderId, out var order))
        {
            Orders[orderId] = new ModelOrder("", 0, []);
            return "200";
        }
        Touch([orderId], []);
        if (order.Status == "Locked") GiveBack(order);
        return order.Status == "Released" ? "200" : "redemption.illegal_transition";
    }

    /// <param name="orderId">The order.</param>
    /// <param name="refunded">Money given back in all; null: everything.</param>
    public string RollBack(Guid orderId, long? refunded)
    {
        if (!Orders.TryGetValue(orderId, out var order)) return "redemption.not_found";
        Touch([orderId], []);
        if (order.Status == "Released")
        {
            if (!order.HasLapsed || order.Uses.Count == 0) return "redemption.illegal_transition";
            if (TakeAgain(order) is { } refusal) return refusal;
        }
        if (order.Status == "Locked") Spend(order);
        var isFull = refunded is null || (order.Paid > 0 && refunded >= order.Paid) || (order.Paid > 0 && order.Refunded == order.Paid);
        order.Refunded = isFull ? order.Paid : Math.Max(order.Refunded, Math.Min(refunded!.Value, order.Paid));
        foreach (var use in order.Uses)
        {
            // What was undone stays undone, whatever is heard late.
            var undone = isFull ? use.Discount : Math.Max(use.RolledBack, use.Discount * order.Refunded / Math.Max(1, order.Paid));
            if (use.Coupon.Campaign.HasBudget) use.Coupon.Node.BudgetUsed -= undone - use.RolledBack;
            use.RolledBack = undone;
            if (use.IsReturned || !(isFull || (use.Coupon.Campaign.ReturnsOnAnyRefund && order.Refunded > 0))) continue;
            use.IsReturned = true;
            (use.Coupon.State, use.Coupon.Order) = ("Free", null);
        }
        if (isFull || order.Uses.TrueForAll(u => u.IsReturned)) order.Status = "RolledBack";
        return "200";
    }

    public string Void(Guid id)
    {
        if (!Coupons.TryGetValue(id, out var coupon)) return "coupon.not_found";
        Touch([], [id]);
        if (coupon.State == "Locked") return "coupon.already_locked";
        if (coupon.State == "Redeemed") return "coupon.already_redeemed";
        coupon.State = "Voided";
        return "200";
    }

    /// <summary>What the due-time worker does.</summary>
    public void LapseAll()
    {
        foreach (var order in Orders.Values.Where(o => o.Status == "Locked" && Now >= o.Until)) GiveBack(order);
    }

    public string StatusOf(ModelCoupon coupon)
    {
        if (coupon.State is "Voided" or "Redeemed") return coupon.State;
        if (coupon.State == "Locked" && Now < coupon.Order!.Until) return "Locked";
        if (coupon.Campaign.Status == "Deactivated") return "Voided";
        var (opens, closes) = coupon.Campaign.RedemptionWindow(coupon.ClaimedAt);
        return Now >= closes ? "Expired" : Now < opens ? "Claimed" : "Effective";
    }

    private string? Refusal(ModelCoupon coupon, string customer)
    {
        if (coupon.Customer != customer) return "coupon.wrong_customer";
        return StatusOf(coupon) switch
        {
            "Voided" => "coupon.voided",
            "Redeemed" => "coupon.already_redeemed",
            "Locked" => "coupon.already_locked",
            "Claimed" => "coupon.not_effective_yet",
            "Expired" => "coupon.expired",
            _ => null,
        };
    }

    /// <summary>A lock whose deadline has passed is given back when somebody else comes near it, or when the worker does.</summary>
    private void Touch(Guid[] orders, Guid[] coupons)
    {
        var near = coupons.Where(Coupons.ContainsKey).Select(c => Coupons[c])
            .Concat(orders.Where(Orders.ContainsKey).SelectMany(o => Orders[o].Uses).Select(u => u.Coupon));
        foreach (var order in near.Where(c => c.State == "Locked" && Now >= c.Order!.Until).Select(c => c.Order!).Distinct().ToList()) GiveBack(order);
    }

    private void Take(ModelOrder order)
    {
        (order.Status, order.Until) = ("Locked", Now.AddMinutes(LockMinutes));
        foreach (var use in order.Uses)
        {
            (use.Coupon.State, use.Coupon.Order) = ("Locked", order);
            if (use.Coupon.Campaign.HasBudget) use.Coupon.Node.BudgetUsed += use.Discount;
        }
    }

    private string? TakeAgain(ModelOrder order)
    {
        foreach (var use in order.Uses)
            if (Refusal(use.Coupon, order.Customer) is { } refusal) return refusal;
        if (order.Uses.Exists(IsTooDear)) return "coupon.budget_spent";
        Take(order);
        return null;
    }

    private static void Spend(ModelOrder order)
    {
        order.Status = "Redeemed";
        foreach (var use in order.Uses) use.Coupon.State = "Redeemed";
    }

    private void GiveBack(ModelOrder order)
    {
        (order.Status, order.HasLapsed) = ("Released", Now >= order.Until);
        foreach (var use in order.Uses)
        {
            (use.Coupon.State, use.Coupon.Order) = ("Free", null);
            if (use.Coupon.Campaign.HasBudget) use.Coupon.Node.BudgetUsed -= use.Discount;
        }
    }

    private static bool IsTooDear(ModelUse use) => use.Coupon.Campaign.HasBudget && use.Discount > use.Coupon.Node.BudgetRemaining;

    private static bool IsOneChain(string a, string b) => a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);
}

using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Figures;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>A coupon in hand, with what its campaign says.</summary>
internal sealed class HeldCoupon(CouponRow row, Campaign campaign)
{
    public CouponRow Row { get; set; } = row;

    public long WasVersion { get; } = row.Version;

    public Campaign Campaign => campaign;

    public bool IsChanged => Row.Version != WasVersion;
}

/// <summary>A coupon's part in an order in hand.</summary>
internal sealed record HeldUse(UseRow Row, HeldCoupon Coupon)
{
    /// <summary>True if it is not as it was read.</summary>
    public bool IsChanged { get; private init; }

    /// <summary>Minor units of the budget a full use takes: the discount, or the gift's worth.</summary>
    public long CostMinor => Row.DiscountMinor + GiftWorthMinor;

    public HeldUse Now(UseRow row) => this with { Row = row, IsChanged = true };

    private long GiftWorthMinor => Coupon.Campaign.Terms.Benefit.Gift?.WorthMinor ?? 0;

    /// <summary>Minor units of the budget it takes as it stands, once spent.</summary>
    public long SpentMinor => Row.DiscountMinor - Row.RolledBackMinor + (Row.IsReturned ? 0 : GiftWorthMinor);
}

/// <summary>An order's redemption in hand.</summary>
internal sealed class HeldRedemption(RedemptionRow row, List<HeldUse> uses, bool isNew)
{
    public RedemptionRow Row { get; set; } = row;

    /// <summary>In the order of application; empty if it was released before it was locked.</summary>
    public List<HeldUse> Uses => uses;

    public bool IsNew => isNew;

    public bool IsChanged { get; set; }

    public RedemptionView ToView()
    {
        var lines = new List<long>();
        foreach (var use in uses)
        {
            var off = Sql.FromJson<IReadOnlyList<long>>(use.Row.Lines);
            for (var i = 0; i < off.Count; i++)
            {
                if (i == lines.Count) lines.Add(off[i]);
                else lines[i] += off[i];
            }
        }
        return new RedemptionView(
            Row.OrderId, Row.Status, Row.DiscountMinor, Row.RolledBackMinor, Row.Currency.Trim(), Row.LockedUntil,
            [.. uses.Select(u => new UsedCoupon(u.Row.CouponId, u.Row.DiscountMinor, u.Coupon.Campaign.Terms.Benefit.Gift, u.Row.IsReturned))],
            [.. lines.Select(l => new DiscountedLine(l))]);
    }
}

/// <summary>
/// Orders and their coupons in the hands of one transaction: nobody else decides about them meanwhile. Every change of a
/// coupon's use goes through here, so that coupon, redemption, deadline, quota, figures and event never part. Changes are made
/// in memory and written by <see cref="Write"/>, in a fixed number of statements, however many they are.
/// </summary>
internal sealed class HeldCoupons
{
    private readonly UnitOfWork _work;
    private readonly KnownCampaigns _campaigns;
    private readonly Dictionary<Guid, HeldCoupon> _coupons = [];
    private readonly Dictionary<Guid, HeldRedemption> _redemptions = [];
    private readonly Dictionary<long, QuotaNode> _nodes = [];
    private readonly Dictionary<(string HeadquartersPath, string Code), ProductRow> _products = [];
    private readonly Dictionary<long, QuotaDraw> _draws = [];
    private readonly FigureChanges _figures = new();

    private HeldCoupons(UnitOfWork work, KnownCampaigns campaigns) => (_work, _campaigns) = (work, campaigns);

    public DateTimeOffset Now => _work.Now;

    public RefusalCounts Refusals { get; } = new();

    /// <summary>Takes orders and coupons in hand; what stands in a redemption comes with it. What is not known is left out.</summary>
    public static async Task<HeldCoupons> Take(UnitOfWork work, KnownCampaigns campaigns, IEnumerable<Guid> orderIds, IEnumerable<Guid> couponIds)
    {
        var held = new HeldCoupons(work, campaigns);
        await held.Read(orderIds.ToHashSet(), couponIds.ToHashSet());
        // Whether the due-time worker has been here yet must make no difference to anybody.
        var lapsed = held._coupons.Values.Where(c => c.Row.State == CouponState.Locked && !c.Row.IsHeldAt(work.Now)).Select(c => c.Row.OrderId!.Value).ToHashSet();
        if (lapsed.Count == 0) return held;
        await held.Read(lapsed.Where(o => !held._redemptions.ContainsKey(o)).ToHashSet(), []);
        foreach (var order in lapsed) held.GiveBack(held._redemptions[order]);
        return held;
    }

    /// <summary>What locks need besides: what is left of budgets, and what is known of products.</summary>
    public async Task ReadForLocks(IEnumerable<(string Path, IReadOnlyList<CartLine> Lines)> carts)
    {
        var budgeted = _coupons.Values.Where(c => c.Campaign.Terms.BudgetMinor is not null).Select(c => c.Row.NodeSeq).Distinct().ToList();
        if (budgeted.Count > 0)
        {
            foreach (var node in await _work.Query<QuotaNode>(QuotaSql.HoldSeveral, new { Ids = Sql.Json(budgeted) })) _nodes[node.Seq] = node;
        }
        foreach (var tenant in carts.GroupBy(c => UnitPath.Headquarters(c.Path)))
        {
            var codes = Sql.Json(tenant.SelectMany(c => c.Lines).Select(l => l.ProductCode).Distinct());
            foreach (var product in await _work.Query<ProductRow>(ProductSql.ByCodes, new { HeadquartersPath = tenant.Key, Ids = codes }))
                _products[(tenant.Key, product.Code)] = product;
        }
    }

    public HeldCoupon? CouponOf(Guid id) => _coupons.GetValueOrDefault(id);

    public HeldRedemption? RedemptionOf(Guid orderId) => _redemptions.GetValueOrDefault(orderId);

    public ProductRow? ProductOf(string path, string code) => _products.GetValueOrDefault((UnitPath.Headquarters(path), code));

    /// <summary>Remembers an order that will never hold a coupon.</summary>
    public HeldRedemption Bury(Guid orderId, string path) => Keep(new RedemptionRow
    {
        OrderId = orderId,
        Path = path,
        Status = RedemptionStatus.Released,
        Currency = "   ",
        LockedUntil = Now,
        ChangedAt = Now,
    }, []);

    /// <summary>Gives coupons that <see cref="Refusal"/> has nothing against to an order, until its deadline.</summary>
    public HeldRedemption Lock(RedemptionRow redemption, IReadOnlyList<AppliedCoupon> applied)
    {
        var uses = applied.Select((a, i) => new HeldUse(
            new UseRow
            {
                OrderId = redemption.OrderId,
                CouponId = a.Coupon.CouponId,
                CampaignId = a.Coupon.CampaignId,
                Position = i,
                DiscountMinor = a.DiscountMinor,
                Lines = Sql.Json(a.LinesMinor),
            },
            _coupons[a.Coupon.CouponId])).ToList();
        var held = Keep(redemption, uses);
        foreach (var use in uses)
        {
            Draw(use, budgetMinor: use.CostMinor);
            Change(held, use, CouponState.Locked);
        }
        Tell(held, uses, u => new CouponsLocked(u));
        return held;
    }

    /// <summary>Locks again what the order held before, for the same discount. A refusal is counted for the coupon that is in the way.</summary>
    public Rejection? LockAgain(HeldRedemption redemption)
    {
        // What a refund did not give back to the customer is still this order's.
        var free = redemption.Uses.Where(u => u.Coupon.Row.OrderId != redemption.Row.OrderId).ToList();
        foreach (var use in free)
        {
            if (Refusal(use.Coupon, redemption.Row.CustomerId) is { } refusal) return Counted(use.Coupon, refusal);
        }
        var wasSpent = redemption.Row.Status == RedemptionStatus.RolledBack;
        if (Shortage(redemption.Uses.Select(u => (u.Coupon, u.CostMinor - (wasSpent ? u.SpentMinor : 0)))) is { } shortage) return Counted(shortage.Coupon, shortage.Why);
        for (var i = 0; i < redemption.Uses.Count; i++)
        {
            var use = redemption.Uses[i];
            // It begins anew: what was spent and undone before is not counted any more.
            if (wasSpent) _figures.Discount(use.Coupon.Row, -use.Row.DiscountMinor, -use.Row.RolledBackMinor);
            Draw(use, budgetMinor: use.CostMinor - (wasSpent ? use.SpentMinor : 0));
            redemption.Uses[i] = use.Now(use.Row with { RolledBackMinor = 0, IsReturned = false });
        }
        redemption.Row = redemption.Row with
        {
            Status = RedemptionStatus.Locked,
            RefundedMinor = 0,
            RolledBackMinor = 0,
            LockedUntil = Now.AddMinutes(redemption.Uses.Min(u => u.Coupon.Campaign.Terms.LockMinutes)),
        };
        foreach (var use in free) Change(redemption, use, CouponState.Locked);
        redemption.IsChanged = true;
        Tell(redemption, free, u => new CouponsLocked(u));
        return null;
    }

    /// <summary>Spends what the order holds.</summary>
    public void Spend(HeldRedemption redemption)
    {
        redemption.Row = redemption.Row with { Status = RedemptionStatus.Redeemed };
        redemption.IsChanged = true;
        var locked = redemption.Uses.Where(u => u.Coupon.Row.State == CouponState.Locked).ToList();
        foreach (var use in redemption.Uses) _figures.Discount(use.Coupon.Row, use.Row.DiscountMinor, 0);
        foreach (var use in locked)
        {
            Draw(use, redeemed: 1);
            Change(redemption, use, CouponState.Redeemed);
        }
        Tell(redemption, locked, u => new CouponsRedeemed(u));
    }

    /// <summary>Gives back unspent what the order holds.</summary>
    public void GiveBack(HeldRedemption redemption)
    {
        redemption.Row = redemption.Row with { Status = RedemptionStatus.Released, ChangedAt = Now };
        redemption.IsChanged = true;
        var locked = redemption.Uses.Where(u => u.Coupon.Row.State == CouponState.Locked).ToList();
        foreach (var use in locked)
        {
            Draw(use, budgetMinor: -use.CostMinor);
            Change(redemption, use, CouponState.Free);
        }
        Tell(redemption, locked, u => new CouponsReleased(u));
    }

    /// <summary>
    /// Undoes the discount in proportion to the money given back in all, rounded down, the whole of it once everything is; and gives
    /// coupons back by their campaigns' policies. Less than was heard of before changes nothing.
    /// </summary>
    public void Refund(HeldRedemption redemption, long refundedMinor, bool isFull)
    {
        var row = redemption.Row;
        refundedMinor = Math.Max(row.RefundedMinor, Math.Min(refundedMinor, row.PaidMinor));
        isFull |= row.PaidMinor > 0 && refundedMinor == row.PaidMinor;
        if (isFull) refundedMinor = row.PaidMinor;
        var (returned, inPart) = (new List<HeldUse>(), new List<HeldUse>());
        for (var i = 0; i < redemption.Uses.Count; i++)
        {
            var use = redemption.Uses[i];
            // An order that cost nothing has no share to tell a late part refund by.
            var undone = isFull ? use.Row.DiscountMinor : Math.Max(use.Row.RolledBackMinor, (long)((Int128)use.Row.DiscountMinor * refundedMinor / Math.Max(1, row.PaidMinor)));
            var comesBack = use.Coupon.Campaign.Terms.RefundPolicy switch
            {
                RefundPolicy.ReturnOnFullRefund => isFull,
                RefundPolicy.ReturnOnAnyRefund => isFull || refundedMinor > 0,
                _ => false,
            };
            var after = use.Now(use.Row with { RolledBackMinor = undone, IsReturned = use.Row.IsReturned || comesBack });
            if (after.Row == use.Row) continue;
            redemption.Uses[i] = after;
            _figures.Discount(use.Coupon.Row, 0, undone - use.Row.RolledBackMinor);
            Draw(use, redeemed: after.Row.IsReturned && !use.Row.IsReturned ? -1 : 0, budgetMinor: after.SpentMinor - use.SpentMinor);
            // What came back with an earlier refund may be in another order's hands.
            if (use.Row.IsReturned) continue;
            Change(redemption, after, after.Row.IsReturned ? CouponState.Free : CouponState.Redeemed);
            (after.Row.IsReturned ? returned : inPart).Add(after);
        }
        redemption.Row = row with
        {
            Status = isFull || redemption.Uses.All(u => u.Row.IsReturned) ? RedemptionStatus.RolledBack : row.Status,
            RefundedMinor = refundedMinor,
            RolledBackMinor = redemption.Uses.Sum(u => u.Row.RolledBackMinor),
        };
        redemption.IsChanged = true;
        Tell(redemption, returned, u => new CouponsRolledBack(u));
        Tell(redemption, inPart, u => new CouponsRefundedInPart(u));
    }

    /// <summary>Takes a free coupon back for good.</summary>
    public void Void(HeldCoupon coupon, string reason)
    {
        _figures.Move(coupon.Row, CouponState.Free, CouponState.Voided);
        coupon.Row = coupon.Row with { Version = coupon.Row.Version + 1, State = CouponState.Voided, Reason = reason };
        _work.Publish(new CouponVoided
        {
            CouponId = coupon.Row.Id,
            Version = coupon.Row.Version,
            CampaignId = coupon.Row.CampaignId,
            CustomerId = coupon.Row.CustomerId,
            Reason = reason,
            At = Now,
        });
    }

    /// <summary>Why the coupon cannot be locked by a customer's order now, whatever is in it.</summary>
    public Rejection? Refusal(HeldCoupon coupon, string customerId) => coupon.Campaign.Refusal(coupon.Row, customerId, Now);

    /// <summary>Whose budget does not suffice, and why; null if all do.</summary>
    public (HeldCoupon Coupon, Rejection Why)? Shortage(IEnumerable<(HeldCoupon Coupon, long CostMinor)> wanted)
    {
        foreach (var node in wanted.Where(w => w.Coupon.Campaign.Terms.BudgetMinor is not null).GroupBy(w => w.Coupon.Row.NodeSeq))
        {
            var left = _nodes[node.Key].BudgetRemainingMinor - (_draws.TryGetValue(node.Key, out var draw) ? draw.BudgetUsedMinor : 0);
            if (node.Sum(w => w.CostMinor) > left)
                return (node.First().Coupon, RedemptionRejections.BudgetSpent.Because($"{left} minor units of {_nodes[node.Key].Path}'s budget are left."));
        }
        return null;
    }

    /// <summary>Writes all changes. Call once, last.</summary>
    public async Task Write()
    {
        var changes = new UseChanges(_work);
        await changes.Write(_redemptions.Values, [.. _coupons.Values.Where(c => c.IsChanged)]);
        if (_draws.Count > 0) await _work.Execute(QuotaSql.Draw, new { Rows = Sql.Json(_draws.Values) });
        await _figures.Write(_work);
        await Refusals.Write(_work);
    }

    private async Task Read(HashSet<Guid> orderIds, HashSet<Guid> couponIds)
    {
        IReadOnlyList<RedemptionRow> redemptions = [];
        ILookup<Guid, UseRow> uses = Enumerable.Empty<UseRow>().ToLookup(u => u.OrderId);
        if (orderIds.Count > 0)
        {
            redemptions = await _work.Query<RedemptionRow>(RedemptionSql.Hold, new { Ids = Sql.Json(orderIds) });
            if (redemptions.Count > 0)
                uses = (await _work.Query<UseRow>(RedemptionSql.Uses, new { Ids = Sql.Json(redemptions.Select(r => r.OrderId)) })).ToLookup(u => u.OrderId);
        }
        couponIds.UnionWith(uses.SelectMany(u => u).Select(u => u.CouponId));
        couponIds.ExceptWith(_coupons.Keys);
        if (couponIds.Count > 0)
        {
            foreach (var row in await _work.Query<MarkedCoupon>(CouponSql.Hold, new { Ids = Sql.Json(couponIds) }))
                _coupons[row.Id] = new HeldCoupon(row, await _campaigns.Current(row.Mark, _work));
        }
        foreach (var row in redemptions)
            _redemptions[row.OrderId] = new HeldRedemption(row, [.. uses[row.OrderId].Select(u => new HeldUse(u, _coupons[u.CouponId]))], isNew: false);
    }

    private HeldRedemption Keep(RedemptionRow row, List<HeldUse> uses)
    {
        var redemption = new HeldRedemption(row, uses, isNew: true);
        return _redemptions[row.OrderId] = redemption;
    }

    private Rejection Counted(HeldCoupon coupon, Rejection refusal)
    {
        Refusals.Add(coupon.Campaign.Id, refusal);
        return refusal;
    }

    private void Draw(HeldUse use, long redeemed = 0, long budgetMinor = 0)
    {
        if (use.Coupon.Campaign.Terms.BudgetMinor is null) budgetMinor = 0;
        if (redeemed == 0 && budgetMinor == 0) return;
        var seq = use.Coupon.Row.NodeSeq;
        if (!_draws.TryGetValue(seq, out var draw)) _draws[seq] = draw = new QuotaDraw { Seq = seq };
        draw.Redeemed += redeemed;
        draw.BudgetUsedMinor += budgetMinor;
    }

    private void Change(HeldRedemption redemption, HeldUse use, CouponState state)
    {
        var row = use.Coupon.Row;
        if (row.State != state) _figures.Move(row, row.State, state);
        var isFree = state == CouponState.Free;
        use.Coupon.Row = row with
        {
            Version = row.Version + 1,
            State = state,
            OrderId = isFree ? null : redemption.Row.OrderId,
            DiscountMinor = isFree ? null : use.Row.DiscountMinor,
            LockedUntil = state == CouponState.Locked ? redemption.Row.LockedUntil : null,
        };
    }

    private void Tell<TEvent>(HeldRedemption redemption, IReadOnlyList<HeldUse> uses, Func<IReadOnlyList<CouponUse>, TEvent> combine)
        where TEvent : notnull
    {
        foreach (var use in uses)
        {
            var row = use.Coupon.Row;
            _work.PublishTogether(new CouponUse
            {
                CouponId = row.Id,
                Version = row.Version,
                CampaignId = row.CampaignId,
                SessionId = row.SessionId,
                UnitPath = row.Path,
                CustomerId = row.CustomerId,
                OrderId = redemption.Row.OrderId,
                DiscountMinor = use.Row.DiscountMinor,
                RolledBackMinor = use.Row.RolledBackMinor,
                Currency = redemption.Row.Currency,
                At = Now,
                LockedUntil = row.LockedUntil,
            }, combine);
        }
    }
}

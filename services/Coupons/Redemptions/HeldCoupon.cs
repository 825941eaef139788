using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Redemptions;

/// <summary>What an order asks of a coupon.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Whose order it is.</param>
/// <param name="Path">The unit whose shop asks.</param>
/// <param name="LinesMinor">Sum of the order's lines, minor units.</param>
internal sealed record CouponAsk(Guid OrderId, string CustomerId, string Path, long LinesMinor);

/// <summary>
/// One coupon in the hands of one transaction: nobody else decides about it meanwhile. Every change of a coupon's use goes
/// through here, so the coupon, the order's redemption, the deadline and the event never part.
/// </summary>
internal sealed class HeldCoupon
{
    private readonly UnitOfWork _work;
    private readonly Campaign _campaign;
    private CouponRow _coupon;

    private HeldCoupon(UnitOfWork work, CouponRow coupon, Campaign campaign) => (_work, _coupon, _campaign) = (work, coupon, campaign);

    /// <summary>Path of the unit that owns its campaign.</summary>
    public string OwnerPath => _campaign.Path;

    /// <returns>Null: no such coupon.</returns>
    public static async Task<HeldCoupon?> Take(UnitOfWork work, Guid couponId)
    {
        if (await work.Execute(CouponSql.Hold, new { Id = couponId }) == 0) return null;
        var coupon = (await work.Find<CouponRow>(CouponSql.ById, new { Id = couponId }))!;
        var campaign = (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = coupon.CampaignId }))!.Parse();
        var held = new HeldCoupon(work, coupon, campaign);
        // Whether the due-time worker has been here yet must make no difference to anybody.
        if (coupon.State == CouponState.Locked && !coupon.IsHeldAt(work.Now)) await held.Lapse();
        return held;
    }

    /// <summary>The coupon of an order's redemption, with the redemption as it stands now.</summary>
    public static async Task<Result<(HeldCoupon Coupon, RedemptionRow Redemption)>> TakeFor(UnitOfWork work, Caller caller, Guid orderId)
    {
        if (await work.Find<RedemptionRow>(RedemptionSql.ByOrder, new { OrderId = orderId }) is not { } found || !caller.Covers(found.Path))
            return RedemptionRejections.Unknown(orderId);
        var coupon = (await Take(work, found.CouponId))!;
        return (coupon, (await work.Find<RedemptionRow>(RedemptionSql.ByOrder, new { OrderId = orderId }))!);
    }

    /// <summary>Gives the coupon to an order until its deadline.</summary>
    /// <param name="ask">The order.</param>
    /// <param name="earlier">The order's redemption, if it held this coupon before.</param>
    public async Task<Result<RedemptionRow>> Lock(CouponAsk ask, RedemptionRow? earlier)
    {
        if (Refusal(ask) is { } refusal) return refusal;
        var linesMinor = earlier?.LinesMinor ?? ask.LinesMinor;
        if (_campaign.Benefit.DiscountOn(linesMinor) is not { } discount)
            return RedemptionRejections.BelowMinimumSpend.Because($"The lines must reach {_campaign.Benefit.MinimumSpendMinor} minor units.");
        var redemption = new RedemptionRow
        {
            OrderId = ask.OrderId,
            CouponId = _coupon.Id,
            CustomerId = ask.CustomerId,
            Path = earlier?.Path ?? ask.Path,
            LinesMinor = linesMinor,
            Status = RedemptionStatus.Locked,
            DiscountMinor = discount,
            Currency = _campaign.Currency,
            LockedUntil = _work.Now.AddMinutes(_campaign.LockMinutes),
            ChangedAt = _work.Now,
        };
        await _work.Execute(earlier is null ? RedemptionSql.Insert : RedemptionSql.Update, redemption.ToParameters());
        await Change(CouponState.Locked, redemption);
        await _work.Schedule(LapseLock.WorkKind, LapseLock.KeyOf(redemption.OrderId), redemption.LockedUntil);
        _work.Publish(new CouponLocked(Use(redemption), redemption.LockedUntil));
        return redemption;
    }

    /// <summary>Redeems, releases or rolls back what the order has in hand.</summary>
    public async Task<Result<RedemptionRow>> Move(RedemptionRow redemption, CouponMove move)
    {
        if (_coupon.OrderId != redemption.OrderId || CouponLifecycle.Next(_coupon.State, move) is not { } state)
            return RedemptionRejections.IllegalTransition.Because($"Cannot {move} a redemption that is {redemption.Status}.");
        redemption = redemption with { Status = CouponLifecycle.StatusAfter(move), ChangedAt = _work.Now };
        await _work.Execute(RedemptionSql.Update, redemption.ToParameters());
        if (_coupon.State == CouponState.Locked) await _work.Unschedule(LapseLock.WorkKind, LapseLock.KeyOf(redemption.OrderId));
        await Change(state, redemption);
        var use = Use(redemption);
        _work.Publish(move switch
        {
            CouponMove.Redeem => new CouponRedeemed(use),
            CouponMove.Release => new CouponReleased(use),
            CouponMove.RollBack => new CouponRolledBack(use),
            _ => throw new InvalidOperationException($"{move} is no move of a redemption."),
        });
        return redemption;
    }

    private async Task Lapse()
    {
        var redemption = (await _work.Find<RedemptionRow>(RedemptionSql.ByOrder, new { _coupon.OrderId }))!;
        await Move(redemption, CouponMove.Release);
    }

    private Rejection? Refusal(CouponAsk ask)
    {
        if (ask.CustomerId != _coupon.CustomerId) return RedemptionRejections.WrongCustomer.Because("The coupon was claimed by somebody else.");
        switch (_coupon.State)
        {
            case CouponState.Voided: return RedemptionRejections.Voided.Because("It cannot be spent any more.");
            case CouponState.Redeemed: return RedemptionRejections.AlreadyRedeemed.Because($"Order {_coupon.OrderId} spent it.");
            case CouponState.Locked: return RedemptionRejections.AlreadyLocked.Because($"Order {_coupon.OrderId} holds it until {_coupon.LockedUntil:O}.");
        }
        var (window, state) = _campaign.RedemptionWindowAt(_work.Now);
        return state switch
        {
            WindowState.NotStarted => RedemptionRejections.NotEffectiveYet.Because($"It can be spent from {window.OpensAt:O}."),
            WindowState.Over => RedemptionRejections.Expired.Because("It can no longer be spent."),
            _ => null,
        };
    }

    private async Task Change(CouponState state, RedemptionRow redemption)
    {
        var isFree = state == CouponState.Free;
        _coupon = _coupon with
        {
            Version = _coupon.Version + 1,
            State = state,
            OrderId = isFree ? null : redemption.OrderId,
            DiscountMinor = isFree ? null : redemption.DiscountMinor,
            LockedUntil = state == CouponState.Locked ? redemption.LockedUntil : null,
        };
        var rows = await _work.Execute(CouponSql.Change, new
        {
            _coupon.Id,
            _coupon.Version,
            State = state.ToString(),
            _coupon.OrderId,
            _coupon.DiscountMinor,
            _coupon.LockedUntil,
        });
        if (rows != 1) throw new InvalidOperationException($"Coupon {_coupon.Id} changed while it was held.");
    }

    private CouponUse Use(RedemptionRow redemption) => new()
    {
        CouponId = _coupon.Id,
        Version = _coupon.Version,
        CampaignId = _coupon.CampaignId,
        SessionId = _coupon.SessionId,
        UnitPath = _coupon.Path,
        CustomerId = _coupon.CustomerId,
        OrderId = redemption.OrderId,
        DiscountMinor = redemption.DiscountMinor,
        Currency = redemption.Currency,
        At = _work.Now,
    };
}

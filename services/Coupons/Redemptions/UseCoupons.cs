using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Redemptions;

internal enum UseVerb
{
    Lock,
    Redeem,
    Release,
    RollBack,
}

/// <summary>What a shop asks for an order.</summary>
/// <param name="Path">The unit whose shop asks.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Verb">What shall happen.</param>
/// <param name="Lock">With what; for a lock.</param>
/// <param name="RefundedMinor">Money given back in all, for a roll-back; null: everything.</param>
internal sealed record UseAsk(string Path, Guid OrderId, UseVerb Verb, LockCoupons.Request? Lock = null, long? RefundedMinor = null);

/// <summary>Locks, redemptions, releases and roll-backs that come at the same moment are carried out together, in one body.</summary>
internal sealed class UseCouponsHandler
{
    private readonly KnownCampaigns _campaigns;
    private readonly Gathering<UseAsk, RedemptionView> _crowd;

    public UseCouponsHandler(CouponsDb db, KnownCampaigns campaigns, StorageOptions storage)
    {
        _campaigns = campaigns;
        _crowd = new Gathering<UseAsk, RedemptionView>(db, storage, CarryOut);
    }

    public Task<Result<RedemptionView>> Handle(UseAsk ask, CancellationToken ct) => _crowd.Ask(ask, ct);

    private async Task<IReadOnlyList<Result<RedemptionView>>> CarryOut(UnitOfWork work, IReadOnlyList<UseAsk> asks)
    {
        var locks = asks.Where(a => a.Lock is not null).ToList();
        var held = await HeldCoupons.Take(work, _campaigns, asks.Select(a => a.OrderId), locks.SelectMany(a => a.Lock!.CouponIds));
        await held.ReadForLocks(locks.Select(a => (a.Path, a.Lock!.Lines)));
        var results = asks.Select(a => Carry(held, a).Map(r => r.ToView())).ToList();
        await held.Write();
        return results;
    }

    private static Result<HeldRedemption> Carry(HeldCoupons held, UseAsk ask)
    {
        if (ask.Verb == UseVerb.Lock) return LockCoupons.Carry(held, ask.Path, ask.OrderId, ask.Lock!, ask.Lock!.Hash());
        if (held.RedemptionOf(ask.OrderId) is not { } redemption)
            return ask.Verb == UseVerb.Release ? held.Bury(ask.OrderId, ask.Path) : RedemptionRejections.Unknown(ask.OrderId);
        if (!UnitPath.Covers(ask.Path, redemption.Row.Path)) return RedemptionRejections.Unknown(ask.OrderId);
        return ask.Verb switch
        {
            UseVerb.Redeem => RedeemCoupons.Carry(held, redemption),
            UseVerb.Release => ReleaseCoupons.Carry(held, redemption),
            UseVerb.RollBack => RollBackCoupons.Carry(held, redemption, ask.RefundedMinor),
            _ => throw new InvalidOperationException($"Nothing to do for {ask.Verb}."),
        };
    }
}

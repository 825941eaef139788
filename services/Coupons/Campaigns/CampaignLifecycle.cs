using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Campaigns;

internal enum CampaignAction
{
    Start,
    Stop,
}

/// <summary>Every legal move of a campaign. A pair that is not here is refused.</summary>
internal static class CampaignLifecycle
{
    private static readonly Dictionary<(CampaignStatus From, CampaignAction Action), CampaignStatus> Moves = new()
    {
        [(CampaignStatus.Draft, CampaignAction.Start)] = CampaignStatus.Issuing,
        [(CampaignStatus.Issuing, CampaignAction.Stop)] = CampaignStatus.Stopped,
    };

    /// <summary>Null: illegal.</summary>
    public static CampaignStatus? Next(CampaignStatus from, CampaignAction action) => Moves.TryGetValue((from, action), out var to) ? to : null;

    /// <summary>Makes the move, or answers as before if it was made already.</summary>
    public static async Task<Result<CampaignView>> Move(UnitOfWork work, Caller caller, Guid id, CampaignAction action)
    {
        if (await work.Find<CampaignRow>(CampaignSql.ById, new { Id = id }) is not { } row || !caller.Covers(row.Path))
            return CampaignRejections.Unknown(id);
        if (Moves.Any(m => m.Key.Action == action && m.Value == row.Status)) return row.ToView(work.Now);
        if (Next(row.Status, action) is not { } to)
            return CampaignRejections.IllegalTransition.Because($"Cannot {action} a campaign that is {row.Status}.");
        var campaign = row.Parse() with { Version = row.Version + 1, ChangedAt = work.Now, Status = to };
        if (await work.Execute(CampaignSql.Move, campaign.ToParameters()) == 0)
            return CommonRejections.LostRace.Because("Somebody changed it at this moment.");
        work.Publish(campaign.ToEvent());
        return campaign.ToView(row.Claimed, work.Now);
    }
}

using LiveCommerce.Contracts.Coupons;

namespace LiveCommerce.Coupons.Campaigns;

internal enum CampaignAction
{
    Approve,
    Start,
    Pause,
    Resume,
    Stop,
    Deactivate,
}

/// <summary>Every legal move of a campaign. A pair that is not here is refused.</summary>
internal static class CampaignLifecycle
{
    private static readonly Dictionary<(CampaignStatus From, CampaignAction Action), CampaignStatus> Moves = new()
    {
        [(CampaignStatus.Draft, CampaignAction.Approve)] = CampaignStatus.Approved,
        [(CampaignStatus.Approved, CampaignAction.Start)] = CampaignStatus.Issuing,
        [(CampaignStatus.Issuing, CampaignAction.Pause)] = CampaignStatus.Paused,
        [(CampaignStatus.Paused, CampaignAction.Resume)] = CampaignStatus.Issuing,
        [(CampaignStatus.Approved, CampaignAction.Stop)] = CampaignStatus.Stopped,
        [(CampaignStatus.Issuing, CampaignAction.Stop)] = CampaignStatus.Stopped,
        [(CampaignStatus.Paused, CampaignAction.Stop)] = CampaignStatus.Stopped,
        [(CampaignStatus.Draft, CampaignAction.Deactivate)] = CampaignStatus.Deactivated,
        [(CampaignStatus.Approved, CampaignAction.Deactivate)] = CampaignStatus.Deactivated,
        [(CampaignStatus.Issuing, CampaignAction.Deactivate)] = CampaignStatus.Deactivated,
        [(CampaignStatus.Paused, CampaignAction.Deactivate)] = CampaignStatus.Deactivated,
        [(CampaignStatus.Stopped, CampaignAction.Deactivate)] = CampaignStatus.Deactivated,
    };

    /// <summary>Null: illegal.</summary>
    public static CampaignStatus? Next(CampaignStatus from, CampaignAction action) => Moves.TryGetValue((from, action), out var to) ? to : null;

    /// <summary>True if the action was taken before: repeating it changes nothing.</summary>
    public static bool IsDone(CampaignStatus status, CampaignAction action) => Moves.Any(m => m.Key.Action == action && m.Value == status);
}

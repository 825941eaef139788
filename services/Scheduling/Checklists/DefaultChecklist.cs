using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>What holds for a tier until the headquarters writes a checklist of its own. Points add up to 100.</summary>
internal static class DefaultChecklist
{
    private const int Day = 24 * 60;

    private static readonly ChecklistTask[] Broadcast =
    [
        new("coupons-approved", "Coupons configured and approved", TaskAnchor.WarmUpStart, 0, 15, Role.Marketer, TaskTrigger.CampaignApproved),
        new("material-handed-over", "Material handed to the guides", TaskAnchor.ReservoirStart, 0, 15, Role.Marketer, NeedsEvidence: true),
        new("lineup-final", "Lineup final", TaskAnchor.LiveStart, -3 * Day, 20, Role.Merchandiser, TaskTrigger.LineupFinalized),
        new("crew-complete", "Crew complete", TaskAnchor.LiveStart, -3 * Day, 10, Role.Planner, TaskTrigger.CrewComplete),
        new("price-list-out", "Live prices published", TaskAnchor.LiveStart, -Day, 10, Role.Merchandiser, TaskTrigger.PriceListPublished),
        new("rehearsal", "Rehearsal held", TaskAnchor.LiveStart, -Day, 15, Role.Planner),
        new("qualitative-review", "Qualitative review written", TaskAnchor.LiveEnd, Day, 7, Role.Planner, TaskTrigger.QualitativeReviewWritten),
        new("quantitative-review", "Quantitative review written", TaskAnchor.ReviewEnd, 0, 8, Role.Planner, TaskTrigger.QuantitativeReviewWritten),
    ];

    // A shop streams every day: less to prepare, and later.
    private static readonly ChecklistTask[] Reseller =
    [
        new("coupons-approved", "Coupons configured and approved", TaskAnchor.LiveStart, -Day, 20, Role.Marketer, TaskTrigger.CampaignApproved),
        new("lineup-final", "Lineup final", TaskAnchor.LiveStart, -Day, 30, Role.Merchandiser, TaskTrigger.LineupFinalized),
        new("crew-complete", "Crew complete", TaskAnchor.LiveStart, -Day, 10, Role.Planner, TaskTrigger.CrewComplete),
        new("price-list-out", "Live prices published", TaskAnchor.LiveStart, 0, 20, Role.Merchandiser, TaskTrigger.PriceListPublished),
        new("qualitative-review", "Qualitative review written", TaskAnchor.LiveEnd, Day, 10, Role.Planner, TaskTrigger.QualitativeReviewWritten),
        new("quantitative-review", "Quantitative review written", TaskAnchor.ReviewEnd, 0, 10, Role.Planner, TaskTrigger.QuantitativeReviewWritten),
    ];

    public static IReadOnlyList<ChecklistTask> Of(SessionTier tier) => tier == SessionTier.ResellerBroadcast ? Reseller : Broadcast;
}
